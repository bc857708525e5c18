"""Starts the real web process again and again in no time: it forks, with all imported.

Run as `python -m tests.support.zygote`. A line on its standard input, a JSON object of settings
from the environment, starts one web process, whose id is printed. It serves by
`nachtlicht.web.serve.run`, as the command line does; what it writes goes to the file `LOG`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


class WebProcess:
    """One web process at a time, over one set of settings; killed and started at will."""

    def __init__(self, zygote: subprocess.Popen[str], env: dict[str, str], log: Path) -> None:
        self._zygote, self.env, self.log = zygote, {**env, "LOG": str(log)}, log
        self.pid: int | None = None
        self.url = f"http://127.0.0.1:{env['NACHTLICHT_PORT']}"

    def start(self) -> None:
        """Start it; it serves a moment later."""
        assert self._zygote.stdin is not None
        assert self._zygote.stdout is not None
        self._zygote.stdin.write(json.dumps(self.env) + "\n")
        self._zygote.stdin.flush()
        self.pid = int(self._zygote.stdout.readline())

    def end(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Send it a signal; by default the one that cannot be caught."""
        if self.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, how)
        while how is signal.SIGKILL and self.is_running:
            time.sleep(0.002)  # until then it holds its port

    async def ended(self, within: float = 60.0) -> float:
        """Wait until it is gone; how many seconds that took."""
        began = time.monotonic()
        while self.is_running:
            assert time.monotonic() < began + within, "it does not end"
            await asyncio.sleep(0.05)
        return time.monotonic() - began

    @property
    def is_running(self) -> bool:
        """Whether it still is there; its parent lets go of it at once."""
        if self.pid is None:
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True


@contextlib.contextmanager
def zygote() -> Iterator[subprocess.Popen[str]]:
    """The parent of web processes, for a whole test run."""
    command = [sys.executable, "-m", "tests.support.zygote"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as parent:
        yield parent
        assert parent.stdin is not None
        parent.stdin.close()


def _main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the children
    from nachtlicht.settings import Settings
    from nachtlicht.web.serve import run

    for line in sys.stdin:
        child = os.fork()
        if child:
            print(child, flush=True)
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        env = json.loads(line)
        out = os.open(env["LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(out, 1)
        os.dup2(out, 2)
        try:
            run(Settings.from_env(env))
        except Exception as error:  # as the command line does: one sentence
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)


if __name__ == "__main__":
    _main()
