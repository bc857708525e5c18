"""Finds an age in a message ("15", "ik was net zestien"): younger than 18, or not."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

ENTITY = "leeftijd"
YOUNGER, OLDER = "jonger", "ouder"
ADULT = 18
WORDS = {
    "acht": 8, "negen": 9, "tien": 10, "elf": 11, "twaalf": 12, "dertien": 13, "veertien": 14,
    "vijftien": 15, "zestien": 16, "zeventien": 17, "achttien": 18, "negentien": 19,
    "twintig": 20, "eenentwintig": 21, "tweeentwintig": 22, "drieentwintig": 23,
}  # fmt: skip
# No amounts, years or hours: a figure with a sign, a unit or more digits beside it is no age.
AGE = re.compile(
    r"(?<!€\s)(?<![\d€$.,:])\b(?P<number>[5-9]|[1-9]\d|" + "|".join(WORDS) + r")\b"
    r"(?![.,:]\d)(?!\s*(?:€|euro|eur|uur|uren|dagen|weken|maanden|%|x\b|keer|foto|min))",
    re.IGNORECASE,
)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class AgeExtractor(GraphComponent, EntityExtractorMixin):
    """Adds one entity `leeftijd` with the value "jonger" or "ouder" (than 18).

    Only a form that has asked for an age looks at it. The age itself is not kept: the form
    needs to know no more than this. `start` and `end` are offsets in `text`, end exclusive.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> AgeExtractor:
        """Make the extractor; it has no settings."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entity to `messages` in place, and return them."""
        for message in messages:
            found = find_age(message.get(TEXT) or "")
            if found:
                entities = message.get(ENTITIES, []) + self.add_extractor_name([found])
                message.set(ENTITIES, entities, add_to_output=True)
        return messages


def find_age(text: str) -> dict[str, Any] | None:
    """Return the entity for the first age in `text`, or None."""
    match = AGE.search(text)
    if match is None:
        return None
    written = match.group("number").lower()
    age = WORDS.get(written) or int(written)
    value = YOUNGER if age < ADULT else OLDER
    span = {"start": match.start("number"), "end": match.end("number"), "confidence": 1.0}
    return {"entity": ENTITY, "value": value, **span}
