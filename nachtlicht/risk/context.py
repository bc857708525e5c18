"""The newest line of a talk together with the lines before it: risk is told in pieces."""

from __future__ import annotations

import functools
from collections.abc import Container, Sequence

from nachtlicht.risk.match import Message
from nachtlicht.risk.rules import RiskRules
from nachtlicht.risk.signals import Line, RiskSignal
from nachtlicht.risk.tokens import Tokens, join, tokenise

YOUTH = "youth"
REMEMBERED_CHARACTERS = 1000  # of one line
_REMEMBERED_LINES = 5  # older pieces have been judged in their time
_REMEMBERED_POSITIONS = 40  # of all these together, from their end


class Context:
    """The newest line read with earlier ones of the same person."""

    def __init__(
        self, rules: RiskRules, earlier: Sequence[Tokens], newest: Tokens, message: Message
    ) -> None:
        """Join `newest`, whose words are in `message`, to `earlier`, of which there is one."""
        self._rules = rules
        self._earlier = earlier
        self._newest = message
        self._tokens = join(earlier, newest)
        self._message = rules.message(self._tokens)

    @functools.cached_property
    def _before(self) -> tuple[Tokens, Message]:
        tokens = join(self._earlier[:-1], self._earlier[-1])
        return tokens, self._rules.message(tokens)

    def told(self) -> tuple[RiskSignal, ...]:
        """What the earlier lines say without the newest."""
        return self._rules.signals_in(*self._before)

    def added(self, found: Sequence[RiskSignal]) -> list[RiskSignal]:
        """What neither the newest line says, which is `found`, nor the earlier ones without it."""
        codes = self._across() - {signal.code for signal in found}
        if not codes:
            return []
        together = self._rules.signals_in(self._tokens, self._message, only=codes)
        if not together:
            return []
        codes = {signal.code for signal in together}
        told = {signal.code for signal in self._rules.signals_in(*self._before, only=codes)}
        return [signal for signal in together if signal.code not in told]

    def _across(self) -> set[str]:
        """The codes of the rules that can have become true by the newest line.

        What matches within one line needs no second look, unless an idiom that spans two lines
        took words away.
        """
        left_out = self._message.without
        if left_out:
            apart = self._before[1].without | self._newest.without << self._tokens.new_from
            if left_out != apart:
                return self._rules.all_codes
        return self._rules.bridging(self._message) | self._rules.matching(self._newest)

    def speaks_of(self, themes: Container[str]) -> bool:
        """Whether all lines together say something of `themes`."""
        return self._rules.speaks_of(self._message, themes)


def earlier_lines(lines: Sequence[Line]) -> list[Tokens]:
    """The youth's last lines before the newest, oldest first, as far as they are remembered."""
    remembered: list[Tokens] = []
    room = _REMEMBERED_POSITIONS
    for line in reversed(lines[:-1]):
        if line.author != YOUTH:
            continue
        tokens = tokenise(line.text[-REMEMBERED_CHARACTERS:])
        remembered.append(Tokens(tokens.words[-room:], tokens.spans[-room:]))
        room -= len(tokens.words)
        if room <= 0 or len(remembered) == _REMEMBERED_LINES:
            break
    return remembered[::-1]
