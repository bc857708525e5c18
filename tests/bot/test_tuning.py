"""The limit inside Rasa that is lifted."""

from __future__ import annotations

import json

from rasa.core.policies.rule_policy import RulePolicy

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
