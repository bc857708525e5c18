"""Hears what a person means: linear heads on pieces of words, and on the sentence encoder."""

from __future__ import annotations

import hashlib
import itertools
import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix

from bot.components.sentences import SentenceVectors
from bot.environment import ROOT
from nachtlicht.encoder.ngrams import SIZE, ngram_row, ngram_rows
from nachtlicht.text import fold

logger = logging.getLogger(__name__)

RANKING = "intent_ranking"
FILE = "intents.npz"
CODE = ROOT / "nachtlicht"
HELD_OUT = 5  # one in so many writers is kept apart to learn how sure the scores are
SHARPNESS = np.geomspace(0.5, 12, 60)
VECTOR_SHARES = np.linspace(0.0, 1.5, 16)
VECTOR_SOFTNESS = 20.0  # of the head on the encoder; chosen on writers that were kept apart
# Steps of the solvers. On writers kept apart, three to ten times as many find no more intents.
PIECES_STEPS, VECTOR_STEPS = 10, 30


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class PiecesIntentClassifier(GraphComponent, IntentClassifier):
    """One linear head an intent on hashed pieces of words, and one on the sentence encoder.

    Pieces of words are weighted by how rare they are. Both heads give scores; how much each
    counts, and how sure their sum is, are learned from writers that were kept apart: of a
    writer that it has read, a model is far too sure. With `encoder: null` the pieces decide.

    Sets `intent` and `intent_ranking`; the confidences sum to 1.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults: `softness` is how freely a head may fit its examples."""
        return {"softness": 1.0, "ranking_length": 10, "encoder": None}

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage | None,
        resource: Resource | None,
        arrays: dict[str, np.ndarray] | None = None,
    ) -> None:
        """Keep the parts; `arrays` is there once trained."""
        self._config, self._storage, self._resource = config, storage, resource
        self._sentences = SentenceVectors(config.get("encoder"))
        self._arrays = arrays or {}
        wanted = str(self._arrays.get("encoder", self._sentences.version))
        if wanted != self._sentences.version:
            raise ValueError(f"This model was trained with another encoder ({wanted[:12]}).")

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PiecesIntentClassifier:
        """Make an untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> PiecesIntentClassifier:
        """Load a trained one; what is missing or damaged stops the model from loading."""
        with (
            model_storage.read_from(resource) as folder,
            np.load(Path(folder) / FILE, allow_pickle=False) as file,
        ):
            arrays = {name: file[name] for name in file.files}
        arrays["heads"] = arrays["heads"].astype(np.float32)
        return cls(config, model_storage, resource, arrays)

    @staticmethod
    def fingerprint_addon(config: dict[str, Any]) -> str:
        """Tell Rasa's cache what else decides what is trained: the encoder, how text is read."""
        read_by = [path for room in ("text", "encoder") for path in (CODE / room).glob("*.py")]
        manifest = ROOT / str(config.get("encoder")) / "manifest.json"
        parts = [Path(__file__), *sorted(read_by), *([manifest] if manifest.exists() else [])]
        return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the heads from the examples, and how sure their scores are."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT)]
        texts = [str(example.get(TEXT)) for example in examples]
        names = np.array([str(example.get(INTENT)) for example in examples])
        parts = ngram_rows(fold(text).text for text in texts)
        rows = csr_matrix(parts, shape=(len(texts), SIZE))
        rarity = np.log((1 + rows.shape[0]) / (1 + rows.getnnz(axis=0))) + 1
        self._arrays = {"rarity": rarity.astype(np.float32)}
        inputs = [self._pieces(rows)]
        if self._sentences.size:
            inputs.append(self._sentences.of_examples(texts))
        apart = _apart(examples, self._sentences.writers)
        # Side by side: the solvers let go of Python's lock while they work.
        with ThreadPoolExecutor() as pool:
            trying = [pool.submit(self._fit, part[~apart], names[~apart]) for part in inputs]
            fitting = [pool.submit(self._fit, part, names) for part in inputs]
        trial, fitted = ([job.result() for job in jobs] for jobs in (trying, fitting))
        shares = _shares(trial, [part[apart] for part in inputs], names[apart])
        for key, head, share in zip(("heads", "vectors"), fitted, shares, strict=False):
            self._arrays[key] = (head.coef_ * share).astype(np.float32)
        bias = sum(head.intercept_ * share for head, share in zip(fitted, shares, strict=True))
        self._arrays |= {
            "bias": np.asarray(bias, np.float32),
            "names": fitted[0].classes_,
            "encoder": np.array(self._sentences.version),
        }
        self._persist()
        return self._resource  # type: ignore[return-value]

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent of `messages` in place, and return them."""
        for message in messages:
            ranking = self._ranking(str(message.get(TEXT) or ""))
            message.set(INTENT, ranking[0] if ranking else {"name": None, "confidence": 0.0}, True)
            message.set(RANKING, ranking, True)
        return messages

    def _ranking(self, text: str) -> list[dict[str, Any]]:
        if "heads" not in self._arrays:
            return []
        heads, names = self._arrays["heads"], self._arrays["names"]
        columns, weights = ngram_row(fold(text).text)
        weights = _rare(weights, self._arrays["rarity"][columns])
        scores = heads[:, columns] @ weights + self._arrays["bias"]
        if self._sentences.size:
            scores = scores + self._arrays["vectors"] @ self._sentences.of_one(text)
        chances = _softmax(scores)
        order = np.argsort(-chances)[: int(self._config["ranking_length"])]
        return [{"name": str(names[i]), "confidence": float(chances[i])} for i in order]

    def _pieces(self, rows: csr_matrix) -> csr_matrix:
        """Return the pieces, weighted by how rare they are; each row's squares sum to 1."""
        rows = rows.multiply(self._arrays["rarity"]).tocsr()
        norms = np.sqrt(rows.multiply(rows).sum(axis=1)).A1
        norms[norms == 0] = 1.0
        return rows.multiply(1 / norms[:, None]).tocsr()

    def _fit(self, inputs: Any, names: np.ndarray) -> Any:
        # Imported here: a model that only answers has no need of it.
        from sklearn.linear_model import LogisticRegression
        from sklearn.svm import LinearSVC

        if isinstance(inputs, np.ndarray):
            inputs = inputs.astype(np.float64)  # once, where the solver would at every step
            model = LogisticRegression(C=VECTOR_SOFTNESS, max_iter=VECTOR_STEPS)
        else:
            softness = float(self._config["softness"])
            model = LinearSVC(
                C=softness, class_weight="balanced", random_state=42, max_iter=PIECES_STEPS
            )
        return model.fit(inputs, names)

    def _persist(self) -> None:
        with self._storage.write_to(self._resource) as folder:  # type: ignore[union-attr]
            # Half the digits suffice for the weights, and halve the file.
            small = {**self._arrays, "heads": self._arrays["heads"].astype(np.float16)}
            np.savez_compressed(Path(folder) / FILE, **small)


