"""The one judgement on a message: rules and classifier, in the light of the talk so far."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nachtlicht.risk.levels import RiskLevel
from nachtlicht.risk.rules import RiskRules
from nachtlicht.risk.signals import Line, RiskAssessment, RiskSignal

UNREAD_WHY = "kon dit bericht niet lezen"
Classifier = Callable[[Sequence[Line]], "tuple[RiskLevel, float, str | None]"]


def assess(
    rules: RiskRules, lines: Sequence[Line], classifier: Classifier | None = None
) -> RiskAssessment:
    """Judge the last of `lines`, the youth's new line. Never raises."""
    try:
        signals = rules.signals(lines[-1].text)
        level = max((signal.level for signal in signals), default=RiskLevel.NONE)
        theme = signals[0].theme if signals else None
        return RiskAssessment(level=level, rules_level=level, theme=theme, signals=signals)
    except Exception:  # whatever fails in here, the young person must not be the one to pay
        return unreadable(lines)


def unreadable(lines: Sequence[Line]) -> RiskAssessment:
    """The judgement when assessing failed: the highest level, and the reason."""
    length = len(lines[-1].text) if lines else 0
    signal = RiskSignal("onleesbaar", RiskLevel.ACUTE, "geen", 0, length, UNREAD_WHY)
    return RiskAssessment(
        level=RiskLevel.ACUTE,
        rules_level=RiskLevel.ACUTE,
        theme="geen",
        signals=(signal,),
        unread=True,
    )
