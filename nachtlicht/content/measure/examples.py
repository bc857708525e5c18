"""What went wrong, in full: the worst misses and false alarms, with the reasons that were given."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from nachtlicht.content.measure.outcomes import Outcome
from nachtlicht.risk import RiskLevel

MISSES, ALARMS = 20, 10


@dataclasses.dataclass(frozen=True)
class Reason:
    """Why it was taken for what it was: `words` as typed, empty when a talk was judged."""

    code: str
    level: str
    words: str
    why: str


@dataclasses.dataclass(frozen=True)
class Example:
    """One message or talk in full. `lines` are (author, text)."""

    id: str
    lines: tuple[tuple[str, str], ...]
    was: str
    taken_for: str
    rules_said: str
    model_said: str | None
    chance: float | None
    theme: str
    intent: str
    heard: str | None
    reasons: tuple[Reason, ...]


def worst_misses(outcomes: Sequence[Outcome]) -> list[Example]:
    """Urgent and acute ones that were not seen as urgent: the furthest off, least sure first."""
    missed = [one for one in outcomes if one.level < RiskLevel.URGENT <= one.case.level]
    missed.sort(key=lambda o: (o.level - o.case.level, -o.case.level, o.chance or 0.0, o.case.id))
    return [_example(one) for one in missed[:MISSES]]


def worst_alarms(outcomes: Sequence[Outcome]) -> list[Example]:
    """Harmless ones that were taken for urgent or acute: the furthest off, most sure first."""
    wrong = [one for one in outcomes if one.case.level == RiskLevel.NONE]
    wrong = [one for one in wrong if one.level >= RiskLevel.URGENT]
    wrong.sort(key=lambda o: (-o.level, -(o.chance or 0.0), o.case.id))
    return [_example(one) for one in wrong[:ALARMS]]


def _example(one: Outcome) -> Example:
    case, judged = one.case, one.judged
    text = "" if case.is_talk else case.row.newest  # offsets are those of the line that decided
    return Example(
        id=case.id,
        lines=tuple((line.author, line.text) for line in case.row.lines),
        was=case.labels.level,
        taken_for=judged["level"],
        rules_said=judged["rules_level"],
        model_said=judged["model_level"],
        chance=one.chance,
        theme=case.labels.theme,
        intent=case.labels.intent,
        heard=one.intent,
        reasons=tuple(
            Reason(each["code"], each["level"], text[each["start"] : each["end"]], each["why"])
            for each in judged["reasons"]
        ),
    )
