"""Chooses the intent, which is the route: a linear model on words and pieces of words."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy import sparse
from sklearn.linear_model import SGDClassifier

from nachtlicht.encoder.ngrams import SIZE, ngram_row
from nachtlicht.text import fold

FILE = "routes.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class RouteClassifier(GraphComponent, IntentClassifier):
    """One logistic regression an intent, on the folded text.

    Adds `intent` (name, confidence) and `intent_ranking`, the likeliest first. The confidence
    is each intent's own chance as a share of all; a message without letters gets none.

    Rasa's own LogisticRegressionClassifier needs minutes for these examples and is no better
    on writers it has not seen (`docs/risk.md`); this one needs seconds.
    """

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        self._config = config
        self._storage, self._resource = model_storage, resource
        self._intents: list[str] = []
        self._weights = np.zeros((0, SIZE), np.float32)
        self._bias = np.zeros(0, np.float32)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`alpha` is the regularisation, `rounds` how often the examples are gone through."""
        return {"alpha": 3e-6, "rounds": 12, "ranking_length": 10, "random_state": 42}

    @staticmethod
    def required_packages() -> list[str]:
        """What must be installed."""
        return ["sklearn"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RouteClassifier:
        """Make an untrained classifier."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the intents of the examples."""
        examples = [one for one in training_data.intent_examples if one.get(TEXT)]
        if len({one.get(INTENT) for one in examples}) < 2:
            return self._resource
        model = SGDClassifier(
            loss="log_loss",
            alpha=self._config["alpha"],
            max_iter=self._config["rounds"],
            tol=None,
            class_weight="balanced",
            random_state=self._config["random_state"],
            n_jobs=2,
        )
        model.fit(_rows([one.get(TEXT) for one in examples]), [one.get(INTENT) for one in examples])
        self._intents = [str(name) for name in model.classes_]
        two = len(self._intents) == 2
        self._weights = np.vstack([-model.coef_, model.coef_]) if two else model.coef_
        self._bias = np.r_[-model.intercept_, model.intercept_] if two else model.intercept_
        self._save()
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and the ranking of each message, in place."""
        for message in messages:
            ranking = self._ranking(message.get(TEXT) or "")
            best = ranking[0] if ranking else {"name": None, "confidence": 0.0}
            message.set(INTENT, best, add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def _ranking(self, text: str) -> list[dict[str, Any]]:
        columns, weights = ngram_row(fold(text).text)
        if not len(columns) or not self._intents:
            return []
        scores = self._weights[:, columns].astype(np.float32) @ weights + self._bias
        chances = 1.0 / (1.0 + np.exp(-scores))
        chances /= chances.sum()
        order = np.argsort(-chances)[: self._config["ranking_length"]]
        return [{"name": self._intents[i], "confidence": float(chances[i])} for i in order]

    def _save(self) -> None:
        with self._storage.write_to(self._resource) as folder:
            np.savez_compressed(
                folder / FILE,
                intents=np.array(json.dumps(self._intents)),
                weights=self._weights.astype(np.float16),
                bias=self._bias.astype(np.float32),
            )

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> RouteClassifier:
        """Load a trained classifier; a model without its file is refused, never empty."""
        loaded = cls(config, model_storage, resource)
        with (
            model_storage.read_from(resource) as folder,
            np.load(folder / FILE, allow_pickle=False) as file,
        ):
            loaded._intents = json.loads(str(file["intents"]))
            loaded._weights, loaded._bias = file["weights"].astype(np.float32), file["bias"]
        return loaded


def _rows(texts: list[str]) -> sparse.csr_matrix:
    rows = [ngram_row(fold(text).text) for text in texts]
    starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = np.concatenate([columns for columns, _ in rows])
    weights = np.concatenate([weights for _, weights in rows])
    return sparse.csr_matrix((weights, columns, starts), (len(texts), SIZE))
