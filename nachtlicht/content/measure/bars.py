"""The bars of `data/risk/levels.yml`: what we aim at, and under what nothing is published."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from nachtlicht.content.levels_schema import AtLeast, AtMost, LevelsFile
from nachtlicht.content.measure.figures import BY_CODE, Figures, Measure, grouped
from nachtlicht.content.measure.outcomes import Outcome
from nachtlicht.content.measure.stats import Difference, Share
from nachtlicht.content.measure.words import percent, points, theme_word
from nachtlicht.content.risk_levels import FILE
from nachtlicht.content.shape import read_as
from nachtlicht.content.yaml_file import read_yaml

FOUND = "gevonden"
BY_THEME = "gevonden_per_thema"
# A fall in one of these is refused, also above the floor.
KEPT_UP = (FOUND, "acuut", "zorg", "route")


class BarsError(Exception):
    """The bars cannot be read, so nothing can be held against them; the sentence says where."""

    code = "bars"


@dataclasses.dataclass(frozen=True)
class Bar:
    """What a measure must hold: `aim` is where we go, `limit` is where we stop."""

    measure: Measure
    aim: float
    limit: float

    def is_reached(self, share: Share) -> bool:
        """Whether the aim is reached; of nothing it is."""
        return share.value is None or self._beyond(share.value, self.aim)

    def is_held(self, share: Share) -> bool:
        """Whether the limit is held; of nothing it is."""
        return share.value is None or self._beyond(share.value, self.limit)

    def _beyond(self, value: float, line: float) -> bool:
        return value >= line if self.measure.high_is_good else value <= line


@dataclasses.dataclass(frozen=True)
class Bars:
    """The bars of all messages by the measure's code, and of the recall within each theme."""

    overall: Mapping[str, Bar]
    themes: Mapping[str, Bar] = dataclasses.field(default_factory=dict)
    other_theme: Bar | None = None

    def of_theme(self, theme: str) -> Bar | None:
        """The bar for the recall within `theme`, or None when there is none for themes."""
        return self.themes.get(theme, self.other_theme)


def read_bars(data: Path, *, rules_only: bool = False) -> Bars:
    """Read the bars of the editors' room `data`: of everything together, or of the rules alone.

    Raises:
        BarsError: the file is missing or does not fit.
    """
    path = data / "risk" / FILE
    raw, issues = read_yaml(path)
    model = None
    if raw is not None:
        model, more = read_as(LevelsFile, path, raw)
        issues = [*issues, *more]
    if issues or model is None:
        raise BarsError(str(issues[0]) if issues else f"{path} is empty.")
    return bars_of(model, rules_only=rules_only)


def bars_of(levels: LevelsFile, *, rules_only: bool = False) -> Bars:
    """The bars that stand in `levels`."""
    if rules_only:
        part = levels.lat_regels
        return Bars({name: _bar(name, getattr(part, name)) for name in type(part).model_fields})
    names = [name for name in type(levels.lat).model_fields if name != BY_THEME]
    within = levels.lat.gevonden_per_thema
    return Bars(
        overall={name: _bar(name, getattr(levels.lat, name)) for name in names},
        themes={
            theme: Bar(BY_CODE[FOUND], within.doel, floor)
            for theme, floor in within.vloeren.items()
        },
        other_theme=Bar(BY_CODE[FOUND], within.doel, within.vloer),
    )


def _bar(name: str, part: AtLeast | AtMost) -> Bar:
    limit = part.vloer if isinstance(part, AtLeast) else part.plafond
    return Bar(BY_CODE[name], part.doel, limit)


def broken(figures: Figures, bars: Bars) -> Iterator[str]:
    """Every bar that is not held, in Dutch."""
    for code, bar in bars.overall.items():
        if not bar.is_held(figures.overall[code]):
            yield _broken(bar.measure.name, bar, figures.overall[code])
    for theme, table in figures.groups["theme"].items():
        within = bars.of_theme(theme)
        if within is not None and not within.is_held(table[FOUND]):
            name = f"Thema {theme_word(theme)}: dringend of acuut, gevonden"
            yield _broken(name, within, table[FOUND])


def fallen(new: Sequence[Outcome], old: Sequence[Outcome], live: str) -> Iterator[str]:
    """Every measure that surely falls against the live release, in Dutch.

    A fall is sure when the whole interval of the difference lies below nought.
    """
    for code in KEPT_UP:
        measure = BY_CODE[code]
        change = measure.difference(new, old)
        if change is not None and change.high < 0:
            yield _fallen(measure.name, change, live)
    before = grouped(old, "theme")
    for theme, now in grouped(new, "theme").items():
        change = BY_CODE[FOUND].difference(now, before[theme])
        if change is not None and change.high < 0:
            name = f"Thema {theme_word(theme)}: dringend of acuut, gevonden"
            yield _fallen(name, change, live)


def _broken(name: str, bar: Bar, share: Share) -> str:
    word = "de vloer" if bar.measure.high_is_good else "het plafond"
    return (
        f"{name}: {percent(share.value)} ({share.hits} van {share.count}), "
        f"{word} is {percent(bar.limit)}. [risico]"
    )


def _fallen(name: str, change: Difference, live: str) -> str:
    return (
        f"{name}: zakt tegenover {live}, dat nu live is, met {points(-change.value)} "
        f"(95 % zeker tussen {points(-change.high)} en {points(-change.low)}). "
        f"{change.lost} gaan nu mis die live goed gaan, {change.gained} andersom. [risico]"
    )
