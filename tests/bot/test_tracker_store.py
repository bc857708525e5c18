"""The short memory: what is kept, for how long, and that nothing else is."""

from __future__ import annotations

import asyncio

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.tracker_store import ShortMemoryTrackerStore


class Clock:
    """A clock that stands still until it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        """Return the moment."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(clock: Clock) -> ShortMemoryTrackerStore:
    return ShortMemoryTrackerStore(Domain.empty(), keep_seconds=60, most=3, clock=clock)


def talk(sender: str, *lines: str) -> DialogueStateTracker:
    return DialogueStateTracker.from_events(sender, [UserUttered(line) for line in lines])


def keys(store: ShortMemoryTrackerStore) -> list[str]:
    return list(asyncio.run(store.keys()))


def test_a_talk_comes_back_as_it_was_saved(store: ShortMemoryTrackerStore) -> None:
    """The lines of a talk are there again, in order, and another talk's are not."""
    asyncio.run(store.save(talk("a", "een", "twee")))
    asyncio.run(store.save(talk("b", "drie")))
    found = asyncio.run(store.retrieve("a"))
    assert found is not None
    assert [event.text for event in found.events] == ["een", "twee"]


def test_what_is_retrieved_is_a_copy(store: ShortMemoryTrackerStore) -> None:
    """A turn that fails halfway leaves the talk as it was."""
    asyncio.run(store.save(talk("a", "een")))
    first = asyncio.run(store.retrieve("a"))
    assert first is not None
    first.update(UserUttered("half"))
    second = asyncio.run(store.retrieve("a"))
    assert second is not None
    assert len(second.events) == 1


def test_an_unknown_talk_is_none(store: ShortMemoryTrackerStore) -> None:
    """Rasa makes a new tracker when there is none."""
    assert asyncio.run(store.retrieve("x")) is None


def test_a_talk_is_forgotten_after_its_time(store: ShortMemoryTrackerStore, clock: Clock) -> None:
    """A minute after the last line it is gone, not only hidden."""
    asyncio.run(store.save(talk("a", "een")))
    clock.now += 59
    assert asyncio.run(store.retrieve("a")) is not None
    clock.now += 2
    assert asyncio.run(store.retrieve("a")) is None
    assert not store._talks


def test_a_new_line_keeps_the_talk_longer(store: ShortMemoryTrackerStore, clock: Clock) -> None:
    """The time is counted from the last line."""
    asyncio.run(store.save(talk("a", "een")))
    clock.now += 50
    asyncio.run(store.save(talk("a", "een", "twee")))
    clock.now += 50
    assert keys(store) == ["a"]


def test_saving_one_talk_purges_the_old_ones(store: ShortMemoryTrackerStore, clock: Clock) -> None:
    """Old talks go without anybody asking for them."""
    asyncio.run(store.save(talk("a", "een")))
    clock.now += 61
    asyncio.run(store.save(talk("b", "twee")))
    assert list(store._talks) == ["b"]


def test_a_talk_that_is_saved_empty_is_gone(store: ShortMemoryTrackerStore) -> None:
    """It leaves nothing behind, and the others stay."""
    asyncio.run(store.save(talk("a", "een")))
    asyncio.run(store.save(talk("b", "twee")))
    asyncio.run(store.save(talk("a")))
    assert list(store._talks) == ["b"]


def test_of_too_many_talks_the_most_silent_goes(store: ShortMemoryTrackerStore) -> None:
    """The number of talks in memory has a bound."""
    for sender in ("a", "b", "c"):
        asyncio.run(store.save(talk(sender, "een")))
    asyncio.run(store.save(talk("a", "een", "twee")))
    asyncio.run(store.save(talk("d", "een")))
    assert keys(store) == ["c", "a", "d"]
