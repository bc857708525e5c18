"""`assess`: every line judged, in its order, or the broken one named by its number."""

from __future__ import annotations

import json

import pytest

from nachtlicht.content.assess import (
    Asked,
    AssessError,
    ParseError,
    assess_lines,
    bot_intents,
    read_rows,
)
from nachtlicht.content.risk_rules import compile_rules
from nachtlicht.risk import RiskLevel, RiskRules


def rows(*lines):
    return list(read_rows(json.dumps(line) if isinstance(line, dict) else line for line in lines))


@pytest.fixture
def rules(room):
    return RiskRules(compile_rules(room.data))


def test_judges_in_the_same_order(rules):
    """Each line has its id, level, theme and reasons, in the order of the file."""
    found = list(
        assess_lines(
            rules,
            rows({"id": 7, "text": "het regent"}, "", {"id": "b", "text": "Hij DREIGT weer"}),
        )
    )

    assert [(row["id"], row["level"], row["theme"]) for row in found] == [
        (7, "none", "geen"),
        ("b", "urgent", "afpersing"),
    ]
    (reason,) = found[1]["reasons"]
    assert (reason["code"], reason["start"], reason["end"]) == ("dreigen", 4, 10)
    assert found[0]["model_level"] is None
    assert found[0]["intent"] is None


def test_a_talk_has_the_level_that_it_reached(rules):
    """Risk in the first line counts after small talk."""
    talk = {"id": 1, "messages": [{"youth": "hij dreigt"}, {"bot": "Wat naar."}, {"youth": "ja"}]}

    (found,) = assess_lines(rules, rows(talk))

    assert found["level"] == "urgent"


def test_a_classifier_may_raise(rules):
    """Its level and chance are told beside those of the rules."""
    (found,) = assess_lines(
        rules,
        rows({"id": 1, "text": "het regent"}),
        classifier=lambda lines: lambda by_rules: (RiskLevel.ACUTE, 0.91, "zelfdoding"),
    )

    assert (found["level"], found["rules_level"], found["model_level"]) == (
        "acute",
        "none",
        "acute",
    )
    assert found["p_urgent"] == 0.91


def test_intents_are_asked_for_the_newest_line(rules):
    """The bot reads what the youth said last, and is told what was judged of it."""
    asked = []
    talk = {"id": 1, "messages": [{"youth": "hoi"}, {"youth": "stop maar"}, {"bot": "Goed."}]}

    (found,) = assess_lines(
        rules,
        rows(talk),
        classifier=lambda lines: lambda by_rules: (RiskLevel.URGENT, 0.6, "afpersing"),
        intents=lambda lines: asked.extend(lines) or ["stop"],
    )

    assert asked == [Asked("stop maar", RiskLevel.URGENT, "afpersing")]
    assert found["intent"] == "stop"


@pytest.mark.parametrize(
    "line",
    [
        "geen json",
        "[]",
        '{"id": 1}',
        '{"id": 1, "text": 5}',
        '{"id": 1, "messages": "hoi"}',
        '{"id": 1, "messages": []}',
        '{"id": 1, "messages": [{"bot": "hoi"}]}',
        '{"id": 1, "messages": [{"youth": "a", "bot": "b"}]}',
        '{"id": 1, "messages": [{"moeder": "hoi"}]}',
    ],
)
def test_a_broken_line_is_named_by_its_number(line):
    """The third line, empty ones counted."""
    with pytest.raises(AssessError, match="Line 3 "):
        list(read_rows(['{"id": 0, "text": "hoi"}', "", line]))


def test_without_rasa_the_sentence_says_so(tmp_path):
    """A missing environment is one sentence."""
    with pytest.raises(ParseError, match="environment"):
        bot_intents(tmp_path, tmp_path / "model.tar.gz")([Asked("hoi", RiskLevel.NONE, None)])
