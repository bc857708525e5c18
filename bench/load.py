"""Many open streams on one web process, and lines that arrive on them: delay, memory, CPU, loss.

Usage: python -m bench.load [--streams 5000] [--rate 50] [--minutes 10] [--releases var/releases]
The bot does not run: what is measured is the web process. Say it with the machine it ran on.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import resource
import shutil
import statistics
import tempfile
import time
import uuid
from pathlib import Path

import httpx

from bench.rules_on_training import lines
from tests.support.release import built_release
from tests.support.system import System

AT_ONCE = 50  # connections that are being opened, or over which lines are posted

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]
_WAITING = re.compile(r"^nachtlicht_verdicts_waiting (\S+)", re.MULTILINE)
_ALONE = re.compile(r"^nachtlicht_rules_alone_total (\S+)", re.MULTILINE)
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


class Stream:
    """One young person: a talk, and its open stream, read as it comes."""

    def __init__(self, begun: dict[str, str]) -> None:
        """Keep the talk; nothing is open yet."""
        self.path = f"/api/v1/conversations/{begun['id']}"
        self.token = begun["token"]
        self.sent: dict[str, float] = {}
        self.delays: list[float] = []
        self.seen: list[int] = []
        self.again = 0

    async def open(self, port: int) -> None:
        """Open the stream over a bare socket: a client with more to it would be measured too."""
        self.reader, self._writer = await asyncio.open_connection("127.0.0.1", port)
        head = f"GET {self.path}/events?after=0 HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        self._writer.write(f"{head}Authorization: Bearer {self.token}\r\n\r\n".encode())
        await self._writer.drain()

    async def say(self, text: str, port: int, free: asyncio.Queue[Connection | None]) -> None:
        """Post a line over one of the connections that are free, as bare as the stream.

        Whoever waits for one waits at our cost. A line that the process has no time for goes
        again, like the widget's, with the same id; one that it refuses ends the run.
        """
        client_id = str(uuid.uuid4())
        self.sent[client_id] = time.perf_counter()
        body = json.dumps({"client_id": client_id, "text": text}).encode()
        head = (
            f"POST {self.path}/messages HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Bearer {self.token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        kept = await free.get()
        status = 0
        while status not in (200, 201):
            kept = kept or await asyncio.open_connection("127.0.0.1", port)
            try:
                status = await _post(kept, head.encode() + body)
            except (OSError, asyncio.IncompleteReadError):
                kept = None  # closed by the other side
            if status == 503:
                self.again += 1
                await asyncio.sleep(0.1)
            elif status >= 400:
                raise RuntimeError(f"A line was answered {status}.")
        free.put_nowait(kept)

    async def read(self) -> None:
        """Note when each line of one's own comes back, and every number that was seen."""
        async for raw in self.reader:
            if raw.startswith(b"id: "):
                self.seen.append(int(raw[4:]))
            elif raw.startswith(b"data: "):
                client_id = json.loads(raw[6:]).get("message", {}).get("client_id")
                if client_id in self.sent:
                    self.delays.append((time.perf_counter() - self.sent.pop(client_id)) * 1000)


async def _post(connection: Connection, request: bytes) -> int:
    """Send a request, read its answer, and return the status."""
    reader, writer = connection
    writer.write(request)
    answer = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(answer)
    await reader.readexactly(int(length[1]) if length else 0)
    return int(answer.split()[1])


