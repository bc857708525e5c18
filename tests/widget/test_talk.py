"""A talk on the page: first lines, sending, answers, and what is shown as it was typed."""

from __future__ import annotations

import socket

from playwright.sync_api import expect

from tests.widget.conftest import lines, mine, say


def test_bot_speaks_first(talk):
    """The opening says what is speaking, how long the talk is kept and how to leave."""
    first = lines(talk)[0][1]
    assert "chatbot" in first
    assert "24 uur" in first
    assert "Snel weg" in first


def test_line_is_sent_and_answered(talk):
    """A line that was typed stands in the talk once, and the bot answers."""
    before = len(lines(talk))
    say(talk, "hoe laat is het daar eigenlijk")
    talk.locator(f".line >> nth={before + 1}").wait_for()
    assert mine(talk) == ["hoe laat is het daar eigenlijk"]
    assert lines(talk)[-1][0] == "bot"
    expect(talk.locator("#line")).to_have_value("")


def test_reload_shows_the_same_talk(talk):
    """What the page shows equals what the server tells to a page that knows nothing."""
    say(talk, "dit is chantage met mijn foto")
    expect(talk.locator(".line[data-author=bot]")).to_have_count(4)  # notice and help
    shown = lines(talk)
    talk.reload()
    expect(talk.locator(".line")).to_have_count(len(shown))
    assert lines(talk) == shown


def test_quick_reply_is_a_button_that_says_its_title(talk):
    """Tapping an answer sends its words; the buttons go, as they are no answer any more."""
    button = talk.locator(".choice").first
    title = button.inner_text()
    button.click()
    expect(talk.locator(".line[data-author=youth]:not([data-draft])")).to_have_count(1)
    assert mine(talk) == [title]
    expect(talk.get_by_role("button", name=title, exact=True)).to_have_count(
        1 if title == "Ik wil een mens" else 0
    )


def test_human_can_be_asked_for_at_any_moment(talk):
    """One tap asks for a human, with no bot behind the site, and the page says that one waits."""
    talk.locator(".always [data-say]").first.click()
    expect(talk.locator("[data-ref=standing]")).to_contain_text("wacht op een medewerker")


def test_typed_html_stays_text(talk):
    """Markup is shown as the characters that were typed, and nothing of it runs."""
    typed = "<img src=x onerror=\"document.title='raak'\"><b>dik</b>"
    say(talk, typed)
    expect(talk.locator(".line[data-author=youth]:not([data-draft])")).to_have_count(1)
    assert mine(talk) == [typed]
    assert talk.locator(".log img, .log b").count() == 0
    assert talk.title() != "raak"


def test_nothing_is_sent_for_white_space(talk):
    """Only spaces and line ends is no line."""
    say(talk, "  \n ")
    talk.wait_for_timeout(200)
    assert talk.locator(".line[data-author=youth]").count() == 0


def test_refused_line_comes_back_with_the_reason(talk):
    """A line that is too long is not lost: it stands in the box again, with what to do."""
    long = "a" * 10_001
    say(talk, long)
    expect(talk.locator("[data-ref=refusal]")).to_contain_text("te lang")
    expect(talk.locator("#line")).to_have_value(long)
    assert talk.locator(".line[data-author=youth]").count() == 0


def test_line_breaks_and_right_to_left_text_are_kept(talk):
    """Shift with Enter makes a new line; each line has its own direction."""
    talk.locator("#line").press_sequentially("een")
    talk.keyboard.press("Shift+Enter")
    talk.locator("#line").press_sequentially("שלום")
    talk.keyboard.press("Enter")
    expect(talk.locator(".line[data-author=youth]:not([data-draft])")).to_have_count(1)
    assert mine(talk) == ["een\nשלום"]


def test_numbers_in_a_text_can_be_tapped(talk):
    """A line to call in the bot's words is a link, with the address from the release."""
    say(talk, "dit is mijn afscheid")
    link = talk.locator(".line[data-author=bot] a[href^='tel:']").first
    link.wait_for()
    digits = "".join(c for c in link.inner_text() if c.isdigit())
    assert link.get_attribute("href") == f"tel:{digits}"


def test_typing_sign_stands_for_a_real_wait(site, talk):
    """It shows while the bot is silent, and goes with the answer."""
    with socket.create_server(("127.0.0.1", site.bot_port)):
        say(talk, "hoe laat is het daar eigenlijk")
        expect(talk.locator("[data-ref=typing]")).to_be_visible()
        expect(talk.locator("[data-ref=typing]")).to_be_hidden()
    assert lines(talk)[-1][0] == "bot"


def test_wiping_takes_the_talk_from_server_and_page(site, talk):
    """After the question, nothing of the talk is left, here or at the server."""
    say(talk, "hoe laat is het daar eigenlijk")
    key = talk.evaluate("sessionStorage.getItem('nachtlicht')")
    talk.locator(".tool[data-panel=safe]").click()
    talk.locator("[data-ref=wipe]").click()
    talk.locator("[data-ref=wipeYes]").click()
    expect(talk.locator("[data-ref=afterText]")).to_contain_text("gewist")
    assert talk.locator(".line").count() == 0
    assert talk.evaluate("sessionStorage.length") == 0
    conversation, token = key.split(".")
    assert site.status(f"/api/v1/conversations/{conversation}/events?wait=0", token) in (401, 410)


def test_late_answer_to_a_wipe_leaves_the_next_talk_alone(talk):
    """The stream tells of the wipe first; who has begun anew by then is not thrown out."""
    under_way = []
    talk.route("**/forget", lambda route: under_way.append((route, route.fetch())))
    talk.locator(".tool[data-panel=safe]").click()
    talk.locator("[data-ref=wipe]").click()
    talk.locator("[data-ref=wipeYes]").click()
    expect(talk.locator("[data-ref=after]")).to_be_visible()
    talk.keyboard.press("Escape")
    talk.locator("[data-ref=newTalk]").click()
    talk.locator(".line[data-author=bot]").nth(1).wait_for()
    route, answer = under_way[0]
    with talk.expect_response("**/forget"):
        route.fulfill(response=answer)
    say(talk, "dit is een nieuw gesprek")
    expect(talk.locator(".line[data-author=youth]:not([data-draft])")).to_have_count(1)
    expect(talk.locator("[data-ref=after]")).to_be_hidden()


def test_after_wiping_a_new_talk_can_begin(talk):
    """The way on is one button, and the new talk knows nothing of the old one."""
    say(talk, "hoe laat is het daar eigenlijk")
    talk.locator(".tool[data-panel=safe]").click()
    talk.locator("[data-ref=wipe]").click()
    talk.locator("[data-ref=wipeYes]").click()
    talk.locator("[data-ref=newTalk]").click()
    talk.locator(".line[data-author=bot]").first.wait_for()
    assert mine(talk) == []
    expect(talk.locator("[data-ref=say]")).to_be_visible()
