"""Remembers the running talks in memory for a short while, and nothing anywhere else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

KEEP = 2 * 60 * 60  # seconds since the last line
MOST = 20_000  # talks; the one silent longest goes first


class ShortMemoryTrackerStore(TrackerStore):
    """Keeps the events of each talk until `keep_seconds` after its last line.

    The transcript that counts is the web app's, encrypted. This one may be lost at any moment:
    it is never written to disk, and what is too old is purged at every save. It holds the
    event objects themselves, so that a long talk costs no JSON in and out at each line.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        keep_seconds: float = KEEP,
        most: int = MOST,
        clock: Callable[[], float] = time.monotonic,
        **_: Any,
    ) -> None:
        """Start empty. Rasa passes what stands in `endpoints.yml` as keyword arguments."""
        super().__init__(domain, event_broker)
        self._keep, self._most, self._clock = float(keep_seconds), int(most), clock
        self._talks: dict[str, tuple[float, list[Event]]] = {}  # oldest last line first

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the talk, as the one with the newest line, and purge what is too old.

        A tracker without events empties its place: so a talk is forgotten through Rasa's own
        wrapper around this store, which knows no other way.
        """
        self._talks.pop(tracker.sender_id, None)
        if tracker.events:
            self._talks[tracker.sender_id] = (self._clock(), list(tracker.events))
        self.purge()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return a fresh tracker of the talk, or None when it is unknown or too old."""
        self.purge()
        kept = self._talks.get(sender_id)
        if kept is None:
            return None
        return DialogueStateTracker.from_events(
            sender_id, kept[1], self.domain.slots, sender_source=None, domain=self.domain
        )

    async def keys(self) -> Iterable[str]:
        """Return the talks that are kept."""
        self.purge()
        return list(self._talks)

    def purge(self) -> None:
        """Drop the talks that are too old, and the oldest of too many."""
        dead_line = self._clock() - self._keep
        while self._talks:
            oldest = next(iter(self._talks))
            if self._talks[oldest][0] > dead_line and len(self._talks) <= self._most:
                return
            del self._talks[oldest]
