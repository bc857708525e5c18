"""What has happened in a talk, and a policy that follows a short plan within one turn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_DEACTIVATE_LOOP_NAME, ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker


def split_at_last_message(
    tracker: DialogueStateTracker,
) -> tuple[list[Event], UserUttered | None, list[Event]]:
    """Return what came before the last message, that message, and what came after it."""
    events = list(tracker.applied_events())
    for index in range(len(events) - 1, -1, -1):
        if isinstance(events[index], UserUttered):
            return events[:index], events[index], events[index + 1 :]
    return events, None, []


def executed(events: Sequence[Event]) -> list[str]:
    """The names of the actions in `events`, in order."""
    return [e.action_name for e in events if isinstance(e, ActionExecuted) and e.action_name]


def next_of(family: str, before: Sequence[Event], domain: Domain) -> str:
    """Return the text of a family of names that was not said yet, or else longest ago.

    Raises:
        ValueError: the domain has no text of that family.
    """
    texts = sorted(name for name in domain.responses if name.startswith(family))
    said = [name for name in executed(before) if name in texts]
    last_said = {name: index for index, name in enumerate(said)}
    return min(texts, key=lambda name: last_said.get(name, -1))


class PlanPolicy(Policy):
    """A policy that needs no training and, when it has a plan for a turn, wins the turn.

    A prediction inside a form counts as "no user" prediction and beats all others; so ours
    must be one too. The plan is worked out anew at each step: it must not depend on what
    was done in this turn, save for the loop that was left.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults; Rasa takes the priority from here alone."""
        return {"priority": 100}

    @staticmethod
    def supported_data() -> SupportedData:
        """Say that rules and stories are both fine: nothing is learnt from them."""
        return SupportedData.ML_AND_RULE_DATA

    def train(self, **_: Any) -> Resource:
        """Learn nothing."""
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> PlanPolicy:
        """Make the policy from its configuration; there is nothing to load."""
        return cls(config, model_storage, resource, execution_context)

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **_: Any,
    ) -> PolicyPrediction:
        """Predict the next step of the plan, or abstain when there is none."""
        before, message, after = split_at_last_message(tracker)
        plan = self.plan(before, message, tracker, domain) if message else None
        probabilities = self._default_predictions(domain)
        if plan is None:
            return self._prediction(probabilities)
        done = executed(after)
        steps = [*self._leave(tracker, done), *plan]
        following = next((step for step in steps if step not in done), ACTION_LISTEN_NAME)
        probabilities[domain.index_for_action(following)] = 1.0
        return self._prediction(probabilities, is_no_user_prediction=True)

    def plan(
        self,
        before: list[Event],
        message: UserUttered,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[str] | None:
        """Return what to say in this turn, in order; [] is silence, None is no opinion."""
        raise NotImplementedError

    @staticmethod
    def _leave(tracker: DialogueStateTracker, done: list[str]) -> list[str]:
        """Leave the form first: else it eats the next message as an answer."""
        left = tracker.active_loop_name or ACTION_DEACTIVATE_LOOP_NAME in done
        return [ACTION_DEACTIVATE_LOOP_NAME] if left else []
