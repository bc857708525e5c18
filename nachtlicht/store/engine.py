"""Engines for SQLite and PostgreSQL, set so that acknowledged means stored."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from nachtlicht.store.inline import InlineConnection, InlineDriver

BUSY_MS = 10_000  # for migrations; the app's own connections wait without blocking the loop

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # NORMAL may drop the last commits when the power goes
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # what is deleted is overwritten with zeros
    f"PRAGMA busy_timeout = {BUSY_MS}",
)


class DatabaseUrlError(Exception):
    """The database address cannot be used; the sentence says why, without the address."""

    code = "database_url"


def parse_url(raw: str) -> URL:
    """Read a database address; `sqlite:` and `postgresql:` get the drivers that we ship.

    Raises:
        DatabaseUrlError: it is no address, or of another kind of database.
    """
    try:
        url = make_url(raw)
    except ArgumentError as error:
        raise DatabaseUrlError("DATABASE_URL is not a database address.") from error
    kind = url.get_backend_name()
    if kind == "sqlite":
        return url.set(drivername="sqlite+aiosqlite")
    if kind in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+psycopg")
    raise DatabaseUrlError(f"DATABASE_URL must be sqlite: or postgresql:, not {kind}:.")


def reading_engine(url: URL) -> AsyncEngine:
    """An engine whose connections refuse to write.

    Readers of SQLite wait for nobody, save for an instant while a crash is being mended.
    """
    if url.get_backend_name() == "sqlite":
        engine = _sqlite_engine(url, pool_size=4, max_overflow=4)
        prepare_sqlite(
            engine.sync_engine,
            begin="BEGIN",
            pragmas=("PRAGMA query_only = ON", "PRAGMA busy_timeout = 50"),
        )
        return engine
    return create_async_engine(
        url,
        pool_size=8,
        max_overflow=8,
        pool_pre_ping=True,
        execution_options={"postgresql_readonly": True},
        **_quiet(),
    )


def writing_engine(url: URL) -> AsyncEngine:
    """An engine for the writers: on SQLite one connection, which takes the lock at BEGIN.

    SQLite itself must not wait for the lock on the loop; `InlineConnection.begin` does.
    """
    if url.get_backend_name() == "sqlite":
        engine = _sqlite_engine(url, pool_size=1, max_overflow=0)
        prepare_sqlite(
            engine.sync_engine, begin="BEGIN IMMEDIATE", pragmas=("PRAGMA busy_timeout = 0",)
        )
        return engine
    return create_async_engine(url, pool_size=8, max_overflow=8, pool_pre_ping=True, **_quiet())


def migrating_engine(url: URL) -> Engine:
    """A plain engine for migrations, which run to their end before anything else starts."""
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url.set(drivername="sqlite+pysqlite"), **_quiet())
        prepare_sqlite(engine, begin="BEGIN IMMEDIATE", pragmas=("PRAGMA foreign_keys = OFF",))
        return engine
    return create_engine(url, **_quiet())


def copying_engine(url: URL) -> Engine:
    """A plain engine for a long read of everything: it sees one moment, and nobody waits for it."""
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url.set(drivername="sqlite+pysqlite"), **_quiet())
        prepare_sqlite(engine, begin="BEGIN", pragmas=("PRAGMA query_only = ON",))
        return engine
    return create_engine(
        url,
        isolation_level="REPEATABLE READ",
        execution_options={"postgresql_readonly": True},
        **_quiet(),
    )


def prepare_sqlite(engine: Engine, *, begin: str, pragmas: tuple[str, ...] = ()) -> None:
    """Set the pragmas on every new connection, and begin every transaction with `begin`.

    Python's driver would otherwise begin late and by itself: two writers could both read, and
    then one of them fail instead of wait.
    """

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in _PRAGMAS + pragmas:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine, "begin")
    def start(connection: Any) -> None:
        driver = connection.connection.dbapi_connection
        try:
            if isinstance(driver, InlineConnection):
                driver.begin(begin)
            else:
                driver.execute(begin)
        except sqlite3.OperationalError as error:
            # SQLAlchemy lets what is raised here through as it is.
            raise OperationalError(begin, None, error) from error


def _sqlite_engine(url: URL, **pool: int) -> AsyncEngine:
    return create_async_engine(url, module=InlineDriver(), **pool, **_quiet())


def _quiet() -> dict[str, Any]:
    """No statement and no parameter ever reaches a log or an error's text."""
    return {"hide_parameters": True, "echo": False}


def sqlite_version() -> str:
    """The version of the SQLite library in use, for `/readyz`."""
    return sqlite3.sqlite_version
