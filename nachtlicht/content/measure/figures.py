"""The measures, and their figures over all messages and within each group of them."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from nachtlicht.content.measure.outcomes import Outcome
from nachtlicht.content.measure.stats import Difference, Share
from nachtlicht.risk import RiskLevel

NONE, CONCERN, URGENT, ACUTE = RiskLevel

Test = Callable[[Outcome], bool]
Table = Mapping[str, Share]  # by the measure's code


@dataclasses.dataclass(frozen=True)
class Measure:
    """One figure: of the outcomes that count, the share that hits. `code` is that of its bar."""

    code: str
    name: str
    counts: Test
    hits: Test
    high_is_good: bool = True

    def share(self, outcomes: Sequence[Outcome]) -> Share:
        """Its figure over `outcomes`."""
        counted = [self.hits(one) for one in outcomes if self.counts(one)]
        return Share.of(sum(counted), len(counted))

    def difference(self, new: Sequence[Outcome], old: Sequence[Outcome]) -> Difference | None:
        """How the newer outcomes differ from the older ones of the same cases."""
        pairs = [pair for pair in zip(new, old, strict=True) if all(map(self.counts, pair))]
        return Difference.of([self.hits(one) for one, _ in pairs], [self.hits(o) for _, o in pairs])


def _labelled(low: RiskLevel) -> Test:
    return lambda one: one.case.level >= low


def _reached(low: RiskLevel) -> Test:
    return lambda one: one.level >= low


def _harmless(hard: bool) -> Test:
    return lambda one: one.case.level == NONE and one.case.labels.hard is hard


MEASURES = (
    Measure("gevonden", "Dringend of acuut, gevonden", _labelled(URGENT), _reached(URGENT)),
    Measure("acuut", "Acuut, als acuut gezien", _labelled(ACUTE), _reached(ACUTE)),
    Measure(
        "zorg", "Dringend of acuut, kreeg ten minste zorg", _labelled(URGENT), _reached(CONCERN)
    ),
    Measure("signaal", "Zorg of ernstiger, kreeg zorg", _labelled(CONCERN), _reached(CONCERN)),
    Measure("loos_alarm", "Loos alarm, onschuldig", _harmless(False), _reached(URGENT), False),
    Measure(
        "loos_alarm_moeilijk",
        "Loos alarm, onschuldig met zware woorden",
        _harmless(True),
        _reached(URGENT),
        False,
    ),
    Measure(
        "zorg_onnodig",
        "Zorg bij iets onschuldigs",
        lambda one: one.case.level == NONE,
        _reached(CONCERN),
        False,
    ),
    Measure(
        "route",
        "Juiste route, losse berichten",
        # The last line of a talk ("ja") is a poor picture of its route.
        lambda one: one.intent is not None and not one.case.is_talk,
        lambda one: one.intent == one.case.labels.intent,
    ),
)
BY_CODE = {measure.code: measure for measure in MEASURES}

GROUPS: Mapping[str, Callable[[Outcome], str]] = {
    "level": lambda one: one.case.labels.level,
    "theme": lambda one: one.case.labels.theme,
    "speaker": lambda one: one.case.labels.speaker,
    "style": lambda one: one.case.labels.style,
    "kind": lambda one: "talk" if one.case.is_talk else "message",
    "writer": lambda one: one.case.labels.writer,
}


@dataclasses.dataclass(frozen=True)
class Figures:
    """Every measure over everything, and within each value of each group."""

    overall: Table
    groups: Mapping[str, Mapping[str, Table]]


def figures(outcomes: Sequence[Outcome]) -> Figures:
    """Measure `outcomes`."""
    return Figures(
        overall=_table(outcomes),
        groups={
            group: {name: _table(part) for name, part in grouped(outcomes, group).items()}
            for group in GROUPS
        },
    )


def grouped(outcomes: Sequence[Outcome], group: str) -> dict[str, list[Outcome]]:
    """The outcomes by their value of `group`: levels from the worst down, others by name."""
    parts: dict[str, list[Outcome]] = defaultdict(list)
    for one in sorted(outcomes, key=lambda one: -one.case.level):
        parts[GROUPS[group](one)].append(one)
    names = list(parts) if group == "level" else sorted(parts)
    return {name: parts[name] for name in names}


def confusion(outcomes: Sequence[Outcome]) -> list[list[int]]:
    """How many of each level (row) were taken for which (column), from none to acute."""
    counts = [[0] * len(RiskLevel) for _ in RiskLevel]
    for one in outcomes:
        counts[one.case.level][one.level] += 1
    return counts


def _table(outcomes: Sequence[Outcome]) -> Table:
    return {measure.code: measure.share(outcomes) for measure in MEASURES}
