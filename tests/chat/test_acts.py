"""What a counsellor does to a talk: taking, writing, giving back, and being heard of."""

import contextlib
import uuid

import pytest
from sqlalchemy import select

from nachtlicht.chat.desk import (
    block_talk,
    end_talk,
    give_back,
    resume_talk,
    write_as_counsellor,
)
from nachtlicht.chat.desk.errors import LineRefused, TalkNotYours
from nachtlicht.chat.handoff import LEASE
from nachtlicht.store import Audit, ConversationState, HandoffStatus
from tests.support.shared import shared_fixture
from tests.support.small_release import URGENT, publish_small
from tests.support.talks import Worker, Young

LIVE, LOST = ConversationState.LIVE, ConversationState.LIVE_LOST_STAFF


@shared_fixture
async def waiting(chat, young):
    """A young person in the queue, who has heard all of it."""
    await young.says(URGENT)
    await young.hears()
    return young


@contextlib.asynccontextmanager
async def told(chat, young):
    """Both the talk's stream and the queue are told of what happens in the block."""
    with chat.notifier.watch(young.id) as talk, chat.notifier.watch_queue() as queue:
        yield
        assert await talk.wait(0)
        assert await queue.wait(0)


async def audited(chat):
    """What the audit says, oldest first: (action, counsellor, talk)."""
    async with chat.store.read() as session:
        rows = await session.scalars(select(Audit).order_by(Audit.at))
        return [(row.action, row.counsellor_id, row.conversation_id) for row in rows]


async def test_taking_a_talk_says_who_is_there(chat, waiting, worker):
    """By name, in a line and in the state; with a lease from now, and in the audit."""
    async with told(chat, waiting):
        await worker.takes(waiting)

    assert await waiting.hears() == ["utter_medewerker_er: Sanne"]
    state = (await waiting.view())[-1].state
    assert (state["state"], state["name"]) == ("live", "Sanne")
    (handoff,) = await waiting.handoffs()
    now = chat.settings.now()
    assert (handoff.claimed_at, handoff.lease_until) == (now, now + LEASE)
    assert await audited(chat) == [("claimed", worker.person.id, waiting.id)]


async def test_what_was_offered_to_one_is_no_offer_once_it_is_taken(chat, waiting, worker):
    """Also when somebody else takes it."""
    offered = await Worker.arrive(chat, "Mila")
    async with chat.store.write() as session:
        (handoff,) = await waiting.handoffs()
        handoff = await session.merge(handoff)
        handoff.offered_to_id, handoff.offered_at = offered.person.id, chat.settings.now()

    await worker.takes(waiting)

    (handoff,) = await waiting.handoffs()
    assert (handoff.offered_to_id, handoff.offered_at) == (None, None)


async def test_a_heartbeat_is_for_ones_own_talks(chat, settings, waiting, worker):
    """A colleague who is heard keeps nobody else's talk, and brings none back."""
    await worker.takes(waiting)
    colleague = await Worker.arrive(chat, "Mila")
    (before,) = await waiting.handoffs()
    settings.move(seconds=35)
    await chat.sweep()

    await colleague.beats()

    assert await waiting.state() is LOST
    (after,) = await waiting.handoffs()
    assert after.lease_until == before.lease_until


async def test_a_heartbeat_gives_a_lease_from_now(chat, settings, waiting, worker):
    """To what is held; what is over keeps none."""
    await worker.takes(waiting)
    settings.move(seconds=10)

    await worker.beats()

    (handoff,) = await waiting.handoffs()
    assert handoff.lease_until == chat.settings.now() + LEASE
    await give_back(chat, worker.person, waiting.id)
    await worker.beats()
    (handoff,) = await waiting.handoffs()
    assert (handoff.status, handoff.lease_until) == (HandoffStatus.WAITING, None)


async def test_what_is_over_gets_no_lease(chat, settings, waiting, worker):
    """A young person who left, and a counsellor who comes back afterwards."""
    await worker.takes(waiting)
    await chat.exit(waiting.id)
    settings.move(seconds=60)
    await chat.sweep()

    await worker.beats()

    (handoff,) = await waiting.handoffs()
    assert (handoff.status, handoff.lease_until) == (HandoffStatus.CLOSED, None)


