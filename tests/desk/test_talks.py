"""Talks at the desk, through the door: looking, taking, writing, giving back, closing."""

import asyncio
import datetime as dt
import uuid

import pytest
from sqlalchemy import select

from nachtlicht.chat.desk import HandoffTaken, claim_handoff, heartbeat, view
from nachtlicht.chat.staff import Person
from nachtlicht.risk import RiskLevel
from nachtlicht.store import (
    Audit,
    Closing,
    ConversationState,
    Role,
)
from tests.support.small_release import ACUTE, HARMLESS, URGENT
from tests.support.talks import Worker, Young, open_chat

JSON = {"accept": "application/json"}


def path(young, rest=""):
    return f"/desk/gesprekken/{young.id}{rest}"


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
    assert await _audit(app, "preview_talk", young) == [sanne.id]


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


async def test_a_line_of_the_counsellor_arrives_once(app, sanne, enter, young):
    """A repeat with the same id is the same line; both sides read it once."""
    browser = await _in_talk(app, sanne, enter, young)
    form = {"client_id": str(uuid.uuid4()), "text": "Ik ben er.\r\nNeem de tijd."}
    first = await browser.post(path(young, "/regels"), data=form, **JSON)
    again = await browser.post(path(young, "/regels"), data=form, **JSON)

    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert await young.hears() == ["Ik ben er.\nNeem de tijd."]
    assert (await browser.get(path(young))).text.count("Ik ben er.") == 1


async def test_an_id_that_was_used_for_another_text_is_refused(app, sanne, enter, young):
    """So a mistake in the page is seen, and nothing is overwritten."""
    browser = await _in_talk(app, sanne, enter, young)
    form = {"client_id": str(uuid.uuid4())}
    await browser.post(path(young, "/regels"), data={**form, "text": "Eerst."}, **JSON)
    answer = await browser.post(path(young, "/regels"), data={**form, "text": "Later."}, **JSON)

    assert answer.status_code == 422
    assert await young.hears() == ["Eerst."]


@pytest.mark.parametrize("text", ["", "   \n", "\x00", "x" * 10_001, "\u200b"])
async def test_what_cannot_be_a_line_is_refused(app, sanne, enter, young, text):
    """Nothing of it is stored, and the refusal does not repeat it."""
    browser = await _in_talk(app, sanne, enter, young)
    form = {"client_id": str(uuid.uuid4()), "text": text}
    answer = await browser.post(path(young, "/regels"), data=form, **JSON)

    assert answer.status_code == 422
    assert await young.hears() == []


async def test_html_in_a_line_is_text(app, sanne, enter, young):
    """Whoever writes it."""
    await young.says('<img src=x onerror="alert(1)"> dit is chantage <b>')
    page = (await (await enter(sanne)).get(path(young))).text

    assert "<img" not in page
    assert "&lt;img src=x" in page


async def test_without_a_script_a_refused_line_stays_in_the_box(app, sanne, enter, young):
    """The plain form works too, and loses nothing."""
    browser = await _in_talk(app, sanne, enter, young)
    answer = await browser.post(
        path(young, "/regels"), data={"client_id": "kapot", "text": "Ben je er nog"}
    )

    assert answer.status_code == 422
    assert "Ben je er nog</textarea>" in answer.text


async def test_giving_back_keeps_the_place_in_the_queue(app, sanne, mila, enter, young, noise):
    """The wait runs from the first time; a colleague can take it at once."""
    app.settings.move(seconds=30)
    later = await Young.begin(app.chat)
    await later.says(URGENT)
    browser = await _in_talk(app, sanne, enter, young, said=True)
    await browser.post(path(young, "/terugzetten"), data={})

    page = (await (await enter(mila)).get("/desk")).text
    assert page.index(f"rij-{young.id}") < page.index(f"rij-{later.id}")
    assert "sprak al met een medewerker" in page
    assert await young.hears() == ["utter_medewerker_kwijt"]
    assert (await browser.get(path(young))).status_code == 200  # it waits: anybody may look
    answer = await browser.post(
        path(young, "/regels"), data={"client_id": str(uuid.uuid4()), "text": "Hoi"}, **JSON
    )
    assert answer.json()["error"]["code"] == "talk_not_yours"


