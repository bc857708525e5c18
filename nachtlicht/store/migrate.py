"""Brings the database of the settings to the newest revision."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from nachtlicht.settings import Settings
from nachtlicht.store.engine import migrating_engine, parse_url

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
Result = TypeVar("Result")


class MigrationError(Exception):
    """The database cannot be brought up to date; the sentence says why."""

    code = "migration"


def migrate(settings: Settings, revision: str = "head") -> None:
    """Upgrade the database to `revision`; a no-op when it is there already.

    One transaction: a migration that is interrupted leaves the database as it was. Makes the
    SQLite file, readable by its owner only, when there is none.

    Raises:
        MigrationError: the database cannot be reached or a step fails.
        DatabaseUrlError: the address is not usable.
    """
    url = parse_url(settings.database_url)
    try:
        if url.get_backend_name() == "sqlite":
            _make_file(Path(url.database or ""))
        run(url, lambda connection: command.upgrade(config(connection), revision))
    except OSError as error:
        raise MigrationError(f"The database file cannot be made: {error.strerror}.") from error
    except DBAPIError as error:
        raise MigrationError(
            f"The database could not be migrated: {type(error.orig).__name__}."
        ) from error


def run(url: URL, step: Callable[[Connection], Result]) -> Result:
    """Call `step(connection)` inside one transaction on a connection of its own."""
    engine = migrating_engine(url)
    try:
        with engine.begin() as connection:
            return step(connection)
    finally:
        engine.dispose()


def config(connection: Connection) -> Config:
    """Alembic's settings for our folder of revisions, on an open connection."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def _make_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=True)
