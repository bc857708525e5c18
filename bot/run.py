"""Starts Rasa with the model of the live release; ends when that is replaced, or Rasa hangs.

Run by the supervisor, which starts it again. Standard library only, so that it is up at once.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from bot import release
from bot.environment import ROOT, rasa_environment, var_folder
from bot.pulse import Pulse

NEW_MODEL = 75  # EX_TEMPFAIL: "try again", and then with the new model
HUNG = 70  # EX_SOFTWARE: Rasa lives and answers nothing
LOOK_EVERY = 1.0  # seconds
STOP_WITHIN = 10.0  # seconds


def main() -> int:
    """Run until told to stop, until Rasa ends or hangs, or the live release has another model."""
    var = var_folder()
    releases = var / "releases"
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    live = _wait_for_release(releases)
    model = (releases / "current").resolve() / release.MODEL
    bot_url = os.environ.get("NACHTLICHT_BOT_URL", "http://127.0.0.1:5005")
    child = subprocess.Popen(command(model, bot_url), env=child_environment(var, live[1]), cwd=ROOT)
    try:
        return _watch(child, releases, live[1], Pulse(bot_url))
    finally:
        _end(child)


def command(model: Path, bot_url: str) -> list[str]:
    """Return the command that serves `model`: no API, no CORS, on one private address."""
    address = urlsplit(bot_url)
    return [
        *(sys.executable, "-W", "ignore", "-m", "rasa", "run"),
        *("--interface", address.hostname or "127.0.0.1", "--port", str(address.port or 5005)),
        *("--model", str(model)),
        *("--credentials", "bot/credentials.yml", "--endpoints", "bot/endpoints.yml"),
        *("--logging-config-file", "bot/logging.yml"),
    ]


def child_environment(var: Path, model_hash: str) -> dict[str, str]:
    """Return the environment of Rasa: the secret, where the actions are, and nothing sent home."""
    secret_file = var / "bot.secret"
    secret = os.environ.get("NACHTLICHT_BOT_SECRET", "")
    if not secret and secret_file.exists():
        secret = secret_file.read_text().strip()
    return {
        **rasa_environment(var),
        "NACHTLICHT_BOT_SECRET": secret,
        "NACHTLICHT_ACTIONS_URL": os.environ.get("NACHTLICHT_ACTIONS_URL")
        or "http://127.0.0.1:5055",
        release.RELEASES_ENV: str(var / "releases"),
        release.MODEL_HASH_ENV: model_hash,
        "LOG_LEVEL": "WARNING",
        "SANIC_REQUEST_MAX_SIZE": str(512 * 1024),
        # A hung request would keep its talk locked; the channel gives up after ten seconds.
        "SANIC_RESPONSE_TIMEOUT": "15",
    }


def _wait_for_release(releases: Path) -> tuple[str, str]:
    """Wait until something is published; tell it once."""
    told = False
    while (live := release.current(releases)) is None:
        if not told:
            print(f"bot: nothing is published in {releases} yet; waiting.", flush=True)
            told = True
        time.sleep(LOOK_EVERY)
    print(f"bot: release {live[0]}", flush=True)
    return live


def _watch(child: subprocess.Popen[bytes], releases: Path, model_hash: str, pulse: Pulse) -> int:
    while True:
        try:
            return child.wait(timeout=LOOK_EVERY)
        except subprocess.TimeoutExpired:
            live = release.current(releases)
        if live and live[1] != model_hash:
            print(f"bot: release {live[0]} has another model; starting again.", flush=True)
            return NEW_MODEL
        if not pulse.beats():
            print("bot: it lives and does not answer; starting again.", flush=True)
            child.kill()  # it would not hear a request to end
            return HUNG


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(timeout=STOP_WITHIN)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
