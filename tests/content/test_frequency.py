"""How common a word is: whole, with an ending, or in its parts."""

from __future__ import annotations

import pytest

from nachtlicht.content.frequency import function_words, is_rare
from nachtlicht.content.language import read_language
from tests.content.conftest import ROOT

BOUND = 3.5


@pytest.mark.parametrize(
    "word",
    [
        *("huis", "vertrouwt", "screenshot", "2026"),
        *("nepfoto", "doorstuurt", "levensgevaar"),  # of two plain words
        *("appje", "kleins", "onveilige"),  # with an ending
    ],
)
def test_a_plain_word_is_not_rare(word):
    """Common as it is, as a compound of common words, or without its ending."""
    assert not is_rare(word, BOUND)


@pytest.mark.parametrize("word", ["discrepantie", "ondraaglijk", "schermafdruk", "faciliterend"])
def test_a_word_that_few_read_is_rare(word):
    """Also one with a common word in it, and one that looks plain to who wrote it."""
    assert is_rare(word, BOUND)


def test_the_most_common_words_carry_no_content():
    """They are left out of the share, or no text would ever be hard."""
    assert {"de", "het", "een", "niet"} <= function_words()
    assert "huis" not in function_words()


def test_what_is_allowed_though_rare_needs_to_be():
    """The closed list of the editors holds no word that would pass without it."""
    reading = read_language(ROOT / "data").reading

    assert reading is not None
    needless = [
        word
        for word in reading.mag_wel
        if len(word) <= reading.letters_per_woord and not is_rare(word, reading.zipf)
    ]
    assert needless == []
