"""The real bot and action server for a release: those that run already, or our own."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from nachtlicht.chat import BotClient
from nachtlicht.release import Release
from nachtlicht.replay.errors import ReplayError
from nachtlicht.settings import Settings

START_WITHIN = 300.0  # seconds; Rasa takes twenty on a quiet machine
LOOK_EVERY = 0.3
STOP_WITHIN = 15.0


@contextlib.asynccontextmanager
async def running_bot(settings: Settings, release: Release) -> AsyncIterator[Settings]:
    """Settings that lead to a bot which serves `release`.

    When the bot of `settings` serves it, that one is used. Otherwise a bot and an action
    server of our own run for the length of the block, on free ports of this machine.

    Raises:
        ReplayError: the bot's environment is missing, or it does not start.
    """
    client = BotClient(settings)
    try:
        serves = await client.health()
    finally:
        await client.close()
    if serves == release.id and settings.bot_secret:
        yield settings
        return
    with tempfile.TemporaryDirectory(prefix="nachtlicht-replay-") as name:
        var = Path(name)
        ours = dataclasses.replace(
            settings,
            var=var,
            bot_url=f"http://127.0.0.1:{_free_port()}",
            actions_url=f"http://127.0.0.1:{_free_port()}",
            bot_secret=secrets.token_urlsafe(24),
        )
        (var / "releases").mkdir()
        (var / "releases" / "current").symlink_to(release.path.resolve())
        with _processes(ours):
            await _wait(ours, release)
            yield ours


@contextlib.contextmanager
def _processes(settings: Settings) -> Iterator[None]:
    bot_python = settings.root / ".venv" / "bot" / "bin" / "python"
    if not bot_python.exists():
        raise ReplayError(f"Rasa is hier niet geïnstalleerd: {bot_python} ontbreekt.")
    env = {
        **os.environ,
        "PYTHONPATH": str(settings.root),
        "NACHTLICHT_VAR": str(settings.var),
        "NACHTLICHT_BOT_URL": settings.bot_url,
        "NACHTLICHT_ACTIONS_URL": settings.actions_url,
        "NACHTLICHT_BOT_SECRET": settings.bot_secret,
    }
    started: list[subprocess.Popen[bytes]] = []
    try:
        for python, module in ((sys.executable, "actions.run"), (str(bot_python), "bot.run")):
            with (settings.var / f"{module}.log").open("wb") as log:
                started.append(
                    subprocess.Popen(
                        [python, "-m", module],
                        env=env,
                        cwd=settings.root,
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=log,
                        start_new_session=True,  # so that what it starts ends with it
                    )
                )
        yield
    finally:
        for process in started:
            _end(process)


async def _wait(settings: Settings, release: Release) -> None:
    client = BotClient(settings)
    began = time.monotonic()
    try:
        while await client.health() != release.id:
            if time.monotonic() - began > START_WITHIN:
                said = (settings.var / "bot.run.log").read_text("utf-8", "replace")[-500:]
                raise ReplayError(f"De bot startte niet binnen {START_WITHIN:.0f} seconden: {said}")
            await asyncio.sleep(LOOK_EVERY)
    finally:
        await client.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=STOP_WITHIN)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
