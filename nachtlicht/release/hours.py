"""When somebody is there: weekly opening hours that may cross midnight, with holidays."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from nachtlicht.release.errors import ReleaseError

ZONE = ZoneInfo("Europe/Amsterdam")
HOLIDAY = 7  # beside the weekdays 0 (Monday) to 6
LOOK_AHEAD = 400  # days: a desk that does not open within a year does not open

Window = tuple[dt.time, dt.time]


@dataclasses.dataclass(frozen=True)
class OpeningHours:
    """The hours of a desk or a line, in Dutch local time.

    `days` maps a weekday (0 is Monday) or `HOLIDAY` to its windows. A window belongs to the
    date it starts on: Friday 19:00-06:00 runs into Saturday, also when Saturday is a holiday.
    A window whose end is not after its start crosses midnight.
    """

    days: Mapping[int, tuple[Window, ...]]
    holidays: frozenset[dt.date] = frozenset()
    always: bool = False

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> OpeningHours:
        """Read `{"always": true}` or `{"days": {"0": [["19:00", "06:00"]]}, "holidays": […]}`.

        Raises:
            ReleaseError: a time or date cannot be read.
        """
        if raw.get("always"):
            return cls(days={}, always=True)
        try:
            days = {
                int(day): tuple(
                    (dt.time.fromisoformat(start), dt.time.fromisoformat(end))
                    for start, end in windows
                )
                for day, windows in raw["days"].items()
            }
            holidays = frozenset(map(dt.date.fromisoformat, raw.get("holidays", ())))
        except (KeyError, TypeError, ValueError) as error:
            raise ReleaseError(f"Opening hours cannot be read: {error}.") from error
        return cls(days=days, holidays=holidays)

    def is_open(self, moment: dt.datetime) -> bool:
        """Whether somebody is there at `moment` (with a zone). The end itself is closed."""
        return self.closes_at(moment) is not None

    def closes_at(self, moment: dt.datetime) -> dt.datetime | None:
        """When the window that holds `moment` ends, in UTC; None when closed.

        What is always open ends far in the future.
        """
        if self.always:
            return moment.astimezone(dt.UTC) + dt.timedelta(days=LOOK_AHEAD)
        now = moment.astimezone(dt.UTC)
        today = moment.astimezone(ZONE).date()
        ends = [
            end
            for date in (today - dt.timedelta(days=1), today)
            for start, end in self._windows(date)
            if start <= now < end
        ]
        return max(ends, default=None)

    def next_opening(self, moment: dt.datetime) -> dt.datetime | None:
        """The first moment from `moment` on at which it is open, in UTC; itself when open.

        None when it never opens.
        """
        now = moment.astimezone(dt.UTC)
        if self.is_open(moment):
            return now
        today = moment.astimezone(ZONE).date()
        for ahead in range(LOOK_AHEAD):
            later = [s for s, _ in self._windows(today + dt.timedelta(days=ahead)) if s > now]
            if later:
                return min(later)
        return None

    def _windows(self, date: dt.date) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """The windows that start on `date`, in UTC, so that a clock change counts as it runs."""
        day = HOLIDAY if date in self.holidays else date.weekday()
        for start, end in self.days.get(day, ()):
            last = date if end > start else date + dt.timedelta(days=1)
            yield _utc(date, start), _utc(last, end)


def _utc(date: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(date, time, tzinfo=ZONE).astimezone(dt.UTC)
