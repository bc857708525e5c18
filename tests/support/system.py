"""Runs the real processes, web, actions and bot, on free ports, for tests and benchmarks."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.support.sockets import with_children

ROOT = Path(__file__).resolve().parent.parent.parent
WEB_PYTHON = ROOT / ".venv" / "web" / "bin" / "python"
BOT_PYTHON = ROOT / ".venv" / "bot" / "bin" / "python"
NIGHT = "2026-11-25T03:12:00+01:00"  # a Wednesday night, the desk is open
COMMANDS = {
    "web": [str(WEB_PYTHON), "-m", "nachtlicht", "serve"],
    "actions": [str(WEB_PYTHON), "-m", "actions.run"],
    "bot": [str(BOT_PYTHON), "-m", "bot.run"],
}


def free_port() -> int:
    """Ask the system for a port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class System:
    """The three processes over one folder; each can be killed and started again.

    `var` must hold a published release. `clock` is where the service's clock starts.
    """

    def __init__(self, var: Path, clock: str = NIGHT, **env: str) -> None:
        """Choose ports and write the secret; nothing runs yet."""
        self.var = var
        self.ports = {name: free_port() for name in COMMANDS}
        self.origin = f"http://127.0.0.1:{self.ports['web']}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        (var / "log").mkdir(parents=True, exist_ok=True)
        self.env = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "NACHTLICHT_VAR": str(var),
            "NACHTLICHT_PORT": str(self.ports["web"]),
            "NACHTLICHT_BOT_URL": f"http://127.0.0.1:{self.ports['bot']}",
            "NACHTLICHT_ACTIONS_URL": f"http://127.0.0.1:{self.ports['actions']}",
            "NACHTLICHT_BOT_SECRET": secrets.token_urlsafe(24),
            "NACHTLICHT_CLOCK": clock,
            "RASA_TELEMETRY_ENABLED": "false",
            **env,
        }

    def run(self, *arguments: str) -> str:
        """Run a `nachtlicht` command over the same folder and return what it printed."""
        command = [str(WEB_PYTHON), "-m", "nachtlicht", *arguments]
        done = subprocess.run(
            command, env=self.env, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def start(self, *names: str) -> None:
        """Start the processes in `names`, all three when none is named."""
        for name in names or COMMANDS:
            log = (self.var / "log" / f"{name}.log").open("ab")
            self.processes[name] = subprocess.Popen(
                COMMANDS[name],
                env=self.env,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
            log.close()

    def kill(self, name: str) -> None:
        """End one process the hard way, with what it started."""
        process = self.processes.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """End all processes, gently first."""
        for process in self.processes.values():
            process.terminate()
        for name in list(self.processes):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.processes[name].wait(timeout=10)
            self.kill(name)

    def wait(self, *parts: str, within: float = 480) -> float:
        """Wait until `/readyz` shows `parts` as ok (all parts when none is named).

        Returns the seconds that it took; fails with the last state after `within` seconds.
        """
        began, state = time.monotonic(), {}
        while time.monotonic() - began < within:
            state = self.readiness()
            wanted = parts or tuple(state)
            if state and all(state.get(part, {}).get("ok") for part in wanted):
                return time.monotonic() - began
            time.sleep(0.1)
        raise AssertionError(f"not ready after {within} s: {state}")

    def readiness(self) -> dict[str, dict[str, str]]:
        """Return the parts of `/readyz`, empty while the web app does not answer."""
        try:
            return httpx.get(f"{self.origin}/readyz", timeout=20).json()["parts"]
        except (httpx.TransportError, ValueError, KeyError):
            return {}

    def pids(self) -> list[int]:
        """Return the processes that run now, with what they started."""
        processes = list(self.processes.values())
        return [pid for process in processes for pid in with_children(process.pid)]

    def memory(self, name: str) -> float:
        """Return the resident memory in MB of one process and what it started: Rasa is a child."""
        return sum(resident(pid) for pid in with_children(self.processes[name].pid))


def resident(pid: int) -> float:
    """Return the resident memory of a process in MB; 0 when it has none (any more)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


@contextlib.contextmanager
def started(system: System) -> Iterator[System]:
    """Run all three processes of `system` inside the block."""
    system.run("migrate")
    system.start()
    try:
        system.wait()
        yield system
    finally:
        system.stop()


@contextlib.contextmanager
def running(var: Path, clock: str = NIGHT, **env: str) -> Iterator[System]:
    """Run all three processes over `var` inside the block."""
    with started(System(var, clock, **env)) as system:
        yield system
