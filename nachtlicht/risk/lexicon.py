"""Which words of a message mean what: exact, by beginning or ending, by sound, by one typo."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from nachtlicht.text import near_forms, sound_key

_SHORTEST_BY_SOUND = 4
_SHORTEST_BY_TYPO = 8  # shorter words have too many honest neighbours
_LONGEST_WORD = 40
_REMEMBERED_WORDS = 4096  # single words; which message they came from is not kept

# How a word of a pattern is called in here, by its kind: w, p, s or c as in patterns.
_NAMES = {"w": "{}", "p": "{}*", "s": "*{}", "c": "*{}*"}


class Lexicon:
    """Gives each word of a message the words of patterns that it stands for, by their names."""

    def __init__(self, plain_words: frozenset[str]) -> None:
        """`plain_words` are usual words that are never taken for a misspelling of another."""
        self._plain = plain_words
        self._leaves: dict[str, set[int]] = defaultdict(set)
        self._exact: set[str] = set()
        self._beginnings: set[str] = set()
        self._endings: set[str] = set()
        self._parts: set[str] = set()
        self._sizes: list[int] = []  # of beginnings and endings, ascending
        self._by_sound: dict[str, list[str]] = {}
        self._by_typo: dict[str, list[str]] = {}
        self._by_leaf: Sequence[Sequence[int]] = ()
        self._bits: dict[str, int] = {}
        # The names of the words of patterns that a message's word stands for.
        self.meant = functools.lru_cache(_REMEMBERED_WORDS)(self._look_up)

    def add(self, kind: str, word: str, leaf: int) -> str:
        """Let `word` (kind w, p, s or c as in patterns) satisfy `leaf`; returns its name."""
        table = {"w": self._exact, "p": self._beginnings, "s": self._endings, "c": self._parts}
        table[kind].add(word)
        name = _NAMES[kind].format(word)
        self._leaves[name].add(leaf)
        return name

    def close(self, by_leaf: Sequence[Sequence[int]]) -> None:
        """Build the tables for misspelt words; call once, after the last `add`.

        `by_leaf` gives for each leaf the bits that it sets, as `Builder.possible` has them.
        """
        self._by_leaf = by_leaf
        self._sizes = sorted({len(word) for word in self._beginnings | self._endings})
        sounds: dict[str, list[str]] = defaultdict(list)
        typos: dict[str, list[str]] = defaultdict(list)
        for word in self._exact:
            if len(word) >= _SHORTEST_BY_SOUND and word.isalpha():
                sounds[sound_key(word)].append(word)
            if len(word) >= _SHORTEST_BY_TYPO and word.isalpha():
                for form in near_forms(word):
                    typos[form].append(word)
        self._by_sound, self._by_typo = dict(sounds), dict(typos)

    def knows(self, word: str) -> bool:
        """Whether `word` stands literally in some pattern."""
        return word in self._exact

    def bits(self, name: str) -> int:
        """All bits that the word of patterns called `name` sets."""
        bits = self._bits.get(name)
        if bits is None:
            places = {bit for leaf in self._leaves[name] for bit in self._by_leaf[leaf]}
            bits = self._bits[name] = _number(places)
        return bits

    def _look_up(self, word: str) -> tuple[str, ...]:
        names = [word] if word in self._exact else []
        if len(word) > _LONGEST_WORD:
            return tuple(names)
        names.extend(self._pieces(word))
        if names or word in self._plain or not word.isalpha():
            return tuple(names)
        return tuple(self._misspelt(word))

    def _pieces(self, word: str) -> Iterator[str]:
        """The names of what `word` begins with, ends in or contains."""
        for size in self._sizes:
            if size > len(word):
                break
            if word[:size] in self._beginnings:
                yield _NAMES["p"].format(word[:size])
            if word[-size:] in self._endings:
                yield _NAMES["s"].format(word[-size:])
        for part in self._parts:
            if part in word:
                yield _NAMES["c"].format(part)

    def _misspelt(self, word: str) -> Sequence[str]:
        if len(word) >= _SHORTEST_BY_SOUND:
            by_sound = self._by_sound.get(sound_key(word))
            if by_sound:
                return by_sound
        if len(word) < _SHORTEST_BY_TYPO - 1:
            return ()
        return sorted(
            {
                candidate
                for form in near_forms(word)
                for candidate in self._by_typo.get(form, ())
                if candidate[0] == word[0] and abs(len(candidate) - len(word)) <= 1
            }
        )


def _number(bits: Collection[int]) -> int:
    """The integer in which `bits` are 1."""
    octets = bytearray(max(bits, default=0) // 8 + 1)
    for bit in bits:
        octets[bit >> 3] |= 1 << (bit & 7)
    return int.from_bytes(octets, "little")
