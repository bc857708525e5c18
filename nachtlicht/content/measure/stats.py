"""Shares with what they may really be: Wilson's interval, and the difference of two releases."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

Z = 1.959964  # 95 %


@dataclasses.dataclass(frozen=True)
class Share:
    """`hits` of `count`; `low` and `high` are the ends of Wilson's 95 % interval.

    Of nothing there is no share: `value` is None, and the interval is all there is.
    """

    hits: int
    count: int
    value: float | None
    low: float
    high: float

    @classmethod
    def of(cls, hits: int, count: int) -> Share:
        """Source: E. B. Wilson, JASA 22 (1927)."""
        if count == 0:
            return cls(0, 0, None, 0.0, 1.0)
        value = hits / count
        middle = value + Z * Z / (2 * count)
        spread = Z * math.sqrt(value * (1 - value) / count + Z * Z / (4 * count * count))
        below = 1 + Z * Z / count
        low, high = (middle - spread) / below, (middle + spread) / below
        return cls(hits, count, value, max(0.0, min(low, value)), min(1.0, max(high, value)))


@dataclasses.dataclass(frozen=True)
class Difference:
    """New minus old on the same messages: `gained` only the new one has, `lost` only the old.

    `low` and `high` are the ends of its 95 % interval.
    """

    value: float
    low: float
    high: float
    gained: int
    lost: int
    count: int

    @classmethod
    def of(cls, new: Sequence[bool], old: Sequence[bool]) -> Difference | None:
        """The difference of two shares over the same messages in the same order.

        Only messages on which the two differ say anything, so this sees a fall far sooner than
        two intervals side by side. None when there is nothing to compare.

        Source: Agresti and Min, Biometrics 61 (2005): Wald's interval with half a message more
        in each of the four cells.
        """
        count = len(new)
        if count == 0:
            return None
        gained = sum(now and not before for now, before in zip(new, old, strict=True))
        lost = sum(before and not now for now, before in zip(new, old, strict=True))
        total, apart = count + 2, gained + lost + 1
        middle = (gained - lost) / total
        spread = Z * math.sqrt(apart - (gained - lost) ** 2 / total) / total
        return cls(
            value=(gained - lost) / count,
            low=max(-1.0, middle - spread),
            high=min(1.0, middle + spread),
            gained=gained,
            lost=lost,
            count=count,
        )
