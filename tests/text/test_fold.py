"""Folding: one plain form of Dutch as it is typed, with a way back."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nachtlicht.text import fold, fold_pieces, sound_key, spell
from nachtlicht.text.spelling import SPELLINGS

TEXTS = st.text(max_size=300)
DUTCHLIKE = st.text(alphabet="abdeijkmnorstwz 0134'*.-_!?\n😭💊ĳéÉ\u0301\u200bао", max_size=200)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("IK WIL DOOD", "ik wil dood"),
        ("zélfmóórd", "zelfmoord"),
        ("ze\u0301lfmoord", "zelfmoord"),
        ("hĳ slaat me", "hij slaat me"),
        ("dооd", "dood"),  # the o's are Cyrillic
        ("z\u200be\u200bl\u200bf", "zelf"),
        ("ｄｏｏｄ", "dood"),
        ("z e l f m o o r d", "zelfmoord"),
        ("d-o-o-d", "dood"),
        ("i k  w i l  d o o d", "ik wil dood"),
        ("neeeeee", "nee"),
        ("ik wil dooooood", "ik wil dood"),
        ("hallooooo", "hallo"),
        ("z3lfm00rd", "zelfmoord"),
        ("n00ds", "nudes"),
        ("ff mss egt idd wrm", "even misschien echt inderdaad waarom"),
        ("kheb", "ik heb"),
        ("ik hep", "ik heb"),
        ("me moeder", "mijn moeder"),
        ("hij zag me", "hij zag me"),
        ("altijt", "altijd"),
        ("verkragt", "verkracht"),
        ("v*rkracht en d**d", "verkracht en dood"),
        ("zelfm", "zelfmoord"),
        ("m'n foto's", "mijn fotos"),
        ("ben 14jaar", "ben 14 jaar"),
        ("14j", "14 j"),
        ("slikt 💊", "slikt emopil"),
        ("💀💀", "emolach emolach"),
        ("'k weet 't nie", "ik weet het niet"),
        ("ge moogt da ni zeggen", "je moogt dat niet zeggen"),
        ("", ""),
        ("   \n\t ", "\n"),
    ],
)
def test_what_is_typed_in_many_ways_folds_to_one(typed, folded):
    """Each way of typing a word ends in its usual spelling."""
    assert fold(typed).text == folded


@given(TEXTS | DUTCHLIKE)
@example("a  b c  d  e")
@example("x y 5j")
@example("\ud800 lone surrogate")
def test_folding_twice_is_folding_once(text):
    """A folded text is its own plain form."""
    once = fold(text).text

    assert fold(once).text == once


@given(TEXTS | DUTCHLIKE)
def test_offsets_point_into_the_text_as_typed(text):
    """Every folded character came from a real span, and spans never run backwards."""
    folded = fold(text)

    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert all(
        0 <= start <= end <= len(text)
        for start, end in zip(folded.starts, folded.ends, strict=True)
    )
    assert list(folded.starts) == sorted(folded.starts)


@given(st.binary(max_size=200))
def test_bytes_read_as_text_fold_without_complaint(raw):
    """Whatever arrives folds: no input raises."""
    for encoding in ("latin-1", "utf-16-le"):
        fold(raw.decode(encoding, errors="replace"))
    fold(raw.decode("utf-8", errors="surrogateescape"))


def test_a_span_leads_back_to_the_typed_word():
    """The span of a folded word covers what was typed for it, spaces and all."""
    typed = "ik denk aan z e l f m o o r d soms"
    folded = fold(typed)
    start = folded.text.index("zelfmoord")

    first, last = folded.typed_span(start, start + len("zelfmoord"))

    assert typed[first:last] == "z e l f m o o r d"


def test_the_right_hand_sides_of_the_table_are_plain():
    """No usual spelling is a misspelling of another: else folding would not come to rest."""
    assert {right for right in SPELLINGS.values() if fold(right).text != right} == set()


@pytest.mark.parametrize("unit", ["a", "ab ", "aaaa1", "z e l ", "é", "😭", "*a", "\u0301", "a-"])
def test_work_grows_in_proportion_to_the_length(unit, steps):
    """Twice the text takes about twice the steps, not four times."""
    short, long = unit * 500, unit * 1000

    assert steps(fold_pieces, long) <= 2.6 * steps(fold_pieces, short) + 2000


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("altijt", "altijd"),
        ("gedwonge", "gedwongen"),
        ("verkragt", "verkracht"),
        ("bleiven", "blijven"),
        ("vrau", "vrouw"),
        ("mishandelt", "mishandeld"),
    ],
)
def test_words_that_sound_alike_share_a_key(one, other):
    """Errors in d/t, ei/ij, ou/au and a lost n do not change the sound key."""
    assert sound_key(one) == sound_key(other)


@pytest.mark.parametrize(("one", "other"), [("dood", "doet"), ("slaan", "slapen"), ("mes", "mus")])
def test_other_words_keep_another_key(one, other):
    """A sound key does not throw different words together."""
    assert sound_key(one) != sound_key(other)


@settings(max_examples=50)
@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789*", min_size=1, max_size=60))
def test_a_spelling_is_a_fixed_point(word):
    """The usual spelling of each word of a usual spelling is itself."""
    for part in spell(word).split():
        assert spell(part) == part
