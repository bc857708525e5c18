"""Lets the bot hear with the web app's ears: what fits the theme and the writer is likelier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, METADATA
from rasa.shared.nlu.training_data.message import Message

from bot.context import Context
from nachtlicht.risk import RiskLevel

RANKING = "intent_ranking"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ContextHint(GraphComponent):
    """Weighs the ranking with what the web app knows: the theme of the line, and who writes.

    The web app looks at the whole talk, with rules and a classifier made for danger; the bot's
    own ears hear one line. `themes` lists the intents of each theme, and counts from a level
    of concern on; `audiences` those of each kind of writer. The chances keep their sum.
    """

    def __init__(
        self,
        themes: Mapping[str, list[str]],
        audiences: Mapping[str, list[str]],
        weight: float,
    ) -> None:
        """Weigh the intents that fit by `weight`, once for the theme and once for the writer."""
        self._themes, self._audiences, self._weight = themes, audiences, weight

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ContextHint:
        """Make the component from its configuration."""
        themes, audiences = config.get("themes") or {}, config.get("audiences") or {}
        return cls(themes, audiences, float(config.get("weight", 1.0)))

    def process(self, messages: list[Message]) -> list[Message]:
        """Weigh the ranking of `messages` in place, and return them."""
        for message in messages:
            metadata, ranking = message.get(METADATA), message.get(RANKING)
            if not ranking or not isinstance(metadata, Mapping):
                continue
            weighed = self._weighed(ranking, Context.of(metadata))
            message.set(RANKING, weighed, add_to_output=True)
            message.set(INTENT, weighed[0], add_to_output=True)
        return messages

    def _weighed(self, ranking: list[dict[str, Any]], context: Context) -> list[dict[str, Any]]:
        serious = context.level >= RiskLevel.CONCERN
        fits = [
            set(self._themes.get(context.theme, ()) if serious else ()),
            set(self._audiences.get(context.audience, ())),
        ]
        rows = [
            {**row, "confidence": row["confidence"] * self._weight ** _count(row["name"], fits)}
            for row in ranking
        ]
        share = sum(row["confidence"] for row in ranking)
        whole = sum(row["confidence"] for row in rows) or 1.0
        rows = [{**row, "confidence": row["confidence"] * share / whole} for row in rows]
        return sorted(rows, key=lambda row: -row["confidence"])


def _count(name: str, fits: list[set[str]]) -> int:
    """In how many of `fits` the name stands."""
    return sum(name in names for names in fits)
