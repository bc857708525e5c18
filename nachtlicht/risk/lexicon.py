"""Which words of a message mean what: exact, by beginning or ending, by sound, by one typo."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from nachtlicht.text import near_forms, sound_key

_SHORTEST_BY_SOUND = 4
_SHORTEST_BY_TYPO = 8  # shorter words have too many honest neighbours
_LONGEST_WORD = 40
_CACHE_LIMIT = 5_000

Word = tuple[tuple[int, ...], tuple[int, ...]]  # its leaves; for each term, possible nodes


class Lexicon:
    """Gives each word the leaves (words of patterns) that it satisfies."""

    def __init__(self, plain_words: frozenset[str]) -> None:
        """`plain_words` are usual words that are never taken for a misspelling of another."""
        self._plain = plain_words
        self._exact: dict[str, set[int]] = defaultdict(set)
        self._beginnings: dict[str, set[int]] = defaultdict(set)
        self._endings: dict[str, set[int]] = defaultdict(set)
        self._parts: dict[str, set[int]] = defaultdict(set)
        self._by_sound: dict[str, set[int]] = {}
        self._by_typo: dict[str, set[str]] = {}
        self._cache: dict[str, Word] = {}
        self._by_leaf: list[list[int]] = []

    def add(self, kind: str, word: str, leaf: int) -> None:
        """Let `word` (kind w, p, s or c as in patterns) satisfy `leaf`."""
        table = {"w": self._exact, "p": self._beginnings, "s": self._endings, "c": self._parts}
        table[kind][word].add(leaf)

    def close(self, by_leaf: list[list[int]]) -> None:
        """Build the tables for misspelt words; call once, after the last `add`.

        `by_leaf` gives, for each term and leaf, the bits of the nodes that it makes possible.
        """
        self._by_leaf = by_leaf
        sounds: dict[str, set[int]] = defaultdict(set)
        typos: dict[str, set[str]] = defaultdict(set)
        for word, leaves in self._exact.items():
            if len(word) >= _SHORTEST_BY_SOUND and word.isalpha():
                sounds[sound_key(word)] |= leaves
            if len(word) >= _SHORTEST_BY_TYPO and word.isalpha():
                for form in near_forms(word):
                    typos[form].add(word)
        self._by_sound, self._by_typo = dict(sounds), dict(typos)
        self._exact = dict(self._exact)

    def knows(self, word: str) -> bool:
        """Whether `word` stands literally in some pattern."""
        return word in self._exact

    def word(self, word: str) -> Word:
        """What `word` satisfies."""
        found = self._cache.get(word)
        if found is None:
            if len(self._cache) >= _CACHE_LIMIT:
                self._cache.clear()
            leaves = tuple(self._look_up(word))
            found = self._cache[word] = (leaves, tuple(self._terms(leaves)))
        return found

    def _terms(self, leaves: tuple[int, ...]) -> Iterator[int]:
        for table in self._by_leaf:
            bits = 0
            for leaf in leaves:
                bits |= table[leaf]
            yield bits

    def _look_up(self, word: str) -> set[int]:
        leaves = set(self._exact.get(word, ()))
        if len(word) > _LONGEST_WORD:
            return leaves
        for size in range(3, len(word) + 1):
            leaves |= self._beginnings.get(word[:size], set())
            leaves |= self._endings.get(word[-size:], set())
        for part, satisfied in self._parts.items():
            if part in word:
                leaves |= satisfied
        if leaves or word in self._exact or word in self._plain or not word.isalpha():
            return leaves
        return self._misspelt(word)

    def _misspelt(self, word: str) -> set[int]:
        if len(word) >= _SHORTEST_BY_SOUND:
            by_sound = self._by_sound.get(sound_key(word))
            if by_sound:
                return by_sound
        if len(word) < _SHORTEST_BY_TYPO - 1:
            return set()
        leaves: set[int] = set()
        for form in near_forms(word):
            for candidate in self._by_typo.get(form, ()):
                if candidate[0] == word[0] and abs(len(candidate) - len(word)) <= 1:
                    leaves |= self._exact[candidate]
        return leaves
