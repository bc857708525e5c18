"""Builds the nodes that match from the trees in risk.json, sharing what is equal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from nachtlicht.risk.lexicon import Lexicon
from nachtlicht.risk.match import ALL, LEAF, NEARBY, OR, SEQ, Node
from nachtlicht.risk.pattern import BOUNDARY
from nachtlicht.risk.signals import RiskRulesError

_BARE = ("w", "p", "s", "c")
_TERMS = 3  # of a pattern: its rarest parts decide whether it is looked at


class Builder:
    """Turns trees into nodes; equal trees become one node, matched once a message."""

    def __init__(self, concepts: Mapping[str, Any], lexicon: Lexicon) -> None:
        """`concepts` maps each name to its list of trees."""
        self.nodes: list[Node] = []
        self._concepts = concepts
        self._lexicon = lexicon
        self._built: dict[str, Node] = {}
        self._under_way: set[str] = set()
        self._closures: list[frozenset[int]] = []
        self._leaf_count = 0
        self._boundary: frozenset[int] = frozenset()

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
            leaf = self._leaf_count
            if bare == [["w", BOUNDARY]]:
                self._boundary = frozenset((leaf,))
            self._leaf_count += 1
            node = self._new(LEAF, frozenset((leaf,)))
            node.leaf = leaf
            node.terms = [frozenset((leaf,))]
            for kind, word in bare:
                self._lexicon.add(kind, word, leaf)
            self._built[key] = node
        return self._built[key]

    def _inner(self, kind: int, children: list[Node]) -> Node:
        closures = [self._closures[child.number] for child in children]
        node = self._new(kind, frozenset().union(*closures))
        node.adopt(children)
        node.order = sorted(range(len(children)), key=lambda place: len(closures[place]))
        terms = [self._closures[node.number]] if kind == OR else sorted(set(closures), key=len)
        if self._boundary in terms and len(terms) > 1:  # it is in every message
            terms.remove(self._boundary)
        node.terms = terms[:_TERMS]
        return node

    def _new(self, kind: int, closure: frozenset[int]) -> Node:
        node = Node(kind, len(self.nodes))
        self.nodes.append(node)
        self._closures.append(closure)
        return node

    def term_bits(self) -> tuple[list[list[int]], list[int]]:
        """For each of the terms: the nodes that a leaf makes possible, and those without it.

        Nodes of which some leaf of every term is in a message are possible there.
        """
        by_leaf = [[0] * self._leaf_count for _ in range(_TERMS)]
        without = [0] * _TERMS
        for node in self.nodes:
            bit = 1 << node.number
            for place in range(_TERMS):
                if place >= len(node.terms):
                    without[place] |= bit
                    continue
                for leaf in node.terms[place]:
                    by_leaf[place][leaf] |= bit
        return by_leaf, without
