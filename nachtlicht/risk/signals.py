"""What a detector found in a message, and the judgement on the message as a whole."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

from nachtlicht.risk.levels import RiskLevel


class RiskRulesError(Exception):
    """The rules cannot be used; without rules nothing that guards may start."""

    code = "risk_rules"
    http_status = 503


@dataclasses.dataclass(frozen=True)
class RiskSignal:
    """One rule that matched.

    `start` and `end` are offsets in characters in the message as typed, end exclusive.
    `why` is Dutch, written for the counsellor. A `hint` decides nothing where a classifier
    reads the whole line: there it is evidence, and from URGENT on worth CONCERN at least.
    """

    code: str
    level: RiskLevel
    theme: str
    start: int
    end: int
    why: str
    hint: bool = False


class Line(NamedTuple):
    """One line of a talk; `author` is "youth", "bot" or "counsellor"."""

    author: str
    text: str


@dataclasses.dataclass(frozen=True)
class RiskAssessment:
    """The judgement on the youth's newest line, in the light of the lines before it.

    `unread` says that assessing failed, and the level is the highest for that reason.
    `unsure` says that the line is not clearly harmless although no rule matched; who talks
    treats that as CONCERN. `explains` says that the line explains earlier words away ("het
    ging over een game"): an earlier URGENT may then become CONCERN, never an ACUTE.
    """

    level: RiskLevel
    rules_level: RiskLevel
    model_level: RiskLevel | None = None
    p_urgent: float | None = None
    theme: str | None = None
    signals: tuple[RiskSignal, ...] = ()
    unread: bool = False
    unsure: bool = False
    explains: bool = False


class Verdict(NamedTuple):
    """What a classifier makes of a line, given how serious the rules think it is.

    `p_urgent` is None for one that does not reckon. `marks` are the words that weighed most,
    where it raises the level.
    """

    level: RiskLevel
    p_urgent: float | None
    theme: str | None
    marks: tuple[tuple[int, int], ...] = ()
