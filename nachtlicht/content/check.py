"""Looks at everything in the editors' room, and tells what is wrong, where, and how to mend it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path

from nachtlicht.content import risk_levels
from nachtlicht.content.checks import (
    dates,
    desks,
    examples,
    fixed,
    names,
    near,
    numbers,
    placeholders,
    reading,
    referrals,
    stories,
    talks,
    wording,
)
from nachtlicht.content.issue import Issue
from nachtlicht.content.risk_rules import check_rules
from nachtlicht.content.sources import Sources, read_sources

Check = Callable[[Sources], Iterable[Issue]]

CHECKS: tuple[Check, ...] = (
    fixed.check,
    names.check,
    stories.check,
    placeholders.check,
    numbers.check,
    dates.check,
    desks.check,
    referrals.check,
    wording.check,
    reading.check,
    examples.check,
    near.check,
    talks.check,
    risk_levels.check,
    lambda sources: check_rules(sources.data),
)


def check(data: Path, root: Path, *, today: dt.date | None = None) -> list[Issue]:
    """Every fault in `data`, by file and line. `root` is the project, for the bot's domain.

    `today` decides what is stale; without it, the date of this machine.
    """
    moment = today or dt.datetime.now(dt.UTC).date()
    return check_sources(read_sources(data, root, today=moment))


def check_sources(sources: Sources) -> list[Issue]:
    """Every fault in what was read. A file that cannot be read is told, and left out."""
    issues = list(sources.issues)
    for one in CHECKS:
        issues.extend(one(sources))
    return sorted(set(issues))
