"""`make faults`: kills the web process a thousand times under people who talk, and counts.

Half of the kills on SQLite, half on PostgreSQL. Prints one line for each; exit 1 when anything was
lost, doubled, out of order, held by two or by nobody, or seen otherwise than stored.
Usage: python -m bench.faults [kills]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from nachtlicht.store import Store, migrate
from tests.chat.fake_rasa import RasaThread
from tests.support import places
from tests.support.kill_loop import Counts, kill_loop
from tests.support.places import TestSettings
from tests.support.postgres import postgres_server
from tests.support.small_release import publish_small
from tests.support.system import free_port
from tests.support.zygote import WebProcess, zygote

KILLS = 1000


def main() -> int:
    """Run on both databases; 0 when every count that must be 0 is 0."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else KILLS
    with tempfile.TemporaryDirectory() as folder:
        faults = _told("sqlite", kills, places.sqlite_settings(Path(folder) / "sqlite"))
        with postgres_server() as server:
            settings = places.postgres_settings(Path(folder) / "postgresql", server)
            faults |= _told("postgresql", kills, settings)
    return int(faults)


def _told(kind: str, kills: int, settings: TestSettings) -> bool:
    """Run on one database and print what came of it; whether there were faults."""
    began = time.monotonic()
    counts = asyncio.run(_run(settings, kills // 2))
    print(f"{kind} in {time.monotonic() - began:.0f} s: {counts}", flush=True)
    return bool(counts.faults)


async def _run(settings: TestSettings, kills: int) -> Counts:
    migrate(settings)
    publish_small(settings.releases)
    store = await Store.open(settings)
    try:
        with RasaThread() as rasa, zygote() as parent:
            env = {
                "NACHTLICHT_VAR": str(settings.var),
                "NACHTLICHT_PORT": str(free_port()),
                "NACHTLICHT_BOT_URL": rasa.url,
                "NACHTLICHT_BOT_SECRET": settings.bot_secret,
                "DATABASE_URL": settings.database_url,
            }
            process = WebProcess(parent, env, settings.var / "web.log")
            try:
                return await kill_loop(process, store, kills)
            finally:
                process.end()
    finally:
        await store.close()


if __name__ == "__main__":
    sys.exit(main())
