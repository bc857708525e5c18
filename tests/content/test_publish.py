"""Publishing: whole or not at all, one at a time, and back again."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import signal
import subprocess
import sys
import textwrap

import pytest

from nachtlicht.content.publish import (
    CheckFailed,
    GateFailed,
    PublishError,
    all_releases,
    publish,
    rollback,
)
from nachtlicht.release import Release, ReleaseError
from tests.content.conftest import ROOT

NOW = dt.datetime(2026, 11, 22, 10, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)


def test_a_published_release_is_live_and_whole(room, releases, model):
    """Every part of it opens, verified."""
    published = publish(room.sources(), releases, now=NOW, trainer=model, issues=[])

    release = Release.current(releases)
    assert release.id == published.id
    assert release.created_at == NOW
    assert release.bot_model_path.read_bytes() == b"a model"
    assert release.referrals["altijd"].telefoon == "0800-1234"
    assert release.desks["nacht"].name == "de nachtdesk"
    assert release.commands.find("Wis alles!") == "forget"
    assert release.words("widget")["exit"] == "Snel weg"
    assert published.counts["intents"] == 2


def test_a_fault_publishes_nothing(room, releases, model):
    """With a red check the live release stays, and the faults are handed on."""
    room.change("responses/groet.yml", "Fijn dat", "Wat dapper dat")

    with pytest.raises(CheckFailed) as refused:
        publish(room.sources(), releases, now=NOW, trainer=model, issues=room.issues("woorden"))

    assert [issue.rule for issue in refused.value.issues] == ["woorden"]
    assert not (releases / "current").exists()


G, R, S = "responses/groet.yml", "referrals/altijd.yml", "stories/groet.yml"
BAD_INPUT = [
    ("desks/nacht.yml", "  code: nacht", "\tcode: nacht", "Hier staat een tab."),
    (R, "naam: Altijd Open", 'naam: "Altijd Open', "aanhalingsteken dat niet wordt gesloten"),
    (R, "  kosten: gratis", "  kosten: gratis\n  kosten: veel", "voor de tweede keer"),
    (
        S,
        "      - intent: stop",
        "      - intent: groet",
        "Geen regel zegt wat er gebeurt bij 'stop'",
    ),
    (S, "intent: stop", "intent: groet", "begint net zo als regel 3 van groet.yml, en zegt iets"),
    (R, "      bron: de eigen site\n", "", "mist 'bron'"),  # a number without a source
    (G, "[[altijd.telefoon]]", "0800-1234", "telefoonnummer"),
    (R, "2026-11-20", "2026-08-01", "113 dagen geleden nagekeken"),
]


@pytest.mark.parametrize(("name", "old", "new", "told"), BAD_INPUT)
def test_bad_input_is_told_and_the_live_release_untouched(
    room, releases, model, name, old, new, told
):
    """The fault has its file, its line and a Dutch sentence; what was live is live and whole."""
    first = publish(room.sources(), releases, now=NOW, trainer=model, issues=[])
    room.change(name, old, new)

    with pytest.raises(CheckFailed) as refused:
        publish(room.sources(), releases, now=LATER, trainer=model, issues=room.issues())

    (issue,) = [issue for issue in refused.value.issues if told in issue.text][:1]
    assert issue.line > 0
    assert Release.current(releases).id == first.id
    assert all_releases(releases) == [first.path]


def test_two_changes_that_pass_alone_and_fail_together(room, releases, model):
    """Two editors give the same moment another answer; the second to publish is told where."""
    steps = "[{{action: utter_groet}}, {{intent: stop}}, {{action: {1}}}]"
    rule = "rules:\n  - rule: {0}\n    steps: " + steps + "\n"
    first = publish(room.sources(), releases, now=NOW, trainer=model, issues=room.issues())
    one = room.write("stories/anna.yml", rule.format("van Anna", "utter_stop"))
    assert room.issues() == []
    one.unlink()
    room.write("stories/bram.yml", rule.format("van Bram", "utter_groet"))
    assert room.issues() == []

    room.write("stories/anna.yml", rule.format("van Anna", "utter_stop"))
    with pytest.raises(CheckFailed) as refused:
        publish(room.sources(), releases, now=LATER, trainer=model, issues=room.issues())

    (issue,) = refused.value.issues
    assert (issue.path.name, issue.line) == ("bram.yml", 2)
    assert "van anna.yml, en zegt iets anders" in issue.text
    assert Release.current(releases).id == first.id


def test_the_gate_tries_the_built_release_before_it_is_live(room, releases, model, changed):
    """It gets a whole release that is not live yet; with a fault the old one stays."""
    first = publish(room.sources(), releases, now=NOW, trainer=model, issues=[])
    changed()
    tried = []

    def gate(folder):
        tried.append((Release.load(folder).id, Release.current(releases).id))
        return ["Niet gezegd: 'hoi'."]

    with pytest.raises(GateFailed) as refused:
        publish(room.sources(), releases, now=LATER, trainer=model, issues=[], gate=gate)

    ((new, live),) = tried
    assert new != live == first.id == Release.current(releases).id
    assert refused.value.faults == ("Niet gezegd: 'hoi'.",)
    assert all_releases(releases) == [first.path]


def test_the_same_data_make_no_second_release(room, releases, model):
    """Publishing twice changes nothing and says so."""
    first = publish(room.sources(), releases, now=NOW, trainer=model, issues=[])
    second = publish(room.sources(), releases, now=LATER, trainer=model, issues=[])

    assert (second.id, second.is_new) == (first.id, False)
    assert len(all_releases(releases)) == 1


def test_rollback_goes_to_the_one_before(room, releases, model, changed):
    """And no further than the first."""
    first = publish(room.sources(), releases, now=NOW, trainer=model, issues=[])
    changed()
    publish(room.sources(), releases, now=LATER, trainer=model, issues=[])

    assert rollback(releases).id == first.id
    assert Release.current(releases).id == first.id
    with pytest.raises(PublishError, match="geen eerdere versie"):
        rollback(releases)


def test_nothing_to_go_back_to(releases):
    """Before the first publish it is a sentence too."""
    with pytest.raises(PublishError, match="geen eerdere versie"):
        rollback(releases)


def test_rollback_to_a_named_release(room, releases, model, changed):
    """Forward again, by name."""
    publish(room.sources(), releases, now=NOW, trainer=model, issues=[])
    changed()
    second = publish(room.sources(), releases, now=LATER, trainer=model, issues=[])
    rollback(releases)

    assert rollback(releases, second.id).id == second.id
    assert Release.current(releases).id == second.id


def test_rollback_to_a_damaged_release_is_refused(room, releases, model, changed):
    """The live one stays."""
    first = publish(room.sources(), releases, now=NOW, trainer=model, issues=[])
    changed()
    second = publish(room.sources(), releases, now=LATER, trainer=model, issues=[])
    (first.path / "texts.json").write_text("{}")

    with pytest.raises(ReleaseError, match=r"texts\.json was changed"):
        rollback(releases)

    assert Release.current(releases).id == second.id


def test_a_damaged_live_release_is_replaced(room, releases, model):
    """The same data are published anew when the live folder is not whole."""
    first = publish(room.sources(), releases, now=NOW, trainer=model, issues=[])
    (first.path / "texts.json").write_text("{}")

    second = publish(room.sources(), releases, now=LATER, trainer=model, issues=[])

    assert second.is_new
    assert Release.current(releases).id == second.id


def test_two_who_publish_at_once(room, releases, model):
    """The second is told, and nothing is mixed."""
    releases.mkdir(parents=True)
    with (releases / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(PublishError, match="Iemand anders"):
            publish(room.sources(), releases, now=NOW, trainer=model, issues=[])


KILLED = """
    import datetime as dt, os, signal, sys
    from pathlib import Path
    import nachtlicht.content.publish as p
    from nachtlicht.content.sources import read_sources

    root, releases, step = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    original = getattr(p, step) if step != "rename" else os.rename

    def die(*arguments, **named):
        os.kill(os.getpid(), signal.SIGKILL)

    target = os if step == "rename" else p
    setattr(target, step, die)
    sources = read_sources(root / "data", root, today=dt.date(2026, 11, 22))
    model = root / "model"
    model.write_bytes(b"another model")
    now = dt.datetime(2026, 11, 22, 12, tzinfo=dt.timezone.utc)
    p.publish(sources, releases, now=now, trainer=lambda _: model, issues=[])
