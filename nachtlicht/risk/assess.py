"""The one judgement on a line: rules and classifier, in the light of the talk so far."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence

from nachtlicht.risk.context import REMEMBERED_CHARACTERS, YOUTH, Context, earlier_lines
from nachtlicht.risk.levels import RiskLevel
from nachtlicht.risk.match import Message
from nachtlicht.risk.questions import Answer
from nachtlicht.risk.rules import RiskRules
from nachtlicht.risk.signals import Line, RiskAssessment, RiskSignal, Verdict
from nachtlicht.risk.themes import ranked, theme_of
from nachtlicht.risk.tokens import Tokens, tokenise

UNREAD_CODE = "onleesbaar"
UNREAD_WHY = "kon dit bericht niet lezen"
MODEL_CODE = "model"
MODEL_WHY = "Het model let op deze woorden."

_QUESTION = re.compile(r"[^.?!\n]*\?")

Opinion = Callable[[RiskLevel], Verdict]
Classifier = Callable[[Sequence[Line]], Opinion | None]
# A line that the rules have read, to be judged with a classifier or with None.
Reading = Callable[[Classifier | None], RiskAssessment]


def assess(
    rules: RiskRules, lines: Sequence[Line], classifier: Classifier | None = None
) -> RiskAssessment:
    """Judge the last of `lines`, the youth's newest line; `lines` run from old to new.

    The level is that of the newest line in its context, not of the whole talk:
    `assess_talk` keeps that. A `classifier` that fails or answers None leaves the rules
    alone. With one, a rule that is a hint is evidence for it and worth CONCERN by itself; what
    any other rule says it may raise, never lower.

    Never raises: what cannot be judged gets the highest level and the reason.
    """
    return read(rules, lines)(classifier)


def read(rules: RiskRules, lines: Sequence[Line]) -> Reading:
    """Let the rules read the last of `lines`; what comes back judges it.

    So that the rules can read while the classifier still does. Neither step raises.
    """
    try:
        by_rules = _ByRules(rules, lines)
    except Exception:  # whatever fails in here, the young person must not be the one to pay
        return lambda _: unreadable(lines)

    def judged(classifier: Classifier | None) -> RiskAssessment:
        try:
            return by_rules.judged(classifier)
        except Exception:
            return unreadable(lines)

    return judged


def assess_talk(
    rules: RiskRules, lines: Sequence[Line], classifier: Classifier | None = None
) -> RiskAssessment:
    """Judge a whole talk: the highest level that any line of the youth reached.

    "Grapje" or "laat maar" lowers nothing. A line that explains the words away ("ging over
    een game") turns URGENT into CONCERN; nothing but a human lowers ACUTE. The signals,
    theme and flags are those of the line that decided.
    """
    decisive: RiskAssessment | None = None
    for index, line in enumerate(lines):
        if line.author != YOUTH:
            continue
        found = assess(rules, lines[: index + 1], classifier)
        if decisive is None or found.level >= decisive.level or found.unread:
            decisive = found
        elif found.explains and decisive.level == RiskLevel.URGENT:
            decisive = found if found.level == RiskLevel.CONCERN else _concern(found)
    return decisive if decisive is not None else assess(rules, lines, classifier)


def unreadable(lines: Sequence[Line]) -> RiskAssessment:
    """The judgement when assessing failed: the highest level, and the reason."""
    try:
        length = len(lines[-1].text)
    except Exception:  # the line itself may be what is broken
        length = 0
    signal = RiskSignal(UNREAD_CODE, RiskLevel.ACUTE, "geen", 0, length, UNREAD_WHY)
    return RiskAssessment(
        level=RiskLevel.ACUTE,
        rules_level=RiskLevel.ACUTE,
        theme="geen",
        signals=(signal,),
        unread=True,
    )


class _ByRules:
    """What the rules make of a line, which any classifier may then be asked about."""

    def __init__(self, rules: RiskRules, lines: Sequence[Line]) -> None:
        self._rules, self._lines = rules, lines
        self._newest = tokenise(lines[-1].text)
        self._message = rules.message(self._newest)
        self._found, explains = _signals(rules, lines, self._newest, self._message)
        self._explains = explains or rules.explains(self._message)

    def judged(self, classifier: Classifier | None) -> RiskAssessment:
        found, care = self._found, False
        model = _verdict(classifier, self._lines, _highest(found))
        if model is not None:
            found = [left for signal in found if (left := _weighed(signal, model[0]))]
        else:  # nobody else looks at what no rule names
            weighed, care = self._rules.weigh(self._newest, self._message)
            found = [*found, weighed] if weighed is not None else found
        signals = ranked(found)
        rules_level = _highest(signals)
        level = max(rules_level, model[0]) if model is not None else rules_level
        theme = theme_of(signals, model)
        if model is not None and model.level > rules_level:
            signals = (*_by_model(model, theme), *signals)
        return RiskAssessment(
            level=level,
            rules_level=rules_level,
            model_level=model[0] if model else None,
            p_urgent=model[1] if model else None,
            theme=theme,
            signals=signals,
            # With a classifier its own chance decides who gets care; see data/risk/levels.yml.
            unsure=level == RiskLevel.NONE and care,
            explains=level < RiskLevel.URGENT and self._explains,
        )


def _by_model(model: Verdict, theme: str | None) -> list[RiskSignal]:
    """The reasons of a classifier that raised the level: a place each, or none for the line."""
    return [
        RiskSignal(MODEL_CODE, model.level, theme or "geen", start, end, MODEL_WHY)
        for start, end in model.marks or ((0, 0),)
    ]


def _highest(signals: Sequence[RiskSignal]) -> RiskLevel:
    return max((signal.level for signal in signals), default=RiskLevel.NONE)


def _weighed(signal: RiskSignal, level: RiskLevel) -> RiskSignal | None:
    """What is left of a rule's signal beside a classifier that finds the line `level`.

    A hint is as serious as that. From URGENT on it stays CONCERN at least; of CONCERN nothing
    may be left.
    """
    if not signal.hint or signal.level <= level:
        return signal
    if signal.level is RiskLevel.CONCERN:
        return None
    return dataclasses.replace(signal, level=max(level, RiskLevel.CONCERN))


def _signals(
    rules: RiskRules, lines: Sequence[Line], newest: Tokens, message: Message
) -> tuple[list[RiskSignal], bool]:
    """What the newest line says by itself, together with earlier ones, and as an answer.

    The second value says that it is an answer that takes the urgency away.
    """
    found = list(rules.signals_in(newest, message))
    earlier = earlier_lines(lines)
    context = Context(rules, earlier, newest, message) if earlier else None
    if context is not None:
        found += context.added(found)
        if rules.turns_to_self(message):
            found += _now_about_self(context.told(), len(lines[-1].text))

    def spoken_of(themes: frozenset[str]) -> bool:
        told = any(signal.theme in themes for signal in found)
        return told or (context is not None and context.speaks_of(themes))

    answer = _answer(rules, lines, newest, message, spoken_of)
    if answer is not None and answer.level > RiskLevel.NONE:
        end = len(lines[-1].text)
        found.append(RiskSignal(answer.code, answer.level, answer.theme, 0, end, answer.why))
    return found, answer is not None and answer.explains


def _answer(
    rules: RiskRules,
    lines: Sequence[Line],
    newest: Tokens,
    message: Message,
    spoken_of: Callable[[frozenset[str]], bool],
) -> Answer | None:
    """What the newest line means as an answer to the last thing that was asked."""
    asked = _asked(lines)
    if not asked:
        return None
    return rules.questions.answer(rules.message(tokenise(asked)), message, newest, spoken_of)


def _asked(lines: Sequence[Line]) -> str:
    """The last question that was put to the youth since their line before; "" when none was.

    A line that names the lines to call ("bij gedachten aan zelfmoord …") has asked nothing, and
    an offer of a human that comes after a question does not take it back.
    """
    for line in reversed(lines[:-1]):
        if line.author == YOUTH:
            break
        questions = _QUESTION.findall(line.text[-REMEMBERED_CHARACTERS:])
        if questions:
            return " ".join(questions)
    return ""


def _now_about_self(before: tuple[RiskSignal, ...], length: int) -> list[RiskSignal]:
    """After "eigenlijk ben ik het", what was told of another holds for the writer."""
    why = "Zegt dat het eerder vertelde over zichzelf gaat."
    return [
        RiskSignal(
            f"{signal.code}_ik_zelf", signal.level, signal.theme, 0, length, why, signal.hint
        )
        for signal in before
    ]


def _verdict(
    classifier: Classifier | None, lines: Sequence[Line], by_rules: RiskLevel
) -> Verdict | None:
    if classifier is None:
        return None
    try:
        opinion = classifier(lines)
        return Verdict(*opinion(by_rules)) if opinion is not None else None
    except Exception:  # rules alone are the fallback; /readyz tells of the classifier
        return None


def _concern(found: RiskAssessment) -> RiskAssessment:
    """The same judgement at CONCERN: explained, but worth a question."""
    level = RiskLevel.CONCERN
    return dataclasses.replace(found, level=level, rules_level=level, explains=True)
