"""What changed between two releases is told to an editor."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from nachtlicht.cli import cli
from nachtlicht.content.diff import diff
from nachtlicht.content.publish import PublishError, build
from nachtlicht.release import ReleaseError
from tests.content.test_publish import NOW

G = "responses/groet.yml"
R = "referrals/altijd.yml"


@pytest.fixture
def built(room, tmp_path):
    """Builds a release of the room as it is now."""
    model = tmp_path / "model"
    model.write_bytes(b"a model")

    def make(name):
        folder = tmp_path / "var" / "releases" / name
        build(room.sources(), folder, model, release_id=name, now=NOW)
        return folder

    return make


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Calls `nachtlicht diff` as an editor does; an error comes as it is raised."""
    monkeypatch.setenv("NACHTLICHT_VAR", str(tmp_path / "var"))

    def call(*arguments):
        return CliRunner().invoke(cli, ["diff", *arguments], standalone_mode=False)

    return call


def test_the_last_two_by_themselves(room, built, command):
    """Which two they are, and which of them is live, is told first."""
    built("20260101-a")
    room.change(G, "Fijn dat je er bent.", "Goed dat je er bent.")
    second = built("20260102-b")
    (second.parent / "current").symlink_to(second.name)

    said = command().output.splitlines()

    assert said[0] == "Van 20260101-a naar 20260102-b (live):"
    assert said[-1] == "  wordt: Goed dat je er bent."


def test_one_release_has_nothing_beside_it(built, command):
    """The sentence says so, without names of variables."""
    built("20260101-a")

    raised = command().exception

    assert isinstance(raised, PublishError)
    assert str(raised) == "Er is nog geen tweede versie om mee te vergelijken."


def test_nothing_changed(built):
    """Two releases of the same data do not differ."""
    assert diff(built("a"), built("b")) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        (
            G,
            "Fijn dat je er bent.",
            "Goed dat je er bent.",
            "was:   Fijn dat je er bent.\n  wordt: Goed dat",
        ),
        (
            G,
            'title: "Stop"',
            'title: "Hou op"',
            "was:   knop [Stop], die /stop zegt\n  wordt: knop [Hou op]",
        ),
        (G, "utter_groet:", "utter_hoi:", "tekst utter_groet is weg"),
        (G, "utter_groet:", "utter_hoi:", "nieuwe tekst utter_hoi"),
        (
            R,
            '"0800-1234"',
            '"0800-9999"',
            "verwijzing altijd, telefoon waarde: 0800-1234 → 0800-9999",
        ),
        (
            "desks/nacht.yml",
            '"19:00-06:00"',
            '"18:00-06:00"',
            "desk nacht, uren maandag: 19:00-06:00 → 18:00-06:00",
        ),
        (
            "responses/woorden/opdrachten.yml",
            "- wis alles",
            "- weg ermee",
            "nieuwe zin voor forget",
        ),
        (
            "responses/woorden/widget.yml",
            "exit: Snel weg",
            "exit: Weg",
            "het chatvenster, exit:\n  was:   Snel weg\n  wordt: Weg",
        ),
        (
            "responses/woorden/canned.yml",
            "Ik heb gelezen",
            "Ik las",
            "vast antwoord, begin:\n  was:   Ik heb",
        ),
        (
            "risk/test.yml",
            "level: urgent",
            "level: acute",
            "risicoregel dreigen: niveau urgent → acute",
        ),
        (
            "risk/test.yml",
            "      - dreigt\n    must",
            "      - dreigde\n    must",
            "dreigen: patronen",
        ),
        ("nlu/w1/groet.yml", "    - hey\n", "", "aantal voorbeelden: 16 → 15"),
    ],
)
def test_tells_what_changed(room, built, name, old, new, told):
    """Texts, buttons, records, hours, wishes, words, rules and numbers."""
    before = built("a")
    room.change(name, old, new)

    changes = diff(before, built("b"))

    assert any(told in change for change in changes), changes


def test_a_sentence_that_stayed_is_not_told(room, built):
    """An editor reads what changed, and not the whole text twice."""
    before = built("a")
    room.change(G, "Fijn dat je er bent.", "Goed dat je er bent.")

    (change,) = diff(before, built("b"))

    assert "Hoi." not in change
    assert "Bel gerust" not in change


def test_a_release_that_cannot_be_read(built, tmp_path):
    """The sentence names it."""
    with pytest.raises(ReleaseError, match="weg"):
        diff(built("a"), tmp_path / "weg")
