"""Trains the risk classifier on the examples of the editors' room, calibrated on unseen writers."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.model_selection import GroupKFold

from nachtlicht.encoder import SIZE, Encoder, ngram_rows
from nachtlicht.encoder.classifier import LEVELS
from nachtlicht.risk import RiskLevel
from nachtlicht.text import fold

FOLDS = 5
# Inverse regularisation, chosen on writers that were left out.
WORDS_STRENGTH, VECTOR_STRENGTH = 10.0, 0.3
THEME_STRENGTH, THEME_VECTOR_STRENGTH = 40.0, 3.0
RULES_STRENGTH = 10.0
# The rules were written with lines of the writers in view on whom they are weighed here. On eight
# writers who came later, three quarters of that weight tells danger from heavy words better.
RULES_TRUST = 0.75
SEED = 42

Progress = Callable[[str], None]
Floats = npt.NDArray[np.float32]


@dataclasses.dataclass(frozen=True)
class Labelled:
    """One example as the model sees it."""

    text: str
    level: str
    theme: str
    writer: str
    by_rules: int = 0  # how serious the rules think it is; needed where the encoder is honest


class TooFewWriters(Exception):
    """A model cannot be calibrated on writers it has not seen when there are not two."""

    code = "too_few_writers"


def train_risk_model(
    examples: Sequence[Labelled],
    thresholds: dict[str, float],
    path: Path,
    *,
    encoder: Encoder | None = None,
    vectors: Floats | None = None,
    progress: Progress = lambda _: None,
) -> None:
    """Train on `examples` and write the model to `path`.

    Each chance is calibrated by what models of the other writers said of a writer's lines: a
    model that knows the writer is far too sure. So is an encoder: with one, only the lines of
    writers that were held out of its training calibrate; without those, of all it does not know.
    `vectors` are those of `encoder`, a row each.

    Raises:
        TooFewWriters: there are fewer than two, or the encoder knows them all.
    """
    writers = np.array([example.writer for example in examples])
    if len(set(writers.tolist())) < 2:
        raise TooFewWriters("The risk model needs examples by at least two writers.")
    honest = _honest(writers, encoder)
    known = ~honest
    if vectors is not None and (known.all() or not known.any()):
        raise TooFewWriters("The encoder must know some of the writers, and not all.")
    words = word_rows([example.text for example in examples])
    reached = np.array([[_level(e) > column for column in range(3)] for e in examples])
    by_rules = np.array([[example.by_rules > step for step in range(3)] for example in examples])
    arrays: dict[str, Any] = {
        name: np.zeros((3, 3), np.float32) for name in ("level_mix", "level_rules")
    }
    parts: dict[str, list[Any]] = {"level_words": [], "level_bias": []}
    if vectors is not None:
        parts |= {"level_vectors": [], "level_vector_bias": []}
    for column, name in enumerate(LEVELS):
        progress(f"Risicomodel: {name}")
        target = reached[:, column].astype(int)
        model = _fit(words, target, WORDS_STRENGTH)
        parts["level_words"].append(model.coef_[0])
        parts["level_bias"].append(model.intercept_[0])
        if vectors is not None:
            whole = _fit(vectors, target, VECTOR_STRENGTH)
            parts["level_vectors"].append(whole.coef_[0])
            parts["level_vector_bias"].append(whole.intercept_[0])
            unseen = [
                _fit(rows[known], target[known], strength).decision_function(rows)
                for rows, strength in ((words, WORDS_STRENGTH), (vectors, VECTOR_STRENGTH))
            ]
        else:
            unseen = [_unseen_scores(words, target, writers, WORDS_STRENGTH)]
        mix, added = _calibrate([s[honest] for s in unseen], by_rules[honest], target[honest])
        arrays["level_mix"][column], arrays["level_rules"][column] = mix, added
    arrays |= {name: np.array(rows, np.float32) for name, rows in parts.items()}
    progress("Risicomodel: thema")
    themes = _fit_themes(words, vectors, examples, arrays)
    about = {
        "themes": themes,
        "thresholds": thresholds,
        "encoder": encoder.version if encoder is not None and vectors is not None else None,
        "examples": len(examples),
        "writers": len(set(writers.tolist())),
    }
    # float16 halves the file; the weights need no more than three digits.
    small = {
        name: array.astype(np.float16) if array.ndim == 2 and array.shape[1] > 3 else array
        for name, array in arrays.items()
    }
    np.savez_compressed(path, about=np.array(json.dumps(about)), **small)


def _honest(writers: npt.NDArray[Any], encoder: Encoder | None) -> npt.NDArray[np.bool_]:
    """Which lines may calibrate: those of a usual mix of writers that the encoder never read."""
    if encoder is None:
        return np.ones(len(writers), bool)
    held_out = np.isin(writers, sorted(encoder.held_out))
    return held_out if held_out.any() else ~np.isin(writers, sorted(encoder.writers))


def word_rows(texts: Sequence[str]) -> sparse.csr_matrix:
    """Return the folded texts as a sparse matrix (texts, SIZE)."""
    parts = ngram_rows(fold(text).text for text in texts)
    return sparse.csr_matrix(parts, (len(texts), SIZE))


def _fit(rows: Any, target: npt.NDArray[Any], strength: float) -> SGDClassifier:
    """Fit by stochastic descent: seconds, where the exact way takes minutes."""
    alpha = 1.0 / (strength * rows.shape[0])
    model = SGDClassifier(
        loss="log_loss",
        alpha=alpha,
        max_iter=15,
        tol=None,
        class_weight="balanced",
        random_state=SEED,
        average=True,
    )
    return model.fit(rows, target)


def _unseen_scores(
    rows: Any, target: npt.NDArray[np.int64], writers: npt.NDArray[Any], strength: float
) -> npt.NDArray[np.float64]:
    """Return for each line the score of a model that has not seen its writer."""
    scores = np.zeros(len(target))
    folds = GroupKFold(min(FOLDS, len(set(writers.tolist()))))
    for train, test in folds.split(rows, target, writers):
        scores[test] = _fit(rows[train], target[train], strength).decision_function(rows[test])
    return scores


def _calibrate(
    unseen: list[npt.NDArray[np.float64]],
    by_rules: npt.NDArray[np.bool_],
    target: npt.NDArray[np.int64],
) -> tuple[Floats, Floats]:
    """Return two rows: weight of the words, of the vector (0 without), constant; rules' weights.

    What a rule sees never counts against danger.
    """
    model = LogisticRegression(C=RULES_STRENGTH, max_iter=300)
    model.fit(np.column_stack([*unseen, by_rules]), target)
    scores, rules = np.split(model.coef_[0], [len(unseen)])
    weights = [*scores.tolist(), 0.0][:2]
    mix = np.array([*weights, model.intercept_[0]], np.float32)
    return mix, (RULES_TRUST * np.maximum(rules, 0.0)).astype(np.float32)


def _fit_themes(
    words: sparse.csr_matrix,
    vectors: Floats | None,
    examples: Sequence[Labelled],
    arrays: dict[str, Any],
) -> list[str]:
    """Add the heads of the themes to `arrays`; returns the names in order.

    Only lines that tell of something have a theme to learn from. Words and vectors are fitted
    apart and added up: fitted together, the vectors, which know these lines, drown the words.
    """
    keep = np.array([_level(example) > RiskLevel.NONE for example in examples])
    names = np.array([example.theme for example in examples])[keep]
    model = _fit(words[keep], names, THEME_STRENGTH)
    arrays["theme_words"] = model.coef_.astype(np.float32)
    arrays["theme_bias"] = model.intercept_.astype(np.float32)
    if vectors is not None:
        own = LogisticRegression(C=THEME_VECTOR_STRENGTH, max_iter=300).fit(vectors[keep], names)
        arrays["theme_vectors"] = own.coef_.astype(np.float32)
        arrays["theme_bias"] += own.intercept_.astype(np.float32)
    return [str(name) for name in model.classes_]


def _level(example: Labelled) -> RiskLevel:
    return RiskLevel.from_label(example.level)
