"""The sweep: counsellors who are lost, desks that open and shut, and talks past their time."""

import datetime as dt

import pytest
from sqlalchemy import select

from nachtlicht.chat import ConversationGone, TokenUnknown, upkeep
from nachtlicht.store import (
    Audit,
    Conversation,
    ConversationState,
    Event,
    HandoffStatus,
    Message,
    Tally,
)
from tests.support.shared import shared_fixture
from tests.support.small_release import ACUTE, HARMLESS, MORNING, NIGHT, URGENT
from tests.support.talks import Worker, Young

LIVE, WAITING = ConversationState.LIVE, ConversationState.WAITING
LOST = ConversationState.LIVE_LOST_STAFF


async def test_a_counsellor_who_is_not_heard_is_told_and_then_replaced(chat, settings, live):
    """Both sides see it after 30 seconds; after 45 the talk is back in the queue."""
    young, worker = live
    (before,) = await young.handoffs()

    settings.move(seconds=29)
    assert (await chat.sweep()).told_lost == 0
    settings.move(seconds=1)
    assert (await chat.sweep()).told_lost == 1
    assert await young.state() is LOST
    settings.move(seconds=15)
    assert (await chat.sweep()).given_back == 1

    assert await young.state() is WAITING
    assert await young.hears() == ["utter_medewerker_kwijt"]
    (handoff,) = await young.handoffs()
    assert handoff.status is HandoffStatus.WAITING
    assert handoff.opened_at == before.opened_at
    assert handoff.counsellor_id is None
    await young.check_invariants()
    async with chat.store.read() as session:
        lost = await session.scalars(select(Audit).where(Audit.action == "lease_lost"))
        assert [row.counsellor_id for row in lost] == [worker.person.id]


async def test_a_heartbeat_keeps_the_talk(chat, settings, live):
    """As long as the console is open, nothing is taken away."""
    young, worker = live
    with chat.youth.stream(young.id):
        await _pass(chat, settings, worker, minutes=2)

    assert await young.state() is LIVE


async def test_a_heartbeat_between_looking_and_acting_keeps_the_talk(chat, live):
    """Each step looks again inside its transaction."""
    young, _ = live

    assert not await upkeep.give_back(chat, young.id)
    assert not await upkeep.tell_lost(chat, young.id)
    assert not await upkeep.settle_ended(chat, young.id)

    assert await young.state() is LIVE


async def test_a_counsellor_who_comes_back_in_time_goes_on(chat, settings, live):
    """A dead tunnel of half a minute ends nothing."""
    young, worker = live
    settings.move(seconds=35)
    await chat.sweep()
    assert await young.state() is LOST

    await worker.beats()

    assert await young.state() is LIVE
    settings.move(seconds=29)
    assert (await chat.sweep()).given_back == 0
    await young.check_invariants()


async def test_while_the_counsellor_is_lost_danger_gets_its_reply(chat, settings, live):
    """Nobody is there to read it: the safety reply goes out after all."""
    young, _ = live
    settings.move(seconds=35)
    await chat.sweep()

    await young.says(ACUTE)

    assert await young.hears() == ["utter_acuut_zelfdoding"]


async def test_a_second_sweep_at_the_same_moment_changes_nothing(chat, settings, live):
    """It may run at any time."""
    young, _ = live
    settings.move(seconds=60)
    await chat.sweep()
    before = await young.view()

    assert (await chat.sweep()).given_back == 0

    assert await young.view() == before


async def test_a_lost_counsellor_does_not_hold_a_talk_that_was_left(chat, settings, live):
    """The handoff is closed as not reported on; it does not go back to the queue."""
    young, _ = live
    await chat.exit(young.id)
    settings.move(seconds=60)

    assert (await chat.sweep()).settled == 1

    (handoff,) = await young.handoffs()
    assert (handoff.status, handoff.outcome) == (HandoffStatus.CLOSED, "unreported")
    assert await young.state() is ConversationState.LEFT


async def test_talks_wait_through_the_day_and_are_told_when_the_desk_opens(chat, settings, noise):
    """waiting_closed becomes waiting at the hour, and the young person hears it once."""
    settings.set(MORNING)
    young = await Young.begin(chat)
    await young.says(URGENT)
    await young.hears()

    settings.set(MORNING.replace(hour=18, minute=59))
    assert (await chat.sweep()).desk_moves == 0
    settings.set(MORNING.replace(hour=19, minute=0))
    assert (await chat.sweep()).desk_moves == 1
    assert (await chat.sweep()).desk_moves == 0

    assert await young.state() is WAITING
    assert await young.hears() == ["utter_desk_nu_open"]
    await young.check_invariants()


