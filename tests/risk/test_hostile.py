"""Hostile input: nothing raises, offsets hold, and time grows with the length, rule by rule."""

import numpy as np
import pytest

from bench.fuzz import check, dutch_lines, inputs
from nachtlicht.encoder import SIZE, Encoder, RiskClassifier
from nachtlicht.encoder.encoder import SIZE as WIDTH
from nachtlicht.risk import RiskLevel
from nachtlicht.risk.lexicon import Lexicon
from nachtlicht.risk.tokens import tokenise
from nachtlicht.text import fold

INPUTS = 2000
SHORT, LONG = 1500, 3000  # characters; twice the text may take little more than twice the steps


@pytest.fixture(scope="module")
def model():
    """A risk model on the real encoder whose heads are drawn at random: any answer will do."""
    draw = np.random.default_rng(5)
    shapes = {
        "level_words": (3, SIZE),
        "level_bias": (3,),
        "level_mix": (3, 3),
        "level_rules": (3, 3),
        "theme_words": (2, SIZE),
        "theme_bias": (2,),
        "level_vectors": (3, WIDTH),
        "level_vector_bias": (3,),
        "theme_vectors": (2, WIDTH),
    }
    arrays = {name: draw.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    about = {
        "themes": ["geen", "somber"],
        "thresholds": {"concern": 0.3, "urgent": 0.5, "acute": 0.5},
    }
    return RiskClassifier(arrays, about, Encoder.published())


def test_no_input_breaks_a_promise(rules, model):
    """No exception, no unread line, a level in range, offsets inside the text."""
    broken = [
        (at, kind, wrong)
        for at, (kind, talk) in enumerate(inputs(11, INPUTS, dutch_lines()))
        if (wrong := check(rules, model, at, talk))
    ]

    assert broken == []


def test_the_fuzzer_notices_a_broken_promise(rules):
    """Rules that cannot judge give "unread", and that counts as a fault."""
    (_, talk), *_ = inputs(11, 1, dutch_lines())

    assert check(None, None, 1, talk) == ["unread"]
    assert check(rules, None, 1, talk) == []


def _words(tree):
    """The words of a compiled pattern, in their order."""
    if tree[0] in ("w", "p", "s", "c"):
        return [tree[1]]
    if tree[0] == "k":
        return []
    parts = [part for _, part in tree[1]] if tree[0] == "seq" else tree[1]
    return [word for part in parts for word in _words(part)]


def _unit(entry):
    """The words of an entry's first patterns, as a line to be repeated."""
    words = [word for tree in entry["match"][:8] for word in _words(tree) if word.isalnum()]
    return (" ".join(words) or "ik niet")[:300] + " "


def test_no_rule_or_idiom_explodes_on_its_own_words(compiled, rules, steps):
    """Each rule and idiom is fed its own words over and over: steps grow with the length."""
    worse = []
    for entry in (*compiled["rules"], *compiled["idioms"]):
        unit = _unit(entry)
        short, long = (unit * (size // len(unit) + 1) for size in (SHORT, LONG))
        rules.signals(long)  # words are looked up once in both
        if steps(rules.signals, long) > 2.4 * steps(rules.signals, short) + 5000:
            worse.append(entry["code"])

    assert len(compiled["rules"]) > 50
    assert worse == []


@pytest.mark.parametrize(
    "unit", ["stief vader ", "naakt foto ", "ab ", "a", "z e l f ", "!?. ", "ik\n", "💊é"]
)
def test_cutting_into_words_grows_with_the_length(steps, unit):
    """Folding, pauses and single letters, each twice as long."""
    short, long = unit * (SHORT // len(unit)), unit * (LONG // len(unit))
    tokenise(long)

    assert steps(tokenise, long) <= 2.4 * steps(tokenise, short) + 1000
    assert steps(fold, long) <= 2.4 * steps(fold, short) + 1000


@pytest.mark.parametrize("unit", ["stiefvader ", "stief vader ", "naaktfotos naakt fotos "])
def test_compounds_are_looked_up_once_a_pair(rules, steps, unit):
    """Words that are written apart are joined with their neighbour only."""
    short, long = tokenise(unit * 100), tokenise(unit * 200)
    rules.message(long)

    assert steps(rules.message, long) <= 2.4 * steps(rules.message, short) + 1000


def test_a_word_is_looked_up_in_steps_of_its_length(compiled, steps):
    """An unknown word is compared with no list of words, however many the rules name."""

    def looked_up(extra):
        lexicon = Lexicon(frozenset())
        for leaf, word in enumerate(["verkracht", "gedwongen", *extra]):
            lexicon.add("w", word, leaf)
        lexicon.close([[leaf] for leaf in range(len(extra) + 2)])
        return steps(lexicon.meant, "onbekendwoordje")

    many = [f"woord{a}{b}" for a in "abcdefghij" for b in "abcdefghijklmnopqrst"]
    assert looked_up(many) <= looked_up([]) + 20


def test_levels_of_hostile_repetition_stay_in_range(rules):
    """The longest message of one alarming word is a level, not a failure."""
    found = rules.signals("dood " * 2000)

    assert all(signal.level in RiskLevel for signal in found)
