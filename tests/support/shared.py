"""Fixtures for rooms above the store: one opened store a kind of database, emptied for each test.

Opening a store for every test would cost more than the tests: SQLAlchemy learns its statements
anew with each engine. So these rooms run in one event loop for the whole session; their conftest
takes the fixtures in with `from tests.support.shared import *`, makes its own async fixtures
with `shared_fixture`, and calls `share_loop` on the collected tests.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text

from nachtlicht.store import Base, Store, migrate
from tests.support import places
from tests.support.databases import postgres
from tests.support.places import TestSettings

__all__ = ["both", "postgres", "postgres_store", "settings", "sqlite_store", "store"]

shared_fixture = pytest_asyncio.fixture(loop_scope="session")
KEPT = {"key_slot"}  # the keys of the database itself


def share_loop(items: Iterable[pytest.Item], room: Path) -> None:
    """Let the async tests under `room` run in the loop of the session."""
    mark = pytest.mark.asyncio(loop_scope="session")
    for item in items:
        if room in item.path.parents and inspect.iscoroutinefunction(
            getattr(item, "function", None)
        ):
            item.add_marker(mark, append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def sqlite_store(tmp_path_factory) -> AsyncIterator[tuple[TestSettings, Store]]:
    made = places.sqlite_settings(tmp_path_factory.mktemp("shared-sqlite"))
    migrate(made)
    opened = await Store.open(made)
    yield made, opened
    await opened.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def postgres_store(
    tmp_path_factory, postgres: str
) -> AsyncIterator[tuple[TestSettings, Store]]:
    made = places.postgres_settings(tmp_path_factory.mktemp("shared-postgres"), postgres)
    migrate(made)
    opened = await Store.open(made)
    yield made, opened
    await opened.close()


@pytest_asyncio.fixture(params=["sqlite", "postgresql"], loop_scope="session")
async def both(
    request: pytest.FixtureRequest,
    sqlite_store: tuple[TestSettings, Store],
    postgres_store: tuple[TestSettings, Store],
) -> tuple[TestSettings, Store]:
    """The emptied store of one kind; a test that needs it runs once on each."""
    made, opened = sqlite_store if request.param == "sqlite" else postgres_store
    await _empty(opened)
    return made, opened


@pytest.fixture
def settings(both: tuple[TestSettings, Store], tmp_path: Path) -> TestSettings:
    """Settings with a folder and a clock of the test's own."""
    return places.with_own_folder(both[0], tmp_path / "var")


@pytest.fixture
def store(both: tuple[TestSettings, Store]) -> Store:
    """The opened, empty store of `settings`."""
    return both[1]


async def _empty(opened: Store) -> None:
    async with opened.write() as session:
        if not opened.is_sqlite:
            # As a replica no trigger objects; and no foreign key, but all goes anyway.
            await session.execute(text("SET LOCAL session_replication_role = replica"))
        for table in reversed(Base.metadata.sorted_tables):
            if table.name in KEPT or (opened.is_sqlite and table.name == "audit"):
                continue
            await session.execute(table.delete())
        if opened.is_sqlite:
            await _empty_audit(session)


async def _empty_audit(session) -> None:  # type: ignore[no-untyped-def]
    """Past the trigger that refuses it: that is taken away and put back."""
    query = "SELECT sql FROM sqlite_master WHERE name = 'audit_refuses_delete'"
    made = await session.scalar(text(query))
    await session.execute(text("DROP TRIGGER audit_refuses_delete"))
    await session.execute(text("DELETE FROM audit"))
    await session.execute(text(made))
