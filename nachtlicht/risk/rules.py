"""The compiled rules: loaded from a release, and matched against a message or a talk."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Container
from pathlib import Path
from typing import Any

from nachtlicht.risk.build import TERMS, Builder
from nachtlicht.risk.levels import RiskLevel
from nachtlicht.risk.lexicon import Lexicon
from nachtlicht.risk.match import LEAF, Index, Message, Node
from nachtlicht.risk.pattern import BOUNDARY
from nachtlicht.risk.questions import Questions
from nachtlicht.risk.signals import RiskRulesError, RiskSignal
from nachtlicht.risk.tokens import Tokens, tokenise
from nachtlicht.risk.weights import Weights

FORMAT = 1
_UNLESS_NEAR = 7  # positions around an excuse in which a match does not count
_SHORTEST_COMPOUND = 7
_FLAGS = bytes.maketrans(b"01", b"\x00\x01")


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """One rule: it holds where `match` does, not near `unless_near`, not with `unless`.

    A `hint` is a rule that harmless lines often match, too; see `RiskSignal`.
    """

    code: str
    level: RiskLevel
    theme: str
    why: str
    match: Node
    across: Node | None  # what of it can match words of two lines
    unless: Node | None
    unless_near: Node | None
    hint: bool


class RiskRules:
    """All rules of a release, ready to match. Safe to share between threads."""

    def __init__(self, compiled: dict[str, Any]) -> None:
        """Take the dictionary that `nachtlicht.content.risk_rules.compile_rules` makes.

        Raises:
            RiskRulesError: it is of another format, or refers to what is not there.
        """
        if compiled.get("format") != FORMAT or not compiled.get("rules"):
            raise RiskRulesError(f"The risk rules are empty or not of format {FORMAT}.")
        self._lexicon = Lexicon(frozenset(compiled["plain_words"]))
        builder = Builder(compiled["concepts"], self._lexicon)
        self._rules = tuple(_rule(raw, builder) for raw in compiled["rules"])
        self.all_codes = {rule.code for rule in self._rules}
        self._matching = Index({rule.code: rule.match for rule in self._rules})
        self._bridging = Index({rule.code: rule.across for rule in self._rules if rule.across})
        self._idioms = tuple(
            (raw["code"], builder.any_of(raw["match"])) for raw in compiled["idioms"]
        )
        self._negation = builder.concept("ontkenning")
        self._hint = builder.concept("zorgwoord")
        self._explains = builder.concept("verklaring")
        self._self = builder.concept("eigenlijk_ik")
        if self._negation.kind != LEAF:
            raise RiskRulesError("The concept 'ontkenning' must hold single words only.")
        self.questions = Questions(compiled["questions"], builder)
        self._weights = Weights(compiled["weights"]) if compiled.get("weights") else None
        by_leaf, self._without = builder.possible()
        self._node_count = len(builder.nodes)
        self._lexicon.close(by_leaf)

    @classmethod
    def load(cls, path: Path) -> RiskRules:
        """Read compiled rules.

        Raises:
            RiskRulesError: the file is missing, broken, or holds no rules.
        """
        try:
            return cls(json.loads(path.read_text(encoding="utf-8")))
        except RiskRulesError:
            raise
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise RiskRulesError(f"The risk rules at {path} cannot be used: {error!r}.") from error

    def signals(self, text: str) -> tuple[RiskSignal, ...]:
        """Every rule that matches `text` by itself, the most serious first."""
        return self.signals_in(tokenise(text))

    def signals_in(
        self,
        tokens: Tokens,
        message: Message | None = None,
        only: Container[str] | None = None,
    ) -> tuple[RiskSignal, ...]:
        """Every rule that matches `tokens`, the most serious first, each code once.

        Of all rules, or `only` those with these codes.
        """
        message = message or self.message(tokens)
        held = self._matching.held(message) if only is None else only
        signals = []
        for rule in self._rules:
            if rule.code not in held:
                continue
            found = _where(rule, message)
            if found is not None:
                start, end = _typed(tokens, *found)
                signals.append(
                    RiskSignal(rule.code, rule.level, rule.theme, start, end, rule.why, rule.hint)
                )
        return tuple(sorted(signals, key=lambda signal: (-signal.level, signal.start)))

    def matching(self, message: Message) -> set[str]:
        """The codes of all rules whose words are there, excused or not."""
        return self._matching.held(message)

    def bridging(self, message: Message) -> set[str]:
        """The codes of all rules that may match words of two lines of a talk."""
        return self._bridging.held(message)

    def speaks_of(self, message: Message, themes: Container[str]) -> bool:
        """Whether any rule of `themes` matches."""
        held = self._matching.held(message)
        return any(
            rule.theme in themes and rule.code in held and _where(rule, message) is not None
            for rule in self._rules
        )

    def weigh(self, tokens: Tokens, message: Message) -> tuple[RiskSignal | None, bool]:
        """What the words together say where no rule does: a signal, and whether to take care.

        Without weights there is no signal, and any word of distress asks for care.
        """
        if self._weights is None:
            return None, message.holds(self._hint)
        return self._weights.judge(tokens)

    def explains(self, message: Message) -> bool:
        """Whether it explains alarming words away: they were about a game, a film, a song."""
        return message.holds(self._explains)

    def turns_to_self(self, message: Message) -> bool:
        """Whether it says that what was told of another is about the writer."""
        return message.holds(self._self)

    def codes(self, text: str) -> set[str]:
        """The codes of all rules and idioms that match `text`; for checking their examples."""
        tokens = tokenise(text)
        raw = self._raw_message(tokens)
        idioms = {code for code, idiom in self._idioms if raw.holds(idiom)}
        return idioms | {signal.code for signal in self.signals_in(tokens)}

    def message(self, tokens: Tokens) -> Message:
        """The bits of a message, without the words of idioms that mean no harm."""
        message = self._raw_message(tokens)
        harmless = 0
        for _, idiom in self._idioms:
            if message.holds(idiom):
                harmless |= message.covered(idiom)
        return self._raw_message(tokens, harmless) if harmless else message

    def _raw_message(self, tokens: Tokens, without: int = 0) -> Message:
        """The bits of all words but those at the positions `without`."""
        places: dict[str, int] = {}
        words = tokens.words
        knows = self._lexicon.knows
        previous: str | None = None
        pauses = 0
        for index, word in enumerate(words):
            if word is None:
                pauses |= 1 << index
            if word is None or without >> index & 1:
                previous = None
                continue
            places[word] = places.get(word, 0) | 1 << index
            if previous is not None and len(previous) + len(word) >= _SHORTEST_COMPOUND:
                compound = previous + word  # "naakt foto", "stief vader"
                if knows(compound):
                    places[compound] = places.get(compound, 0) | 1 << index
            previous = word
        places[BOUNDARY] = pauses
        meant: dict[str, int] = {}
        for word, bits in places.items():
            for name in self._lexicon.meant(word):
                meant[name] = meant.get(name, 0) | bits
        possible = self._without
        for name in meant:
            possible |= self._lexicon.bits(name)
        return Message(meant, len(words), self._negation, self._flags(possible), without)

    def _flags(self, possible: int) -> bytes:
        """For each node, the last first, whether the bits of all its terms are in `possible`."""
        count = self._node_count
        everywhere = (1 << count) - 1
        for term in range(TERMS):
            everywhere &= possible >> term * count
        return format(everywhere, f"0{count}b").encode().translate(_FLAGS)


def _rule(raw: dict[str, Any], builder: Builder) -> Rule:
    match = builder.any_of(raw["match"])
    return Rule(
        code=raw["code"],
        level=RiskLevel.from_label(raw["level"]),
        theme=raw["theme"],
        why=raw["why"],
        match=match,
        across=builder.across(match),
        unless=builder.any_of(raw["unless"]) if raw.get("unless") else None,
        unless_near=builder.any_of(raw["unless_near"]) if raw.get("unless_near") else None,
        hint=bool(raw.get("hint")),
    )


def _where(rule: Rule, message: Message) -> tuple[int, int] | None:
    """The first match of `rule` as positions, or None when it does not hold."""
    starts = message.find(rule.match)[0]
    if not starts:
        return None
    if rule.unless is not None and message.holds(rule.unless):
        return None
    if rule.unless_near is not None:
        starts &= ~message.near(rule.unless_near, _UNLESS_NEAR)
    if not starts:
        return None
    first = (starts & -starts).bit_length() - 1
    return message.locate(rule.match, first)


def _typed(tokens: Tokens, first: int, after: int) -> tuple[int, int]:
    """The span in the newest line as typed of the positions `first` to `after`."""
    first = max(first, tokens.new_from)
    spans = [span for span in tokens.spans[first:after] if span[1] > span[0]]
    if not spans:
        spans = [span for span in tokens.spans[tokens.new_from :] if span[1] > span[0]]
    if not spans:
        return 0, 0
    return min(span[0] for span in spans), max(span[1] for span in spans)
