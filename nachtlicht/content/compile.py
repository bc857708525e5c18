"""Turns the editors' room into the plain files of a release: only what may be offered."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable
from typing import Any

import holidays

from nachtlicht.content import schema
from nachtlicht.content.sources import Sources
from nachtlicht.content.vocabulary import CERTAIN
from nachtlicht.release.hours import HOLIDAY

WEEK = {day: (index,) for index, day in enumerate(schema.DAYS)}
DAY_GROUPS = {
    **WEEK,
    "doordeweeks": (0, 1, 2, 3, 4),
    "weekend": (5, 6),
    "elke_dag": (0, 1, 2, 3, 4, 5, 6, HOLIDAY),
    "feestdag": (HOLIDAY,),
}
GOOD_FRIDAY = "Goede vrijdag"
LIBERATION_DAY = "Bevrijdingsdag"
YEARS_AHEAD = 3


def compile_texts(sources: Sources) -> dict[str, list[dict[str, Any]]]:
    """All texts by name: what is said, the buttons, the message to the web app."""
    texts: dict[str, list[dict[str, Any]]] = {}
    for file in sources.responses:
        for name, variants in file.model.responses.items():
            texts[name] = [_variant(variant) for variant in variants]
    return texts


def compile_words(sources: Sources) -> dict[str, Any]:
    """The words of widget and desk, the canned replies, and the short sentences."""
    canned = [reply.model_dump() for reply in sources.words["canned"].model.antwoorden]
    return {
        "widget": sources.words["widget"].model.woorden,
        "desk": sources.words["desk"].model.woorden,
        "fouten": sources.words["fouten"].model.woorden,
        "canned": {"antwoorden": canned},
        "sentences": sources.words["zinnen"].model.woorden,
    }


def compile_commands(sources: Sources) -> dict[str, list[str]]:
    """The phrases of each wish."""
    return dict(sources.words["opdrachten"].model.opdrachten)


def compile_desks(sources: Sources, today: dt.date) -> list[dict[str, Any]]:
    """All desks, with holidays as dates."""
    return [_desk(file.model.desk, today) for file in sources.desks]


def compile_referrals(sources: Sources, today: dt.date) -> list[dict[str, Any]]:
    """The records that may be named, with the channels that may be offered.

    What is old, second-hand or unverified does not reach the release.
    """
    return [
        _referral(record, file.model.stad, today)
        for file in sources.referrals
        for record in file.model.records
        if record.zekerheid in CERTAIN
    ]


def opening_hours(
    uren: str | schema.Hours, holiday_dates: Iterable[dt.date]
) -> dict[str, Any] | None:
    """Hours as the release reads them; None when they are not known.

    A group ("doordeweeks") gives way to a day that is named by itself. Without hours of its
    own a holiday has those of its weekday.
    """
    if uren == "onbekend":
        return None
    if uren == "altijd" or isinstance(uren, str):
        return {"always": True}
    days: dict[int, list[list[str]]] = {}
    for name in sorted(uren, key=lambda name: -len(DAY_GROUPS[name])):
        windows = uren[name] if isinstance(uren[name], list) else [uren[name]]
        for day in DAY_GROUPS[name]:
            days[day] = [str(window).split("-") for window in windows]
    dates = sorted(holiday_dates) if HOLIDAY in days else []
    return {
        "days": {str(day): days[day] for day in sorted(days)},
        "holidays": [date.isoformat() for date in dates],
    }


@functools.cache
def dutch_holidays(year: int) -> dict[dt.date, str]:
    """The Dutch holidays from the year before `year` to three years ahead, by name."""
    years = range(year - 1, year + YEARS_AHEAD + 1)
    found = holidays.country_holidays(
        "NL", years=years, categories=("public", "optional"), language="nl"
    )
    return dict(found)


def holiday_dates(
    today: dt.date, *, good_friday: bool = True, liberation_day: bool = True
) -> set[dt.date]:
    """The days that count as holidays; two of them are a choice of each organisation."""
    left_out = {
        name
        for name, counts in ((GOOD_FRIDAY, good_friday), (LIBERATION_DAY, liberation_day))
        if not counts
    }
    named = dutch_holidays(today.year).items()
    return {date for date, name in named if not left_out & set(name.split("; "))}


def _variant(variant: schema.Response) -> dict[str, Any]:
    compiled: dict[str, Any] = {"text": variant.text.strip()}
    if variant.buttons:
        compiled["buttons"] = [button.model_dump() for button in variant.buttons]
    if variant.custom:
        compiled["custom"] = variant.custom
    return compiled


def _desk(desk: schema.Desk, today: dt.date) -> dict[str, Any]:
    dates = holiday_dates(
        today,
        good_friday=desk.feestdagen.goede_vrijdag == "ja",
        liberation_day=desk.feestdagen.bevrijdingsdag == "ja",
    )
    return {
        "code": desk.code,
        "name": desk.naam,
        "themes": [] if desk.themas == "alle" else list(desk.themas),
        "fallback": None if desk.terugval == "geen" else desk.terugval,
        "hours": opening_hours(desk.uren, dates | set(desk.feestdagen.extra)),
    }


def _referral(record: schema.Referral, city: str | None, today: dt.date) -> dict[str, Any]:
    channels = [_channel(c, today) for c in record.kanalen if c.zekerheid in CERTAIN]
    themes = {
        theme: dict.fromkeys(record.voor_wie, place) if isinstance(place, int) else place
        for theme, place in record.themas.items()
    }
    return {
        "code": record.code,
        "naam": record.naam,
        "zin": record.zin,
        "themes": themes,
        "general": record.algemeen,
        "city": city,
        "kosten": "" if record.kosten == "onbekend" else record.kosten,
        "anonimiteit": "" if record.anonimiteit == "onbekend" else record.anonimiteit,
        "channels": channels,
    }


def _channel(channel: schema.Channel, today: dt.date) -> dict[str, Any]:
    sure = channel.uren_zekerheid in CERTAIN
    return {
        "kind": channel.soort,
        "value": channel.waarde,
        "hours": opening_hours(channel.uren, holiday_dates(today)) if sure else None,
        "countries": ["*"] if channel.land == "overal" else list(channel.land),
    }
