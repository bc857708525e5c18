"""Who takes over: desks with their themes, hours and fallback."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nachtlicht.release.errors import ReleaseError
from nachtlicht.release.hours import OpeningHours
from nachtlicht.release.moments import hours_words, moment_words


@dataclasses.dataclass(frozen=True)
class Desk:
    """One desk of counsellors. `themes` is empty when it takes every theme."""

    code: str
    name: str
    hours: OpeningHours
    themes: frozenset[str] = frozenset()
    fallback: str | None = None

    def is_open(self, moment: dt.datetime) -> bool:
        """Whether its shift runs at `moment`; who is signed in, the web app knows."""
        return self.hours.is_open(moment)

    def next_opening(self, moment: dt.datetime) -> dt.datetime:
        """The first moment from `moment` on at which it is open, in UTC.

        Raises:
            ReleaseError: it never opens; a published release has passed a check on this.
        """
        opening = self.hours.next_opening(moment)
        if opening is None:
            raise ReleaseError(f"Desk {self.code} never opens.")
        return opening

    def closes_at(self, moment: dt.datetime) -> dt.datetime | None:
        """When the running shift ends, in UTC; None when it is closed."""
        return self.hours.closes_at(moment)

    def opening_words(self, moment: dt.datetime) -> str:
        """The next opening in words: "vanavond om 19.00 uur"; "nu" when it is open."""
        if self.is_open(moment):
            return "nu"
        return moment_words(self.next_opening(moment), moment)

    def hours_words(self) -> str:
        """Its hours in words, the whole week."""
        return hours_words(self.hours)


class Desks(Mapping[str, Desk]):
    """All desks by code, in the order of the data."""

    def __init__(self, raw: Sequence[Mapping[str, Any]]) -> None:
        """Read the `desks.json` of a release.

        Raises:
            ReleaseError: a desk lacks a field, or there is no desk.
        """
        self._desks = {desk.code: desk for desk in map(_desk, raw)}
        if not self._desks:
            raise ReleaseError("The release has no desk.")

    def __getitem__(self, code: str) -> Desk:
        return self._desks[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._desks)

    def __len__(self) -> int:
        return len(self._desks)

    def choose(self, theme: str | None, moment: dt.datetime) -> Desk:
        """The desk for a theme at this moment: its own, or the first open one it falls back on.

        With all of them closed it is the one that opens first. A desk that names the theme
        comes before a desk for every theme.
        """
        chain = self._chain(self._own(theme))
        for desk in chain:
            if desk.is_open(moment):
                return desk
        return min(chain, key=lambda desk: desk.next_opening(moment))

    def _own(self, theme: str | None) -> Desk:
        desks = list(self._desks.values())
        named = [desk for desk in desks if theme and theme in desk.themes]
        general = [desk for desk in desks if not desk.themes]
        return (named or general or desks)[0]

    def _chain(self, desk: Desk) -> list[Desk]:
        """The desk and its fallbacks; stops at a circle, which the content check refuses."""
        chain = [desk]
        while chain[-1].fallback in self._desks:
            following = self._desks[str(chain[-1].fallback)]
            if following in chain:
                break
            chain.append(following)
        return chain


def _desk(raw: Mapping[str, Any]) -> Desk:
    try:
        return Desk(
            code=raw["code"],
            name=raw["name"],
            hours=OpeningHours.from_json(raw["hours"]),
            themes=frozenset(raw.get("themes") or ()),
            fallback=raw.get("fallback"),
        )
    except (KeyError, TypeError) as error:
        raise ReleaseError(f"A desk of the release cannot be read: {error}.") from error
