"""How serious a message is: levels, rules with reasons, and one judgement per line."""

from nachtlicht.risk.assess import (
    MODEL_CODE,
    Classifier,
    Opinion,
    Reading,
    assess,
    assess_talk,
    read,
)
from nachtlicht.risk.levels import RiskLevel
from nachtlicht.risk.rules import RiskRules
from nachtlicht.risk.signals import Line, RiskAssessment, RiskRulesError, RiskSignal, Verdict

__all__ = [
    "MODEL_CODE",
    "Classifier",
    "Line",
    "Opinion",
    "Reading",
    "RiskAssessment",
    "RiskLevel",
    "RiskRules",
    "RiskRulesError",
    "RiskSignal",
    "Verdict",
    "assess",
    "assess_talk",
    "read",
]
