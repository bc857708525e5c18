"""The small language of the risk rules: parses a pattern into a tree of plain lists.

A pattern is read by editors, so it looks like the sentence that it stands for:

    ik wil dood            these words in this order, at most two others between each
    ik .. dood             at most six words between; `...` at most twelve
    niet_meer              directly after each other; also before a group: de_(man | vent)
    zelfmoord* *foto       begins with, ends with; `*moord*` contains
    {dreiging}             a concept: any of its words or patterns
    (wil | zou_willen)     one of these
    {dreiging} + {foto}    close to each other (fifteen words), in any order
    {verkracht} & {nu}     somewhere in the same message
    < ben op >             `<` a sentence begins here, `>` it ends: at a pause or the end

A gap never steps over a negation ("niet", "geen", "nooit"): say it in the pattern if it is meant.
"""

from __future__ import annotations

import re
from typing import Any

from nachtlicht.text import fold, fold_character

GAP, WIDE_GAP, WIDEST_GAP, NEAR = 2, 6, 12, 15
ADJACENT = "_"
BOUNDARY = "<"  # stands for both marks: where a sentence ends, the next begins
_BEGIN, _END = "<", ">"
_GAPS = {"..": WIDE_GAP, "...": WIDEST_GAP}
_TOKEN = re.compile(r"\{[a-z0-9_]+\}|\(|\)|\||\+|&|\.{2,3}(?=\s|$)|[^\s(){}|+&]+|\S")
_WORD = re.compile(r"\*?[a-z0-9]+\*?")

Node = list[Any]


class PatternError(ValueError):
    """A pattern that cannot be read; the message is Dutch, for the editor."""


def parse_pattern(pattern: str) -> Node:
    """The tree of `pattern`.

    Nodes: ["w", word], ["p", beginning], ["s", ending], ["c", part], ["k", concept],
    ["seq", [[gap, node], ...]], ["or", [node, ...]], ["near", [node, ...]],
    ["all", [node, ...]].

    Raises:
        PatternError: the pattern is not well-formed.
    """
    parser = _Parser(_TOKEN.findall(pattern.lower()))
    node = parser.everywhere()
    if parser.peek():
        raise PatternError(f"onverwacht teken {parser.peek()!r}")
    return node


class _Parser:
    """One pass over the tokens of a pattern; each method reads one level of the grammar."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._index = 0

    def peek(self) -> str:
        return self._tokens[self._index] if self._index < len(self._tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self._index += 1
        return token

    def everywhere(self) -> Node:
        return self._joined_by("&", "all", self.nearby)

    def nearby(self) -> Node:
        return self._joined_by("+", "near", self.sequence)

    def _joined_by(self, mark: str, kind: str, part: Any) -> Node:
        nodes = [part()]
        while self.peek() == mark:
            self.take()
            nodes.append(part())
        return nodes[0] if len(nodes) == 1 else [kind, nodes]

    def sequence(self) -> Node:
        items: list[Node] = []
        gap = 0
        while (token := self.peek()) and token not in ("|", ")", "+", "&"):
            if token in _GAPS:
                self.take()
                if not items or gap in _GAPS.values():
                    raise PatternError(f"{token!r} moet tussen twee woorden staan")
                gap = _GAPS[token]
                continue
            tied = (token.startswith(ADJACENT) or token == _END) and bool(items)
            tied = tied and gap not in _GAPS.values()
            if token != ADJACENT:
                items.extend(self._element(0 if tied else gap))
            else:
                self.take()
            gap = 0 if token.endswith(ADJACENT) or token == _BEGIN else GAP
        if not items:
            raise PatternError("hier ontbreekt een woord of {begrip}")
        if gap in _GAPS.values():
            raise PatternError("een patroon mag niet op punten eindigen")
        return items[0][1] if len(items) == 1 else ["seq", items]

    def _element(self, gap: int) -> list[Node]:
        if self.peek() == "(":
            self.take()
            return [[gap, self._alternatives()]]
        token = self.take()
        if token in (_BEGIN, _END):
            return [[gap, ["w", BOUNDARY]]]
        if token.startswith("{") and token.endswith("}") and len(token) > 2:
            return [[gap, ["k", token[1:-1]]]]
        parts = [part for part in token.split("_") if part]
        result: list[Node] = []
        for index, part in enumerate(parts):
            for node in _word_nodes(part, token):
                result.append([0 if index or result else gap, node])
        return result

    def _alternatives(self) -> Node:
        nodes = [self.nearby()]
        while self.peek() == "|":
            self.take()
            nodes.append(self.nearby())
        if self.take() != ")":
            raise PatternError("een haakje '(' is niet gesloten")
        return nodes[0] if len(nodes) == 1 else ["or", nodes]


def _word_nodes(part: str, token: str) -> list[Node]:
    """The nodes of one word: its usual spelling may be several words."""
    folded = "".join(fold_character(character) for character in part if character != "*")
    stars = ("*" if part.startswith("*") else "") + folded + ("*" if part.endswith("*") else "")
    if not _WORD.fullmatch(stars) or len(folded) < (3 if "*" in stars else 1):
        raise PatternError(
            f"{token!r} kan niet: gebruik letters en cijfers, {{begrip}}, of minstens drie letters "
            "met een *"
        )
    if stars.startswith("*"):
        return [["c" if stars.endswith("*") else "s", folded]]
    if stars.endswith("*"):
        return [["p", folded]]
    if folded == "me":  # folding turns it into "mijn" before "moeder" and the like
        return [["or", [["w", "me"], ["w", "mijn"]]]]
    return [["w", word] for word in fold(folded).text.split()]


def concepts_in(node: Node) -> set[str]:
    """The names of all concepts that `node` refers to."""
    if node[0] == "k":
        return {node[1]}
    if node[0] in ("w", "p", "s", "c"):
        return set()
    children = [child for _, child in node[1]] if node[0] == "seq" else node[1]
    return set().union(*(concepts_in(child) for child in children))
