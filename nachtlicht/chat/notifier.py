"""Wakes those who wait for news of a talk or of the queue, inside this process.

It carries no news, only "look again": who wakes reads the database. So a wake too many does no
harm, and the view after it is the truth.
"""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import Iterator


class Watch:
    """One waiter. Changes between two waits are remembered, so none is missed."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def wake(self) -> None:
        """Say that there may be news."""
        self._changed.set()

    async def wait(self, seconds: float) -> bool:
        """Wait for news since the last call, at most `seconds`; False when none came."""
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return False
        self._changed.clear()
        return True


class Notifier:
    """Who waits for what. Take a watch, read, then wait: a change in between wakes it at once."""

    def __init__(self) -> None:
        self._watches: dict[uuid.UUID, set[Watch]] = {}
        self._queue: set[Watch] = set()

    def changed(self, conversation_id: uuid.UUID) -> None:
        """A talk has new events. Call it after the transaction, never inside."""
        for watch in self._watches.get(conversation_id, ()):
            watch.wake()

    def queue_changed(self) -> None:
        """The queue, or who is present, has changed. Call it after the transaction."""
        for watch in self._queue:
            watch.wake()

    @contextlib.contextmanager
    def watch(self, conversation_id: uuid.UUID) -> Iterator[Watch]:
        """A watch on one talk, for as long as the block runs."""
        watch = Watch()
        self._watches.setdefault(conversation_id, set()).add(watch)
        try:
            yield watch
        finally:
            watches = self._watches[conversation_id]
            watches.discard(watch)
            if not watches:
                del self._watches[conversation_id]

    @contextlib.contextmanager
    def watch_queue(self) -> Iterator[Watch]:
        """A watch on the queue, for as long as the block runs."""
        watch = Watch()
        self._queue.add(watch)
        try:
            yield watch
        finally:
            self._queue.discard(watch)

    async def wait_conversation(self, conversation_id: uuid.UUID, timeout: float) -> bool:  # noqa: ASYNC109
        """Wait for the next change of a talk; for a loop, take a `watch` instead."""
        with self.watch(conversation_id) as watch:
            return await watch.wait(timeout)

    async def wait_queue(self, timeout: float) -> bool:  # noqa: ASYNC109
        """Wait for the next change of the queue; for a loop, take a `watch_queue` instead."""
        with self.watch_queue() as watch:
            return await watch.wait(timeout)

    def wake_all(self) -> None:
        """Wake everybody: the process is about to stop, and streams must end."""
        for watches in self._watches.values():
            for watch in watches:
                watch.wake()
        self.queue_changed()
