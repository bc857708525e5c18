"""A soak for leaks: people come, talk and wipe their talk; what each process has grown by since.

Usage: python -m bench.soak [--minutes 10] [--warm 1] [--people 10] [--releases var/releases]
Every talk is wiped after six lines, so that what is still held at the end is held by mistake, save
what a process keeps of itself: its first minutes are left out. Without `--releases` the working
tree is published first. Only a long run tells a slow leak from a cache that is filling.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import shutil
import tempfile
import time
import uuid
from pathlib import Path

import httpx

from bench.reply_time import LINES
from tests.support.release import built_release
from tests.support.sockets import with_children
from tests.support.system import System

PAUSE = 0.2  # seconds between two lines of one person
PATIENCE = 30  # seconds for an answer; the fallback comes after three


@dataclasses.dataclass(frozen=True)
class Held:
    """What a process and those below it hold: memory in MB, and open files."""

    memory: float
    files: int

    @classmethod
    def by(cls, system: System, name: str) -> Held:
        """Look now."""
        pids = with_children(system.processes[name].pid)
        files = sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in pids)
        return cls(system.memory(name), files)


class Crowd:
    """People who come and go; `lines` counts what was answered."""

    def __init__(self, origin: str, people: int) -> None:
        """Nobody has come yet."""
        self._origin, self._people, self.lines = origin, people, 0

    async def run(self, seconds: float) -> None:
        """Let them talk for so long; whoever is in a talk then finishes and wipes it."""
        ends = time.monotonic() + seconds
        async with httpx.AsyncClient(base_url=self._origin, timeout=60) as http:
            await asyncio.gather(*(self._come(http, ends) for _ in range(self._people)))

    async def _come(self, http: httpx.AsyncClient, ends: float) -> None:
        while time.monotonic() < ends:
            made = await http.post("/api/v1/conversations", json={"test": True})
            begun = made.raise_for_status().json()
            base = f"/api/v1/conversations/{begun['id']}"
            head = {"Authorization": f"Bearer {begun['token']}"}
            async with http.stream("GET", f"{base}/events?after=0", headers=head) as stream:
                heard = stream.aiter_lines()
                for text in LINES:
                    await self._say(http, base, head, text, heard)
                    await asyncio.sleep(PAUSE)
            (await http.post(f"{base}/forget", headers=head)).raise_for_status()

    async def _say(self, http, base, head, text, heard) -> None:  # type: ignore[no-untyped-def]
        """Say a line and read the stream until the bot has answered it."""
        line = {"client_id": str(uuid.uuid4()), "text": text}
        sent = await http.post(f"{base}/messages", json=line, headers=head)
        seq = sent.raise_for_status().json()["seq"]
        number = 0
        async with asyncio.timeout(PATIENCE):
            async for raw in heard:
                if raw.startswith("id: "):
                    number = int(raw[4:])
                elif number > seq and '"author":"bot"' in raw.replace(" ", ""):
                    break
        self.lines += 1


def main() -> None:
    """Start everything over a folder of its own, soak it, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--warm", type=float, default=1, help="minutes before the first look")
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--releases", type=Path, help="a folder whose live release is used")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        system = System(_laid_out(Path(folder), asked.releases))
        system.run("migrate")
        system.start()
        try:
            system.wait(within=600)
            crowd = Crowd(system.origin, asked.people)
            asyncio.run(crowd.run(asked.warm * 60))
            warm, before = crowd.lines, _look(system)
            asyncio.run(crowd.run(asked.minutes * 60))
            after = _look(system)
        finally:
            system.stop()
    _tell(before, after, crowd.lines - warm, asked.minutes)


def _laid_out(var: Path, releases: Path | None) -> Path:
    if releases is None:
        built_release(var)
    else:
        live = (releases / "current").resolve(strict=True)
        shutil.copytree(live, var / "releases" / live.name)
        (var / "releases" / "current").symlink_to(live.name)
    return var


def _look(system: System) -> dict[str, Held]:
    time.sleep(2)  # what has just ended is let go
    return {name: Held.by(system, name) for name in system.processes}


def _tell(before: dict[str, Held], after: dict[str, Held], lines: int, minutes: float) -> None:
    print(f"\n{lines} lines in {minutes:g} minutes; every talk of six lines wiped\n")
    print("| process | MB | open files | MB in 1,000 lines | open files in 1,000 lines |")
    print("|---|---|---|---|---|")
    for name, was in before.items():
        now = after[name]
        per = 1000 / max(lines, 1)
        print(
            f"| {name} | {was.memory:.0f} → {now.memory:.0f} | {was.files} → {now.files} "
            f"| {(now.memory - was.memory) * per:+.1f} | {(now.files - was.files) * per:+.1f} |"
        )


if __name__ == "__main__":
    main()
