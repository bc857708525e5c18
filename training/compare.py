"""Compares detectors on writers that none of them has seen: one table, same data, same split."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from nachtlicht.encoder.ngrams import SIZE, ngram_row
from nachtlicht.text import fold
from training.data import LEVELS, Example


def ngram_matrix(texts: Sequence[str]) -> sparse.csr_matrix:
    """Return the folded texts as rows of `ngram_row`."""
    data, columns, starts = [], [], [0]
    for text in texts:
        own, weights = ngram_row(fold(text).text)
        columns.append(own)
        data.append(weights)
        starts.append(starts[-1] + len(own))
    shape = (len(texts), SIZE)
    return sparse.csr_matrix((np.concatenate(data), np.concatenate(columns), starts), shape)


def word_matrices(train: Sequence[str], test: Sequence[str]) -> tuple:
    """Return counts of words and pairs of words that the training lines hold."""
    counter = CountVectorizer(ngram_range=(1, 2), analyzer="word", binary=True)
    return counter.fit_transform([fold(t).text for t in train]), counter.transform(
        [fold(t).text for t in test]
    )


def fit_scores(train, target: np.ndarray, test, strength: float = 1.0) -> np.ndarray:
    """Fit one logistic regression and return its decision values for `test`."""
    model = LogisticRegression(C=strength, class_weight="balanced", max_iter=400)
    return model.fit(train, target).decision_function(test)


def recall_at(
    scores: np.ndarray, positive: np.ndarray, harmless: np.ndarray, alarms: float
) -> float:
    """Return the recall at the threshold that lets `alarms` of the harmless through."""
    limit = np.quantile(scores[harmless], 1 - alarms)
    return float((scores[positive] > limit).mean())


def masks(examples: Sequence[Example]) -> tuple[np.ndarray, np.ndarray]:
    """Return which lines are urgent or higher, and which are harmless (none, hard ones too)."""
    level = np.array([LEVELS.index(e.level) for e in examples])
    return level >= 2, level == 0
