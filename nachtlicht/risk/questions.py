"""Answers to the bot's own questions: "ja" means nothing until one knows what was asked."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nachtlicht.risk.build import Builder
from nachtlicht.risk.levels import RiskLevel
from nachtlicht.risk.match import Message, Node
from nachtlicht.risk.tokens import Tokens

_SHORT_ANSWER = 12  # words; a longer line says by itself what it means


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What an answer to a question means; `silent` is an answer without any word.

    `explains` says that it takes the urgency away from what was told before ("vier jaar geleden").
    """

    code: str
    match: Node | None
    silent: bool
    level: RiskLevel
    theme: str
    why: str
    explains: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """A question of the bot, known by its words, and only after certain themes if named."""

    asked: Node
    after: frozenset[str]
    answers: tuple[Answer, ...]

    def meant(self, line: Message, words: int) -> Answer | None:
        """The first answer that fits a line of so many words."""
        for answer in self.answers:
            if answer.silent:
                if words == 0:
                    return answer
            elif words <= _SHORT_ANSWER and answer.match is not None and line.holds(answer.match):
                return answer
        return None


class Questions:
    """All questions whose answers mean something for the level."""

    def __init__(self, raw: Sequence[Mapping[str, Any]], builder: Builder) -> None:
        """Build from the `questions` of risk.json."""
        self._questions = tuple(_question(entry, builder) for entry in raw)

    def answer(
        self,
        asked: Message,
        line: Message,
        tokens: Tokens,
        spoken_of: Callable[[frozenset[str]], bool],
    ) -> Answer | None:
        """The most serious meaning of the youth's `line` after the bot asked `asked`.

        `spoken_of` says whether the talk so far has one of these themes: some questions only
        mean something then.
        """
        words = sum(word is not None for word in tokens.words)
        best: Answer | None = None
        for question in self._questions:
            if not asked.holds(question.asked):
                continue
            answer = question.meant(line, words)
            if answer is None or (best is not None and answer.level <= best.level):
                continue
            if not question.after or spoken_of(question.after):  # last, as it costs most
                best = answer
        return best


def _question(raw: Mapping[str, Any], builder: Builder) -> Question:
    answers = tuple(
        Answer(
            code=f"{raw['code']}_{entry['answer']}",
            match=builder.any_of(entry["match"]) if entry["match"] else None,
            silent=not entry["match"],
            level=RiskLevel.from_label(entry["level"]),
            theme=raw["theme"],
            why=entry["why"],
            explains=bool(entry.get("explains")),
        )
        for entry in raw["answers"]
    )
    return Question(builder.any_of(raw["asked"]), frozenset(raw.get("after", ())), answers)
