"""Matches patterns against positions, with one big integer per word: a bit a position.

All work is shifts and ANDs of integers as wide as the message, a fixed number per pattern:
time grows with the message and cannot explode, whatever is typed.

A match set is a tuple (starts, ends, longest): bit i of `starts` says that a match begins at
position i, bit j of `ends` that one ends before j, and none is longer than `longest`. Which
start belongs to which end is not kept; within so short a span it makes no difference.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import compress
from operator import itemgetter

from nachtlicht.risk.pattern import NEAR

MatchSet = tuple[int, int, int]
LEAF, SEQ, OR, NEARBY, ALL = range(5)
NOTHING: MatchSet = (0, 0, 0)
_WIDEST_HOP = 5


class Node:
    """One node of a compiled pattern; `number` is its place among all nodes."""

    __slots__ = ("children", "gaps", "kind", "leaf", "number", "order", "pick", "terms")

    def __init__(self, kind: int, number: int) -> None:
        """A node without parts; whoever builds it sets the rest."""
        self.kind = kind
        self.number = number
        self.leaf = -1
        self.children: list[Node] = []
        self.pick: Callable[[bytes], tuple[int, ...]] = tuple  # of all flags, the children's
        self.gaps: list[int] = []
        self.order: list[int] = []  # of the children: the rarest first
        self.terms: list[frozenset[int]] = []  # of each, at least one leaf must be there

    def adopt(self, children: list[Node]) -> None:
        """Take `children` for its parts."""
        self.children = children
        first, *rest = (child.number for child in children)
        self.pick = itemgetter(first, *rest, first)  # one more, so that it is always a tuple


class Message:
    """The leaves of one message and what has been matched on it so far."""

    __slots__ = ("_free", "_full", "_memory", "_possible", "leaves")

    def __init__(
        self, leaves: dict[int, int], length: int, negations: int, possible: bytes
    ) -> None:
        """`leaves` gives each leaf the bits of its positions; gaps stop at `negations`.

        `possible` has a 1 for every node whose words are there at all, else a 0.
        """
        self.leaves = leaves
        self._full = (1 << length) - 1
        self._memory: dict[int, MatchSet] = {}
        self._possible = possible
        free = self._full & ~negations
        free2 = free & free >> 1
        free4 = free2 & free2 >> 2
        self._free = (0, free, free2, free2 & free >> 2, free4, free4 & free >> 4)

    def find(self, node: Node) -> MatchSet:
        """All matches of `node`."""
        if node.kind == LEAF:
            bits = self.leaves.get(node.leaf, 0)
            return (bits, bits << 1, 1) if bits else NOTHING
        if not self._possible[node.number]:
            return NOTHING
        found = self._memory.get(node.number)
        if found is None:
            found = self._memory[node.number] = self._search(node)
        return found

    def holds(self, node: Node) -> bool:
        """Whether `node` matches anywhere."""
        return self.find(node)[0] != 0

    def _search(self, node: Node) -> MatchSet:
        if node.kind == OR:
            return self._any(node)
        if not all(node.pick(self._possible)):
            return NOTHING
        children = node.children
        sets = [NOTHING] * len(children)
        for place in node.order:
            found = sets[place] = self.find(children[place])
            if not found[0]:
                return NOTHING
        if node.kind == SEQ:
            return self._sequence(sets, node.gaps)
        if node.kind == ALL:
            return sets[0]
        together = -1
        either = 0
        for bits, _, _ in sets:
            together &= _spread_down(bits, NEAR)
            either |= bits
        together &= either
        return (together, together << 1, 1) if together else NOTHING

    def _any(self, node: Node) -> MatchSet:
        starts = ends = longest = 0
        memory = self._memory
        for child in compress(node.children, node.pick(self._possible)):
            found = memory.get(child.number) or self.find(child)
            if found[0]:
                starts |= found[0]
                ends |= found[1]
                longest = max(longest, found[2])
        return (starts, ends, longest) if starts else NOTHING

    def _sequence(self, sets: list[MatchSet], gaps: list[int]) -> MatchSet:
        first, ends, longest = sets[0]
        full = self._full
        for gap, (next_starts, next_ends, next_longest) in zip(gaps[1:], sets[1:], strict=True):
            entered = self._reach(ends & full, gap) & next_starts
            if not entered:
                return NOTHING
            ends = entered << 1
            if next_longest > 1:
                ends = _spread_up(ends, next_longest - 1) & next_ends
            longest += gap + next_longest
        starts = first & _spread_down(ends >> 1, longest)
        return (starts, ends, longest) if starts else NOTHING

    def _reach(self, places: int, gap: int) -> int:
        """`places` and those up to `gap` further on, with no negation in between."""
        hop = 1
        while gap > 0:
            hop = min(hop, gap, _WIDEST_HOP)
            places |= (places & self._free[hop]) << hop
            gap -= hop
            hop *= 2
            hop = min(hop, 4) if gap > _WIDEST_HOP else hop
        return places & self._full

    def locate(self, node: Node, start: int) -> tuple[int, int]:
        """First and last position (end exclusive) of a match of `node` that begins at `start`."""
        if node.kind == OR:
            for child in node.children:
                if self.find(child)[0] >> start & 1:
                    return self.locate(child, start)
        if node.kind == NEARBY:
            ends = [start + 1]
            for child in node.children:
                window = self.find(child)[0] >> start
                if window:
                    first = start + (window & -window).bit_length() - 1
                    ends.append(self.locate(child, first)[1])
            return start, max(ends)
        if node.kind == ALL:
            return self.locate(node.children[0], start)
        ahead = self.find(node)[1] >> (start + 1)
        return start, start + max(1, (ahead & -ahead).bit_length())

    def covered(self, node: Node) -> int:
        """The bits that lie inside a match of `node`."""
        if node.kind == OR:
            bits = 0
            for child in node.children:
                bits |= self.covered(child)
            return bits
        starts, ends, longest = self.find(node)
        if not starts:
            return 0
        return _spread_up(starts, longest - 1) & _spread_down(ends >> 1, longest - 1)

    def near(self, node: Node, distance: int) -> int:
        """The bits within `distance` of where a match of `node` begins or ends."""
        starts, ends, _ = self.find(node)
        bits = starts | ends >> 1
        return _spread_up(_spread_down(bits, distance), distance) if bits else 0


def _spread_down(bits: int, distance: int) -> int:
    step = 1
    while distance > 0:
        step = min(step, distance)
        bits |= bits >> step
        distance -= step
        step *= 2
    return bits


def _spread_up(bits: int, distance: int) -> int:
    step = 1
    while distance > 0:
        step = min(step, distance)
        bits |= bits << step
        distance -= step
        step *= 2
    return bits
