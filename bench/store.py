"""What a statement on SQLite costs: our inline driver beside aiosqlite, in the same run.

Prints milliseconds of processor time and of the clock for one read, and for one transaction that
reads a talk, changes it and commits; and the same for twenty writers who come at once, who share
commits or have one each. Usage: python -m bench.store [rounds]
"""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from nachtlicht.settings import Settings
from nachtlicht.store import Conversation, create_master_key, migrate
from nachtlicht.store.engine import parse_url, prepare_sqlite, writing_engine
from nachtlicht.store.one_writer import OneWriter

ROUNDS = 500
AT_ONCE = 20


async def main(rounds: int) -> None:
    """Measure both drivers in turns, so that what else runs here hits both alike."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            database_url=f"sqlite:///{folder}/bench.db", master_key_file=Path(folder) / "master.key"
        )
        create_master_key(settings.master_key_file)
        migrate(settings)
        url = parse_url(settings.database_url)
        peer = create_async_engine(url, pool_size=1, max_overflow=0)
        prepare_sqlite(peer.sync_engine, begin="BEGIN IMMEDIATE")
        engines = {"inline": writing_engine(url), "aiosqlite": peer}
        talk = await _talk(engines["inline"])
        for name, step in (("read", _read), ("read, change, commit", _change)):
            costs = {driver: [0.0, 0.0] for driver in engines}
            for _ in range(rounds // 50):
                for driver, engine in engines.items():
                    cpu, clock = await _cost(lambda e=engine, s=step: s(e, talk), 50)
                    costs[driver][0] += cpu
                    costs[driver][1] += clock
            _tell(name, costs, rounds)
        writer = OneWriter(engines["inline"])
        costs = {"shared": [0.0, 0.0], "one each": [0.0, 0.0]}
        for _ in range(rounds // AT_ONCE):
            for how, step in (("shared", _share), ("one each", _one_each)):
                cpu, clock = await _cost(lambda s=step: s(writer, engines["inline"], talk), 1)
                costs[how][0] += cpu
                costs[how][1] += clock
        _tell(f"{AT_ONCE} writers at once", costs, rounds)
        for engine in engines.values():
            await engine.dispose()


async def _talk(engine: AsyncEngine) -> Conversation:
    now = dt.datetime.now(dt.UTC)
    row = Conversation(
        token_hash=b"bench", entry="algemeen", bot_sender="x", created_at=now, last_line_at=now
    )
    async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
        session.add(row)
    return row


async def _read(engine: AsyncEngine, talk: Conversation) -> None:
    async with AsyncSession(engine) as session:
        await session.get(Conversation, talk.id)


async def _change(engine: AsyncEngine, talk: Conversation) -> None:
    async with AsyncSession(engine) as session, session.begin():
        (await session.get_one(Conversation, talk.id)).bot_turns += 1


async def _share(writer: OneWriter, _engine: AsyncEngine, talk: Conversation) -> None:
    async def change() -> None:
        async with writer.write() as session:
            (await session.get_one(Conversation, talk.id)).bot_turns += 1

    await asyncio.gather(*(change() for _ in range(AT_ONCE)))


async def _one_each(_writer: OneWriter, engine: AsyncEngine, talk: Conversation) -> None:
    turn = asyncio.Lock()

    async def change() -> None:
        async with turn:
            await _change(engine, talk)

    await asyncio.gather(*(change() for _ in range(AT_ONCE)))


async def _cost(step: Callable[[], Awaitable[None]], rounds: int) -> tuple[float, float]:
    cpu, clock = time.process_time(), time.perf_counter()
    for _ in range(rounds):
        await step()
    return time.process_time() - cpu, time.perf_counter() - clock


def _tell(name: str, costs: dict[str, list[float]], rounds: int) -> None:
    for driver, (cpu, clock) in costs.items():
        print(
            f"{name:22} {driver:10} {cpu / rounds * 1e3:6.2f} ms cpu {clock / rounds * 1e3:6.2f} ms"
        )
    (ours, quick), (peer, slow) = costs.items()
    cpu, clock = slow[0] / quick[0], slow[1] / quick[1]
    print(f"{name:22} {peer}: {cpu:.1f} times the processor time of {ours}, {clock:.1f} the clock")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS))
