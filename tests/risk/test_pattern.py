"""The pattern language: what each sign means, shown on a rule of its own."""

import pytest

from nachtlicht.risk import RiskRules
from nachtlicht.risk.pattern import PatternError, parse_pattern
from nachtlicht.risk.rules import FORMAT


@pytest.fixture
def matches():
    """Whether a pattern matches a text, with the concept {geld} at hand."""

    def matches(pattern, text, **more):
        rule = {
            "code": "proef",
            "level": "urgent",
            "theme": "geen",
            "why": "Proef.",
            "match": [parse_pattern(pattern)],
        }
        rule |= {key: [parse_pattern(value)] for key, value in more.items()}
        words = {
            "ontkenning": ["niet", "geen"],
            "zorgwoord": ["help"],
            "verklaring": ["xyz"],
            "eigenlijk_ik": ["xyz"],
            "geld": ["geld", "euro", "veel poen"],
        }
        concepts = {name: [parse_pattern(word) for word in list_] for name, list_ in words.items()}
        compiled = {
            "format": FORMAT,
            "concepts": concepts,
            "rules": [rule],
            "idioms": [],
            "questions": [],
            "plain_words": ["verkocht"],
        }
        return bool(RiskRules(compiled).signals(text))

    return matches


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("ik wil weg", "ik wil echt heel weg", True),
        ("ik wil weg", "ik wil echt heel erg weg", False),
        ("ik .. weg", "ik zou nu heel erg graag weg", True),
        ("ik wil weg", "weg wil ik", False),
        ("ik wil weg", "ik wil niet weg", False),
        ("ik wil niet weg", "ik wil niet weg", True),
        ("ik wil weg", "ik wil. Nou ja. weg", False),
        ("niet_meer", "niet meer", True),
        ("niet_meer", "niet eens meer", False),
        ("op_(straat | school)", "op school", True),
        ("op_(straat | school)", "op de school", False),
        ("zelfmoord*", "zelfmoordgedachten", True),
        ("*foto", "naaktfoto", True),
        ("*chante*", "gechanteerd", True),
        ("(vader | me moeder)", "mijn moeder", True),
        ("wil {geld}", "hij wil veel poen", True),
        ("{geld} + foto", "een foto voor tien euro", True),
        ("{geld} + foto", "euro " + "en dan nog " * 8 + "foto", False),
        ("{geld} & foto", "euro " + "en dan nog " * 8 + "foto", True),
        ("naaktfoto", "naakt foto", True),
        ("gedwongen", "gedwonge", True),
        ("overgemaakt", "overgemakt", True),
        ("verkracht", "verkocht", False),
        ("zelfmoord", "z e l f m o o r d", True),
    ],
)
def test_a_pattern_means_what_its_signs_say(matches, pattern, text, expected):
    """Order, gaps, negation, adjacency, stars, groups, concepts, nearness, misspellings."""
    assert matches(pattern, text) is expected


def test_unless_holds_for_the_whole_message(matches):
    """A message-wide excuse silences the rule however far away it stands."""
    far = "dreigt " + "en dan " * 20 + "film"

    assert matches("dreigt", "hij dreigt", unless="film")
    assert not matches("dreigt", far, unless="film")


def test_unless_near_holds_only_nearby(matches):
    """A nearby excuse silences the match beside it, and not one further on."""
    both = "er dreigt onweer " + "en dan gaan we naar huis " * 3 + "hij dreigt mij"

    assert not matches("dreigt", "er dreigt onweer", unless_near="onweer")
    assert matches("dreigt", both, unless_near="onweer")


@pytest.mark.parametrize(
    "pattern",
    ["", "(ik", "ik)", ".. ik", "ik ..", "ik + ", "{}", "ik & & jij", "ab*", "|", "(.*)+"],
)
def test_a_broken_pattern_is_refused(pattern):
    """What cannot be read raises, with a Dutch sentence."""
    with pytest.raises(PatternError):
        parse_pattern(pattern)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("ben op", True),
        ("pff, ben op. morgen weer", True),
        ("ben op vakantie", False),
        ("ik ben op", False),
    ],
)
def test_marks_hold_a_pattern_to_a_whole_sentence(matches, text, seen):
    """`<` stands for where a sentence begins, `>` for where it ends."""
    assert matches("< ben op >", text) is seen