async def test_a_heartbeat_that_comes_back_is_told_to_all(chat, settings, waiting, worker):
    """The young person reads by name who is there again."""
    await worker.takes(waiting)
    settings.move(seconds=35)
    await chat.sweep()

    async with told(chat, waiting):
        await worker.beats()

    state = (await waiting.view())[-1].state
    assert (state["state"], state["name"]) == ("live", "Sanne")


async def test_ending_and_going_on_are_told_to_all(chat, waiting, worker):
    """In between nothing can be written, and the counsellor reads why."""
    await worker.takes(waiting)
    async with told(chat, waiting):
        await end_talk(chat, worker.person, waiting.id)
    with pytest.raises(LineRefused, match=r"^Dit gesprek is afgerond\. Hervat het om weer te schr"):
        await worker.says(waiting, "Nog iets.")

    async with told(chat, waiting):
        await resume_talk(chat, worker.person, waiting.id)

    state = (await waiting.view())[-1].state
    assert (state["state"], state["name"]) == ("live", "Sanne")


async def test_going_on_with_a_blocked_talk_is_in_the_audit(chat, waiting, worker):
    """Who lifted the block, and of which talk."""
    await worker.takes(waiting)
    await block_talk(chat, worker.person, waiting.id, "1")

    await resume_talk(chat, worker.person, waiting.id)

    assert (await waiting.row()).blocked_until is None
    assert ("unblocked", worker.person.id, waiting.id) in await audited(chat)


async def test_what_the_bot_has_is_not_theirs(chat, young, worker):
    """Nobody holds it, so nobody writes in it."""
    with pytest.raises(TalkNotYours):
        await worker.says(young, "Hoi.")

    assert await young.hears() == []


async def test_writing_is_a_sign_of_life(chat, settings, waiting, worker):
    """The line brings a lost talk back and a new lease, and names who wrote it."""
    await worker.takes(waiting)
    settings.move(seconds=35)
    await chat.sweep()
    assert await waiting.state() is LOST

    async with told(chat, waiting):
        await worker.says(waiting, "Ik ben er weer.")

    *_, state, line = await waiting.view()
    assert (state.state["state"], state.state["name"]) == ("live", "Sanne")
    assert (line.message.text, line.message.name) == ("Ik ben er weer.", "Sanne")
    (handoff,) = await waiting.handoffs()
    assert handoff.lease_until == chat.settings.now() + LEASE
    moves = len(await waiting.view())
    await worker.says(waiting, "Nog iets.")
    assert len(await waiting.view()) == moves + 1, "live again already"


async def test_one_id_in_two_talks_is_two_lines(chat, waiting, noise, worker):
    """An id is a sender's name for a line of one talk."""
    other = await Young.begin(chat)
    await other.says(URGENT)
    line = uuid.uuid4()
    for young in (waiting, other):
        await worker.takes(young)
        await write_as_counsellor(chat, worker.person, young.id, line, "Hoi.")

    assert (await waiting.hears())[-1] == (await other.hears())[-1] == "Hoi."


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (None, "\x00", "Dit bericht kan niet worden verstuurd."),
        ("Hoi.", "Iets anders.", "Dit bericht is al eerder verstuurd."),
    ],
)
async def test_a_refused_line_says_why(chat, waiting, worker, first, second, told):
    """In Dutch, to the counsellor."""
    await worker.takes(waiting)
    line = uuid.uuid4()
    if first is not None:
        await write_as_counsellor(chat, worker.person, waiting.id, line, first)

    with pytest.raises(LineRefused) as refused:
        await write_as_counsellor(chat, worker.person, waiting.id, line, second)

    assert str(refused.value) == told


async def test_giving_back_is_told_to_all(chat, waiting, worker):
    """The young person reads the words for it, the queue is told, the audit has it."""
    publish_small(
        chat.settings.releases,
        "20261102T000000Z-bbbbbb",
        texts={"utter_medewerker_terug": [{"text": "utter_medewerker_terug"}]},
    )
    assert await chat.releases.refresh()
    await worker.takes(waiting)
    await waiting.hears()

    async with told(chat, waiting):
        await give_back(chat, worker.person, waiting.id)

    assert await waiting.hears() == ["utter_medewerker_terug"]
    assert (await audited(chat))[-1] == ("gave_back", worker.person.id, waiting.id)