"""


@pytest.mark.parametrize(
    "step", ["write_manifest", "_same_as_live", "_to_disk", "rename", "make_live"]
)
def test_killed_half_way_the_live_release_is_untouched(room, releases, model, step):
    """SIGKILL at each step: the old release is live and whole, and the next publish works."""
    first = publish(room.sources(), releases, now=NOW, trainer=model, issues=[])

    died = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED), str(room.root), str(releases), step],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )

    assert died.returncode == -signal.SIGKILL
    assert Release.current(releases).id == first.id
    room.change("responses/groet.yml", "Fijn dat je er bent.", "Goed dat je er bent.")
    after = publish(room.sources(), releases, now=LATER, trainer=model, issues=[])
    assert Release.current(releases).id == after.id
    assert not list(releases.glob(".new-*"))


@pytest.fixture
def releases(tmp_path):
    return tmp_path / "var" / "releases"


@pytest.fixture
def model(tmp_path):
    """A trainer that gives a ready model; the real one is trained once, in the system tests."""
    path = tmp_path / "model.tar.gz"
    path.write_bytes(b"a model")
    return lambda _: path


@pytest.fixture
def changed(room):
    """Change one sentence."""
    return lambda: room.change("responses/groet.yml", "Fijn dat je", "Goed dat je")
