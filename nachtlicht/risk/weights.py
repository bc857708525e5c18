"""Weights of words: what the rules do not name, but messages in need have in common.

They stand in when there is no classifier, need the standard library only, and give a reason:
the words that weighed most. `training/risk_weights.py` makes them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nachtlicht.risk.levels import RiskLevel
from nachtlicht.risk.signals import RiskSignal
from nachtlicht.risk.tokens import Tokens

CODE = "woorden_samen"
WHY = "Deze woorden samen staan vooral in berichten van mensen in nood."
_WINDOW, _STRIDE = 60, 30  # words; in a long message the worst part counts, not the average
_REASONS = 3


def features(words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The words of a message and each two in a row, with the place of the first."""
    for index, word in enumerate(words):
        yield index, word
        if index + 1 < len(words):
            yield index, f"{word} {words[index + 1]}"


class Weights:
    """Adds up the weights of a message's words."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        """Take the `weights` of risk.json."""
        self._urgent: dict[str, float] = dict(raw["urgent"])
        self._acute: dict[str, float] = dict(raw["acute"])
        self._themes: dict[str, str] = dict(raw["themes"])
        self._bias = float(raw["urgent_bias"])
        self._acute_bias = float(raw["acute_bias"])
        self._urgent_at = float(raw["urgent_at"])
        self._acute_at = float(raw["acute_at"])
        self._care_at = float(raw["care_at"])

    def judge(self, tokens: Tokens) -> tuple[RiskSignal | None, bool]:
        """The signal of the worst part of a message, and whether it deserves care at all."""
        words = [word for word in tokens.words if word is not None]
        spans = [
            span for word, span in zip(tokens.words, tokens.spans, strict=True) if word is not None
        ]
        best: tuple[float, int, int] | None = None
        for first in range(0, max(1, len(words) - _STRIDE), _STRIDE):
            after = min(len(words), first + _WINDOW)
            score = self._score(words[first:after], self._urgent, self._bias)
            if best is None or score > best[0]:
                best = (score, first, after)
        if best is None or best[0] < self._care_at:
            return None, False
        score, first, after = best
        if score < self._urgent_at:
            return None, True
        part = words[first:after]
        acute = self._score(part, self._acute, self._acute_bias)
        level = RiskLevel.ACUTE if acute >= self._acute_at else RiskLevel.URGENT
        start, end = self._reason(part, spans[first:after])
        return RiskSignal(CODE, level, self._theme(part), start, end, WHY), True

    def _score(self, words: Sequence[str], weights: Mapping[str, float], bias: float) -> float:
        known = {name for _, name in features(words) if name in weights}
        if not known:
            return -math.inf
        return bias + sum(weights[name] for name in known) / math.sqrt(len(known))

    def _theme(self, words: Sequence[str]) -> str:
        votes: dict[str, float] = {}
        for _, name in features(words):
            theme = self._themes.get(name)
            if theme is not None:
                votes[theme] = votes.get(theme, 0.0) + max(self._urgent.get(name, 0.0), 0.01)
        return max(votes, key=lambda theme: votes[theme], default="geen")

    def _reason(self, words: Sequence[str], spans: Sequence[tuple[int, int]]) -> tuple[int, int]:
        """The stretch of the text as typed in which the heaviest words stand."""
        weighed = sorted(
            ((self._urgent.get(name, 0.0), place, name) for place, name in features(words)),
            reverse=True,
        )[:_REASONS]
        places = [place for _, place, _ in weighed]
        last = max(place + name.count(" ") for _, place, name in weighed)
        return min(spans[place][0] for place in places), spans[last][1]
