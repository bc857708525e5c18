"""Listens when somebody only wants to tell: no advice, no questions, no form."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.policies.turn import PlanPolicy, next_of

SLOT = "luisteren"
TEXTS = "utter_luisteren_"


def is_listening(tracker: DialogueStateTracker) -> bool:
    """Whether this person has said that they only want to tell."""
    return bool(tracker.get_slot(SLOT))


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False
)
class ListeningPolicy(PlanPolicy):
    """Says one of the `utter_luisteren_…` texts, each once before one comes back.

    Questions that want an answer (`answered`, intents) go to their rules; asking what can be
    done ends the listening (the slot's mapping says by which intents). Safety goes first: its
    priority is higher.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults."""
        return {"priority": 50, "answered": []}

    def plan(
        self,
        before: list[Event],
        message: UserUttered,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[str] | None:
        """Return the next listening text, or None when this line wants an answer."""
        if not is_listening(tracker) or message.intent_name in self.config["answered"]:
            return None
        return [next_of(TEXTS, before, domain)]
