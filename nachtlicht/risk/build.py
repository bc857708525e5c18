"""Builds the nodes that match from the trees in risk.json, sharing what is equal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from nachtlicht.risk.lexicon import Lexicon
from nachtlicht.risk.match import ALL, LEAF, NEARBY, OR, SEQ, Node
from nachtlicht.risk.pattern import BOUNDARY, GAP
from nachtlicht.risk.signals import RiskRulesError

_BARE = ("w", "p", "s", "c")
TERMS = 3  # of a pattern: its rarest parts decide whether it is looked at
_EVERYWHERE, _COMMON, _RARE = 1000, 50, 1  # how often a word comes by, very roughly
_COMMON_WORDS = frozenset(
    """ik hij ze zij het de een en is dat die niet van in op met mijn me mij voor er maar te wat
    aan heeft heb was om bij naar als dan of hem haar je we nu nog al wil ga moet doen kan weer
    geen door zo ook over uit zijn ben gaat doet deed dit daar hoe waar wie iemand iets alles nee
    ja echt gewoon toch heel meer komt kom zegt zei weet had zit staat""".split()  # noqa: SIM905
)


class Builder:
    """Turns trees into nodes; equal trees become one node, matched once a message."""

    def __init__(self, concepts: Mapping[str, Any], lexicon: Lexicon) -> None:
        """`concepts` maps each name to its list of trees."""
        self.nodes: list[Node] = []  # all that are no leaf
        self._concepts = concepts
        self._lexicon = lexicon
        self._built: dict[str, Node] = {}
        self._under_way: set[str] = set()
        self._leaf_costs: list[int] = []

    def concept(self, name: str) -> Node:
        """The node of the concept called `name`.

        Raises:
            RiskRulesError: it is unknown, or refers to itself.
        """
        key = "{" + name
        if key not in self._built:
            if name not in self._concepts:
                raise RiskRulesError(f"No concept is called {name!r}.")
            if name in self._under_way:
                raise RiskRulesError(f"The concept {name!r} refers to itself.")
            self._under_way.add(name)
            self._built[key] = self.any_of(self._concepts[name])
            self._under_way.discard(name)
        return self._built[key]

    def any_of(self, trees: Iterable[Any]) -> Node:
        """A node that matches where any of `trees` does; bare words become one leaf."""
        trees = list(trees)
        bare = [tree for tree in trees if tree[0] in _BARE]
        nodes = [self._leaf(bare)] if bare else []
        nodes += [self.node(tree) for tree in trees if tree[0] not in _BARE]
        return nodes[0] if len(nodes) == 1 else self._inner(OR, nodes)

    def node(self, tree: Any) -> Node:
        """The node of one tree."""
        if tree[0] == "k":
            return self.concept(tree[1])
        key = json.dumps(tree)
        if key not in self._built:
            self._built[key] = self._make(tree)
        return self._built[key]

    def _make(self, tree: Any) -> Node:
        kind, parts = tree[0], tree[1]
        if kind in _BARE:
            return self._leaf([tree])
        if kind == "or":
            return self.any_of(parts)
        if kind == "seq":
            node = self._inner(SEQ, [self.node(part) for _, part in parts])
            node.gaps = [int(gap) for gap, _ in parts]
            return node
        if kind in ("near", "all"):
            children = [self.node(part) for part in parts]
            return self._inner(NEARBY if kind == "near" else ALL, children)
        raise RiskRulesError(f"Unknown kind of pattern: {kind!r}.")

    def _leaf(self, bare: list[Any]) -> Node:
        key = json.dumps(sorted(bare))
        if key not in self._built:
            leaf = len(self._leaf_costs)
            self._leaf_costs.append(sum(_cost(word) for _, word in bare))
            node = Node(LEAF, -1)
            node.terms = [frozenset((leaf,))]
            node.words = frozenset(self._lexicon.add(kind, word, leaf) for kind, word in bare)
            self._built[key] = node
        return self._built[key]

    def _inner(self, kind: int, children: list[Node]) -> Node:
        node = Node(kind, len(self.nodes))
        self.nodes.append(node)
        node.adopt(children)
        rarest = [child.terms[0] for child in children]
        node.order = sorted(range(len(children)), key=lambda place: self._cost(rarest[place]))
        if kind == OR:  # some child matches, so something of each of that child's parts is there
            node.terms = [
                frozenset().union(
                    *(child.terms[min(place, len(child.terms) - 1)] for child in children)
                )
                for place in range(TERMS)
            ]
        else:
            parts = {term for child in children for term in child.terms}
            node.terms = sorted(parts, key=lambda term: (self._cost(term), sorted(term)))[:TERMS]
        return node

    def across(self, node: Node) -> Node | None:
        """What of `node` can match words of two lines of a talk, or None.

        Not single words, nor words in a row with narrow gaps: the pause between two lines is
        wider. All else can.
        """
        if node.kind == OR:
            parts = [part for child in node.children if (part := self.across(child))]
            if parts == node.children or not parts:
                return node if parts else None
            return parts[0] if len(parts) == 1 else self._inner(OR, parts)
        if node.kind == SEQ and max(node.gaps) <= GAP and all(map(_is_word, node.children)):
            return None
        return None if _is_word(node) else node

    def _cost(self, term: frozenset[int]) -> int:
        return sum(self._leaf_costs[leaf] for leaf in term)

    def possible(self) -> tuple[list[list[int]], int]:
        """For each leaf the bits that it sets, and the bits that need no leaf.

        Of every node there is one bit for each of the terms, at `number` plus as many times the
        number of nodes: a node is possible in a message that sets them all.
        """
        count = len(self.nodes)
        by_leaf: list[list[int]] = [[] for _ in self._leaf_costs]
        without = 0
        for node in self.nodes:
            for place in range(TERMS):
                bit = place * count + node.number
                if place >= len(node.terms):
                    without |= 1 << bit
                    continue
                for leaf in node.terms[place]:
                    by_leaf[leaf].append(bit)
        return by_leaf, without


def _is_word(node: Node) -> bool:
    """Whether it matches single words only, and no pause."""
    if node.kind == LEAF:
        return BOUNDARY not in node.words
    return node.kind == OR and all(map(_is_word, node.children))


def _cost(word: str) -> int:
    if word == BOUNDARY:
        return _EVERYWHERE
    return _COMMON if word in _COMMON_WORDS else _RARE
