"""The one place that decides how serious a line is: before the bot, and without it."""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import uuid
from collections.abc import Sequence
from typing import cast

import structlog
from sqlalchemy import Table, insert
from sqlalchemy.ext.asyncio import AsyncSession

from nachtlicht.chat.priority import PriorityThread
from nachtlicht.chat.releases import Live
from nachtlicht.chat.spoken import Spoken
from nachtlicht.chat.wishes import tapped_payload
from nachtlicht.encoder import RiskClassifier
from nachtlicht.risk import Line, Opinion, RiskAssessment, RiskLevel, Verdict, assess, read
from nachtlicht.store import Assessment, Author, DataKey, Message

log = structlog.get_logger("nachtlicht.judge")

NO_THEME = "geen"
PATIENCE = 0.1  # seconds that a line waits for the classifier

# Of the table, not of the ORM, which takes longer: each line has one.
_JUDGEMENT = insert(cast(Table, Assessment.__table__))

# One thread of its own: the classifier must not wait behind other work, nor the loop for it. When
# more comes than it can read, each line by itself goes before all that was said with those before.
_READS = PriorityThread("classifier")
_ALONE, _TOGETHER = 0, 1


@dataclasses.dataclass(frozen=True)
class Judgement:
    """The level and theme by which the chat acts, and the assessment that led to them."""

    assessment: RiskAssessment
    late: asyncio.Task[RiskAssessment] | None = None

    @property
    def level(self) -> RiskLevel:
        """The level of the line; what is neither understood nor clearly harmless is CONCERN."""
        if self.assessment.unsure:
            return max(self.assessment.level, RiskLevel.CONCERN)
        return self.assessment.level

    @property
    def theme(self) -> str | None:
        """The theme, or None when there is none."""
        return named(self.assessment.theme)

    @property
    def is_by_rules_alone(self) -> bool:
        """Whether the classifier had nothing to say in time."""
        return self.late is not None and self.assessment.model_level is None


def named(theme: str | None) -> str | None:
    """A theme by its name; "geen" is none."""
    return None if theme == NO_THEME else theme


async def judge(
    live: Live, before: Sequence[Spoken], text: str, *, patience: float = PATIENCE
) -> Judgement:
    """Judge the youth's new line `text` in the light of the lines before it. Never raises.

    A tapped button means what its editor meant: the rules know its words, and the classifier,
    taught on what people type, would guess. For what is typed it has `patience` seconds. When it
    is late, the rules stand, or what it made of the line by itself if that is more; `late` brings
    its whole answer in the end.
    """
    lines = [Line(line.author.value, line.text) for line in before]
    lines.append(Line(Author.YOUTH.value, text))
    if live.classifier is None:
        return Judgement(assess(live.rules, lines))
    if tapped_payload(text, before) is not None:
        return Judgement(assess(live.rules, lines, lambda _: _as_rules))
    opinion_of = functools.partial(classify, live.classifier)
    alone = whole = _READS.submit(_ALONE, lambda: opinion_of(lines[-1:]))
    if any(line.author is Author.YOUTH for line in before):
        whole = _READS.submit(_TOGETHER, lambda: opinion_of(lines))
    coming = asyncio.wrap_future(whole)
    judged = read(live.rules, lines)  # by the rules, while the classifier reads

    async def with_model() -> RiskAssessment:
        opinion = await coming
        return judged(lambda _: opinion)

    done, _ = await asyncio.wait([coming], timeout=patience)
    if done:
        return Judgement(await with_model())
    late = asyncio.create_task(with_model())
    by_rules = Judgement(judged(None), late)
    if not alone.done():
        return by_rules
    opinion = alone.result()
    by_both = Judgement(judged(lambda _: opinion), late)
    return max(by_both, by_rules, key=lambda one: one.level)


def _as_rules(by_rules: RiskLevel) -> Verdict:
    return Verdict(by_rules, None, None)


def classify(classifier: RiskClassifier, lines: Sequence[Line]) -> Opinion | None:
    """What the classifier makes of the newest line, for each level that the rules may find.

    None when it fails: then the rules stand alone.
    """
    try:
        judged = classifier.judge([line.text for line in lines if line.author == "youth"])
    except Exception as error:
        log.error("classifier_failed", error=type(error).__name__)
        return None

    def opinion(by_rules: RiskLevel) -> Verdict:
        weighed = classifier.weigh(judged, by_rules)
        level = RiskLevel.from_label(classifier.level(weighed))
        marks = _marks(classifier, lines[-1].text, level) if level > by_rules else ()
        return Verdict(level, weighed.urgent, weighed.theme, marks)

    return opinion


def _marks(classifier: RiskClassifier, text: str, level: RiskLevel) -> tuple[tuple[int, int], ...]:
    """The words that weighed most; without them the level stands all the same."""
    try:
        return tuple(classifier.reasons(text, level.label))
    except Exception as error:
        log.error("classifier_failed", error=type(error).__name__)
        return ()


async def store_judgement(
    session: AsyncSession, message: Message, judgement: Judgement, key: DataKey
) -> None:
    """Store what tells a counsellor why; the session stores the line first, to which it points."""
    found, row = judgement.assessment, uuid.uuid4()
    signals = [
        {
            "code": signal.code,
            "level": signal.level.label,
            "theme": signal.theme,
            "start": signal.start,
            "end": signal.end,
            "why": signal.why,
        }
        for signal in found.signals
    ]
    await session.execute(
        _JUDGEMENT,
        {
            "id": row,
            "conversation_id": message.conversation_id,
            "message_id": message.id,
            "seq": message.seq,
            "at": message.at,
            "level": judgement.level,
            "rules_level": found.rules_level,
            "model_level": found.model_level,
            "p_urgent": found.p_urgent,
            "theme": judgement.theme,
            "unread": found.unread,
            "unsure": found.unsure,
            "verdict_due": judgement.late is not None,
            "signals": Assessment.sealed(key, "signals", row, signals),
        },
    )
