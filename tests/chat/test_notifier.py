"""Waking those who wait: none is missed, and none is woken for another talk."""

import asyncio
import uuid

from nachtlicht.chat import Notifier

TALK = uuid.uuid4()


async def test_a_change_between_reading_and_waiting_is_not_missed():
    """The watch remembers what happened while nobody was waiting."""
    notifier = Notifier()
    with notifier.watch(TALK) as watch:
        notifier.changed(TALK)
        assert await watch.wait(0.01)
        assert not await watch.wait(0.01)


async def test_another_talk_wakes_nobody():
    """News is by talk."""
    notifier = Notifier()
    with notifier.watch(TALK) as watch:
        notifier.changed(uuid.uuid4())
        notifier.queue_changed()
        assert not await watch.wait(0.01)


async def test_all_who_wait_are_woken():
    """A phone with two tabs, and the counsellor beside it."""
    notifier = Notifier()
    waiting = [asyncio.create_task(notifier.wait_conversation(TALK, 5)) for _ in range(3)]
    queue = asyncio.create_task(notifier.wait_queue(5))
    await asyncio.sleep(0)

    notifier.changed(TALK)
    notifier.queue_changed()

    assert await asyncio.gather(*waiting, queue) == [True] * 4


async def test_nothing_is_kept_of_who_went():
    """Five thousand streams a night leave nothing behind."""
    notifier = Notifier()
    with notifier.watch(TALK), notifier.watch_queue():
        pass

    assert (notifier._watches, notifier._queue) == ({}, set())
