"""The classifier's thread: the most urgent first, one at a time, and none is forgotten."""

import threading

import pytest

from nachtlicht.chat.priority import PriorityThread


@pytest.fixture
def busy():
    """A thread that is busy until its event is set."""
    thread, go = PriorityThread("test"), threading.Event()
    thread.submit(0, go.wait)
    yield thread, go
    go.set()


def test_what_is_urgent_goes_first_and_equals_in_their_order(busy):
    """Whenever they came."""
    thread, go = busy
    done = []
    futures = [
        thread.submit(place, lambda name=name: done.append(name))
        for place, name in [(1, "a"), (1, "b"), (0, "c"), (1, "d"), (0, "e")]
    ]
    go.set()
    for future in futures:
        future.result(5)
    assert done == ["c", "e", "a", "b", "d"]


def test_one_that_fails_or_is_cancelled_leaves_the_others(busy):
    """Its own future tells; the thread goes on."""
    thread, go = busy
    failed = thread.submit(0, lambda: 1 / 0)
    cancelled = thread.submit(0, lambda: "never")
    last = thread.submit(0, lambda: "done")
    assert cancelled.cancel()
    go.set()
    assert last.result(5) == "done"
    assert isinstance(failed.exception(5), ZeroDivisionError)
