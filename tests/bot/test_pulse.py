"""The launcher feels whether Rasa answers, and starts it anew when it only looks alive."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import pulse, release, run
from tests.bot.conftest import ROOT, SECRET, free_port, wait_for

# As `python -m bot.run`, in less time.
HURRIED = """
import sys
from bot import pulse, run
pulse.EVERY, pulse.ANSWER_WITHIN = 0.5, 3.0
sys.exit(run.main())
"""


class Door:
    """A process of its own that answers over HTTP, and can be made to hang as it listens."""

    def __init__(self) -> None:
        """Start it and wait until it answers."""
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "http.server", str(self.port), "--bind", "127.0.0.1"]
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(
            command, cwd=ROOT / "bot" / "policies", stdout=quiet, stderr=quiet
        )
        wait_for(self.url, self.process)

    def hang(self) -> None:
        """From here on connections are taken and nothing is answered."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Answer again, also what was asked meanwhile."""
        self.process.send_signal(signal.SIGCONT)


def test_a_bot_that_hangs_is_killed_and_the_launcher_ends(door: Door, nothing_new: Path) -> None:
    """The supervisor starts it again; a SIGTERM would not have been heard."""
    felt = answering(door)
    door.hang()

    assert run._watch(door.process, nothing_new, "aaa", felt) == run.HUNG

    assert door.process.wait(timeout=60) == -signal.SIGKILL


def test_a_bot_that_is_busy_for_a_while_lives_on(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fewer misses than three in a row are none; an answer starts the count anew."""
    felt = answering(door)
    for _ in range(2):
        door.hang()
        monkeypatch.setattr(pulse, "ANSWER_WITHIN", 0.5)
        assert [felt.beats() for _ in range(pulse.MISSES - 1)] == [True] * (pulse.MISSES - 1)
        door.go_on()
        monkeypatch.setattr(pulse, "ANSWER_WITHIN", 60.0)
        assert felt.beats()


def test_a_start_that_takes_long_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens yet: no reason to begin anew, until far too much time has gone."""
    felt = pulse.Pulse(f"http://127.0.0.1:{free_port()}")
    assert all(felt.beats() for _ in range(pulse.MISSES + 2))

    monkeypatch.setattr(pulse, "START_WITHIN", 0.0)

    assert not felt.beats()


def test_it_is_not_asked_more_often_than_agreed(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The launcher looks every second; the door hears of it every fifth."""
    felt = answering(door)
    monkeypatch.setattr(pulse, "EVERY", 600.0)
    monkeypatch.setattr(pulse, "ANSWER_WITHIN", 30.0)
    door.hang()
    began = time.monotonic()

    assert all(felt.beats() for _ in range(20))

    assert time.monotonic() - began < pulse.ANSWER_WITHIN


def test_a_real_rasa_that_hangs_is_replaced(model: Path, tmp_path: Path) -> None:
    """The whole launcher over a trained model: Rasa stands still, and both are gone in seconds."""
    url = f"http://127.0.0.1:{free_port()}"
    launcher = subprocess.Popen(
        [sys.executable, "-c", HURRIED],
        cwd=ROOT,
        env=lay_out(tmp_path, model, url),
        stdout=subprocess.PIPE,
    )
    try:
        assert launcher.stdout is not None
        assert any(b"bot: answers" in line for line in launcher.stdout)
        children = Path(f"/proc/{launcher.pid}/task/{launcher.pid}/children").read_text()
        (rasa,) = map(int, children.split())
        os.kill(rasa, signal.SIGSTOP)

        assert launcher.wait(timeout=240) == run.HUNG

        assert not Path(f"/proc/{rasa}").exists()
    finally:
        launcher.terminate()
        launcher.wait(timeout=120)


def lay_out(var: Path, model: Path, url: str) -> dict[str, str]:
    """Publish `model` under `var`; the environment of a bot that serves it at `url`."""
    folder = var / "releases" / "r1"
    (folder / "bot").mkdir(parents=True)
    shutil.copy(model, folder / release.MODEL)
    manifest = {"id": "r1", "files": {release.MODEL: "aaa"}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (var / "releases" / "current").symlink_to("r1")
    ours = {"NACHTLICHT_VAR": str(var), "NACHTLICHT_BOT_URL": url, "NACHTLICHT_BOT_SECRET": SECRET}
    return {**os.environ, **ours, "PYTHONPATH": str(ROOT)}


def answering(door: Door) -> pulse.Pulse:
    """A pulse that has heard the door once."""
    felt, usual = pulse.Pulse(door.url), pulse.ANSWER_WITHIN
    pulse.ANSWER_WITHIN = 60.0
    assert felt.beats()
    pulse.ANSWER_WITHIN = usual
    return felt


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same patience in less time."""
    monkeypatch.setattr(pulse, "EVERY", 0.0)
    monkeypatch.setattr(pulse, "ANSWER_WITHIN", 0.5)
    monkeypatch.setattr(run, "LOOK_EVERY", 0.05)


@pytest.fixture
def door() -> Iterator[Door]:
    """A process that answers, and that no test leaves behind."""
    made = Door()
    yield made
    made.process.kill()
    made.process.wait()


@pytest.fixture
def nothing_new(tmp_path: Path) -> Path:
    """A folder of releases in which nothing changes."""
    return tmp_path
