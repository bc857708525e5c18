"""The product's rules: their own lines, offsets, failing closed, and staying fast."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nachtlicht.content.risk_fields import THEMES
from nachtlicht.content.risk_rules import check_rules
from nachtlicht.risk import RiskLevel, RiskRules, RiskRulesError
from tests.risk.conftest import DATA


def test_every_rule_catches_its_good_lines_and_leaves_the_bad_ones():
    """Each must_match and must_not_match of data/risk holds, and nothing else is wrong there."""
    assert check_rules(DATA) == []


def test_every_theme_has_a_rule(compiled):
    """No theme of the closed list is without a rule."""
    assert {rule["theme"] for rule in compiled["rules"]} == THEMES


@pytest.mark.parametrize("level", ["concern", "urgent", "acute"])
def test_every_level_has_rules(compiled, level):
    """Each level above none is reached by some rule."""
    assert any(rule["level"] == level for rule in compiled["rules"])


def test_a_signal_points_at_the_words_as_typed(rules):
    """Start and end cut the words that matched out of the message as it was typed."""
    typed = "Hoi 😭 ik denk dus áán  z e l f m o o r d, elke nacht"

    signal = next(s for s in rules.signals(typed) if s.code == "zelfdoding_wil_dood")

    assert "z e l f m o o r d" in typed[signal.start : signal.end]
    assert signal.level is RiskLevel.URGENT
    assert signal.why.endswith(".")


def test_the_most_serious_signal_comes_first(rules):
    """Signals are sorted by level, high to low."""
    levels = [s.level for s in rules.signals("ik wil niet meer leven en vannacht doe ik het")]

    assert levels == sorted(levels, reverse=True)
    assert levels[0] is RiskLevel.ACUTE


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120))
def test_any_text_gives_signals_with_valid_offsets(rules, text):
    """No text raises; offsets stay within the message."""
    for signal in rules.signals(text):
        assert 0 <= signal.start <= signal.end <= len(text)


@pytest.mark.parametrize(
    "unit",
    [
        "ik wil niet dood ",
        "hij dreigt mijn foto niet door te sturen ",
        "a",
        "niet ",
        "dood",
        "((((",
        "z e ",
        "ik ik ik ",
        "😭",
        "verkrachttt ",
        "aab1c2 ",
    ],
)
def test_hostile_repetition_costs_in_proportion(rules, steps, unit):
    """Twice the hostile text takes about twice the steps: nothing explodes."""
    short, long = unit * (2500 // len(unit)), unit * (5000 // len(unit))
    rules.signals(long)

    assert steps(rules.signals, long) <= 2.6 * steps(rules.signals, short) + 20_000


@pytest.mark.parametrize(
    "content",
    [None, "", "[]", "{}", '{"format": 1}', '{"format": 1, "rules": []}', '{"format": 99}', "{"],
)
def test_rules_that_cannot_be_used_are_refused(tmp_path, content):
    """Missing, broken, empty and foreign files raise: no rules, no start."""
    path = tmp_path / "risk.json"
    if content is not None:
        path.write_text(content)

    with pytest.raises(RiskRulesError):
        RiskRules.load(path)


def test_a_reference_to_nothing_is_refused(tmp_path, compiled):
    """A compiled file that lost a concept does not load half."""
    broken = json.loads(json.dumps(compiled))
    del broken["concepts"]["familie"]
    path = tmp_path / "risk.json"
    path.write_text(json.dumps(broken))

    with pytest.raises(RiskRulesError, match="familie"):
        RiskRules.load(path)


def test_compiled_rules_survive_the_file(tmp_path, compiled, rules):
    """Written and loaded again, the rules say the same."""
    path = tmp_path / "risk.json"
    path.write_text(json.dumps(compiled, ensure_ascii=False), encoding="utf-8")
    text = "hij wil 200 euro anders post ie m'n foto"

    assert RiskRules.load(path).signals(text) == rules.signals(text) != ()
