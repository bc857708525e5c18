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

from nachtlicht.chat.counting import MISSED
from nachtlicht.chat.desk import words
from nachtlicht.chat.staff import Person, check_allowed, write_audit
from nachtlicht.release import ZONE, Release
from nachtlicht.risk import RiskLevel
from nachtlicht.store import Closing, Conversation, Counted, Handoff, Tally

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
    missed: int | None
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
        counted = await _counted(session, since)
    return _figures(closings, talks, counted, since, chat.releases.release)


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


@dataclasses.dataclass(frozen=True)
class _Talks:
    """Talks of one kind that began on one day, and how many of them."""

    day: dt.date
    entry: str
    theme: str | None
    human: bool
    number: int = 1


async def _talks(session: AsyncSession, since: dt.date) -> list[_Talks]:
    """The talks that were wiped, and those that still stand."""
    wiped = await session.scalars(select(Tally).where(Tally.day >= since))
    found = [
        _Talks(row.day, row.entry, row.theme or None, row.human, row.talks) for row in wiped.all()
    ]
    return found + [
        _Talks(_day(row.created_at), row.entry, row.theme, row.human_joined_at is not None)
        for row in await _standing(session, since)
    ]


async def _standing(session: AsyncSession, since: dt.date) -> Sequence[Conversation]:
    begin = dt.datetime.combine(since, dt.time(), ZONE)
    found = await session.scalars(
        select(Conversation).where(
            Conversation.created_at >= begin,
            Conversation.is_test.is_(False),
            Conversation.wrapped_key.is_not(None),  # a wiped one is in the tally
        )
    )
    return found.all()


async def _counted(session: AsyncSession, since: dt.date) -> dict[str, collections.Counter[str]]:
    """What else was counted, by kind and word; with what the talks that stand would add."""
    counts: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for row in await session.scalars(select(Counted).where(Counted.day >= since)):
        counts[row.kind][row.word] += row.number
    for talk in await _standing(session, since):
        if talk.audience:
            counts["audience"][talk.audience] += 1
    begin = dt.datetime.combine(since, dt.time(), ZONE)
    missed = await session.scalars(
        select(Handoff)
        .join(Conversation, Conversation.id == Handoff.conversation_id)
        .where(
            Conversation.is_test.is_(False),
            Handoff.opened_at >= begin,
            Handoff.claimed_at.is_(None),
            Handoff.outcome.in_(MISSED),
        )
    )
    counts["missed"].update(handoff.level.label for handoff in missed.all())
    return counts


def _figures(
    closings: Sequence[Closing],
    talks: Sequence[_Talks],
    counted: Mapping[str, Mapping[str, int]],
    since: dt.date,
    release: Release,
) -> Figures:
    waits = sorted(row.wait_seconds for row in closings)
    enough = len(closings) >= SMALLEST
    same = sum(row.level_flagged == row.level for row in closings)
    return Figures(
        since=since,
        handovers=told(len(closings)),
        missed=told(sum(counted.get("missed", {}).values())),
        wait_median=round(statistics.median(waits)) if enough else None,
        wait_p95=waits[min(len(waits) - 1, int(len(waits) * 0.95))] if enough else None,
        talk_median=(
            round(statistics.median(row.talk_seconds for row in closings)) if enough else None
        ),
        agreed=same / len(closings) if enough else None,
        tables=(*_of_talks(talks, counted, release), *_of_handovers(closings, release)),
    )


def _of_talks(
    talks: Sequence[_Talks], counted: Mapping[str, Mapping[str, int]], release: Release
) -> tuple[Table, ...]:
    """Tables of all talks, also those that no human saw."""
    counts: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for talk in talks:
        year, week, _day = talk.day.isocalendar()
        counts["week"][f"{year}, week {week:02}"] += talk.number
        counts["who"]["Met een mens" if talk.human else "Alleen met de chatbot"] += talk.number
        counts["theme"][words.theme_word(talk.theme, release)] += talk.number
        counts["entry"][words.ENTRIES.get(talk.entry, talk.entry)] += talk.number

    def named(kind: str, names: Mapping[str, str]) -> dict[str, int]:
        return {names.get(word, word): number for word, number in counted.get(kind, {}).items()}

    levels = {level.label: word for level, word in words.LEVELS.items()}
    answers = list(words.OPINIONS.values())
    return (
        table("week", "Gesprekken per week", counts["week"], sorted(counts["week"])),
        table("wie", "Wie antwoordde", counts["who"]),
        table("gesprekthema", "Thema van alle gesprekken", counts["theme"]),
        table("ingang", "Ingang van alle gesprekken", counts["entry"]),
        table("voorwie", "Wie schreef", named("audience", words.AUDIENCES)),
        table("gemist", "Gemiste overdrachten per niveau", named("missed", levels)),
        table("hielp", "Had je iets aan dit gesprek?", named("helped", words.OPINIONS), answers),
        table("verder", "Weet je wat je nu kunt doen?", named("next", words.OPINIONS), answers),
    )


def _of_handovers(closings: Sequence[Closing], release: Release) -> tuple[Table, ...]:
    """Tables of the talks that a human closed with a form."""
    hours = [f"{hour:02}.00 uur" for hour in (*range(18, 24), *range(18))]
    levels = [words.LEVELS[level] for level in sorted(RiskLevel, reverse=True)]
    judged = _judged(closings)
    return (
        table(
            "uur", "Overdrachten per uur", _count(f"{r.hour:02}.00 uur" for r in closings), hours
        ),
        table("niveau", "Overdrachten per niveau", _named(closings, words.LEVELS, "level"), levels),
        table("oordeel", "Klopte het gemelde niveau?", judged, sorted(judged)),
        table(
            "thema",
            "Thema van de overdrachten",
            _count(words.theme_word(r.theme, release) for r in closings),
        ),
        table("reden", "Waarom een mens", _named(closings, words.REASONS, "reason")),
        table("contact", "Wie zocht contact", _named(closings, words.CALL_TYPES, "call_type")),
        table("onderwerp", "Onderwerpen", _categories(closings)),
        table("afloop", "Afloop", _named(closings, words.OUTCOMES, "outcome")),
    )


def _day(at: dt.datetime) -> dt.date:
    return at.astimezone(ZONE).date()


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
