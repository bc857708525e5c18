"""What `bot.parse` reads: texts, and what the web app judged of them."""

from __future__ import annotations

import json

import pytest

from bot.parse import read_lines

JUDGED = {"level": "urgent", "theme": "afpersing", "entry": "algemeen"}


def test_a_line_is_a_text_or_an_object_with_one() -> None:
    """Empty lines are left out; the id and the known parts of the context are kept."""
    raw = {"id": 7, "text": "hoi", "context": {**JUDGED, "secret": "x"}}
    lines = [json.dumps("hoi"), "", json.dumps(raw)]
    bare, whole = read_lines(lines)
    assert (bare["text"], bare["context"]) == ("hoi", {})
    assert (whole["id"], whole["text"], whole["context"]) == (7, "hoi", JUDGED)


@pytest.mark.parametrize(
    "line",
    [
        "geen json",
        "5",
        "{}",
        json.dumps({"text": 5}),
        json.dumps({"text": "hoi", "context": {}}),
        json.dumps({"text": "hoi", "context": {"level": "erg"}}),
        json.dumps({"text": "hoi", "context": "urgent"}),
    ],
)
def test_a_broken_line_is_named_by_its_number(line: str) -> None:
    """An unknown level too: the bot must not answer as if all were well."""
    with pytest.raises(ValueError, match=r"^Line 2"):
        list(read_lines([json.dumps("hoi"), line]))
