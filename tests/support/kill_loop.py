"""Kills the web process again and again under people who talk, and counts what went wrong."""

from __future__ import annotations

import asyncio
import collections
import dataclasses
import datetime as dt
import random
from typing import Any

import httpx
from sqlalchemy import select

from nachtlicht.store import Conversation, Handoff, HandoffStatus, Store
from tests.support.kill_people import DOWN, HELD, AtDesk, YoungPerson
from tests.support.small_release import NIGHT, OTHER_URGENT, URGENT
from tests.support.zygote import WebProcess

YOUNG, DESK = 5, 2
DESK_EVERY = 4  # kills; at these the desk must have got on too
OPEN = {"bot": [], "queue": [HandoffStatus.WAITING], "counsellor": [HandoffStatus.CLAIMED]}


@dataclasses.dataclass
class Counts:
    """What was done, and below it what must be 0."""

    kills: int = 0
    lines: int = 0
    claims: int = 0
    slowest_start: float = 0.0
    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0
    holders_not_one: int = 0
    handovers_lost: int = 0
    views_unlike_refetch: int = 0

    @property
    def faults(self) -> dict[str, int]:
        """The counts that must be 0 and are not."""
        names = [field.name for field in dataclasses.fields(self)][4:]
        return {name: getattr(self, name) for name in names if getattr(self, name)}


async def kill_loop(process: WebProcess, store: Store, kills: int, *, seed: int = 7) -> Counts:
    """Run people against `process`, kill it `kills` times at random moments, and count.

    `store` is opened beside the process, to join the staff and to look at the end.
    """
    dice, counts, loop = random.Random(seed), Counts(), asyncio.get_running_loop()
    began = loop.time()
    limits = httpx.Limits(max_connections=40, max_keepalive_connections=20)
    async with httpx.AsyncClient(base_url=process.url, timeout=10, limits=limits) as http:
        await _start(process, http, began)
        young = [YoungPerson(http, random.Random(seed + n)) for n in range(YOUNG)]
        desk = [
            await AtDesk.arrive(store, http, random.Random(seed - n), f"desk{n}-{seed}", NIGHT)
            for n in range(DESK)
        ]
        people = [asyncio.create_task(one.live()) for one in (*young, *desk)]
        for number in range(kills):
            await _some_work(young, desk if number % DESK_EVERY == 0 else [], people)
            await asyncio.sleep(dice.uniform(0.0, 0.1))
            process.end()
            counts.kills += 1
            counts.slowest_start = max(counts.slowest_start, await _start(process, http, began))
        for one in (*young, *desk):
            one.is_done = True
        await asyncio.gather(*people)
        await _settle(store)
        for one in young:
            await _count(one, desk, counts)
        await _count_holders(store, counts)
    counts.claims = sum(len(one.claims) for one in desk)
    return counts


async def _start(process: WebProcess, http: httpx.AsyncClient, began: float) -> float:
    """Start it, its clock a little later each time; returns the seconds until it serves."""
    loop = asyncio.get_running_loop()
    asked = loop.time()
    process.env["NACHTLICHT_CLOCK"] = (NIGHT + dt.timedelta(seconds=asked - began)).isoformat()
    process.start()
    while loop.time() - asked < 180:
        try:
            if (await http.get("/healthz")).status_code == 200:
                return loop.time() - asked
        except DOWN:
            await asyncio.sleep(0.01)
    raise AssertionError(process.log.read_text()[-2000:])


async def _some_work(
    young: list[YoungPerson], desk: list[AtDesk], people: list[asyncio.Task[None]]
) -> None:
    """Wait for two more lines, and for a step of the desk: a kill must come amid work."""
    lines = sum(len(one.acknowledged) for one in young) + 2
    steps = sum(one.steps for one in desk) + 1 if desk else 0
    for _ in range(12_000):
        for task in people:
            if task.done():
                task.result()  # one who stumbled ends the run, with the reason
        has_lines = sum(len(one.acknowledged) for one in young) >= lines
        if has_lines and sum(one.steps for one in desk) >= steps:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nothing was acknowledged for two minutes")


async def _settle(store: Store) -> None:
    """Wait until the bot owes nothing any more."""
    for _ in range(600):
        async with store.read() as session:
            owed = select(Conversation.id).where(Conversation.reply_due.is_not(None))
            if (await session.scalars(owed)).first() is None:
                return
        await asyncio.sleep(0.1)
    raise AssertionError("lines stay without an answer")


async def _count(one: YoungPerson, desk: list[AtDesk], counts: Counts) -> None:
    """Hold what was acknowledged, and what was seen in pieces, against a fetch from the start."""
    events = await one.refetch()
    written = [line[1:] for at in desk for line in at.acknowledged if line[0] == one.id]
    acknowledged = one.acknowledged + written
    counts.lines += len(acknowledged)
    stored = {
        (event["seq"], event["message"].get("client_id"), event["message"]["text"])
        for event in events
        if event["type"] == "message"
    }
    ids = collections.Counter(
        event["message"]["client_id"]
        for event in events
        if event.get("message", {}).get("client_id")
    )
    counts.lost += len([line for line in acknowledged if line not in stored])
    counts.doubled += sum(number - 1 for number in ids.values())
    counts.doubled += _answers_doubled(events)
    seqs = [line[0] for line in one.acknowledged]
    counts.out_of_order += seqs != sorted(seqs)
    counts.out_of_order += [e["seq"] for e in events] != list(range(1, len(events) + 1))
    counts.handovers_lost += _handovers_lost(one.acknowledged, events)
    counts.views_unlike_refetch += events[: len(one.seen)] != one.seen


def _answers_doubled(events: list[dict[str, Any]]) -> int:
    """The bot of these tests repeats each line, which has its own number."""
    said = [event["message"]["text"] for event in events if event["type"] == "message"]
    answers = collections.Counter(text for text in said if text.startswith("bot: "))
    return sum(number - 1 for number in answers.values())


def _handovers_lost(acknowledged: list[tuple[int, str, str]], events: list[dict[str, Any]]) -> int:
    """Urgent lines that neither queue nor counsellor held, from the line until the next one."""
    urgent = {seq for seq, _, text in acknowledged if text.startswith((URGENT, OTHER_URGENT))}
    held, current, holder = set(), 0, "bot"
    for event in events:
        if event["type"] == "state":
            holder = event["state"]["holder"]
        elif event["message"]["author"] == "youth":
            current = event["seq"]
        if holder in HELD:
            held.add(current)
    return len(urgent - held)


async def _count_holders(store: Store, counts: Counts) -> None:
    """An open talk is held by exactly one: bot, queue or counsellor; and the desk agrees."""
    async with store.read() as session:
        talks = (await session.scalars(select(Conversation))).all()
        open_ones = select(Handoff).where(Handoff.status != HandoffStatus.CLOSED)
        handoffs = (await session.scalars(open_ones)).all()
    for talk in talks:
        found = [handoff.status for handoff in handoffs if handoff.conversation_id == talk.id]
        counts.holders_not_one += found != OPEN.get(talk.state.holder or "", [])
