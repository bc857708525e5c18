"""A talk at the desk: writing, giving back, losing the line, notes, what is shown."""

import uuid

import pytest

from nachtlicht.chat.desk import claim_handoff, view
from nachtlicht.chat.staff import Person
from nachtlicht.store import ConversationState, Role
from tests.desk.talking import JSON, close, in_talk, path
from tests.support.small_release import URGENT
from tests.support.talks import Young


async def test_a_line_of_the_counsellor_arrives_once(app, sanne, enter, young):
    """A repeat with the same id is the same line; both sides read it once."""
    browser = await in_talk(app, sanne, enter, young)
    form = {"client_id": str(uuid.uuid4()), "text": "Ik ben er.\r\nNeem de tijd."}
    first = await browser.post(path(young, "/regels"), data=form, **JSON)
    again = await browser.post(path(young, "/regels"), data=form, **JSON)

    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert await young.hears() == ["Ik ben er.\nNeem de tijd."]
    assert (await browser.get(path(young))).text.count("Ik ben er.") == 1


async def test_an_id_that_was_used_for_another_text_is_refused(app, sanne, enter, young):
    """So a mistake in the page is seen, and nothing is overwritten."""
    browser = await in_talk(app, sanne, enter, young)
    form = {"client_id": str(uuid.uuid4())}
    await browser.post(path(young, "/regels"), data={**form, "text": "Eerst."}, **JSON)
    answer = await browser.post(path(young, "/regels"), data={**form, "text": "Later."}, **JSON)

    assert answer.status_code == 422
    assert await young.hears() == ["Eerst."]


@pytest.mark.parametrize("text", ["", "   \n", "\x00", "x" * 10_001, "\u200b"])
async def test_what_cannot_be_a_line_is_refused(app, sanne, enter, young, text):
    """Nothing of it is stored, and the refusal does not repeat it."""
    browser = await in_talk(app, sanne, enter, young)
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
    browser = await in_talk(app, sanne, enter, young)
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
    browser = await in_talk(app, sanne, enter, young, said=True)
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
    browser = await in_talk(app, sanne, enter, young)
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
    browser = await in_talk(app, sanne, enter, young)
    for _ in range(5):
        app.settings.move(seconds=20)
        assert (await browser.post("/desk/hartslag", data={})).status_code == 200
        await app.chat.sweep()

    assert await young.state() in (ConversationState.LIVE, ConversationState.LIVE_LOST_YOUTH)


async def test_a_console_that_comes_back_in_time_is_live_again(app, sanne, enter, young):
    """Both sides were told that the connection was gone, and are told that it is back."""
    browser = await in_talk(app, sanne, enter, young)
    app.settings.move(seconds=30)
    await app.chat.sweep()
    assert await young.state() is ConversationState.LIVE_LOST_STAFF
    await browser.post("/desk/hartslag", data={})

    assert await young.state() is ConversationState.LIVE
    await young.check_invariants()


async def test_a_young_person_who_left_is_shown_as_safely_gone(app, sanne, enter, young):
    """Nothing can be sent any more; the form can still be filled in."""
    browser = await in_talk(app, sanne, enter, young)
    await app.chat.exit(young.id)
    page = await browser.get(path(young))
    form = {"client_id": str(uuid.uuid4()), "text": "Ben je er nog?"}
    answer = await browser.post(path(young, "/regels"), data=form, **JSON)

    assert "Veilig weggegaan" in page.text
    assert 'id="tekst"' not in page.text
    assert answer.json()["error"]["code"] == "talk_over"
    assert (await close(browser, young, afloop="left")).status_code == 303
    assert path(young) not in (await browser.get("/desk")).text


async def test_a_wiped_talk_shows_nothing(app, sanne, enter, young):
    """The desk is told that it was wiped, and can only close it."""
    browser = await in_talk(app, sanne, enter, young, line=f"{URGENT} geheimwoord")
    await app.chat.forget(young.id)
    page = await browser.get(path(young))

    assert "Gesprek gewist" in page.text
    assert "geheimwoord" not in page.text
    assert (await close(browser, young, afloop="left")).status_code == 303


async def test_a_note_is_for_colleagues_only(app, sanne, lead, enter, young):
    """Sealed in the database, shown at the desk, never sent to the young person."""
    browser = await in_talk(app, sanne, enter, young)
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


async def test_a_fragment_that_did_not_change_is_not_sent_again(app, sanne, enter, young):
    """A page that asks every few seconds is left alone, and a screen reader with it."""
    browser = await in_talk(app, sanne, enter, young)
    first = await browser.get(path(young, "/verhaal"))
    version = first.text.partition('name="v" value="')[2].partition('"')[0]
    app.settings.move(seconds=10)
    assert (await browser.get(path(young, f"/verhaal?v={version}"))).status_code == 204
    await young.says("ben er nog")

    assert (await browser.get(path(young, f"/verhaal?v={version}"))).status_code == 200


async def test_nothing_of_a_talk_reaches_a_log(app, sanne, enter, young, capfd):
    """Neither by working nor by failing."""
    browser = await in_talk(app, sanne, enter, young, line=f"{URGENT} geheimwoord")
    await browser.post(path(young, "/regels"), data={"client_id": "x", "text": "geheimzin"}, **JSON)
    await browser.get("/desk/gesprekken/geheimpad")
    out = capfd.readouterr()

    assert "geheim" not in out.out + out.err
