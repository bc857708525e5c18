"""The one place that decides how serious a line is: before the bot, and without it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from nachtlicht.chat.talk import Spoken
from nachtlicht.risk import Line, RiskAssessment, RiskLevel, RiskRules, assess
from nachtlicht.store import Assessment, Author, DataKey, Message

NO_THEME = "geen"


@dataclasses.dataclass(frozen=True)
class Judgement:
    """The level and theme by which the chat acts, and the assessment that led to them."""

    assessment: RiskAssessment

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


def named(theme: str | None) -> str | None:
    """A theme by its name; "geen" is none."""
    return None if theme == NO_THEME else theme


async def judge(rules: RiskRules, before: Sequence[Spoken], text: str) -> Judgement:
    """Judge the youth's new line `text` in the light of the lines before it. Never raises."""
    lines = [Line(line.author.value, line.text) for line in before]
    return Judgement(assess(rules, [*lines, Line(Author.YOUTH.value, text)]))


def assessment_row(message: Message, judgement: Judgement, key: DataKey) -> Assessment:
    """The row that tells a counsellor why, for a line that is already stored."""
    found = judgement.assessment
    row = Assessment(
        conversation_id=message.conversation_id,
        message_id=message.id,
        seq=message.seq,
        at=message.at,
        level=judgement.level,
        rules_level=found.rules_level,
        model_level=found.model_level,
        p_urgent=found.p_urgent,
        theme=judgement.theme,
        unread=found.unread,
        unsure=found.unsure,
    )
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
    row.seal(key, "signals", signals)
    return row