async def measure(origin: str, streams: int, rate: float, seconds: float) -> dict[str, float]:
    """Open the streams, send lines for a while, and tell what came of it."""
    port = int(origin.rpartition(":")[2])
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    gate = asyncio.Semaphore(AT_ONCE)
    async with httpx.AsyncClient(base_url=origin, timeout=60, limits=limits) as http:

        async def begin() -> Stream:
            async with gate:
                made = await http.post("/api/v1/conversations", json={"test": True})
                stream = Stream(made.raise_for_status().json())
                await stream.open(port)
                return stream

        began = time.perf_counter()
        people = await asyncio.gather(*(begin() for _ in range(streams)))
        opened = time.perf_counter() - began
        readers = [asyncio.create_task(one.read()) for one in people]
        waiting: list[float] = []
        alone = [0.0]
        readers.append(asyncio.create_task(_watch(http, waiting, alone)))
        sent = await _send(port, people, rate, seconds)
        await asyncio.sleep(5)
        for task in readers:
            task.cancel()
        await asyncio.gather(*readers, return_exceptions=True)
    delays = [delay for one in people for delay in one.delays]
    gaps = sum(one.seen != list(range(1, len(one.seen) + 1)) for one in people)
    cuts = statistics.quantiles(delays, n=100)
    return {
        "opened in s": opened,
        "lines sent": sent,
        "lines lost": sent - len(delays),
        "lines refused first": sum(one.again for one in people),
        "streams with a gap or a double": gaps,
        "delay p50 ms": statistics.median(delays),
        "delay p99 ms": cuts[98],
        "late verdicts waiting, median": statistics.median(waiting),
        "late verdicts waiting, most": max(waiting),
        "lines by rules alone": alone[0],
    }


async def _watch(http: httpx.AsyncClient, waiting: list[float], alone: list[float]) -> None:
    """Note each second how many verdicts are still to come, and how many lines had none in time."""
    while True:
        await asyncio.sleep(1)
        told = (await http.get("/metrics")).text
        waiting += [float(number) for number in _WAITING.findall(told)]
        alone[:] = [float(number) for number in _ALONE.findall(told)]


async def _send(port: int, people: list[Stream], rate: float, seconds: float) -> int:
    """Send lines at a steady rate, each by somebody else; how many were acknowledged."""
    said = [text for _, text in lines([])]  # reading takes seconds, which are not the sender's
    draw, tasks, ends = random.Random(7), [], time.perf_counter() + seconds
    free: asyncio.Queue[Connection | None] = asyncio.LifoQueue()
    for _ in range(AT_ONCE):
        free.put_nowait(None)
    next_at = time.perf_counter()
    while next_at < ends:
        line = draw.choice(people).say(draw.choice(said), port, free)
        tasks.append(asyncio.create_task(line))
        next_at += 1 / rate  # by the clock: a sender that is late catches up
        await asyncio.sleep(max(0.0, next_at - time.perf_counter()))
    await asyncio.gather(*tasks)
    while not free.empty():
        if (kept := free.get_nowait()) is not None:
            kept[1].close()
    return len(tasks)


def cpu_seconds(pid: int) -> float:
    """Return the processor time, in seconds, that a process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def laid_out(var: Path, releases: Path | None) -> Path:
    """Put the release that is live in `releases` into `var`, else one of the working tree."""
    if releases is None:
        built_release(var)
    else:
        live = (releases / "current").resolve(strict=True)
        shutil.copytree(live, var / "releases" / live.name)
        (var / "releases" / "current").symlink_to(live.name)
    return var


def main() -> None:
    """Start a web process over a folder of its own, measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=5000)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--releases", type=Path, help="a folder whose live release is used")
    asked = parser.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a stream is a file, on both sides
    with tempfile.TemporaryDirectory() as folder:
        system = System(laid_out(Path(folder), asked.releases))
        system.run("migrate")
        system.start("web")
        try:
            system.wait("store", "rules")
            before, pid = system.memory("web"), system.processes["web"].pid
            cpu, began = cpu_seconds(pid), time.perf_counter()
            work = measure(system.origin, asked.streams, asked.rate, asked.minutes * 60)
            found = asyncio.run(work)
            found["cpu share"] = (cpu_seconds(pid) - cpu) / (time.perf_counter() - began)
            found["memory before MB"], found["memory after MB"] = before, system.memory("web")
        finally:
            system.stop()
    for name, number in found.items():
        print(f"{name:32} {number:10.1f}")


if __name__ == "__main__":
    main()
