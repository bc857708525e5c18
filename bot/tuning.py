"""One limit inside Rasa that our number of rules would run into, lifted."""

from __future__ import annotations

import functools

from rasa.core.policies.rule_policy import RulePolicy

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
