"""Which signal of a line comes first, and which theme decides the words."""

from __future__ import annotations

from collections.abc import Sequence

from nachtlicht.risk.levels import RiskLevel
from nachtlicht.risk.signals import RiskSignal, Verdict

# Which theme a line is about when two signals are equally serious: the most deadly first.
_THEMES = [
    "zelfdoding",
    "zelfbeschadiging",
    "onveilig_thuis",  # before sexual violence: by a relative it is both, and home decides the help
    "seksueel_geweld",
    "uitbuiting",
    "eer_en_dwang",
    "afspreken",
    "afpersing",
    "zwanger",
    "weggelopen",
    "grooming",
    "relatie",
    "dader",
    "zorgen_over_zelf",
    "deepfake",
    "beeld_verspreid",
    "naaktfoto_gevraagd",
    "beeld_van_ander",
    "eten",
    "pesten",
    "somber",
    "geen",
]

_DEADLY = ("zelfdoding", "zelfbeschadiging")
_IMAGES = ("naaktfoto_gevraagd", "beeld_verspreid", "deepfake")  # with a threat: extortion


def ranked(signals: Sequence[RiskSignal]) -> tuple[RiskSignal, ...]:
    """The most serious first; of two that are equally serious, the more deadly theme."""
    order = {theme: place for place, theme in enumerate(_THEMES)}
    return tuple(
        sorted(
            signals,
            key=lambda signal: (-signal.level, order.get(signal.theme, len(order)), signal.start),
        )
    )


def theme_of(signals: Sequence[RiskSignal], model: Verdict | None) -> str | None:
    """The theme that decides the words: the classifier's, which reads the whole line.

    Not where a rule sees death, or danger today that the classifier does not: then the rule's.
    """
    by_rule = signals[0].theme if signals else None
    if model is None or model[0] is RiskLevel.NONE or model[2] in (None, "geen"):
        return by_rule
    if signals and (
        (by_rule in _DEADLY and signals[0].level >= max(RiskLevel.URGENT, model[0]))
        or (signals[0].level is RiskLevel.ACUTE and model[0] < RiskLevel.ACUTE)
    ):
        return by_rule
    if by_rule == "afpersing" and model[2] in _IMAGES and signals[0].level >= RiskLevel.URGENT:
        return by_rule
    return model[2]
