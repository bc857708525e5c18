"""What inside Rasa was made to bear our number of rules and examples."""

from __future__ import annotations

import json

from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import tuning


def test_more_rules_than_rasa_remembers_are_remembered() -> None:
    """1,500 rules are decoded once, also when they come by again and again."""
    tuning.remember_all_rules()
    tuning.remember_all_rules()
    keys = [json.dumps([{"user": {"intent": f"i{n}"}}]) for n in range(1500)]
    for _ in range(2):
        for key in keys:
            assert RulePolicy._rule_key_to_state(key) == json.loads(key)
    found = RulePolicy._rule_key_to_state.cache_info()
    assert found.hits >= 1500


def test_examples_merged_with_nothing_are_not_copied() -> None:
    """With something they are, as Rasa does it; nothing is lost either way."""
    tuning.merge_without_copies()
    tuning.merge_without_copies()
    ours = TrainingData([Message.build("hoi", "groet"), Message.build("doei", "afscheid")])
    theirs = TrainingData([Message.build("yo", "groet")], {"mams": "moeder"})
    assert TrainingData().merge(ours) is ours
    assert ours.merge(TrainingData(), None) is ours
    assert not TrainingData().merge(TrainingData()).training_examples
    both = ours.merge(theirs)
    assert {m.get("text") for m in both.training_examples} == {"hoi", "doei", "yo"}
    assert both.entity_synonyms == {"mams": "moeder"}
    assert len(ours.training_examples) == 2
    responses = TrainingData(responses={"utter_hoi": [{"text": "hoi"}]})
    assert ours.merge(responses).responses == responses.responses
