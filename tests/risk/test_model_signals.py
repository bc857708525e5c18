"""What the model adds to the reasons: only where it, and no rule, raised the level."""

import pytest

from nachtlicht.content.risk_rules import compile_rules
from nachtlicht.risk import MODEL_CODE, Line, RiskLevel, RiskRules, assess
from tests.support.small_release import ACUTE, HARMLESS, RULES, URGENT

MARKS = ((4, 8), (12, 15))


def test_a_line_that_only_the_model_raised_names_its_words(rules):
    """One signal a word, with the model's level and theme."""
    found = assess(rules, [Line("youth", HARMLESS)], says(RiskLevel.URGENT))

    assert (found.level, found.rules_level) == (RiskLevel.URGENT, RiskLevel.NONE)
    assert [(one.code, one.start, one.end) for one in found.signals] == [
        (MODEL_CODE, 4, 8),
        (MODEL_CODE, 12, 15),
    ]
    assert {(one.level, one.theme) for one in found.signals} == {(RiskLevel.URGENT, "afpersing")}


def test_without_words_the_model_is_named_all_the_same(rules):
    """What it sees in a line as a whole has no place."""
    (one,) = assess(rules, [Line("youth", HARMLESS)], says(RiskLevel.URGENT, ())).signals

    assert (one.code, one.start, one.end) == (MODEL_CODE, 0, 0)


@pytest.mark.parametrize("line", [URGENT, ACUTE])
@pytest.mark.parametrize("level", [RiskLevel.NONE, RiskLevel.URGENT])
def test_a_level_that_a_rule_reached_has_the_rules_reasons(rules, line, level):
    """The model that agrees or doubts adds nothing."""
    found = assess(rules, [Line("youth", line)], says(level))

    assert found.signals
    assert MODEL_CODE not in {one.code for one in found.signals}


def test_rules_alone_are_as_before(rules):
    """Without a model there is no reason of a model."""
    for line in (HARMLESS, URGENT, ACUTE):
        found = assess(rules, [Line("youth", line)])
        assert MODEL_CODE not in {one.code for one in found.signals}
        assert found.level == found.rules_level


def says(level, marks=MARKS):
    return lambda lines: lambda by_rules: (level, 0.7, "afpersing", marks)


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data") / "risk"
    folder.mkdir()
    (folder / "proef.yml").write_text(RULES)
    return RiskRules(compile_rules(folder.parent))
