"""Whether the model's chance means what it says: of what it calls 0.7, seven in ten are urgent."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from nachtlicht.content.measure.outcomes import Outcome
from nachtlicht.content.measure.stats import Share
from nachtlicht.risk import RiskLevel

BINS = 10


@dataclasses.dataclass(frozen=True)
class Bin:
    """The messages with a chance from `start` to `end`: what was said, and what was so."""

    start: float
    end: float
    said: float
    was: Share


@dataclasses.dataclass(frozen=True)
class Calibration:
    """`brier` is the mean squared error; `brier_blind` that of always saying the mean.

    `gap` is the mean distance between what was said and what was so, over the bins.
    """

    bins: tuple[Bin, ...]
    brier: float
    brier_blind: float
    gap: float
    count: int


def calibration(outcomes: Sequence[Outcome]) -> Calibration | None:
    """Measure the model's chance of urgent; None when there was no model."""
    pairs = [
        (one.chance, one.case.level >= RiskLevel.URGENT)
        for one in outcomes
        if one.chance is not None
    ]
    if not pairs:
        return None
    mean = sum(was for _, was in pairs) / len(pairs)
    bins = [_bin(pairs, place) for place in range(BINS)]
    filled = [one for one in bins if one is not None]
    apart = sum(abs(one.said - (one.was.value or 0.0)) * one.was.count for one in filled)
    return Calibration(
        bins=tuple(filled),
        brier=sum((chance - was) ** 2 for chance, was in pairs) / len(pairs),
        brier_blind=mean * (1 - mean),
        gap=apart / len(pairs),
        count=len(pairs),
    )


def _bin(pairs: Sequence[tuple[float, bool]], place: int) -> Bin | None:
    part = [pair for pair in pairs if min(int(pair[0] * BINS), BINS - 1) == place]
    if not part:
        return None
    said = sum(chance for chance, _ in part) / len(part)
    was = Share.of(sum(was for _, was in part), len(part))
    return Bin(place / BINS, (place + 1) / BINS, said, was)