def _apart(examples: list[Message], known: frozenset[str]) -> np.ndarray:
    """Say which examples to keep apart: writers that the encoder does not know, or some of all."""
    about = [(example.get(METADATA) or {}).get("intent") or {} for example in examples]
    writers = sorted({str(item.get("writer", "")) for item in about})
    chosen = set(writers) - known if known else set(writers[::HELD_OUT])
    if len(writers) < HELD_OUT or not chosen or chosen == set(writers):
        return np.arange(len(examples)) % HELD_OUT == 0
    return np.array([item.get("writer", "") in chosen for item in about])


def _rare(weights: np.ndarray, rarity: np.ndarray) -> np.ndarray:
    """Weigh pieces by how rare they are; the squares sum to 1."""
    weighed = weights * rarity
    norm = float(np.sqrt((weighed * weighed).sum())) or 1.0
    return weighed / np.float32(norm)


def _shares(heads: list[Any], inputs: list[Any], names: np.ndarray) -> list[float]:
    """Find by what each head's scores are to be multiplied so that the chances are honest."""
    known = np.isin(names, heads[0].classes_)
    if not known.any():
        return [1.0] * len(heads)
    parts = [h.decision_function(part[known]) for h, part in zip(heads, inputs, strict=True)]
    right = np.searchsorted(heads[0].classes_, names[known])
    at = np.arange(len(right))

    def loss(shares: tuple[float, ...]) -> float:
        chances = _softmax(sum(s * part for s, part in zip(shares, parts, strict=True)))
        return float(-np.log(chances[at, right] + 1e-9).mean())

    grids = [SHARPNESS] if len(heads) == 1 else [SHARPNESS[::3], VECTOR_SHARES]
    return [float(share) for share in min(itertools.product(*grids), key=loss)]


def _softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)
