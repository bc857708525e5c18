"""The peer: the bot that `rasa init` makes, behind Rasa's own REST channel."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests.support.system import BOT_PYTHON, free_port


@contextlib.contextmanager
def plain_rasa(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes], float]]:
    """Make, train and run a plain Rasa bot; yields its address, process and seconds to start.

    Making and training takes about two minutes the first time; the project stays in `folder`.
    """
    env = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "PYTHONPATH": ""}
    rasa = [str(BOT_PYTHON), "-m", "rasa"]
    if not list(folder.glob("models/*.tar.gz")):
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [*rasa, "init", "--no-prompt"], cwd=folder, env=env, check=True, capture_output=True
        )
    port = free_port()
    command = [*rasa, "run", "-i", "127.0.0.1", "-p", str(port), "--credentials", "credentials.yml"]
    began = time.monotonic()
    with (folder / "run.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address, process)
        yield address, process, time.monotonic() - began
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/", timeout=2):  # noqa: S310
            return
        time.sleep(0.2)
    raise RuntimeError("the plain Rasa bot did not start")
