"""The report on a release: everything that was measured, in one value that JSON can hold."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence

from nachtlicht.content.measure.bars import FOUND, Bar, Bars, broken, fallen
from nachtlicht.content.measure.calibration import Calibration, calibration
from nachtlicht.content.measure.examples import Example, worst_alarms, worst_misses
from nachtlicht.content.measure.figures import MEASURES, Figures, confusion, figures
from nachtlicht.content.measure.outcomes import Outcome
from nachtlicht.content.measure.stats import Difference, Share


@dataclasses.dataclass(frozen=True)
class Goal:
    """A bar in figures: where we go, and where we stop."""

    aim: float
    limit: float
    is_reached: bool
    is_held: bool


@dataclasses.dataclass(frozen=True)
class Live:
    """The release that is live, beside the one that was measured."""

    release: str
    differences: Mapping[str, Difference | None]


@dataclasses.dataclass(frozen=True)
class Period:
    """How often counsellors agreed with the flagged level. None: not told, as too few."""

    name: str
    talks: int | None
    same: int | None
    more_serious: int | None
    less_serious: int | None
    same_theme: int | None


@dataclasses.dataclass(frozen=True)
class Report:
    """All that was measured. `faults` are Dutch; without any, the bars are held.

    `agreement` is None when no database was read, `live` when there is nothing to compare.
    """

    release: str
    made_at: str
    sets: tuple[str, ...]
    messages: int
    talks: int
    rules_only: bool
    with_route: bool
    figures: Figures
    goals: Mapping[str, Goal]
    theme_goals: Mapping[str, Goal]
    calibration: Calibration | None
    confusion: list[list[int]]
    misses: list[Example]
    alarms: list[Example]
    faults: tuple[str, ...]
    notes: tuple[str, ...] = ()
    live: Live | None = None
    agreement: tuple[Period, ...] | None = None

    def with_faults(self, faults: Iterable[str]) -> Report:
        """The same report with more that is wrong."""
        return dataclasses.replace(self, faults=(*self.faults, *faults))

    def to_json(self) -> str:
        """Everything, as JSON for programs."""
        return json.dumps(dataclasses.asdict(self), ensure_ascii=False, indent=1) + "\n"


def make_report(
    release: str,
    outcomes: Sequence[Outcome],
    bars: Bars,
    *,
    now: dt.datetime,
    sets: Sequence[str],
    rules_only: bool = False,
    live: tuple[str, Sequence[Outcome]] | None = None,
    agreement: Sequence[Period] | None = None,
    notes: Sequence[str] = (),
) -> Report:
    """Measure `outcomes` against `bars`, and against those of the live release if given."""
    found = figures(outcomes)
    faults = list(broken(found, bars))
    beside = None
    if live is not None:
        faults += fallen(outcomes, live[1], live[0])
        changes = {one.code: one.difference(outcomes, live[1]) for one in MEASURES}
        beside = Live(live[0], changes)
    talks = sum(one.case.is_talk for one in outcomes)
    return Report(
        release=release,
        made_at=now.isoformat(timespec="seconds"),
        sets=tuple(sets),
        messages=len(outcomes) - talks,
        talks=talks,
        rules_only=rules_only,
        with_route=any(one.intent is not None for one in outcomes),
        figures=found,
        goals=_goals(found, bars),
        theme_goals=_theme_goals(found, bars),
        calibration=calibration(outcomes),
        confusion=confusion(outcomes),
        misses=worst_misses(outcomes),
        alarms=worst_alarms(outcomes),
        faults=tuple(faults),
        notes=tuple(notes),
        live=beside,
        agreement=tuple(agreement) if agreement is not None else None,
    )


def _goals(found: Figures, bars: Bars) -> dict[str, Goal]:
    return {code: _goal(bar, found.overall[code]) for code, bar in bars.overall.items()}


def _theme_goals(found: Figures, bars: Bars) -> dict[str, Goal]:
    """The goal of each theme that has urgent messages; none where there are no such bars."""
    within = {theme: bars.of_theme(theme) for theme in found.groups["theme"]}
    shares = {theme: table[FOUND] for theme, table in found.groups["theme"].items()}
    return {
        theme: _goal(bar, shares[theme])
        for theme, bar in within.items()
        if bar is not None and shares[theme].count
    }


def _goal(bar: Bar, share: Share) -> Goal:
    return Goal(bar.aim, bar.limit, bar.is_reached(share), bar.is_held(share))
