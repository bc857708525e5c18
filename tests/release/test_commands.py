"""A human, stop, and wipe: found in the ways people type them, and only as a whole message."""

import pytest


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("stop", "stop"),
        ("STOPPP!!", "stop"),
        ("  Stóp. ", "stop"),
        ("ik wil een mens", "handoff"),
        ("Ik wíl een mens!!", "handoff"),
        ("wis mijn  gesprek 🙏", "forget"),
        ("kwil een mens", "handoff"),
        ("wis mn gesprek", "forget"),
        ("stop " * 40, None),
        ("stop met zeuren", None),
        ("ik wil een mens worden", None),
        ("", None),
        ("🙏", None),
    ],
)
def test_finds(release, text, kind):
    """Case, accents, doubles and emoji do not matter; other words do."""
    assert release.commands.find(text) == kind