async def test_a_silent_console_loses_the_talk_within_a_minute(app, sanne, mila, enter, young):
    """A laptop that died holds nobody back; its counsellor can no longer write."""
    browser = await _in_talk(app, sanne, enter, young)
    app.settings.move(seconds=46)
    await app.chat.sweep()

    assert await young.state() is ConversationState.WAITING
    assert await young.hears() == ["utter_medewerker_kwijt"]
    form = {"client_id": str(uuid.uuid4()), "text": "Ben je er nog?"}
    assert (await browser.post(path(young, "/regels"), data=form, **JSON)).status_code == 409
    other = await enter(mila)
    assert (await other.post(path(young, "/aannemen"), data={})).status_code == 303


async def test_a_heartbeat_keeps_the_talk(app, sanne, enter, young):
    """As long as the console is open the lease never runs out."""
    browser = await _in_talk(app, sanne, enter, young)
    for _ in range(5):
        app.settings.move(seconds=20)
        assert (await browser.post("/desk/hartslag", data={})).status_code == 200
        await app.chat.sweep()

    assert await young.state() in (ConversationState.LIVE, ConversationState.LIVE_LOST_YOUTH)


async def test_a_console_that_comes_back_in_time_is_live_again(app, sanne, enter, young):
    """Both sides were told that the connection was gone, and are told that it is back."""
    browser = await _in_talk(app, sanne, enter, young)
    app.settings.move(seconds=30)
    await app.chat.sweep()
    assert await young.state() is ConversationState.LIVE_LOST_STAFF
    await browser.post("/desk/hartslag", data={})

    assert await young.state() is ConversationState.LIVE
    await young.check_invariants()


async def test_a_young_person_who_left_is_shown_as_safely_gone(app, sanne, enter, young):
    """Nothing can be sent any more; the form can still be filled in."""
    browser = await _in_talk(app, sanne, enter, young)
    await app.chat.exit(young.id)
    page = await browser.get(path(young))
    form = {"client_id": str(uuid.uuid4()), "text": "Ben je er nog?"}
    answer = await browser.post(path(young, "/regels"), data=form, **JSON)

    assert "Veilig weggegaan" in page.text
    assert 'id="tekst"' not in page.text
    assert answer.json()["error"]["code"] == "talk_over"
    assert (await _close(browser, young, afloop="left")).status_code == 303
    assert path(young) not in (await browser.get("/desk")).text


async def test_a_wiped_talk_shows_nothing(app, sanne, enter, young):
    """The desk is told that it was wiped, and can only close it."""
    browser = await _in_talk(app, sanne, enter, young, line=f"{URGENT} geheimwoord")
    await app.chat.forget(young.id)
    page = await browser.get(path(young))

    assert "Gesprek gewist" in page.text
    assert "geheimwoord" not in page.text
    assert (await _close(browser, young, afloop="left")).status_code == 303


async def test_closing_keeps_counts_and_no_text(app, sanne, enter, young):
    """The form becomes one row that names nobody; the young person reads the closing words."""
    browser = await _in_talk(app, sanne, enter, young)
    app.settings.move(minutes=10)
    await heartbeat(app.chat, Person(sanne.id, sanne.name, Role.COUNSELLOR))
    answer = await _close(
        browser, young, niveau="acute", thema="zelfdoding", onderwerp=["mental_suicide", "peers"]
    )

    assert answer.status_code == 303
    assert await young.state() is ConversationState.CLOSED
    assert (await young.hears())[-1] == "utter_gesprek_gesloten"
    async with app.store.read() as session:
        (row,) = (await session.scalars(select(Closing))).all()
    assert (row.level_flagged, row.level) == (RiskLevel.URGENT, RiskLevel.ACUTE)
    assert (row.theme_flagged, row.theme) == ("afpersing", "zelfdoding")
    assert row.categories == "mental_suicide peers"
    assert row.talk_seconds == 600
    columns = {column.name for column in Closing.__table__.columns}
    assert not columns & {"conversation_id", "counsellor_id", "note", "text"}


async def test_a_test_talk_is_never_counted(app, sanne, enter):
    """It can be practised with, and leaves no figure."""
    young = await Young.begin(app.chat, is_test=True)
    browser = await _in_talk(app, sanne, enter, young)
    await _close(browser, young)

    async with app.store.read() as session:
        assert (await session.scalars(select(Closing))).all() == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("contact", "nergens"),
        ("onderwerp", []),
        ("onderwerp", ["bestaat_niet"]),
        ("niveau", "heel erg"),
        ("thema", "bestaat_niet"),
        ("afloop", ""),
        ("verwijzing", "bestaat_niet"),
    ],
)
async def test_a_form_with_a_wrong_choice_is_refused(app, sanne, enter, young, field, value):
    """The talk stays open, and what was chosen right stays chosen."""
    browser = await _in_talk(app, sanne, enter, young)
    answer = await _close(browser, young, **{field: value})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert await young.state() is not ConversationState.CLOSED


