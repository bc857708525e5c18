"""`make bench`: start time, memory and reply time, beside a plain Rasa bot in the same run."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

import httpx

from bench.peer import plain_rasa
from bench.reply_time import LINES, PEER_LINES, measure, our_talks, p50_p95, peer_talks
from nachtlicht.settings import Settings
from tests.support.release import built_release
from tests.support.system import System, resident


async def reply_times(origin: str, kind: str) -> dict[int, tuple[float, float]]:
    """Return median and 95th percentile in ms for 1 and for 50 open talks."""
    found = {}
    limits = httpx.Limits(max_connections=400, max_keepalive_connections=400)
    async with httpx.AsyncClient(timeout=60, limits=limits) as client:
        talks = our_talks(client, origin) if kind == "ours" else peer_talks(client, origin)
        lines = LINES if kind == "ours" else PEER_LINES
        await measure(talks, lines, talks=1, turns=6)  # warm
        for number, turns in ((1, 30), (50, 12)):
            found[number] = p50_p95(await measure(talks, lines, number, turns))
    return found


def main() -> None:
    """Run everything and print one table."""
    settings = Settings.from_env()
    with tempfile.TemporaryDirectory() as folder:
        var = Path(folder)
        built_release(var)
        system = System(var)
        system.run("migrate")
        starts, memory = {}, {}
        try:
            for name in ("web", "actions", "bot"):
                system.start(name)
                parts = {"web": ("store", "rules"), "actions": ("actions",), "bot": ("bot",)}[name]
                starts[name] = system.wait(*parts)
            ours = asyncio.run(reply_times(system.origin, "ours"))
            memory = {name: system.memory(name) for name in system.processes}
        finally:
            system.stop()
    print(
        "Nachtlicht is measured; now a plain Rasa bot (trained once, kept in var/bench) …",
        flush=True,
    )
    with plain_rasa(settings.var / "bench" / "plain-rasa") as (address, process, started):
        time.sleep(2)
        peer = asyncio.run(reply_times(address, "peer"))
        peer_memory = resident(process.pid)
    print(
        "\n| reply, whole way | Nachtlicht p50 / p95 | plain Rasa, REST p50 / p95 | ratio of p95 |"
    )
    print("|---|---|---|---|")
    for number in ours:
        (a, b), (c, d) = ours[number], peer[number]
        print(
            f"| {number} open talks | {a:.0f} / {b:.0f} ms | {c:.0f} / {d:.0f} ms | {b / d:.2f} |"
        )
    print("\n| process | start | memory after the run |\n|---|---|---|")
    for name in starts:
        print(f"| {name} | {starts[name]:.1f} s | {memory[name]:.0f} MB |")
    print(f"| plain Rasa | {started:.1f} s | {peer_memory:.0f} MB |")


if __name__ == "__main__":
    main()
