"""Compares detectors on writers that none of them has seen: one table, same data, same split.

    python -m training.compare --encoder models/encoder [--frozen FOLDER] [--every N]

Trains on the writers that the encoder knows, tests on those that were held out. FOLDER is where
the encoder as it was before fine-tuning is kept; it is made there when it is not (a minute).
With N only every Nth line is trained on, to stand beside `training.diet`.
"""

from __future__ import annotations

import argparse
import dataclasses
import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression, SGDClassifier

from nachtlicht.content.risk_model import word_rows
from nachtlicht.encoder.encoder import Encoder
from nachtlicht.text import fold
from training.data import HELD_OUT, LEVELS, Example, read_examples

ALARMS = (0.03, 0.05)
Rows = Callable[[Sequence[str]], Any]


@dataclasses.dataclass(frozen=True)
class Split:
    """Lines to train on and lines of other writers to test on."""

    train: list[Example]
    test: list[Example]

    @classmethod
    def of(cls, everything: Sequence[Example], every: int = 1) -> Split:
        """Train on every `every`-th line of the known writers, test on all of those held out."""
        known = [e for e in everything if e.writer not in HELD_OUT]
        return cls(known[::every], [e for e in everything if e.writer in HELD_OUT])

    def urgent(self, part: Sequence[Example]) -> np.ndarray:
        """Return which lines are urgent or acute."""
        return np.array([LEVELS.index(e.level) >= 2 for e in part])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("data/nlu"))
    parser.add_argument("--encoder", type=Path, default=Path("models/encoder"))
    parser.add_argument("--frozen", type=Path, default=Path("var/encoder-before"))
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    everything = read_examples(options.data)
    split = Split.of(everything, options.every)
    tuned, frozen = Encoder.load(options.encoder, threads=2), _frozen(options.frozen, everything)
    print(f"{len(split.train)} lines to train on, {len(split.test)} of {HELD_OUT} to test on")
    print("detector | recall at 3 % | at 5 % | heads trained in s | ms a message | peak MB so far")
    scores = {}
    for name, rows in {
        "words and pairs": _words([e.text for e in split.train]),
        "pieces of words": word_rows,
        "encoder as it came": frozen.vectors,
        "fine-tuned": tuned.vectors,
    }.items():
        scores[name] = _measure(name, rows, split)
    for parts in (
        ("pieces of words", "encoder as it came"),
        ("pieces of words", "fine-tuned"),
    ):
        both = np.column_stack([scores[part] for part in parts])
        _report(" + ".join(parts), _summed(both), split)


def _words(train: Sequence[str]) -> Rows:
    """Return what counts the words, and pairs of words, that the training lines hold."""
    counter = CountVectorizer(ngram_range=(1, 2), analyzer="word", binary=True)
    counter.fit([fold(text).text for text in train])
    return lambda texts: counter.transform([fold(text).text for text in texts])


def _frozen(folder: Path, examples: Sequence[Example]) -> Encoder:
    """Load the encoder before fine-tuning, made in `folder` when it is not there."""
    if not (folder / "manifest.json").exists():
        # Imported here: they bring torch, which is only needed now.
        from training.__main__ import small_encoder, some_lines, tokeniser, write
        from training.export import even_out

        folder.mkdir(parents=True, exist_ok=True)
        encoder, tokenizer, pieces = small_encoder([e.text for e in examples])
        even_out(encoder, some_lines(examples, tokeniser(tokenizer, pieces)))
        write(encoder, tokenizer, pieces, [], folder)
    return Encoder.load(folder, threads=2)


def _measure(name: str, rows: Rows, split: Split) -> np.ndarray:
    """Fit one detector, print its line and return its scores of the test lines."""
    train = rows([e.text for e in split.train])
    began = time.perf_counter()
    if sparse.issparse(train):
        model: Any = SGDClassifier(
            loss="log_loss",
            alpha=1.0 / (10.0 * train.shape[0]),
            max_iter=15,
            tol=None,
            class_weight="balanced",
            random_state=42,
            average=True,
        )
    else:
        model = LogisticRegression(C=1.0, class_weight="balanced", max_iter=400)
    model.fit(train, split.urgent(split.train))
    trained = time.perf_counter() - began
    began = time.perf_counter()
    scores = model.decision_function(rows([e.text for e in split.test]))
    each = (time.perf_counter() - began) / len(split.test) * 1000
    _report(name, scores, split, trained, each)
    return scores


def _summed(scores: np.ndarray) -> np.ndarray:
    """Return the sum of standardised scores: no weight is fitted on the test lines."""
    return ((scores - scores.mean(0)) / scores.std(0)).sum(1)


def _report(
    name: str, scores: np.ndarray, split: Split, trained: float | None = None, each: float = 0.0
) -> None:
    urgent = split.urgent(split.test)
    harmless = np.array([e.level == "none" for e in split.test])
    recalls = [recall_at(scores, urgent, harmless, alarms) for alarms in ALARMS]
    cost = f"{trained:.1f} | {each:.2f}" if trained is not None else "the sum | the sum"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name} | {recalls[0]:.3f} | {recalls[1]:.3f} | {cost} | {peak:.0f}", flush=True)


def recall_at(
    scores: np.ndarray, positive: np.ndarray, harmless: np.ndarray, alarms: float
) -> float:
    """Return the recall at the threshold that lets `alarms` of the harmless through."""
    limit = np.quantile(scores[harmless], 1 - alarms)
    return float((scores[positive] > limit).mean())


if __name__ == "__main__":
    main()
