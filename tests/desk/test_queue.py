"""The queue of the desk: who stands first, looking, taking, pausing."""

import asyncio
import datetime as dt

from nachtlicht.chat.desk import HandoffTaken
from nachtlicht.store import ConversationState
from tests.desk.talking import audit, path
from tests.support.small_release import ACUTE, HARMLESS, URGENT
from tests.support.talks import Worker, Young, open_chat


async def test_the_most_urgent_stands_first_then_who_waits_longest(app, sanne, enter, noise):
    """ACUTE before URGENT before a wish; within a level the longest wait."""
    app.settings.move(seconds=5)
    wish, second, acute = [await Young.begin(app.chat) for _ in range(3)]
    await wish.says(HARMLESS)
    await app.chat.request_handoff(wish.id)
    await second.says(URGENT)
    app.settings.move(seconds=5)
    await acute.says(ACUTE)

    page = (await (await enter(sanne)).get("/desk")).text
    places = [page.index(f"rij-{young.id}") for young in (acute, noise, second, wish)]
    assert places == sorted(places)


async def test_the_queue_tells_why_and_no_word_of_the_talk(app, sanne, enter, young):
    """The reason is the rule's; what the young person wrote is not in the page."""
    await young.says(f"{URGENT} sorry geheimwoord")
    page = (await (await enter(sanne)).get("/desk")).text

    assert "Noemt chantage." in page
    assert "geheimwoord" not in page


async def test_looking_does_not_take(app, sanne, enter, young):
    """A waiting talk can be looked at; it goes on waiting, and the look is in the audit."""
    await young.says(URGENT)
    browser = await enter(sanne)
    page = await browser.get(path(young))
    await browser.get(path(young))
    await browser.get(path(young, "/verhaal"))

    assert "Neem dit gesprek aan" in page.text
    assert "<mark" in page.text
    assert await young.state() is ConversationState.WAITING
    assert await audit(app, "preview_talk", young) == [sanne.id]


async def test_taking_a_talk_makes_both_sides_live(app, sanne, enter, young):
    """The counsellor gets the write box; the young person reads who is there."""
    await young.says(URGENT)
    await young.hears()
    browser = await enter(sanne)
    answer = await browser.post(path(young, "/aannemen"), data={})

    assert answer.headers["location"] == path(young)
    assert 'name="client_id"' in (await browser.get(path(young))).text
    assert await young.state() is ConversationState.LIVE
    assert await young.hears() == ["utter_medewerker_er: Sanne"]
    await young.check_invariants()


async def test_who_comes_second_is_told_so(app, sanne, mila, enter, young):
    """And sees no talk that is not theirs."""
    await young.says(URGENT)
    first, second = await enter(sanne), await enter(mila)
    answers = [await browser.post(path(young, "/aannemen"), data={}) for browser in (first, second)]

    assert [answer.status_code for answer in answers] == [303, 409]
    assert "net door iemand anders aangenomen" in answers[1].text
    assert (await second.get(path(young))).status_code == 404


async def test_of_eight_claims_at_once_one_wins(settings, store):
    """On SQLite and on PostgreSQL, twenty talks long."""
    from tests.support.small_release import publish_small

    publish_small(settings.releases)
    async for chat in open_chat(settings, store, timeout=0.2):
        workers = [await Worker.arrive(chat, f"Naam{number}") for number in range(8)]
        for _ in range(5):
            young = await Young.begin(chat)
            await young.says(ACUTE)
            outcomes = await asyncio.gather(
                *(worker.takes(young) for worker in workers), return_exceptions=True
            )
            assert outcomes.count(None) == 1
            assert sum(isinstance(outcome, HandoffTaken) for outcome in outcomes) == 7
            await young.check_invariants()


async def test_missed_are_those_who_left_the_queue_without_a_human(app, sanne, enter, young):
    """Counted from noon; a test talk and one that was taken do not count."""
    await young.says(URGENT)
    practice = await Young.begin(app.chat, is_test=True)
    await practice.says(URGENT)
    browser = await enter(sanne)
    assert "Niemand gemist" in (await browser.get("/desk")).text
    await app.chat.exit(practice.id)
    await app.chat.exit(young.id)

    assert "<strong>1 gemist</strong>" in (await browser.get("/desk")).text
    app.settings.set(dt.datetime(2026, 11, 25, 12, 1, tzinfo=dt.timezone(dt.timedelta(hours=1))))
    later = await enter(sanne)
    assert "Niemand gemist" in (await later.get("/desk")).text


async def test_the_stream_nudges_when_the_queue_changes(app, sanne, enter, young):
    """And says nothing about it."""
    browser = await enter(sanne)
    lines = []
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    async with browser._client.stream(
        "GET", "/desk/stroom", headers={"cookie": cookies, "sec-fetch-site": "same-origin"}
    ) as stream:
        source = stream.aiter_lines()
        while "event: gesprek" not in lines:  # at first it says: look again at everything
            lines.append(await anext(source))
        await young.says(URGENT)
        async with asyncio.timeout(30):
            while lines.count("event: wachtrij") < 2:
                lines.append(await anext(source))

    assert not any("chantage" in line for line in lines)


async def test_a_pause_takes_the_desk_out_of_sight(app, sanne, enter, noise):
    """A counsellor on a break does not make the desk look staffed."""
    browser = await enter(sanne)
    await browser.post("/desk/hartslag", data={})
    await browser.post("/desk/pauze", data={"pauze": "1"})

    assert "Je hebt pauze" in (await browser.get("/desk")).text
    from nachtlicht.chat.desk_state import desk_state

    async with app.store.read() as session:
        state = await desk_state(session, app.chat.releases.release, app.settings.now())
    assert state.word == "niemand"
