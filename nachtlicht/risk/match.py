"""Matches patterns against positions, with one big integer per word: a bit a position.

All work is shifts and ANDs of integers as wide as the message, a fixed number per pattern:
time grows with the message and cannot explode, whatever is typed.

A match set is a tuple (starts, ends, longest): bit i of `starts` says that a match begins at
position i, bit j of `ends` that one ends before j, and none is longer than `longest`. Which
start belongs to which end is not kept; within so short a span it makes no difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import compress
from operator import itemgetter

from nachtlicht.risk.pattern import NEAR

MatchSet = tuple[int, int, int]
LEAF, SEQ, OR, NEARBY, ALL = range(5)
NOTHING: MatchSet = (0, 0, 0)
_WIDEST_HOP = 5


class Node:
    """One node of a compiled pattern; `number` is its place among the nodes that are no leaf.

    `flag` is its place among the flags, from their end: flags are written like a number.
    """

    __slots__ = (
        "bare",
        "children",
        "flag",
        "gaps",
        "inner",
        "kind",
        "number",
        "order",
        "pick",
        "terms",
        "words",
    )

    def __init__(self, kind: int, number: int) -> None:
        """A node without parts; whoever builds it sets the rest."""
        self.kind = kind
        self.number = number
        self.flag = -1 - number
        self.words: frozenset[str] = frozenset()  # of a leaf: any of these, as the lexicon has them
        self.children: list[Node] = []
        self.bare: list[Node] = []  # the children that are leaves
        self.inner: list[Node] = []  # and those that are not
        self.pick: Callable[[bytes], tuple[int, ...]] = _none  # of all flags, the inner children's
        self.gaps: list[int] = []
        self.order: list[int] = []  # of the children: the rarest first
        self.terms: list[frozenset[int]] = []  # of each, at least one leaf must be there

    def adopt(self, children: list[Node]) -> None:
        """Take `children` for its parts."""
        self.children = children
        self.bare = [child for child in children if child.kind == LEAF]
        self.inner = [child for child in children if child.kind != LEAF]
        if self.inner:
            first, *rest = (child.flag for child in self.inner)
            self.pick = itemgetter(first, *rest, first)  # one more, so that it is always a tuple


def _none(_: bytes) -> tuple[int, ...]:
    return ()


class Message:
    """The words of one message and what has been matched on it so far."""

    __slots__ = ("_free", "_full", "_memory", "_places", "_possible", "without", "words")

    def __init__(
        self,
        places: Mapping[str, int],
        length: int,
        negation: Node,
        possible: bytes,
        without: int = 0,
    ) -> None:
        """`places` gives each word of the lexicon the bits of its positions.

        Gaps stop at the words of `negation`. `possible` has a 1 for every node that is no leaf
        and whose words are there at all, else a 0; the last is that of node 0. `without` says
        which positions were left out. `words` are those of the lexicon that are there.
        """
        self.without = without
        self._places = places
        self.words = frozenset(places)
        self._full = (1 << length) - 1
        self._memory: dict[Node, MatchSet] = {}
        self._possible = possible
        free = self._full & ~self.find(negation)[0]
        free2 = free & free >> 1
        free4 = free2 & free2 >> 2
        self._free = (0, free, free2, free2 & free >> 2, free4, free4 & free >> 4)

    def allowed(self, node: Node) -> Iterator[Node]:
        """The children of `node` that are no leaves and whose words are there."""
        return compress(node.inner, node.pick(self._possible))

    def find(self, node: Node) -> MatchSet:
        """All matches of `node`."""
        found = self._memory.get(node)
        if found is None:
            found = self._leaf(node) if node.kind == LEAF else self._search(node)
            self._memory[node] = found
        return found

    def holds(self, node: Node) -> bool:
        """Whether `node` matches anywhere."""
        return self.find(node)[0] != 0

    def _leaf(self, node: Node) -> MatchSet:
        bits = 0
        for word in self.words & node.words:
            bits |= self._places[word]
        return (bits, bits << 1, 1) if bits else NOTHING

    def _search(self, node: Node) -> MatchSet:
        if not self._possible[node.flag]:
            return NOTHING
        if node.kind == OR:
            return self._any(node)
        if 0 in node.pick(self._possible):
            return NOTHING
        children, memory = node.children, self._memory
        sets = [NOTHING] * len(children)
        for place in node.order:
            child = children[place]
            found = sets[place] = memory.get(child) or self.find(child)
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
        for child in (*node.bare, *self.allowed(node)):
            found = memory.get(child) or self.find(child)
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


class Index:
    """Tells which of many patterns match a message, looking only at what its words allow."""

    def __init__(self, patterns: Mapping[str, Node]) -> None:
        """`patterns` gives the node of each code."""
        self._by_word: dict[str, set[str]] = defaultdict(set)
        self._by_node: dict[Node, set[str]] = defaultdict(set)
        for code, pattern in patterns.items():
            for node in _alternatives(pattern):
                if node.kind != LEAF:
                    self._by_node[node].add(code)
                for word in node.words:
                    self._by_word[word].add(code)
        self._any = Node(OR, -1)
        if self._by_node:
            self._any.adopt(list(self._by_node))

    def held(self, message: Message) -> set[str]:
        """The codes of all patterns that match anywhere."""
        codes: set[str] = set()
        for word in message.words & self._by_word.keys():
            codes |= self._by_word[word]
        for node in message.allowed(self._any):
            if message.find(node)[0]:
                codes |= self._by_node[node]
        return codes


def _alternatives(node: Node) -> Iterator[Node]:
    if node.kind != OR:
        yield node
        return
    for child in node.children:
        yield from _alternatives(child)


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
