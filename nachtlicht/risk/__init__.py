"""How serious a message is: levels, rules with reasons, and one judgement per line."""

from nachtlicht.risk.assess import (
    MODEL_CODE,
    Classifier,
    Opinion,
    Verdict,
    assess,
    assess_talk,
)
from nachtlicht.risk.levels import RiskLevel
from nachtlicht.risk.rules import RiskRules
from nachtlicht.risk.signals import Line, RiskAssessment, RiskRulesError, RiskSignal

__all__ = [
    "MODEL_CODE",
    "Classifier",
    "Line",
    "Opinion",
    "RiskAssessment",
    "RiskLevel",
    "RiskRules",
    "RiskRulesError",
    "RiskSignal",
    "Verdict",
    "assess",
    "assess_talk",
]
