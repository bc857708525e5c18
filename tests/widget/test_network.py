"""On a bad network: nothing lost, nothing doubled, and the page never shows what is not so."""

from __future__ import annotations

import time
from pathlib import Path

from playwright.sync_api import expect

from tests.widget.conftest import lines, mine, say

SENT = ".line[data-author=youth]:not([data-draft])"
UNSENT = ".line[data-draft] .unsent"


def refetched(page):
    """What the server tells to somebody who knows nothing yet."""
    return page.evaluate(
        """async () => {
             const [id, token] = sessionStorage.getItem("nachtlicht").split(".");
             const answer = await fetch(`/api/v1/conversations/${id}/events?after=0&wait=0`,
               {headers: {Authorization: `Bearer ${token}`}});
             const {events} = await answer.json();
             return events.filter(e => e.message).map(e => [e.message.author, e.message.text]);
           }"""
    )


def assert_view_equals_refetch(page):
    """In the end: an answer may be told to one a moment before the other."""
    until = time.monotonic() + 30
    while (seen := lines(page)) != (told := [(who, text) for who, text in refetched(page)]):
        assert time.monotonic() < until, (seen, told)
        page.wait_for_timeout(100)


def test_lines_typed_offline_arrive_once_and_in_order(talk):
    """They stay in view as not sent yet, and go by themselves when the network is back."""
    talk.context.set_offline(True)
    say(talk, "een")
    say(talk, "twee")
    expect(talk.locator(UNSENT)).to_have_count(2)
    expect(talk.locator(UNSENT).first).to_have_text("Nog niet verstuurd", ignore_case=True)
    expect(talk.locator("[data-ref=standing]")).to_contain_text("Geen verbinding")
    talk.context.set_offline(False)
    expect(talk.locator(SENT)).to_have_count(2)
    expect(talk.locator(UNSENT)).to_have_count(0)
    expect(talk.locator("[data-ref=standing]")).to_contain_text("chatbot")
    assert mine(talk) == ["een", "twee"]
    assert_view_equals_refetch(talk)


def test_server_killed_mid_talk_loses_and_doubles_nothing(site, talk):
    """The page comes back by itself, with the line that was typed while the server was away."""
    say(talk, "voor de klap")
    expect(talk.locator(SENT)).to_have_count(1)
    site.kill()
    say(talk, "tijdens de klap")
    expect(talk.locator(UNSENT)).to_have_count(1)
    site.start()
    expect(talk.locator(SENT)).to_have_count(2, timeout=90_000)  # it tries at most every 38 s
    expect(talk.locator("[data-ref=standing]")).to_contain_text("chatbot")
    assert mine(talk) == ["voor de klap", "tijdens de klap"]
    assert_view_equals_refetch(talk)


def test_line_whose_acknowledgement_is_lost_is_not_doubled(talk):
    """The server stored it but the answer never came: the repeat is the same line."""
    swallowed = []

    def swallow(route):
        if swallowed:
            return route.continue_()
        route.fetch()
        swallowed.append(True)
        return route.abort()

    talk.route("**/messages", swallow)
    say(talk, "maar een keer")
    expect(talk.locator(SENT)).to_have_count(1)
    expect(talk.locator(UNSENT)).to_have_count(0)
    talk.wait_for_timeout(1500)
    assert mine(talk) == ["maar een keer"]
    assert_view_equals_refetch(talk)


def test_without_streams_it_polls(visit):
    """Behind a proxy that breaks streams the talk goes on by long poll."""
    person = visit()
    person.context.route(
        "**/events?after=*",
        lambda route: route.continue_() if "wait=" in route.request.url else route.abort(),
    )
    page = person.talk()
    say(page, "hoe laat is het daar eigenlijk")
    expect(page.locator(SENT)).to_have_count(1)
    expect(page.locator(".line[data-author=bot]").last).to_contain_text("bewaard")
    assert any("wait=" in url for url in person.asked)


def test_login_page_of_a_wifi_network_counts_as_no_answer(talk):
    """A 200 that is not ours acknowledges nothing; the line waits for the real server."""
    talk.route("**/messages", lambda route: route.fulfill(body="<h1>Welkom op onze wifi</h1>"))
    say(talk, "achter een inlogpagina")
    expect(talk.locator(UNSENT)).to_have_count(1)
    talk.unroute("**/messages")
    expect(talk.locator(SENT)).to_have_count(1)
    assert mine(talk) == ["achter een inlogpagina"]


def test_two_tabs_of_one_talk_show_the_same(visit):
    """A duplicated tab has the same token: what is said in one is seen in both, once."""
    person = visit()
    first = person.talk()
    key = first.evaluate("sessionStorage.getItem('nachtlicht')")
    person.context.add_init_script(
        f"if (location.port) sessionStorage.setItem('nachtlicht', '{key}')"
    )
    second = person.talk()
    say(first, "uit de eerste")
    expect(second.locator(SENT)).to_have_count(1)
    say(second, "uit de tweede")
    expect(first.locator(SENT)).to_have_count(2)
    for tab in (first, second):
        expect(tab.locator(".line[data-author=bot]")).to_have_count(4)  # two to begin, two answers
    assert lines(first) == lines(second)
    assert mine(first) == ["uit de eerste", "uit de tweede"]


def test_service_away_from_the_start_shows_the_lines_to_call(visit):
    """Without a talk there is still help: the numbers stand in the page itself."""
    person = visit()
    person.context.route("**/api/**", lambda route: route.abort())
    page = person.open()
    card = page.locator("[data-ref=down] a[href^='tel:']")
    expect(card.first).to_be_visible()
    assert page.locator("[data-ref=down]").inner_text().count("Bel") >= 3
    person.context.unroute("**/api/**")
    page.locator(".line[data-author=bot]").first.wait_for()
    expect(page.locator("[data-ref=down]")).to_be_hidden()


def test_asleep_phone_catches_up_when_it_wakes(visit):
    """A stream that died in silence is not waited for: waking up fetches at once."""
    person = visit()
    page = person.talk()
    page.evaluate(
        "window.asked = []; const real = fetch;"
        "window.fetch = (...all) => { window.asked.push(String(all[0])); return real(...all); }"
    )
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_function("window.asked.some(url => url.includes('/events?after='))")
    expect(page.locator("[data-ref=standing]")).to_contain_text("chatbot")


def test_events_applied_twice_or_in_pieces_give_the_same_view(talk):
    """The store passes over repeats, stops at gaps, and reads a stream cut anywhere."""
    probe = (Path(__file__).parent / "store_probe.js").read_text()
    assert talk.evaluate(probe) == {"twice": True, "cut": True, "stopped": True, "kept": 1}
