"""Lets a person walk out of a form: who says something else is answered, not asked again."""

from __future__ import annotations

from typing import Any

from rasa.core.policies.policy import PolicyPrediction
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecutionRejected, ActiveLoop, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.policies.turn import PlanPolicy, split_at_last_message


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False
)
class LeaveFormPolicy(PlanPolicy):
    """Ends a form that has just refused a message because it was no answer to its question.

    The rule for that message then answers it. Left to itself Rasa would let the rule speak
    and put the form's question again, word for word. It never chooses an action: the events
    come along with whatever wins.
    """

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **_: Any,
    ) -> PolicyPrediction:
        """Abstain, and bring the end of the form along when it refused this message."""
        abstain = self._default_predictions(domain)
        _before, _message, after = split_at_last_message(tracker)
        refused = any(isinstance(event, ActionExecutionRejected) for event in after)
        if not (refused and tracker.active_loop_name):
            return self._prediction(abstain)
        leave = [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]
        return self._prediction(abstain, events=leave)
