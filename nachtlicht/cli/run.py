"""Starts Nachtlicht on this machine, shows what it is doing, and stops all of it again."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from urllib.parse import urlsplit

from nachtlicht.settings import Settings

READY_WITHIN = 180  # seconds; the bot imports TensorFlow for about 20 of them


class RunError(Exception):
    """Nachtlicht cannot start; the sentence names what is in the way."""

    code = "run"


def prepare_var(settings: Settings) -> None:
    """Make the folders and the secret between web app and bot. A second call changes nothing."""
    for folder in (settings.var, settings.var / "log"):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    secret = settings.var / "bot.secret"
    if not secret.exists():
        fresh = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fresh, "w") as file:
            file.write(secrets.token_urlsafe(32))


def refuse_taken_ports(settings: Settings) -> None:
    """Say which port is in use before anything is started."""
    wanted = {
        "NACHTLICHT_PORT": (settings.host, settings.port),
        "NACHTLICHT_BOT_URL": _address(settings.bot_url),
        "NACHTLICHT_ACTIONS_URL": _address(settings.actions_url),
    }
    for name, (host, port) in wanted.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise RunError(
                    f"Port {port} on {host} is in use; stop what uses it (another"
                    f" `make run`?) or choose another with {name}."
                ) from error


def aside(settings: Settings, command: str) -> None:
    """Run a command of `nachtlicht` in a process of its own, with which goes the memory it took.

    Raises:
        SystemExit: it failed, and has said why.
    """
    # In a session of its own: Ctrl-C reaches us alone, wherever it comes from, and we pass it on.
    child = subprocess.Popen(
        [sys.executable, "-m", "nachtlicht", command],
        env={**os.environ, "PYTHONPATH": str(settings.root)},
        start_new_session=True,
    )
    try:
        code = child.wait()
    except KeyboardInterrupt:
        os.killpg(child.pid, signal.SIGTERM)  # also what trains
        child.wait()
        raise
    if code:
        sys.exit(code)


@contextmanager
def supervised(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """Run web, actions and bot under supervisord; leaving the block stops all of them."""
    env = {
        **os.environ,
        "NACHTLICHT_ROOT": str(settings.root),
        "NACHTLICHT_VAR": str(settings.var),
        "PYTHONPATH": str(settings.root),
        "PYTHONWARNINGS": "ignore::UserWarning",
        "RASA_TELEMETRY_ENABLED": "false",
    }
    command = [sys.executable, "-W", "ignore", "-m", "supervisor.supervisord"]
    command += ["-c", str(settings.root / "deploy" / "supervisord.conf")]
    with (settings.var / "log" / "supervisord.out").open("ab") as out:
        # A session of its own: Ctrl-C reaches us alone, and we stop the rest in order.
        child = subprocess.Popen(
            command,
            env=env,
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)


def wait_until_ready(settings: Settings, child: subprocess.Popen[bytes]) -> None:
    """Wait for `/readyz` to be green all over, telling what is still on its way.

    Raises:
        RunError: a part did not come within `READY_WITHIN` seconds, or the supervisor ended.
    """
    deadline, told = time.monotonic() + READY_WITHIN, ""
    while time.monotonic() < deadline:
        if child.poll() is not None:
            raise RunError(f"The supervisor ended; {settings.var / 'log'} says why.")
        waiting = _not_ready(settings)
        if not waiting:
            return
        if waiting != told:
            told = waiting
            print(f"  waiting for {waiting} …", flush=True)
        time.sleep(0.5)
    raise RunError(f"Not ready after {READY_WITHIN} s: {told}; see {settings.var / 'log'}.")


def stop_on_signals() -> None:
    """Let Ctrl-C and SIGTERM both raise KeyboardInterrupt, also where a shell ignores the first."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


def wait_for_stop(child: subprocess.Popen[bytes]) -> None:
    """Sleep until a signal or the end of the supervisor."""
    child.wait()
    raise RunError("The supervisor ended by itself; var/log says why.")


def _not_ready(settings: Settings) -> str:
    """Return the parts that are not ready, comma separated; empty when all are."""
    url = f"http://{settings.host}:{settings.port}/readyz"
    try:
        with urllib.request.urlopen(url, timeout=3) as answer:
            state = json.load(answer)
    except urllib.error.HTTPError as error:
        state = json.load(error)
    except (OSError, ValueError):
        return "the web app"
    parts = state.get("parts", {})
    return ", ".join(name for name, part in parts.items() if not part.get("ok"))


def _address(url: str) -> tuple[str, int]:
    """Split `http://host:port` into host and port."""
    parts = urlsplit(url)
    return parts.hostname or "127.0.0.1", parts.port or 80
