"""Matches patterns against positions, with one big integer per word: a bit a position.

All work is shifts and ANDs of integers as wide as the message, a fixed number per pattern:
time grows with the message and cannot explode, whatever is typed.

A match set is a dict {length: starts}: bit i of `starts` says that a match of that many
positions begins at position i.
"""

from __future__ import annotations

from nachtlicht.risk.pattern import NEAR

MatchSet = dict[int, int]
LEAF, SEQ, OR, NEARBY, ALL = range(5)


class Node:
    """One node of a compiled pattern; `number` is its place in the message's memory."""

    __slots__ = ("children", "gaps", "kind", "leaf", "needs", "number")

    def __init__(self, kind: int, number: int) -> None:
        """A node without parts; whoever builds it sets the rest."""
        self.kind = kind
        self.number = number
        self.leaf = -1
        self.children: list[Node] = []
        self.gaps: list[int] = []
        self.needs: tuple[int, ...] = ()


class Message:
    """The leaves of one message and what has been matched on it so far."""

    __slots__ = ("_free", "_full", "_memory", "_present", "leaves")

    def __init__(self, leaves: dict[int, int], length: int, negations: int) -> None:
        """`leaves` gives each leaf the bits of its positions; gaps stop at `negations`."""
        self.leaves = leaves
        self._full = (1 << length) - 1
        self._free = self._full & ~negations
        self._memory: dict[int, MatchSet] = {}
        present = 0
        for leaf in leaves:
            present |= 1 << leaf
        self._present = present

    def find(self, node: Node) -> MatchSet:
        """All matches of `node`."""
        if node.kind == LEAF:
            bits = self.leaves.get(node.leaf)
            return {1: bits} if bits else {}
        found = self._memory.get(node.number)
        if found is None:
            found = self._memory[node.number] = self._search(node)
        return found

    def _search(self, node: Node) -> MatchSet:
        present = self._present
        for any_of in node.needs:
            if not any_of & present:
                return {}
        if node.kind == SEQ:
            return self._sequence(node)
        if node.kind == OR:
            return self._any(node)
        sets = []
        for child in node.children:
            found = self.find(child)
            if not found:
                return {}
            sets.append(starts_of(found))
        if node.kind == ALL:
            return {1: sets[0]}
        together = -1
        either = 0
        for bits in sets:
            together &= _spread_down(bits, NEAR)
            either |= bits
        together &= either
        return {1: together} if together else {}

    def _any(self, node: Node) -> MatchSet:
        result: MatchSet = {}
        for child in node.children:
            for length, bits in self.find(child).items():
                result[length] = result.get(length, 0) | bits
        return result

    def _sequence(self, node: Node) -> MatchSet:
        parts: list[MatchSet] = []
        for child in node.children:
            found = self.find(child)
            if not found:
                return {}
            parts.append(found)
        states = parts[0]
        for gap, part in zip(node.gaps[1:], parts[1:], strict=True):
            states = self._step(states, gap, part)
            if not states:
                return {}
        return states

    def _step(self, states: MatchSet, gap: int, part: MatchSet) -> MatchSet:
        after: MatchSet = {}
        wanted = starts_of(part)
        free, full = self._free, self._full
        for length, bits in states.items():
            place = (bits << length) & full
            for skipped in range(gap + 1):
                if not place:
                    break
                if place & wanted:
                    shift = length + skipped
                    for size, starts in part.items():
                        hit = place & starts
                        if hit:
                            total = shift + size
                            after[total] = after.get(total, 0) | (hit >> shift)
                place = ((place & free) << 1) & full
        return after

    def locate(self, node: Node, start: int) -> tuple[int, int]:
        """First and last position (end exclusive) of a match of `node` that begins at `start`."""
        if node.kind == OR:
            for child in node.children:
                if starts_of(self.find(child)) >> start & 1:
                    return self.locate(child, start)
        if node.kind == NEARBY:
            ends = [start + 1]
            for child in node.children:
                window = starts_of(self.find(child)) >> start
                if window:
                    first = start + (window & -window).bit_length() - 1
                    ends.append(self.locate(child, first)[1])
            return start, max(ends)
        if node.kind == ALL:
            return self.locate(node.children[0], start)
        lengths = [size for size, bits in self.find(node).items() if bits >> start & 1]
        return start, start + max(lengths, default=1)


def starts_of(found: MatchSet) -> int:
    """The bits at which a match begins, of whatever length."""
    starts = 0
    for bits in found.values():
        starts |= bits
    return starts


def covered_by(found: MatchSet) -> int:
    """The bits that lie inside some match."""
    covered = 0
    for length, bits in found.items():
        covered |= _spread_up(bits, length - 1)
    return covered


def around(bits: int, distance: int) -> int:
    """`bits` and all positions within `distance` of them."""
    return _spread_up(_spread_down(bits, distance), distance)


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
