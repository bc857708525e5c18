"""Words and pieces of words as a sparse vector: what the encoder does not know, typos and slang."""

from __future__ import annotations

import functools
import itertools
import zlib
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

SIZE = 1 << 16
SHORTEST, LONGEST = 2, 5
WORDS_READ = 400  # of a text; the last ones, as the point comes late


def word_columns(word: str) -> list[int]:
    """The columns of one word (folded, lower case): of its n-grams and of itself, as often."""
    padded = f" {word[:40]} "
    pieces = [
        padded[start : start + length]
        for length in range(SHORTEST, LONGEST + 1)
        for start in range(max(1, len(padded) - length + 1))
    ]
    return [_column(piece) for piece in (*pieces, f"w={word}")]


def _column(feature: str) -> int:
    return zlib.crc32(feature.encode("utf-8", "replace")) % SIZE


def ngram_row(
    text: str, columns_of: Callable[[str], Sequence[int]] = word_columns
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Return columns and weights of `text` (folded): character n-grams inside words, words, pairs.

    Columns are ascending and unique, from 0 to `SIZE`, end out; the weights' squares sum to 1.
    Hashing needs no vocabulary, so a model stays small and every spelling has a place.
    `columns_of` may be a `word_columns` that remembers its answers.
    """
    words = text.lower().split()[-WORDS_READ:]
    found = list(itertools.chain.from_iterable(map(columns_of, words)))
    found += [_column(f"p={one}_{other}") for one, other in itertools.pairwise(words)]
    columns, counts = np.unique(np.array(found, np.int64), return_counts=True)
    weights = (1.0 + np.log(counts)).astype(np.float32)
    norm = float(np.sqrt((weights * weights).sum())) or 1.0
    return columns, weights / np.float32(norm)


def ngram_rows(
    texts: Iterable[str],
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return weights, columns and row starts (one more than rows) of many `texts` (folded).

    They are the parts of a sparse matrix in compressed rows. Each word is looked at once, and
    kept meanwhile: for lines of the editors' room, of which there are many, only.
    """
    columns_of = functools.cache(word_columns)
    rows = [ngram_row(text, columns_of) for text in texts]
    starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = np.concatenate([np.zeros(0, np.int64), *(columns for columns, _ in rows)])
    weights = np.concatenate([np.zeros(0, np.float32), *(weights for _, weights in rows)])
    return weights, columns, starts
