"""How serious a message is: levels, rules with reasons, and one judgement per line."""

from nachtlicht.risk.assess import assess, assess_talk
from nachtlicht.risk.levels import RiskLevel
from nachtlicht.risk.rules import RiskRules
from nachtlicht.risk.signals import Line, RiskAssessment, RiskRulesError, RiskSignal

__all__ = [
    "Line",
    "RiskAssessment",
    "RiskLevel",
    "RiskRules",
    "RiskRulesError",
    "RiskSignal",
    "assess",
    "assess_talk",
]
