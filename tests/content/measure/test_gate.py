"""The gate and the command: a release is measured, and refused when it falls short."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from nachtlicht.cli import cli
from nachtlicht.cli.measuring import NO_SETS, measure, whole_gate
from nachtlicht.content.assess import ParseError
from nachtlicht.content.publish import publish
from nachtlicht.settings import Settings
from tests.content.measure.conftest import MESSAGES, line
from tests.content.test_publish import LATER, NOW

MANY = [
    line(f"d{n:02}", f"die gast dreigt me, dag {n}", level="urgent", theme="afpersing")
    for n in range(12)
]


@pytest.fixture
def settings(room, tmp_path):
    """Settings over the small room, with its releases under var/."""
    return Settings(root=tmp_path, data=room.data, var=tmp_path / "var")


@pytest.fixture
def published(room, settings, tmp_path):
    """Publish the room as it stands, without a gate; gives the release's folder."""
    model = tmp_path / "model.tar.gz"
    model.write_bytes(b"a model")

    def run(now=NOW):
        done = publish(
            room.sources(), settings.releases, now=now, trainer=lambda _: model, issues=[]
        )
        return done.path

    return run


def test_without_sets_the_gate_is_not_green(settings, published):
    """A clear sentence; the talks are played all the same."""
    gate = whole_gate(settings, lambda folder: ["Niet gezegd: 'hoi'."], say=print)

    assert gate(published()) == [NO_SETS, "Niet gezegd: 'hoi'."]


def test_what_cannot_be_measured_is_not_green(settings, published, write_set):
    """Without the bot's environment the error goes on to whoever publishes."""
    write_set()
    gate = whole_gate(settings, lambda folder: [], say=lambda text: None)

    with pytest.raises(ParseError, match="environment"):
        gate(published())


def test_a_weaker_rule_is_seen_against_the_live_release(settings, published, write_set, room):
    """Twelve messages that the live release finds, and the new one no longer."""
    write_set(MANY, ())
    live = published()
    room.change(
        "risk/test.yml", "      - dreigt\n    must_match", "      - chantage\n    must_match"
    )
    new = published(LATER)
    (settings.releases / "current").unlink()
    (settings.releases / "current").symlink_to(live.name)

    report = measure(settings, new, rules_only=True)

    assert report.live.release == live.name
    assert report.live.differences["gevonden"].lost == 12
    assert f"Dringend of acuut, gevonden: zakt tegenover {live.name}" in " ".join(report.faults)
    assert measure(settings, live, rules_only=True).live is None


def test_a_damaged_live_release_is_said(settings, published, write_set, room):
    """It can be replaced: what is new is measured alone."""
    write_set()
    live = published()
    room.change("responses/groet.yml", "Fijn dat je", "Goed dat je")
    new = published(LATER)
    (settings.releases / "current").unlink()
    (settings.releases / "current").symlink_to(live.name)
    (live / "texts.json").write_text("{}")

    report = measure(settings, new, rules_only=True)

    assert report.live is None
    assert "Niet vergeleken met wat live is" in report.notes[0]


@pytest.fixture
def evaluate(settings, monkeypatch):
    """Run `nachtlicht evaluate` on the small room."""
    monkeypatch.setenv("NACHTLICHT_VAR", str(settings.var))
    monkeypatch.setenv("NACHTLICHT_DATA", str(settings.data))

    def run(*options):
        return CliRunner().invoke(cli, ["evaluate", *map(str, options)])

    return run


def test_the_command_tells_and_writes(evaluate, published, write_set, tmp_path):
    """A short table, all of it as JSON, and a page."""
    published()
    files = tmp_path / "r.json", tmp_path / "r.html"

    done = evaluate("--rules-only", "--set", write_set(), "--json", files[0], "--html", files[1])

    assert done.exit_code == 0, done.output
    assert "5 berichten, 1 gesprekken (t01)" in done.output
    assert "Dringend of acuut, gevonden" in done.output
    assert json.loads(files[0].read_text())["figures"]["overall"]["gevonden"]["hits"] == 2
    assert "alleen de regels" in files[1].read_text()


def test_another_release_can_be_named(evaluate, published, write_set, room, tmp_path):
    """It is compared with the live one."""
    old = published()
    room.change("responses/groet.yml", "Fijn dat je", "Goed dat je")
    live = published(LATER)

    done = evaluate("--rules-only", "--set", write_set(), "--release", old)

    assert f"anders dan {live.name}" in done.output


def test_floors_are_not_set_from_a_part(evaluate, published, write_set):
    """They hold for all sets together."""
    published()

    done = evaluate("--rules-only", "--set", write_set(MESSAGES[:1], ()), "--set-floors")

    assert done.exit_code == 2
    assert "laat --set weg" in done.output