async def test_when_the_desk_shuts_those_who_wait_are_told(chat, settings, young):
    """At six in the morning the honest words change; the place in the queue stays."""
    await young.says(URGENT)
    await young.hears()

    settings.set(NIGHT.replace(hour=6, minute=0))
    await chat.sweep()

    assert await young.state() is ConversationState.WAITING_CLOSED
    assert await young.hears() == ["utter_overdracht_dicht"]
    await young.check_invariants()


async def test_a_talk_of_a_shut_desk_can_still_be_taken(chat, settings, young, worker):
    """A counsellor who stays on may take who still waits."""
    await young.says(URGENT)
    settings.set(NIGHT.replace(hour=6, minute=5))
    await chat.sweep()

    await worker.takes(young)

    assert await young.state() is LIVE
    await young.check_invariants()


async def test_a_young_person_who_goes_silent_is_shown_to_the_desk(chat, settings, live):
    """No stream and no request for a minute; back at the first sign of life."""
    young, worker = live
    with chat.youth.stream(young.id):
        await _pass(chat, settings, worker, minutes=3)
        assert await young.state() is LIVE

    await _pass(chat, settings, worker, minutes=2)
    assert await young.state() is ConversationState.LIVE_LOST_YOUTH

    await young.says(HARMLESS)
    assert await young.state() is LIVE
    await young.check_invariants()


async def test_a_bot_talk_is_forgotten_a_day_after_its_last_line(chat, settings, young):
    """Not before; and then its words are gone, a count stays."""
    await young.says(HARMLESS)
    lines = len([event for event in await young.view() if event.message])

    settings.move(hours=23, minutes=59)
    assert (await chat.sweep()).forgotten == 0
    settings.move(minutes=1)
    assert (await chat.sweep()).forgotten == 2  # this one and the noise beside it

    assert (await young.row()).wrapped_key is None
    async with chat.store.read() as session:
        for table in (Message, Event):
            assert (await session.scalars(select(table))).all() == []
        (tally,) = await session.scalars(select(Tally))
    assert (tally.talks, tally.lines, tally.ended) == (2, lines + 2, "expired")
    assert tally.day == dt.date(2026, 11, 25)


async def test_waiting_for_the_desk_does_not_keep_a_talk_for_longer(chat, settings, young):
    """The desk opens and shuts and says so; the day still runs from the young person's line."""
    await young.says(URGENT)
    for _ in range(24):
        settings.move(hours=1)
        await chat.sweep()

    assert (await young.row()).wrapped_key is None


async def test_a_talk_with_a_human_is_kept_for_thirty_days(chat, settings, live):
    """Counted from its close, or from the last line when it was never closed."""
    young, _ = live
    settings.move(days=29, hours=23)
    await chat.sweep()
    assert (await young.row()).wrapped_key is not None

    settings.move(hours=1)
    await chat.sweep()
    assert (await young.row()).wrapped_key is None


async def test_the_gravestone_goes_a_day_later(chat, settings, young):
    """For a day a client hears "gone"; after it nothing knows of the talk."""
    await chat.forget(young.id)
    with pytest.raises(ConversationGone):
        await chat.authenticate(young.id, young.token)

    settings.move(hours=24)
    await chat.sweep()

    with pytest.raises(TokenUnknown):
        await chat.authenticate(young.id, young.token)
    async with chat.store.read() as session:
        assert await session.get(Conversation, young.id) is None


async def test_one_talk_that_fails_does_not_stop_the_others(chat, settings, young):
    """A row that cannot be opened is left for the next round."""
    other = await Young.begin(chat)
    for one in (young, other):
        await one.says(URGENT)
    async with chat.store.write() as session:
        (await session.get_one(Conversation, young.id)).wrapped_key = b"broken"
    settings.set(MORNING)

    assert (await chat.sweep()).desk_moves == 1

    assert await other.state() is ConversationState.WAITING_CLOSED


async def _pass(chat, settings, worker, *, minutes):
    """Let time go by with an open console and the sweep running."""
    for _ in range(minutes * 4):
        settings.move(seconds=15)
        await worker.beats()
        await chat.sweep()


@shared_fixture
async def live(chat, young):
    """A live talk, with nothing unheard."""
    worker = await Worker.arrive(chat)
    await young.says(URGENT)
    await worker.takes(young)
    await young.hears()
    return young, worker


@shared_fixture
async def noise(chat):
    """Another young person, who is forgotten by the same rules."""
    return await Young.begin(chat)
