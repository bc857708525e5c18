"""A verdict that comes late is owed, like an answer: neither lost with the process, nor doubled."""

from __future__ import annotations

import asyncio
import threading
import uuid

import pytest

from nachtlicht.chat import Chat, Notifier
from nachtlicht.risk import RiskLevel
from nachtlicht.store import ConversationState
from tests.chat.fake_model import Model
from tests.support.small_release import HARMLESS


async def test_a_verdict_that_died_with_the_process_is_given_by_the_next(chat, die, use, young):
    """Stored, killed, started again: raised once, told once; further rounds find nothing."""
    await die()
    assert [found.verdict_due for found in await young.assessments()] == [True]
    assert await young.state() is ConversationState.BOT
    use(Model())

    after = second(chat)
    assert (await after.sweep()).verdicts == 1
    await after.idle()
    assert (await after.sweep()).verdicts == 0
    await after.idle()

    (found,) = await young.assessments()
    assert (found.level, found.model_level) == (RiskLevel.URGENT, RiskLevel.URGENT)
    assert not found.verdict_due
    assert len(await young.handoffs()) == 1
    heard = await young.hears()
    assert heard.count("utter_overdracht_niemand") == 1
    assert len(heard) == 2, "and one answer to the line"
    await young.check_invariants()


async def test_an_acute_verdict_after_a_restart_brings_the_safety_reply_once(chat, die, use, young):
    """The fixed words and the top of the queue, as if the process had lived."""
    await die()
    use(Model(label="acute"))

    after = second(chat)
    for _ in range(2):
        await after.sweep()
        await after.idle()

    heard = await young.hears()
    assert len([text for text in heard if text.startswith("utter_acuut")]) == 1
    assert (await young.row()).level is RiskLevel.ACUTE
    await young.check_invariants()


async def test_two_processes_that_give_it_act_once(chat, die, use, young):
    """The mark is looked at in the transaction that takes it away."""
    await die()
    use(Model())

    both = [second(chat), second(chat)]
    await asyncio.gather(*(one.sweep() for one in both))
    await asyncio.gather(*(one.idle() for one in both))

    assert len(await young.handoffs()) == 1
    assert (await young.hears()).count("utter_overdracht_niemand") == 1
    await young.check_invariants()


async def test_a_verdict_that_says_no_more_only_takes_the_mark_away(chat, die, use, young):
    """Nothing is said, nothing opened, and the line is not judged a third time."""
    await die()
    quiet = Model(label="none")
    use(quiet)

    after = second(chat)
    for _ in range(2):
        await after.sweep()
        await after.idle()

    assert quiet.asked == 1
    assert [found.verdict_due for found in await young.assessments()] == [False]
    assert await young.handoffs() == []
    assert len(await young.hears()) == 1, "the answer to the line"


async def test_while_it_is_waited_for_no_round_asks_again(chat, use, young):
    """The process that stored the line has its own answer under way."""
    slow = Model(held=threading.Event())
    use(slow)
    await chat.receive(young.id, uuid.uuid4(), HARMLESS)

    assert (await chat.sweep()).verdicts == 0
    waiting = chat.verdicts_waiting
    slow.held.set()
    await chat.idle()

    assert (slow.asked, waiting, chat.verdicts_waiting) == (1, 1, 0)
    assert await young.state() is ConversationState.WAITING


async def test_verdicts_that_say_no_more_lose_their_marks_together(chat, use, young):
    """One round takes all the marks away; until then nobody judges those lines again."""
    quiet = Model(label="none", held=threading.Event())
    use(quiet)
    for _ in range(3):
        await chat.receive(young.id, uuid.uuid4(), HARMLESS)
    quiet.held.set()
    await chat.idle()
    marked = [found.verdict_due for found in await young.assessments()]
    asked, waiting = quiet.asked, chat.verdicts_waiting

    assert (await chat.sweep()).verdicts == 0
    await chat.idle()

    assert marked == [True] * 3
    assert [found.verdict_due for found in await young.assessments()] == [False] * 3
    assert (quiet.asked, chat.judging, chat.judged) == (asked, set(), set())
    assert waiting == 0, "a mark that is to be taken away is no verdict that is to come"


async def test_without_a_model_it_stays_owed_until_there_is_one(chat, die, use, young):
    """A start with a damaged model must not count as its verdict."""
    await die()

    use(None)
    after = second(chat)
    assert (await after.sweep()).verdicts == 0
    use(Model())
    assert (await after.sweep()).verdicts == 1
    await after.idle()

    assert await young.state() is ConversationState.WAITING


@pytest.mark.parametrize("end", ["exit", "forget"])
async def test_a_talk_that_was_ended_is_left_alone(chat, die, use, young, end):
    """Gone is gone, for a verdict too."""
    await die()
    use(Model())
    after = second(chat)
    await getattr(after, end)(young.id)

    assert (await after.sweep()).verdicts == 0
    await after.idle()

    assert await young.handoffs() == []
    assert after.counts.failed_tasks == 0


def second(chat):
    """Another process over the same store and release."""
    return Chat(chat.settings, chat.store, chat.releases, chat.bot, Notifier())


@pytest.fixture
def die(chat, young, use):
    """Take a harmless line, and die when it is acknowledged and the model has yet to speak."""

    async def die():
        slow = Model(held=threading.Event())
        use(slow)
        await chat.receive(young.id, uuid.uuid4(), HARMLESS)
        await chat.close(within=0)
        slow.held.set()

    return die
