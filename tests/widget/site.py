"""The really running web app with the editors' own words, in a process that can be killed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from nachtlicht.content import compile as compiled
from nachtlicht.content.publish import make_live
from nachtlicht.content.risk_rules import REQUIRED_CONCEPTS, compile_rules
from nachtlicht.content.sources import read_sources
from nachtlicht.release import write_manifest
from nachtlicht.settings import Settings
from nachtlicht.store import create_master_key
from nachtlicht.store.migrate import migrate
from tests.support.system import NIGHT, ROOT, free_port

EXIT = "https://weer.example/"
# Two rules of our own, so that the talks in these tests don't hang on the editors' patterns.
RULE = """
  - code: {word}
    level: {level}
    theme: {theme}
    why: {why}
    match: [{word}]
    must_match: [ik {word}, nu {word}, dit is {word}, iemand {word}]
    must_not_match: [goedemorgen allemaal, hoe laat is het, lekker weer, tot straks]
"""
WHY_URGENT = "Afpersing met beelden kan in uren erger worden."
WHY_ACUTE = "Neemt afscheid, dat kan een teken zijn van plannen om te sterven."
SERVE = (
    "from nachtlicht.settings import Settings; from nachtlicht.web.serve import run; "
    "run(Settings.from_env())"
)


class Site:
    """One web process over one folder. There is no bot behind it: the fixed replies speak."""

    def __init__(self, var: Path, clock: str = NIGHT, **env: str) -> None:
        self.port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self.bot_port = free_port()  # nobody listens there, unless a test does
        self.partner = f"http://localhost:{self.port}"
        self.env = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "NACHTLICHT_VAR": str(var),
            "NACHTLICHT_PORT": str(self.port),
            "NACHTLICHT_CLOCK": clock,
            "NACHTLICHT_EXIT_URL": EXIT,
            "NACHTLICHT_BOT_URL": f"http://127.0.0.1:{self.bot_port}",
            "NACHTLICHT_BOT_SECRET": "only-for-this-test",
            **env,
        }
        self.log = var / "web.log"
        self.settings = Settings.from_env(self.env)
        publish_words(self.settings)
        create_master_key(self.settings.master_key_file)
        migrate(self.settings)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process and wait until it answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", SERVE], env=self.env, cwd=ROOT, stdout=log, stderr=log
            )
        until = time.monotonic() + 300
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                self.get("/healthz")
                return
            time.sleep(0.05)
        raise AssertionError(self.log.read_text()[-2000:])

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def get(self, path: str, **headers: str) -> tuple[dict[str, str], bytes]:
        """The headers (names in lower case) and the body of one page."""
        request = urllib.request.Request(self.origin + path, headers=headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return {k.lower(): v for k, v in answer.headers.items()}, answer.read()

    def status(self, path: str, token: str) -> int:
        """How the server answers somebody who holds `token`."""
        try:
            self.get(path, Authorization=f"Bearer {token}")
        except urllib.error.HTTPError as error:
            error.close()
            return error.code
        return 200


def publish_words(settings: Settings) -> None:
    """A release with the editors' texts, words and referrals, and two small risk rules."""
    room, now = settings.var / "room", settings.now()
    (room / "risk").mkdir(parents=True)
    for name in ("responses", "referrals", "desks"):  # the training data takes seconds to read
        (room / name).symlink_to(settings.data / name)
    concepts = "".join(f"  {name}: woordvoor{name}\n" for name in REQUIRED_CONCEPTS)
    urgent = RULE.format(word="chantage", level="urgent", theme="afpersing", why=WHY_URGENT)
    acute = RULE.format(word="afscheid", level="acute", theme="zelfdoding", why=WHY_ACUTE)
    (room / "risk" / "proef.yml").write_text(
        f"concepts:\n{concepts}risk_rules:\n{urgent}{acute}", encoding="utf-8"
    )
    sources = read_sources(room, ROOT, today=now.date())
    parts = {
        "texts.json": compiled.compile_texts(sources),
        "words.json": compiled.compile_words(sources),
        "commands.json": compiled.compile_commands(sources),
        "desks.json": compiled.compile_desks(sources, now.date()),
        "referrals.json": compiled.compile_referrals(sources, now.date()),
        "risk.json": compile_rules(room),
    }
    folder = settings.releases / "20261101T000000Z-aaaaaa"
    (folder / "bot").mkdir(parents=True)
    for name, part in parts.items():
        (folder / name).write_text(json.dumps(part, default=str), encoding="utf-8")
    (folder / "bot" / "model.tar.gz").write_bytes(b"no model: there is no bot behind this site")
    write_manifest(folder, release_id=folder.name, created_at=now, counts={})
    make_live(settings.releases, folder)
