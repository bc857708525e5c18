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

# What is wrong in a file, whatever stands in the others.
WITHIN: tuple[Check, ...] = (
    numbers.check,
    dates.check,
    wording.check,
    reading.check,
    near.check,
    risk_levels.check,
    lambda sources: check_rules(sources.data),
)
# What is wrong between files: that something is missing is true only when all are read.
BETWEEN: tuple[Check, ...] = (
    fixed.check,
    names.check,
    stories.check,
    placeholders.check,
    desks.check,
    referrals.check,
    examples.check,
    talks.check,
)


def check(data: Path, root: Path, *, today: dt.date | None = None) -> list[Issue]:
    """Every fault in `data`, by file and line. `root` is the project, for the bot's domain.

    `today` decides what is stale; without it, the date of this machine.
    """
    moment = today or dt.datetime.now(dt.UTC).date()
    return check_sources(read_sources(data, root, today=moment))


def check_sources(sources: Sources) -> list[Issue]:
    """Every fault in what was read.

    With a file that cannot be read, only the faults within files: that a text is missing, for
    one, need not be true.
    """
    issues = list(sources.issues)
    for one in WITHIN if sources.unread else WITHIN + BETWEEN:
        issues.extend(one(sources))
    return sorted(set(issues))
