"""Reading a line as a tapped button or a fixed phrase, and which texts can be a line at all."""

import pytest

from nachtlicht.chat.errors import (
    TextControlCharacters,
    TextEmpty,
    TextNotUnicode,
    TextTooLong,
)
from nachtlicht.chat.spoken import Spoken
from nachtlicht.chat.validate import check_text
from nachtlicht.chat.wishes import Wish, find_wish
from nachtlicht.release import Commands
from nachtlicht.store import Author

COMMANDS = Commands({"handoff": ["ik wil een mens"], "stop": ["stop"], "forget": ["wis alles"]})
BEFORE = [
    Spoken(1, Author.BOT, "Hoi", (("Help", "/help"), ("Stop maar", "nachtlicht:stop"))),
    Spoken(2, Author.YOUTH, "hallo"),
    Spoken(3, Author.BOT, "In de rij", (("Liever niet", "nachtlicht:decline"),)),
    Spoken(4, Author.BOT, "Klopt dat?", (("Ja", "/ja"), ("Oud", "nachtlicht:dans"))),
]


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("JA!", Wish(payload="/ja", tapped=True)),
        ("Liever niet", Wish(kind="decline", tapped=True)),
        ("Help", Wish()),
        ("stop maar", Wish()),
        ("Oud", Wish(tapped=True)),
        ("ik wil een mens.", Wish(kind="handoff")),
        ("ik wil geen mens", Wish()),
        ("🙂", Wish()),
    ],
)
def test_what_a_line_asks_for(text, wish):
    """A title of the newest bot lines, else a phrase, else nothing."""
    assert find_wish(text, BEFORE, COMMANDS, waits=False) == wish


def test_while_waiting_an_old_decline_still_counts():
    """But no other old button does."""
    before = [BEFORE[2], Spoken(4, Author.YOUTH, "ok"), Spoken(5, Author.BOT, "Vertel maar")]

    assert find_wish("liever niet", before, COMMANDS, waits=True).kind == "decline"
    assert find_wish("liever niet", before, COMMANDS, waits=False).kind is None
    assert find_wish("help", [BEFORE[0], *before], COMMANDS, waits=True) == Wish()


@pytest.mark.parametrize(
    "text",
    [
        "hallo",
        "🙂",
        "\u202eachterstevoren",
        "regel\nregel\r\n\ttab",
        "<script>alert(1)</script>",
        "/restart",
        "x" * 10_000,
    ],
)
def test_text_that_is_taken(text):
    """Right-to-left marks, HTML, slashes and emoji are text like any other."""
    check_text(text)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", TextEmpty),
        (" \n\t\u00a0", TextEmpty),
        ("\u200b\u200e\ufeff", TextEmpty),
        ("a\x00b", TextControlCharacters),
        ("\x1b[31mrood", TextControlCharacters),
        ("half \ud83d", TextNotUnicode),
        ("x" * 10_001, TextTooLong),
        ("🙂" * 10_001, TextTooLong),
    ],
)
def test_text_that_is_refused(text, refusal):
    """Each with a class and a code of its own."""
    with pytest.raises(refusal):
        check_text(text)
