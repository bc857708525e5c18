"""Why the risk model thinks so: the words that weigh most, at their place in the text as typed."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nachtlicht.encoder import RiskClassifier
from nachtlicht.encoder.classifier import LEVELS, MARKS
from nachtlicht.encoder.ngrams import SIZE, ngram_row, word_columns

HEAVY = {"chantage": 3.0, "foto": 2.0, "geld": 1.0, "bedankt": -3.0}


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("hij dreigt met chantage", ["chantage"]),
        ("😢😢 Chantage!! met mijn foto", ["Chantage", "foto"]),
        ("chántage", ["chántage"]),
        ("сhantage met de fоto", ["сhantage", "fоto"]),  # Cyrillic с and о
        ("c h a n t a g e zegt ie", ["c h a n t a g e"]),
        ("ch\u200bantage", ["ch\u200bantage"]),
        ("geld geld geld om een foto", ["foto", "geld"]),
        ("dit is\n\ngéén  CHANTAGE", ["CHANTAGE"]),
    ],
)
def test_marks_the_words_as_they_were_typed(model, typed, marked):
    """Also behind emoji, accents, look-alike letters and spacing tricks; the heaviest first."""
    assert [typed[start:end] for start, end in model.reasons(typed)][: len(marked)] == marked


@pytest.mark.parametrize("typed", ["", "   ", "😢😢😢", "!!!", "bedankt", "\ufffd\x00"])
def test_marks_nothing_where_no_word_adds_anything(model, typed):
    """A mark is a reason; what takes the level down is none."""
    assert model.reasons(typed) == []


@given(st.text(max_size=200))
@example("c h a n t a g e ĳ İ ß ﬁ" * 3)
@example("a" * 500 + " chantage " * 500)
def test_offsets_are_always_inside_the_text(typed):
    """Three at most, none empty, none twice, whatever was typed."""
    for level in LEVELS:
        found = NOISY.reasons(typed, level)
        assert len(found) == len(set(found)) <= MARKS
        assert all(0 <= start < end <= len(typed) for start, end in found)


def test_each_level_has_words_of_its_own(model):
    """What makes a line acute need not be what made it urgent."""
    typed = "chantage en afscheid"

    assert model.reasons(typed, "acute") == [(12, 20)]
    assert model.reasons(typed, "urgent") == [(0, 8)]


def test_a_word_has_the_columns_that_it_adds_to_its_text():
    """The reasons count what the score counts, save pairs of words."""
    columns, _weights = ngram_row("chantage")

    assert sorted(set(word_columns("chantage"))) == columns.tolist()


def made(level_words):
    """A model of words alone, with these weights."""
    arrays = {
        "level_words": level_words,
        "level_bias": np.zeros(3),
        "level_mix": np.ones((3, 3)),
        "level_rules": np.zeros((3, 3)),
        "theme_words": np.zeros((1, SIZE)),
        "theme_bias": np.zeros(1),
    }
    return RiskClassifier(arrays, {"themes": ["geen"], "thresholds": {}}, None)


@pytest.fixture(scope="module")
def model():
    weights = np.zeros((3, SIZE))
    for word, weight in HEAVY.items():
        for column in word_columns(word):
            weights[LEVELS.index("urgent"), column] += weight
    for column in word_columns("afscheid"):
        weights[LEVELS.index("acute"), column] += 1.0
    return made(weights)


NOISY = made(np.random.default_rng(7).normal(size=(3, SIZE)))
