"""Moments and opening hours in Dutch words, as a bot says them to a young person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from nachtlicht.release.hours import HOLIDAY, ZONE, OpeningHours, Window

DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
PARTS = ((6, "vannacht"), (12, "vanochtend"), (18, "vanmiddag"), (24, "vanavond"))
DAY_AND_NIGHT = "dag en nacht"


def clock(time: dt.time) -> str:
    """A time as it is read on a phone: 19:00 becomes "19.00 uur"."""
    return f"{time:%H.%M} uur"


def moment_words(then: dt.datetime, now: dt.datetime) -> str:
    """How somebody at `now` names the later moment `then`: "morgen om 20.00 uur".

    Both carry a zone. Beyond six days the date is named.
    """
    then, now = then.astimezone(ZONE), now.astimezone(ZONE)
    time = clock(then.time())
    ahead = (then.date() - now.date()).days
    if ahead == 0:
        part = next(word for until, word in PARTS if then.hour < until)
        return f"{part} om {time}"
    if ahead == 1:
        return f"morgen om {time}"
    day = DAYS[then.weekday()]
    if ahead < 7:
        return f"{day} om {time}"
    return f"{day} {then.day} {MONTHS[then.month - 1]} om {time}"


def hours_words(hours: OpeningHours) -> str:
    """The week in words: "maandag tot en met vrijdag van 19.00 tot 06.00 uur, …"."""
    if hours.always:
        return DAY_AND_NIGHT
    groups: list[tuple[list[int], tuple[Window, ...]]] = []
    for day in sorted(hours.days):
        windows = hours.days[day]
        if not windows:
            continue
        if groups and groups[-1][1] == windows and groups[-1][0][-1] == day - 1:
            groups[-1][0].append(day)
        else:
            groups.append(([day], windows))
    return ", ".join(f"{_days(days)} {_windows(windows)}" for days, windows in groups)


def _days(days: Sequence[int]) -> str:
    weekdays = [DAYS[day] for day in days if day != HOLIDAY]
    if weekdays == list(DAYS):
        return "elke dag"
    names = weekdays
    if len(weekdays) > 2:
        names = [f"{weekdays[0]} tot en met {weekdays[-1]}"]
    if HOLIDAY in days:
        names = [*names, "feestdagen"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} en {names[-1]}"


def _windows(windows: Sequence[Window]) -> str:
    return " en ".join(f"van {start:%H.%M} tot {clock(end)}" for start, end in windows)
