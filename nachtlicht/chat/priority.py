"""One thread that does what is most urgent first, and among equals what came first."""

from __future__ import annotations

import itertools
import queue
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

Found = TypeVar("Found")


class PriorityThread:
    """An executor of one thread, with a place in the line for each task."""

    def __init__(self, name: str) -> None:
        """Nothing runs before the first `submit`."""
        self._pool = ThreadPoolExecutor(1, name)
        self._waiting: queue.PriorityQueue[tuple[int, int, Future[Any], Callable[[], Any]]]
        self._waiting = queue.PriorityQueue()
        self._number = itertools.count()

    def submit(self, place: int, work: Callable[[], Found]) -> Future[Found]:
        """Do `work` before all that waits with a higher `place`."""
        future: Future[Found] = Future()
        self._waiting.put((place, next(self._number), future, work))
        self._pool.submit(self._do_next)
        return future

    def _do_next(self) -> None:
        *_, future, work = self._waiting.get_nowait()
        if not future.set_running_or_notify_cancel():
            return
        try:
            found = work()
        except BaseException as error:
            future.set_exception(error)
        else:
            future.set_result(found)
