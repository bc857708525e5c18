"""How many come first in the queue, and the end question: numbers that name nobody."""

import pytest
from sqlalchemy import select

from nachtlicht.chat.errors import OpinionRefused
from nachtlicht.store import ConversationState, Counted
from tests.support.small_release import ACUTE, HARMLESS, MORNING, URGENT
from tests.support.talks import Worker, Young


async def test_danger_comes_first_then_who_waits_longest(chat, settings, young):
    """The number is that of this moment, for this desk."""
    worker = await Worker.arrive(chat)
    assert await chat.place_in_queue(young.id) is None
    await young.says(URGENT)
    settings.move(seconds=1)
    later = await Young.begin(chat)
    await later.says(URGENT)

    assert await chat.place_in_queue(later.id) == await chat.place_in_queue(young.id) + 1
    await later.says(ACUTE)
    assert await chat.place_in_queue(later.id) == 0
    await worker.takes(young)
    assert await chat.place_in_queue(young.id) is None


async def test_no_number_while_nobody_is_there(chat, settings, young):
    """A place in a queue that nobody serves would be a false promise; also before opening."""
    await young.says(URGENT)
    assert await young.state() is ConversationState.WAITING
    assert await chat.place_in_queue(young.id) is None
    await Worker.arrive(chat)
    assert await chat.place_in_queue(young.id) is not None
    settings.set(MORNING)
    await chat.sweep()

    assert await chat.place_in_queue(young.id) is None


async def test_an_answer_counts_once(chat, young):
    """Two questions, one answer each; the first one stays."""
    for question, answer in (("helped", "yes"), ("helped", "no"), ("next", "bit")):
        await chat.give_opinion(young.id, question, answer)

    assert await _counted(chat) == {("helped", "yes"): 1, ("next", "bit"): 1}
    other = await Young.begin(chat)
    await chat.give_opinion(other.id, "helped", "yes")
    assert (await _counted(chat))["helped", "yes"] == 2


async def test_a_test_talk_is_not_counted(chat, noise):
    """Nor anything that is no question."""
    young = await Young.begin(chat, is_test=True)
    await chat.give_opinion(young.id, "helped", "yes")
    with pytest.raises(OpinionRefused):
        await chat.give_opinion(young.id, "why", HARMLESS)

    assert await _counted(chat) == {}


async def _counted(chat):
    async with chat.store.read() as session:
        rows = (await session.scalars(select(Counted))).all()
    return {(row.kind, row.word): row.number for row in rows}
