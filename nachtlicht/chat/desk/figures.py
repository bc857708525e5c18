"""Figures for the house: counts without text, from the close forms and the tally of talks.

A count under `SMALLEST` is not told: with it somebody could be recognised.
"""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nachtlicht.chat.desk import words
from nachtlicht.chat.staff import Person, check_allowed, write_audit
from nachtlicht.release import ZONE, Release
from nachtlicht.risk import RiskLevel
from nachtlicht.store import Closing, Conversation, Tally

if TYPE_CHECKING:
    from nachtlicht.chat.service import Chat

SMALLEST = 5
WEEKS = (4, 12, 52)


@dataclasses.dataclass(frozen=True)
class Row:
    """One line of a table. `count` is None when it is too small to be told."""

    label: str
    count: int | None
    share: float  # of the largest told count in the table, 0 to 1: the length of its bar


@dataclasses.dataclass(frozen=True)
class Table:
    """One table, which is also one plot."""

    code: str
    title: str
    rows: tuple[Row, ...]


@dataclasses.dataclass(frozen=True)
class Figures:
    """All figures over some weeks. Seconds are None when too few talks stand behind them."""

    since: dt.date
    handovers: int | None
    wait_median: int | None
    wait_p95: int | None
    talk_median: int | None
    agreed: float | None
    tables: tuple[Table, ...]


async def figures(chat: Chat, person: Person, weeks: int) -> Figures:
    """The figures of the last `weeks` whole weeks and this one; the reading is in the audit.

    Raises:
        NotAllowed: not for this role.
    """
    check_allowed("figures", person)
    now = chat.settings.now()
    today = now.astimezone(ZONE).date()
    since = today - dt.timedelta(days=today.weekday(), weeks=weeks)
    async with chat.store.write() as session:
        write_audit(session, "read_figures", now=now, counsellor_id=person.id)
    async with chat.store.read() as session:
        closings = list(await session.scalars(select(Closing).where(Closing.day >= since)))
        talks = await _talks(session, since)
    return _figures(closings, talks, since, chat.releases.release)


def told(count: int) -> int | None:
    """A count, or None when it is too small to be told; nothing at all may be told."""
    return count if count >= SMALLEST or count == 0 else None


def table(code: str, title: str, counts: Mapping[str, int], labels: Iterable[str] = ()) -> Table:
    """Make a table of counts: in the order of `labels` when given, else the largest first."""
    if not counts:
        return Table(code, title, ())
    order = list(labels) or sorted(counts, key=lambda label: (-counts[label], label))
    shown = {label: told(counts.get(label, 0)) for label in order}
    largest = max((count for count in shown.values() if count), default=1)
    rows = (Row(label, count, (count or 0) / largest) for label, count in shown.items())
    return Table(code, title, tuple(rows))


async def _talks(session: AsyncSession, since: dt.date) -> list[tuple[dt.date, bool, int]]:
    """Day, whether a human joined, and how many: of talks that were wiped and that still stand."""
    wiped = await session.scalars(select(Tally).where(Tally.day >= since))
    found = [(row.day, row.human, row.talks) for row in wiped]
    begin = dt.datetime.combine(since, dt.time(), ZONE)
    standing = await session.execute(
        select(Conversation.created_at, Conversation.human_joined_at).where(
            Conversation.created_at >= begin,
            Conversation.is_test.is_(False),
            Conversation.wrapped_key.is_not(None),  # a wiped one is in the tally
        )
    )
    found += [(at.astimezone(ZONE).date(), joined is not None, 1) for at, joined in standing]
    return found


def _figures(
    closings: Sequence[Closing],
    talks: Sequence[tuple[dt.date, bool, int]],
    since: dt.date,
    release: Release,
) -> Figures:
    waits = sorted(row.wait_seconds for row in closings)
    enough = len(closings) >= SMALLEST
    same = sum(row.level_flagged == row.level for row in closings)
    return Figures(
        since=since,
        handovers=told(len(closings)),
        wait_median=round(statistics.median(waits)) if enough else None,
        wait_p95=waits[min(len(waits) - 1, int(len(waits) * 0.95))] if enough else None,
        talk_median=(
            round(statistics.median(row.talk_seconds for row in closings)) if enough else None
        ),
        agreed=same / len(closings) if enough else None,
        tables=_tables(closings, talks, release),
    )


def _tables(
    closings: Sequence[Closing], talks: Sequence[tuple[dt.date, bool, int]], release: Release
) -> tuple[Table, ...]:
    by_week: collections.Counter[str] = collections.Counter()
    by_whom: collections.Counter[str] = collections.Counter()
    for day, human, count in talks:
        year, week, _day = day.isocalendar()
        by_week[f"{year}, week {week:02}"] += count
        by_whom["Met een mens" if human else "Alleen met de chatbot"] += count
    hours = [f"{hour:02}.00 uur" for hour in (*range(18, 24), *range(18))]
    levels = [words.LEVELS[level] for level in sorted(RiskLevel, reverse=True)]
    judged = _judged(closings)
    return (
        table("week", "Gesprekken per week", by_week, sorted(by_week)),
        table("wie", "Wie antwoordde", by_whom),
        table(
            "uur", "Overdrachten per uur", _count(f"{r.hour:02}.00 uur" for r in closings), hours
        ),
        table("niveau", "Overdrachten per niveau", _named(closings, words.LEVELS, "level"), levels),
        table("oordeel", "Klopte het gemelde niveau?", judged, sorted(judged)),
        table("thema", "Thema", _count(words.theme_word(r.theme, release) for r in closings)),
        table("ingang", "Ingang", _named(closings, words.ENTRIES, "entry")),
        table("reden", "Waarom een mens", _named(closings, words.REASONS, "reason")),
        table("contact", "Wie zocht contact", _named(closings, words.CALL_TYPES, "call_type")),
        table("onderwerp", "Onderwerpen", _categories(closings)),
        table("afloop", "Afloop", _named(closings, words.OUTCOMES, "outcome")),
    )


def _count(labels: Iterable[str]) -> collections.Counter[str]:
    return collections.Counter(labels)


def _named(
    closings: Sequence[Closing], names: Mapping[Any, str], field: str
) -> collections.Counter[str]:
    return _count(names.get(getattr(r, field), str(getattr(r, field))) for r in closings)


def _categories(closings: Sequence[Closing]) -> collections.Counter[str]:
    codes = [code for row in closings for code in row.categories.split()]
    return _count(words.CATEGORIES.get(code, code) for code in codes)


def _judged(closings: Sequence[Closing]) -> collections.Counter[str]:
    """How the counsellors' judgement stands to that of the machine."""
    return _count(
        "Klopte"
        if row.level == row.level_flagged
        else "Was ernstiger dan gemeld"
        if row.level > row.level_flagged
        else "Was minder ernstig dan gemeld"
        for row in closings
    )
