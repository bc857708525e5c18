"""Words and pieces of words as a sparse vector: what the encoder does not know, typos and slang."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

SIZE = 1 << 16
SHORTEST, LONGEST = 2, 5
WORDS_READ = 400  # of a text; the last ones, as the point comes late


def ngram_row(text: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Return columns and weights of `text` (folded): character n-grams inside words, words, pairs.

    Columns are ascending and unique, from 0 to `SIZE`, end out; the weights' squares sum to 1.
    Hashing needs no vocabulary, so a model stays small and every spelling has a place.
    """
    words = text.lower().split()[-WORDS_READ:]
    counts: dict[int, int] = {}
    for word in words:
        for column in word_columns(word):
            counts[column] = counts.get(column, 0) + 1
    for pair in itertools.pairwise(words):
        column = _column(f"p={pair[0]}_{pair[1]}")
        counts[column] = counts.get(column, 0) + 1
    columns = np.fromiter(sorted(counts), np.int64, len(counts))
    weights = np.array([1.0 + np.log(counts[column]) for column in columns.tolist()], np.float32)
    norm = float(np.sqrt((weights * weights).sum())) or 1.0
    return columns, weights / np.float32(norm)


def word_columns(word: str) -> Iterator[int]:
    """The columns of one word (folded, lower case): of its n-grams and of itself, as often."""
    padded = f" {word[:40]} "
    for length in range(SHORTEST, LONGEST + 1):
        for start in range(max(1, len(padded) - length + 1)):
            yield _column(padded[start : start + length])
    yield _column(f"w={word}")


def _column(feature: str) -> int:
    return zlib.crc32(feature.encode("utf-8", "replace")) % SIZE
