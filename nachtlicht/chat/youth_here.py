"""Which young people are there: in memory, by open streams and by what was last heard."""

from __future__ import annotations

import collections
import contextlib
import datetime as dt
import uuid
from collections.abc import Iterator

from nachtlicht.settings import Settings

KEPT_FOR = dt.timedelta(minutes=5)


class YouthHere:
    """Who has a stream open, and when the others were heard. Nothing of it is stored."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._began = settings.now()
        self._streams: collections.Counter[uuid.UUID] = collections.Counter()
        self._heard: dict[uuid.UUID, dt.datetime] = {}

    @property
    def streams(self) -> int:
        """How many streams are open."""
        return self._streams.total()

    def hear(self, conversation_id: uuid.UUID) -> None:
        """A request came in."""
        self._heard[conversation_id] = self._settings.now()

    @contextlib.contextmanager
    def stream(self, conversation_id: uuid.UUID) -> Iterator[None]:
        """Count the young person as there for as long as the block runs."""
        self._streams[conversation_id] += 1
        try:
            yield
        finally:
            self._streams[conversation_id] -= 1
            if not self._streams[conversation_id]:
                del self._streams[conversation_id]
            self.hear(conversation_id)

    def is_here(self, conversation_id: uuid.UUID, within: dt.timedelta) -> bool:
        """Whether a stream is open, or something was heard `within` that time.

        Just after a start nobody has had the time to come back: then everybody counts as there.
        """
        if conversation_id in self._streams:
            return True
        return self._heard.get(conversation_id, self._began) > self._settings.now() - within

    def let_go(self) -> None:
        """Forget who was heard long ago."""
        old = self._settings.now() - KEPT_FOR
        self._heard = {who: at for who, at in self._heard.items() if at > old}
