"""Handing a talk over, warm and cold, and reading along."""

import uuid

from sqlalchemy import select

from nachtlicht.chat.staff import READ_AGAIN
from nachtlicht.store import Audit, ConversationState
from tests.support.small_release import URGENT


async def test_a_colleague_takes_over_what_is_offered(app, sanne, mila, enter, young):
    """Until the yes the owner goes on; then the talk is the colleague's, and both sides know."""
    owner, other = await _offered(app, sanne, mila, enter, young)
    assert "Aangeboden aan jou" in (await other.get("/desk")).text
    assert "biedt jou dit gesprek aan" in (await other.get(_path(young))).text
    assert (await _write(owner, young)).status_code == 201
    await young.hears()
    await other.post(_path(young, "/aanbod/aannemen"), data={})

    assert await young.state() is ConversationState.LIVE
    assert await young.hears() == ["utter_medewerker_er: Mila"]
    assert (await _write(other, young)).status_code == 201
    assert (await _write(owner, young)).status_code == 409
    assert (await owner.get(_path(young))).status_code == 404
    await young.check_invariants()


async def test_an_offer_can_be_turned_down(app, sanne, mila, enter, young):
    """The talk stays where it was, and the colleague no longer reads it."""
    owner, other = await _offered(app, sanne, mila, enter, young)
    await other.post(_path(young, "/aanbod/stoppen"), data={})

    assert (await other.get(_path(young))).status_code == 404
    assert (await _write(owner, young)).status_code == 201
    late = await other.post(_path(young, "/aanbod/aannemen"), data={})
    assert late.status_code in (404, 409)


async def test_an_offer_can_be_taken_back(app, sanne, mila, enter, young):
    """Who was too late with the yes is told so, or finds nothing."""
    owner, other = await _offered(app, sanne, mila, enter, young)
    await owner.post(_path(young, "/aanbod/stoppen"), data={})

    assert (await other.post(_path(young, "/aanbod/aannemen"), data={})).status_code in (404, 409)
    assert (await _write(owner, young)).status_code == 201


async def test_a_stranger_cannot_end_an_offer(app, sanne, mila, join, enter, young):
    """Only the two whom it concerns."""
    owner, other = await _offered(app, sanne, mila, enter, young)
    third = await enter(await join("Bram"))
    await third.post(_path(young, "/aanbod/stoppen"), data={})
    assert (await third.post(_path(young, "/aanbod/aannemen"), data={})).status_code in (404, 409)

    assert (await other.post(_path(young, "/aanbod/aannemen"), data={})).status_code == 303
    assert (await owner.get(_path(young))).status_code == 404


async def test_only_who_is_there_can_be_offered_a_talk(app, sanne, mila, enter, young):
    """A colleague at home would leave the young person waiting."""
    await young.says(URGENT)
    owner = await enter(sanne)
    await owner.post(_path(young, "/aannemen"), data={})
    for name in (str(mila.id), str(sanne.id), str(uuid.uuid4()), ""):
        answer = await owner.post(_path(young, "/doorgeven"), data={"aan": f"person:{name}"})
        assert answer.status_code in (409, 422)


async def test_an_offer_is_gone_when_the_owner_is_lost(app, sanne, mila, enter, young):
    """The talk waits for anybody again."""
    _owner, other = await _offered(app, sanne, mila, enter, young)
    app.settings.move(seconds=46)
    await app.chat.sweep()

    assert await young.state() is ConversationState.WAITING
    await other.post(_path(young, "/aannemen"), data={})
    assert await young.state() is ConversationState.LIVE
    (handoff,) = await young.handoffs()
    assert handoff.offered_to_id is None


async def test_another_desk_finds_the_talk_in_its_queue(app, sanne, enter, young):
    """At the place of its first wait; a desk that is not there is refused."""
    await young.says(URGENT)
    owner = await enter(sanne)
    await owner.post(_path(young, "/aannemen"), data={})
    wrong = await owner.post(_path(young, "/doorgeven"), data={"aan": "desk:maan"})
    right = await owner.post(_path(young, "/doorgeven"), data={"aan": "desk:nacht"})

    assert wrong.status_code == 409 or wrong.status_code == 422
    assert right.status_code == 303
    assert await young.state() is ConversationState.WAITING
    await young.check_invariants()


async def test_reading_along_is_told_to_the_young_person_once(app, sanne, lead, enter, young):
    """And is in the audit each time that it goes on."""
    await young.says(URGENT)
    owner, boss = await enter(sanne), await enter(lead)
    await owner.post(_path(young, "/aannemen"), data={})
    await young.hears()
    page = await boss.get(_path(young))
    await boss.get(_path(young, "/verhaal"))
    app.settings.move(seconds=READ_AGAIN.total_seconds() + 1)
    await owner.post("/desk/hartslag", data={})
    await boss.get(_path(young))

    assert "Je leest mee met Sanne" in page.text
    assert 'id="tekst"' not in page.text
    heard = await young.hears()
    assert heard.count("utter_collega_leest_mee") == 1
    async with app.store.read() as session:
        reads = await session.scalars(select(Audit.at).where(Audit.action == "read_along"))
        assert len(list(reads)) == 2


async def _offered(app, owner, colleague, enter, young):
    await young.says(URGENT)
    mine, theirs = await enter(owner), await enter(colleague)
    await theirs.post("/desk/hartslag", data={})
    await mine.post(_path(young, "/aannemen"), data={})
    await young.hears()
    answer = await mine.post(_path(young, "/doorgeven"), data={"aan": f"person:{colleague.id}"})
    assert answer.status_code == 303, answer.text
    return mine, theirs


async def _write(browser, young):
    form = {"client_id": str(uuid.uuid4()), "text": "Ik ben er."}
    return await browser.post(_path(young, "/regels"), data=form, accept="application/json")


def _path(young, rest=""):
    return f"/desk/gesprekken/{young.id}{rest}"
