"""The handover card: made from what was said, with the marked words, and never from a guess."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nachtlicht.chat.desk.card import Said, Signal, cut, questions, quote
from nachtlicht.risk import RiskLevel
from nachtlicht.store import Author

AT = dt.datetime(2026, 11, 25, 2, 12, tzinfo=dt.UTC)


def line(seq, author, text, *signals):
    return Said(seq, Author(author), AT, text, signals=signals)


def signal(start, end, why="reden", level=RiskLevel.URGENT):
    return Signal(level, "afpersing", start, end, why)


def test_marks_the_words_that_the_rules_found():
    """Offsets count characters of the line as typed, also after an emoji."""
    parts = cut("😢 hij wil geld nu", [signal(6, 14)])
    assert [(part.text, part.why) for part in parts] == [
        ("😢 hij ", None),
        ("wil geld", "reden"),
        (" nu", None),
    ]


def test_marks_that_overlap_become_one_with_the_gravest_reason():
    """No word is shown twice, and none is lost."""
    grave = signal(4, 12, "erg", RiskLevel.ACUTE)
    parts = cut("een twee drie vier", [signal(0, 8, "minder erg"), grave])
    assert [(part.text, part.why) for part in parts] == [
        ("een twee dri", "erg"),
        ("e vier", None),
    ]


@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=6),
)
def test_cutting_never_changes_the_words(text, spans):
    """Whatever offsets come along, the line reads as it was typed."""
    parts = cut(text, [signal(start, end) for start, end in spans])
    assert "".join(part.text for part in parts) == text


def test_a_quote_is_short_but_holds_the_marked_words():
    """A long story is cut around them, not through them."""
    text = "bla " * 100 + "hij wil geld" + " bla" * 100
    start = text.index("wil geld")
    parts = quote(line(1, "youth", text, signal(start, start + 8))).parts
    assert "wil geld" in [part.text for part in parts if part.why]
    assert sum(len(part.text) for part in parts) < 200


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Ben je nu veilig?", "Ben je nu veilig?"),
        ("Dank je. Wil je een mens spreken?", "Wil je een mens spreken?"),
        ("Is er nu gevaar? Bel dan een hulplijn.", None),
        ("Dit staat er:\n• Denk je aan zelfmoord? Bel een lijn.", None),
        ("Dat is alles.", None),
        ("", None),
    ],
)
def test_a_question_is_what_a_line_ends_with(said, asked):
    """A question in the middle is answered by the line itself."""
    found = questions([line(1, "bot", said), line(2, "youth", "ja")])
    assert [one.question for one in found] == ([asked] if asked else [])


def test_an_answer_belongs_to_the_last_question_before_it():
    """A question that was followed by another one has no answer."""
    found = questions(
        [
            line(1, "bot", "Wat is er?"),
            line(2, "bot", "Ben je nu veilig?"),
            line(3, "youth", "nee"),
            line(4, "counsellor", "Waar ben je?"),
        ]
    )
    assert [(one.question, one.answer) for one in found] == [
        ("Wat is er?", None),
        ("Ben je nu veilig?", "nee"),
        ("Waar ben je?", None),
    ]


def test_a_question_of_the_young_person_is_none_of_ours():
    """Only what we asked stands on the card."""
    assert questions([line(1, "youth", "wie ben jij?"), line(2, "bot", "Een chatbot.")]) == []
