"""Reply time, the whole way: from posting a line to holding the bot's answer in hand."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
import uuid
from collections.abc import Awaitable, Callable

import httpx

# Harmless and everyday: what is measured is the way, not the weight of the words.
LINES = [
    "hoi",
    "wat kun je voor me doen",
    "is er iemand",
    "wie ben je",
    "oke dank je",
    "wat voor hulp is er",
]
PEER_LINES = ["hello", "i am sad", "yes", "are you a bot", "thanks", "great"]
Ask = Callable[[str], Awaitable[None]]


async def measure(
    ask_of: Callable[[int], Awaitable[Ask]], lines: list[str], talks: int, turns: int
) -> list[float]:
    """Run `talks` at once, `turns` each with a pause as people type; returns milliseconds."""
    draw = random.Random(7)
    waits = [[draw.uniform(0.5, 1.5) for _ in range(turns)] for _ in range(talks)]
    asks = [await ask_of(number) for number in range(talks)]
    times: list[float] = []

    async def talk(number: int) -> None:
        for turn in range(turns):
            await asyncio.sleep(waits[number][turn])
            began = time.perf_counter()
            await asks[number](lines[(number + turn) % len(lines)])
            times.append((time.perf_counter() - began) * 1000)

    await asyncio.gather(*(talk(number) for number in range(talks)))
    return times


def our_talks(client: httpx.AsyncClient, origin: str) -> Callable[[int], Awaitable[Ask]]:
    """Return what opens a talk with Nachtlicht and gives a way to ask in it."""

    async def open_talk(_number: int) -> Ask:
        made = (
            await client.post(
                f"{origin}/api/v1/conversations", json={"entry": "algemeen", "test": True}
            )
        ).json()
        head = {"Authorization": f"Bearer {made['token']}"}
        base = f"{origin}/api/v1/conversations/{made['id']}"
        seen = {"seq": 0}

        async def read() -> list[dict]:
            got = await client.get(
                f"{base}/events", params={"after": seen["seq"], "wait": 20}, headers=head
            )
            got.raise_for_status()
            seen["seq"] = got.json()["seq"]
            return got.json()["events"]

        await read()

        async def ask(text: str) -> None:
            line = {"client_id": str(uuid.uuid4()), "text": text}
            (await client.post(f"{base}/messages", json=line, headers=head)).raise_for_status()
            while not any(
                e["type"] == "message" and e["message"]["author"] == "bot" for e in await read()
            ):
                pass

        return ask

    return open_talk


def peer_talks(client: httpx.AsyncClient, address: str) -> Callable[[int], Awaitable[Ask]]:
    """Return what opens a talk with the plain Rasa bot."""

    async def open_talk(number: int) -> Ask:
        sender = f"bench-{number}-{uuid.uuid4()}"

        async def ask(text: str) -> None:
            body = {"sender": sender, "message": text}
            (await client.post(f"{address}/webhooks/rest/webhook", json=body)).raise_for_status()

        return ask

    return open_talk


def p50_p95(times: list[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile."""
    cuts = statistics.quantiles(times, n=20)
    return statistics.median(times), cuts[18]