async def test_ending_can_be_taken_back_when_they_write_again(app, sanne, enter, young):
    """A young person who writes after the end is not left alone with a form."""
    browser = await _in_talk(app, sanne, enter, young)
    answer = await browser.post(path(young, "/stoppen"), data={})
    assert answer.headers["location"] == path(young, "/afronden")
    assert await young.state() is ConversationState.WRAP_UP
    await young.says("wacht, nog iets")

    page = await browser.get(path(young, "/afronden"))
    assert "De jongere schreef nog iets" in page.text
    await browser.post(path(young, "/hervatten"), data={})
    assert await young.state() is ConversationState.LIVE


async def test_a_note_is_for_colleagues_only(app, sanne, lead, enter, young):
    """Sealed in the database, shown at the desk, never sent to the young person."""
    browser = await _in_talk(app, sanne, enter, young)
    await browser.post(path(young, "/notities"), data={"notitie": "Broer is <thuis>."})

    assert "Broer is &lt;thuis&gt;." in (await browser.get(path(young))).text
    assert "Broer is" not in str([event.message for event in await young.view()])
    (handoff,) = await young.handoffs()
    assert b"Broer" not in handoff.note


async def test_the_card_shows_facts_from_the_talk(app, sanne, enter, young):
    """Level and why with the marked words, what was asked, what was offered, safe now."""
    await young.says("hoi")
    await young.says(f"help {URGENT} echt")
    browser = await enter(sanne)
    worker = Person(sanne.id, sanne.name, Role.COUNSELLOR)
    await claim_handoff(app.chat, worker, young.id)
    form = {"client_id": str(uuid.uuid4()), "text": "Ik ben er. Ben je nu veilig?"}
    await browser.post(path(young, "/regels"), data=form, **JSON)
    await young.says("ja op mijn kamer")

    card = (await view(app.chat, worker, young.id)).card
    assert card.whys == ("Noemt chantage.",)
    assert [part.text for part in card.quotes[0].parts if part.why] == ["chantage"]
    assert card.theme == "afpersing"
    assert (card.safe.question, card.safe.answer) == ("Ben je nu veilig?", "ja op mijn kamer")


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


async def test_a_fragment_that_did_not_change_is_not_sent_again(app, sanne, enter, young):
    """A page that asks every few seconds is left alone, and a screen reader with it."""
    browser = await _in_talk(app, sanne, enter, young)
    first = await browser.get(path(young, "/verhaal"))
    version = first.text.partition('name="v" value="')[2].partition('"')[0]
    app.settings.move(seconds=10)
    assert (await browser.get(path(young, f"/verhaal?v={version}"))).status_code == 204
    await young.says("ben er nog")

    assert (await browser.get(path(young, f"/verhaal?v={version}"))).status_code == 200


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
        async with asyncio.timeout(5):
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


async def test_nothing_of_a_talk_reaches_a_log(app, sanne, enter, young, capfd):
    """Neither by working nor by failing."""
    browser = await _in_talk(app, sanne, enter, young, line=f"{URGENT} geheimwoord")
    await browser.post(path(young, "/regels"), data={"client_id": "x", "text": "geheimzin"}, **JSON)
    await browser.get("/desk/gesprekken/geheimpad")
    out = capfd.readouterr()

    assert "geheim" not in out.out + out.err


async def _in_talk(app, who, enter, young, *, line=URGENT, said=False):
    """The browser of `who`, holding the talk of `young`, who has heard all so far."""
    if not said:
        await young.says(line)
    else:
        app.settings.move(seconds=-60)
        await young.says(line)
        app.settings.move(seconds=60)
    browser = await enter(who)
    answer = await browser.post(path(young, "/aannemen"), data={})
    assert answer.status_code == 303, answer.text
    await young.hears()
    return browser


async def _close(browser, young, **changed):
    fields = {
        "contact": "self",
        "onderwerp": ["violence_osec"],
        "niveau": "urgent",
        "thema": "afpersing",
        "afloop": "helped",
        "verwijzing": "112",
    }
    return await browser.post(path(young, "/afronden"), data={**fields, **changed})


async def _audit(app, action, young):
    async with app.store.read() as session:
        found = await session.scalars(
            select(Audit.counsellor_id).where(
                Audit.action == action, Audit.conversation_id == young.id
            )
        )
        return list(found)
