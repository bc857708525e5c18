"""`nachtlicht run`: starts everything, brings back what dies, stops everything."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from tests.support.release import built_release
from tests.support.system import ROOT, WEB_PYTHON, System


def test_run_shows_addresses_brings_back_what_dies_and_stops(run):
    """The first sign-in is shown once; a killed web app is back; the end leaves no process."""
    told = run.until("Ctrl-C stops everything")
    assert re.search(r"/desk/uitnodiging#\S{30,}", told)
    assert "/demo.html" in told
    web = run.child("nachtlicht serve")
    os.kill(web, signal.SIGKILL)
    run.until_true(lambda: run.child("nachtlicht serve") not in (None, web))
    run.until_true(lambda: httpx.get(f"{run.system.origin}/healthz").status_code == 200)
    children = [run.child(name) for name in ("nachtlicht serve", "actions.run", "bot.run")]

    os.kill(run.process.pid, signal.SIGINT)
    assert run.process.wait(timeout=180) == 0
    assert not [pid for pid in children if pid and Path(f"/proc/{pid}").exists()]


def test_a_port_in_use_is_one_sentence(run_once):
    """It names the port and the setting, and nothing is started."""
    system, call = run_once
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", system.ports["web"]))
        taken.listen()
        done = call()
    assert done.returncode == 1
    assert str(system.ports["web"]) in done.stderr
    assert "NACHTLICHT_PORT" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_first_release_that_cannot_be_made_is_told(run_once, tmp_path):
    """What is wrong with the content is shown where `run` was typed, and nothing is started."""
    system, call = run_once
    system.env["NACHTLICHT_DATA"] = str(tmp_path / "nothing")
    done = call()
    assert done.returncode == 1
    assert "no release yet" in done.stdout
    assert str(tmp_path / "nothing") in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert "Ready in" not in done.stdout


def test_ctrl_c_while_the_first_release_is_made_ends_all_of_it(tmp_path):
    """Also what was started to train."""
    run = Run(System(tmp_path))
    run.until("no release yet")
    run.until_true(lambda: run.child("publish-shipped") is not None)
    run.until_true(lambda: run.child("bot.train") is not None)

    os.kill(run.process.pid, signal.SIGINT)

    assert run.process.wait(timeout=60) == 130
    assert [run.child(name) for name in ("publish-shipped", "bot.train")] == [None, None]
    run.process.stdout.close()


class Run:
    """A running `nachtlicht run` and what it printed."""

    def __init__(self, system: System) -> None:
        self.system, self.told = system, ""
        self.process = subprocess.Popen(
            [str(WEB_PYTHON), "-m", "nachtlicht", "run"],
            env=system.env,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def until(self, words: str) -> str:
        """Read what is printed until `words` come."""
        for line in self.process.stdout:
            self.told += line
            if words in line:
                return self.told
        raise AssertionError(f"ended without {words!r}: {self.told}")

    def until_true(self, is_so, within: float = 180) -> None:
        """Wait for something to become true."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            with contextlib.suppress(httpx.TransportError):
                if is_so():
                    return
            time.sleep(0.2)
        raise AssertionError(f"did not come about within {within} s")

    def child(self, name: str) -> int | None:
        """The process below ours whose command holds `name`."""
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                command = (folder / "cmdline").read_text().replace("\0", " ")
                env = (folder / "environ").read_text()
                if name in command and f"NACHTLICHT_VAR={self.system.var}\0" in env:
                    return int(folder.name)
        return None


@pytest.fixture
def run(tmp_path):
    """Run over a folder that has a release already."""
    built_release(tmp_path)
    begun = Run(System(tmp_path))
    yield begun
    if begun.process.poll() is None:
        begun.process.terminate()
        begun.process.wait(timeout=180)
    begun.process.stdout.close()


@pytest.fixture
def run_once(tmp_path):
    """The command, to be called when the test is ready."""
    system = System(tmp_path)
    command = [str(WEB_PYTHON), "-m", "nachtlicht", "run"]

    def call() -> subprocess.CompletedProcess:
        return subprocess.run(
            command, env=system.env, cwd=ROOT, capture_output=True, text=True, check=False
        )

    return system, call
