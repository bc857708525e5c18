"""One really trained model for all tests of the bot, and a bot with it behind its own door.

The model has the real domain, rules, stories and texts, and the examples of one writer, so that
training takes a minute. It is kept under var/ until one of those changes.
"""

from __future__ import annotations

import hashlib
import http.server
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ["RASA_TELEMETRY_ENABLED"] = "false"

SECRET = "only-for-tests-0123456789"
PARTS = ("bot", "nachtlicht/text", "nachtlicht/encoder")
SERVING = ("channel.py", "logs.py", "pulse.py", "run.py", "tracker_store.py")  # not in a model
WRITER = "data/nlu/w00"


def lay_out(project: Path) -> None:
    """Lay out a Rasa project of the real content with the examples of one writer."""
    (project / "domain").mkdir(parents=True)
    shutil.copy(ROOT / "bot" / "config.yml", project)
    for file in [*(ROOT / "bot/domain").glob("*.yml"), *(ROOT / "data/responses").glob("*.yml")]:
        shutil.copy(file, project / "domain")
    shutil.copytree(ROOT / "data/stories", project / "data" / "stories")
    shutil.copytree(ROOT / WRITER, project / "data" / "nlu")


def fingerprint() -> str:
    """A hash of everything the model of the tests is made of."""
    digest = hashlib.sha256()
    for part in (*PARTS, "data/responses", "data/stories", WRITER):
        found = sorted((ROOT / part).rglob("*")) if (ROOT / part).is_dir() else [ROOT / part]
        for file in found:
            if file.suffix in (".py", ".yml") and file.name not in SERVING:
                digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


@pytest.fixture(scope="session")
def model() -> Path:
    """Train the model, or take the one of last time when nothing has changed."""
    kept = ROOT / "var" / "test-models"
    made = kept / f"{fingerprint()}.tar.gz"
    if made.exists():
        return made
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept) as name:
        project = Path(name) / "project"
        lay_out(project)
        command = [sys.executable, "-m", "bot.train", str(project), str(Path(name) / "m.tar.gz")]
        env = {**os.environ, "NACHTLICHT_VAR": str(kept / "var")}
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]
        (Path(name) / "m.tar.gz").rename(made)
    for old in kept.glob("*.tar.gz"):
        if old != made:
            old.unlink()
    return made


@pytest.fixture(scope="session")
def actions_url() -> Iterator[str]:
    """The real action server, in its own environment, answering from a small real release."""
    port = free_port()
    with tempfile.TemporaryDirectory() as var:
        env = {
            **os.environ,
            "NACHTLICHT_VAR": var,
            "NACHTLICHT_ACTIONS_URL": f"http://127.0.0.1:{port}",
            "NACHTLICHT_BOT_SECRET": SECRET,
            "PYTHONPATH": str(ROOT),
        }
        python = ROOT / ".venv" / "web" / "bin" / "python"
        server = subprocess.Popen([str(python), "-m", "actions.run"], cwd=ROOT, env=env)
        try:
            wait_for(f"http://127.0.0.1:{port}/health", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=120)


class Bot:
    """A running bot: speaks to its door over HTTP, and keeps what it printed."""

    def __init__(self, url: str, process: subprocess.Popen[bytes], log: Path) -> None:
        """Keep where it is."""
        self.url, self.process, self.log = url, process, log

    def post(
        self, path: str, body: Any, secret: str | None = SECRET, raw: bytes | None = None
    ) -> tuple[int, Any]:
        """Post JSON and return status and answer."""
        data = raw if raw is not None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        if secret is not None:
            headers["X-Nachtlicht-Secret"] = secret
        request = urllib.request.Request(self.url + path, data, headers)
        try:
            with urllib.request.urlopen(request, timeout=300) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            said = error.read()
            return error.code, json.loads(said) if said.startswith(b"{") else said.decode()

    def say(
        self, sender: str, text: str, *, level: str = "none", theme: str = "geen", **more: Any
    ) -> dict[str, Any]:
        """Say one line in the talk `sender` and return the whole answer."""
        payload = more.pop("payload", None)
        context = {"level": level, "talk_level": level, "theme": theme, "desk": "dicht", **more}
        body = {"sender": sender, "text": text, "payload": payload, "context": context}
        status, answer = self.post("/webhooks/nachtlicht/webhook", body)
        assert status == 200, (status, answer)
        return dict(answer)

    def texts(self, *args: Any, **kwargs: Any) -> str:
        """Say one line and return all that was answered as one string."""
        return "\n".join(m["text"] for m in self.say(*args, **kwargs)["messages"])


@pytest.fixture(scope="session")
def start_bot(model: Path, actions_url: str) -> Iterator[Callable[..., Bot]]:
    """Start a bot with the arguments added to those of `bot.run`; all end with the session."""
    running: list[subprocess.Popen[bytes]] = []
    folder = Path(tempfile.mkdtemp())

    def start(*more: str, actions: str = actions_url) -> Bot:
        from bot import run

        url = f"http://127.0.0.1:{free_port()}"
        env = {
            **run.child_environment(folder, "hash"),
            "NACHTLICHT_BOT_SECRET": SECRET,
            "NACHTLICHT_ACTIONS_URL": actions,
        }
        log = folder / f"{len(running)}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [*run.command(model, url), *more], cwd=ROOT, env=env, stdout=out, stderr=out
            )
        running.append(process)
        wait_for(url + "/webhooks/nachtlicht/", process)
        return Bot(url, process, log)

    yield start
    for process in running:
        process.terminate()
    for process in running:
        process.wait(timeout=120)
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def bot(start_bot: Callable[..., Bot]) -> Bot:
    """One bot for all tests, at debug level, so that its log can be searched for texts."""
    return start_bot("--debug")


@pytest.fixture
def dead_url() -> Iterator[str]:
    """An address where something answers every call with an error."""

    class Broken(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_error(500)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Broken)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 600) -> None:
    """Wait until `url` answers, or fail when the process has ended."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, f"{url} ended with {process.returncode}"
        try:
            with urllib.request.urlopen(url, timeout=30):
                return
        except OSError:
            time.sleep(0.3)
    raise AssertionError(f"{url} did not answer in {seconds} s")
