"""Where we send people: one main place and one backup that is open now, never a list to dial."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nachtlicht.release.errors import ReleaseError
from nachtlicht.release.hours import OpeningHours
from nachtlicht.release.moments import hours_words

EVERYWHERE = "*"
YOUTH = "jongere"
# The ways in which the rest of the code names who is writing, and the editors' word for it.
AUDIENCES = {
    "algemeen": YOUTH,
    "jongens": YOUTH,
    "ouders": "ouder",
    "parent": "ouder",
    "professionals": "professional",
    "friend": "vriend",
    "bystander": "vriend",
    "zorgen-over-mezelf": "zelf",
    "self_worry": "zelf",
}
AUDIENCE_WORDS = (YOUTH, "ouder", "vriend", "professional", "zelf")


def audience_word(name: str | None) -> str:
    """The editors' word for an audience, an entry or a speaker; unknown is a young person."""
    word = AUDIENCES.get(name or "", name or "")
    return word if word in AUDIENCE_WORDS else YOUTH


@dataclasses.dataclass(frozen=True)
class Channel:
    """One way to reach an organisation. `hours` is None when nobody has verified them."""

    kind: str
    value: str
    hours: OpeningHours | None
    countries: frozenset[str]

    def reaches(self, country: str) -> bool:
        """Whether it works for somebody in `country` (two letters)."""
        return EVERYWHERE in self.countries or country in self.countries


@dataclasses.dataclass(frozen=True)
class Referral:
    """One organisation with the channels that may be offered, verified and dated.

    `themes` gives its place in the choice by theme and audience, 1 for the best; `general`
    is its place among the lines for everybody, or None. `zin` is the sentence said of it.
    """

    code: str
    naam: str
    zin: str
    themes: Mapping[str, Mapping[str, int]]
    channels: tuple[Channel, ...]
    general: int | None = None
    city: str | None = None
    kosten: str = ""
    anonimiteit: str = ""

    @property
    def telefoon(self) -> str:
        """The number to call, or an empty string."""
        return self._value("telefoon")

    @property
    def chat(self) -> str:
        """Where to chat, or an empty string."""
        return self._value("chat")

    @property
    def url(self) -> str:
        """The site, or an empty string."""
        return self._value("site")

    @property
    def uren(self) -> str:
        """The verified hours in words ("dag en nacht"), or an empty string."""
        known = [channel.hours for channel in self.channels if channel.hours]
        return hours_words(known[0]) if known else ""

    @property
    def is_always_open(self) -> bool:
        """Whether somebody answers at every hour, by a verified record."""
        return any(channel.hours and channel.hours.always for channel in self.channels)

    def is_open(self, moment: dt.datetime) -> bool:
        """Whether verified hours say that somebody is there now."""
        return any(channel.hours and channel.hours.is_open(moment) for channel in self.channels)

    @property
    def hours_known(self) -> bool:
        """Whether the hours of at least one channel are verified."""
        return any(channel.hours for channel in self.channels)

    def next_opening(self, moment: dt.datetime) -> dt.datetime | None:
        """When it opens, by verified hours, in UTC; None when that is not known."""
        moments = [c.hours.next_opening(moment) for c in self.channels if c.hours]
        return min((then for then in moments if then), default=None)

    def field(self, name: str) -> str:
        """The value of a placeholder `[[code.name]]`; empty when there is nothing to offer."""
        value = getattr(self, name) if name in FIELDS else ""
        return str(value)

    def _value(self, kind: str) -> str:
        return next((c.value for c in self.channels if c.kind == kind), "")


FIELDS = ("naam", "telefoon", "chat", "url", "uren", "kosten", "anonimiteit")


@dataclasses.dataclass(frozen=True)
class Choice:
    """Where to send one person now.

    `main` is the best place for the theme; when its hours are not verified
    (`main_open` is None) `backup` is a line that is surely open. `always` are the lines that
    never close. `main_opens` (UTC) is set when the best place is closed now and its hours are
    known; then `best` names it.
    """

    main: Referral | None
    main_open: bool | None
    backup: Referral | None
    always: tuple[Referral, ...]
    best: Referral | None = None
    main_opens: dt.datetime | None = None


class Referrals(Mapping[str, Referral]):
    """All places by code, in the order of the data."""

    def __init__(self, raw: Sequence[Mapping[str, Any]]) -> None:
        """Read the `referrals.json` of a release.

        Raises:
            ReleaseError: a record lacks a field.
        """
        self._records = {record.code: record for record in map(_referral, raw)}

    def __getitem__(self, code: str) -> Referral:
        return self._records[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def lines_now(self, moment: dt.datetime, country: str = "NL") -> list[Referral]:
        """The lines for everybody that are surely open at `moment`, most urgent first."""
        return [r for r in self._general(country) if r.is_open(moment)]

    def always(self, country: str = "NL") -> tuple[Referral, ...]:
        """The lines for everybody that never close."""
        return tuple(r for r in self._general(country) if r.is_always_open)

    def choose(
        self,
        theme: str | None,
        audience: str | None,
        moment: dt.datetime,
        country: str = "NL",
        city: str | None = None,
    ) -> Choice:
        """One main place for this theme and person, and at most one backup that is open now."""
        fitting = self._for(theme or "geen", audience_word(audience), country, city)
        open_now = [r for r in fitting if r.is_open(moment)]
        # Without verified hours a place can be named, but never as open.
        askable = [r for r in fitting if r.is_open(moment) or not r.hours_known]
        main = askable[0] if askable else None
        backup = next((r for r in open_now if r is not main), None)
        best = fitting[0] if fitting else None
        opens = best.next_opening(moment) if best and best is not main else None
        return Choice(
            main=main,
            main_open=None if main and not main.hours_known else main is not None,
            backup=backup,
            always=self.always(country),
            best=best,
            main_opens=opens,
        )

    def _for(self, theme: str, audience: str, country: str, city: str | None) -> list[Referral]:
        """The offered records for a theme, best first; a record of the city comes first."""
        fitting = [
            record
            for record in self._records.values()
            if audience in record.themes.get(theme, {})
            and record.city in (None, city)
            and any(channel.reaches(country) for channel in record.channels)
        ]
        return sorted(fitting, key=lambda r: (r.themes[theme][audience], r.city is None))

    def _general(self, country: str) -> list[Referral]:
        lines = [
            record
            for record in self._records.values()
            if record.general and any(channel.reaches(country) for channel in record.channels)
        ]
        return sorted(lines, key=lambda record: record.general or 0)


def _referral(raw: Mapping[str, Any]) -> Referral:
    try:
        return Referral(
            code=raw["code"],
            naam=raw["naam"],
            zin=raw.get("zin", ""),
            themes={str(theme): dict(places) for theme, places in raw.get("themes", {}).items()},
            channels=tuple(map(_channel, raw.get("channels", ()))),
            general=raw.get("general"),
            city=raw.get("city"),
            kosten=raw.get("kosten", ""),
            anonimiteit=raw.get("anonimiteit", ""),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ReleaseError(f"A referral of the release cannot be read: {error}.") from error


def _channel(raw: Mapping[str, Any]) -> Channel:
    hours = raw.get("hours")
    return Channel(
        kind=raw["kind"],
        value=raw["value"],
        hours=OpeningHours.from_json(hours) if hours else None,
        countries=frozenset(raw.get("countries", ("NL",))),
    )
