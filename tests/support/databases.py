"""Fixtures: settings on SQLite and on PostgreSQL, each test on a fresh migrated database.

A room's conftest takes them in with `from tests.support.databases import *`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from nachtlicht.store import Store
from tests.support import places
from tests.support.places import TestSettings
from tests.support.postgres import postgres_server

__all__ = ["migrated_postgres", "postgres", "settings", "sqlite_template", "store"]


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a running PostgreSQL server."""
    with postgres_server() as address:
        yield address


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory):
    return places.migrated_sqlite(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def migrated_postgres(tmp_path_factory: pytest.TempPathFactory, postgres: str) -> str:
    return places.migrated_postgres(tmp_path_factory.mktemp("postgres"), postgres)


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path) -> Iterator[TestSettings]:
    """Settings with a migrated, empty database; the test runs once on each kind."""
    lazily: Callable[[str], object] = request.getfixturevalue
    if request.param == "sqlite":
        yield places.sqlite_settings(tmp_path / "var", lazily("sqlite_template"))
        return
    yield places.emptied_settings(tmp_path / "var", lazily("migrated_postgres"))


@pytest.fixture
async def store(settings: TestSettings):
    """The opened store of `settings`."""
    opened = await Store.open(settings)
    yield opened
    await opened.close()
