"""Near-duplicates among the examples: lines that differ in one word, made by filling slots."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterator

from nachtlicht.content.checks.examples import fold_example
from nachtlicht.content.issue import Issue
from nachtlicht.content.sources import Example, Sources

RULE = "lijkt"
MOST = 0.02  # share of all examples
SHORTEST = 4  # words: shorter lines are alike by nature
SHOWN = 20


@dataclasses.dataclass(frozen=True)
class NearDuplicates:
    """Pairs of lines that differ in one word; `lines` is how many examples have such a twin."""

    examples: int
    pairs: tuple[tuple[Example, Example], ...]
    lines: int

    @property
    def share(self) -> float:
        """The share of the examples that has such a twin."""
        return self.lines / self.examples if self.examples else 0.0


def check(sources: Sources) -> Iterator[Issue]:
    """Name the twins when there are too many of them."""
    found = near_duplicates(list(sources.examples()))
    if found.share <= MOST:
        return
    told = (
        f"{found.share:.1%} van de {found.examples} voorbeelden verschilt maar één woord van "
        f"een ander voorbeeld; {MOST:.0%} is het meeste. Schrijf elke zin vanuit iemand anders."
    )
    yield Issue(sources.data / "nlu", 0, RULE, told)
    for one, other in found.pairs[:SHOWN]:
        told = f"{other.text!r} lijkt te veel op regel {one.line} van {one.path.name}."
        yield Issue(other.path, other.line, RULE, told)


def near_duplicates(examples: list[Example]) -> NearDuplicates:
    """Find all lines that differ in one word; linear in the number of words.

    Each line leaves a key for every word, with that word taken out. Two lines that share a
    key differ in one word at most.
    """
    keys: dict[tuple[str, ...], list[int]] = defaultdict(list)
    folded = [tuple(fold_example(example.text).split()) for example in examples]
    for index, words in enumerate(folded):
        if len(words) < SHORTEST:
            continue
        keys[words].append(index)
        for place in range(len(words)):
            keys[words[:place] + words[place + 1 :]].append(index)
    twins: dict[int, int] = {}
    for sharing in keys.values():
        for index in sharing[1:]:
            if index != sharing[0]:
                twins.setdefault(max(index, sharing[0]), min(index, sharing[0]))
    pairs = tuple((examples[one], examples[other]) for other, one in sorted(twins.items()))
    return NearDuplicates(len(examples), pairs, len(twins))
