"""A soak for leaks: people come, talk and wipe their talk; what each process has grown by since.

Usage: python -m bench.soak [--minutes 10] [--warm 1] [--people 10] [--pause 0.2]
                            [--releases var/releases]
Every talk is wiped after six lines, so that what is still held at the end is held by mistake, save
what a process keeps of itself: its first minutes are left out. Without `--releases` the working
tree is published first. Only a long run tells a slow leak from a cache that is filling. With
`--people 50 --pause 8` it is 50 open talks at the pace of people: see how long an answer takes.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import random
import statistics
import tempfile
import time
import uuid
from pathlib import Path

import httpx

from bench.load import cpu_seconds, laid_out
from bench.reply_time import LINES
from tests.support.sockets import with_children
from tests.support.system import System

PATIENCE = 30  # seconds for an answer; the fallback comes after three


@dataclasses.dataclass(frozen=True)
class Held:
    """What a process and those below it hold: memory in MB, open files; seconds of CPU so far."""

    memory: float
    files: int
    cpu: float

    @classmethod
    def by(cls, system: System, name: str) -> Held:
        """Look now."""
        pids = with_children(system.processes[name].pid)
        files = sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in pids)
        return cls(system.memory(name), files, sum(map(cpu_seconds, pids)))


class Crowd:
    """People who come and go; `delays` has the seconds that each answer took."""

    def __init__(self, origin: str, people: int, pause: float) -> None:
        """Nobody has come yet; each waits about `pause` seconds between two lines."""
        self._origin, self._people, self._pause = origin, people, pause
        self.delays: list[float] = []

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
                    await asyncio.sleep(self._pause * random.uniform(0.5, 1.5))
            (await http.post(f"{base}/forget", headers=head)).raise_for_status()

    async def _say(self, http, base, head, text, heard) -> None:  # type: ignore[no-untyped-def]
        """Say a line and read the stream until the bot has answered it."""
        line = {"client_id": str(uuid.uuid4()), "text": text}
        began = time.perf_counter()
        sent = await http.post(f"{base}/messages", json=line, headers=head)
        seq = sent.raise_for_status().json()["seq"]
        number = 0
        async with asyncio.timeout(PATIENCE):
            async for raw in heard:
                if raw.startswith("id: "):
                    number = int(raw[4:])
                elif number > seq and '"author":"bot"' in raw.replace(" ", ""):
                    break
        self.delays.append(time.perf_counter() - began)


def main() -> None:
    """Start everything over a folder of its own, soak it, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--warm", type=float, default=1, help="minutes before the first look")
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--pause", type=float, default=0.2, help="seconds between two lines")
    parser.add_argument("--releases", type=Path, help="a folder whose live release is used")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        system = System(laid_out(Path(folder), asked.releases))
        system.run("migrate")
        system.start()
        try:
            system.wait(within=600)
            crowd = Crowd(system.origin, asked.people, asked.pause)
            asyncio.run(crowd.run(asked.warm * 60))
            crowd.delays.clear()
            began, before = time.monotonic(), _look(system)
            asyncio.run(crowd.run(asked.minutes * 60))
            after, seconds = _look(system), time.monotonic() - began
            silences = _silences(system.origin)
        finally:
            system.stop()
    cuts = statistics.quantiles(crowd.delays, n=100)
    print(f"answered after p50 {cuts[49] * 1000:.0f}, p95 {cuts[94] * 1000:.0f}, ", end="")
    print(f"p99 {cuts[98] * 1000:.0f} ms; {asked.people} talks at once, none unanswered,")
    print(f"{silences:.0f} answers were a fixed text as the bot was late; ", end="")
    _tell(before, after, len(crowd.delays), seconds)


def _look(system: System) -> dict[str, Held]:
    time.sleep(2)  # what has just ended is let go
    return {name: Held.by(system, name) for name in system.processes}


def _silences(origin: str) -> float:
    """How often the bot did not answer in time, since the start."""
    told = httpx.get(f"{origin}/metrics").text.splitlines()
    return sum(float(x.split()[-1]) for x in told if x.startswith("nachtlicht_bot_silent_total"))


def _tell(before: dict[str, Held], after: dict[str, Held], lines: int, seconds: float) -> None:
    print(f"{lines} lines in {seconds / 60:.1f} minutes; every talk of six lines wiped\n")
    print("| process | MB | open files | MB in 1,000 lines | open files in 1,000 lines | cores |")
    print("|---|---|---|---|---|---|")
    for name, was in before.items():
        now = after[name]
        per = 1000 / max(lines, 1)
        print(
            f"| {name} | {was.memory:.0f} → {now.memory:.0f} | {was.files} → {now.files} "
            f"| {(now.memory - was.memory) * per:+.1f} | {(now.files - was.files) * per:+.1f} "
            f"| {(now.cpu - was.cpu) / seconds:.2f} |"
        )


if __name__ == "__main__":
    main()
