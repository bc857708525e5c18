"""What inside Rasa does not bear our number of rules and examples, made to."""

from __future__ import annotations

import functools

from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.nlu.training_data.training_data import TrainingData

RULES = 20_000  # decoded rules that are remembered; each takes about 1 kB


def remember_all_rules() -> None:
    """Let `RulePolicy` remember every decoded rule.

    It decodes each rule from JSON at every step of a turn and remembers 1,000 of them. With
    one rule more the memory is useless, and a turn takes five times as long. Each rule of the
    editors counts two or three times. A second call changes nothing.
    """
    decode = RulePolicy._rule_key_to_state
    if decode.cache_parameters()["maxsize"] < RULES:
        bigger = functools.lru_cache(maxsize=RULES)(decode.__wrapped__)
        RulePolicy._rule_key_to_state = staticmethod(bigger)  # type: ignore[method-assign]


def merge_without_copies() -> None:
    """Let examples that are merged with nothing stay as they are.

    Rasa's importers lie in one another, and each copies every example to add those that it knows
    of; ours know of none. A second call changes nothing.
    """
    merge = TrainingData.merge
    if hasattr(merge, "__wrapped__"):
        return

    @functools.wraps(merge)
    def merged(self: TrainingData, *others: TrainingData | None) -> TrainingData:
        full = [data for data in (self, *others) if data and not _is_empty(data)]
        return full[0] if len(full) == 1 else merge(self, *others)

    TrainingData.merge = merged  # type: ignore[method-assign]


def _is_empty(data: TrainingData) -> bool:
    parts = (data.training_examples, data.entity_synonyms, data.regex_features)
    return not any((*parts, data.lookup_tables, data.responses))
