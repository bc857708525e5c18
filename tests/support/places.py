"""Settings for a test: a database of its own, a clock that can be moved, and a release."""

from __future__ import annotations

import dataclasses
import datetime as dt
import shutil
import uuid
from pathlib import Path

import psycopg

from nachtlicht.settings import Settings
from nachtlicht.store import Base, create_master_key, migrate
from tests.support.small_release import NIGHT


@dataclasses.dataclass(frozen=True, kw_only=True)
class TestSettings(Settings):
    """Settings whose clock stands still until a test moves it."""

    __test__ = False
    clock: list[dt.datetime] = dataclasses.field(default_factory=lambda: [NIGHT])

    def now(self) -> dt.datetime:
        """The moment to which the test has moved the clock, in UTC."""
        return self.clock[0].astimezone(dt.UTC)

    def move(self, **by: float) -> dt.datetime:
        """Move the clock on, as by `timedelta`; returns the new moment."""
        self.clock[0] += dt.timedelta(**by)
        return self.now()

    def set(self, moment: dt.datetime) -> None:
        """Set the clock."""
        self.clock[0] = moment


def sqlite_settings(var: Path, template: Path | None = None) -> TestSettings:
    """Settings with a SQLite file under `var`, copied from a migrated `template` if given."""
    var.mkdir(parents=True, exist_ok=True)
    file = var / "nachtlicht.db"
    if template is not None:
        shutil.copy(template, file)  # with its mode: readable by its owner only
    return _settings(var, f"sqlite:///{file}")


def postgres_settings(var: Path, server: str) -> TestSettings:
    """Settings with a new, empty database on `server`."""
    name = f"t{uuid.uuid4().hex}"
    _postgres(server, f"CREATE DATABASE {name}")
    return _settings(var, server.rpartition("/")[0] + f"/{name}")


def with_own_folder(settings: TestSettings, var: Path) -> TestSettings:
    """The same database and key, with another folder and a clock of its own."""
    var.mkdir(parents=True, exist_ok=True)
    return dataclasses.replace(settings, var=var, clock=[NIGHT])


def emptied_settings(var: Path, address: str) -> TestSettings:
    """Settings with the migrated database at `address`, which other tests have used."""
    # Deleting is many times faster than TRUNCATE here; as a replica no trigger objects.
    tables = [table.name for table in Base.metadata.sorted_tables]
    wipe = "; ".join(f"DELETE FROM {name}" for name in tables)
    _postgres(address, f"SET session_replication_role = replica; {wipe}")
    return _settings(var, address)


def drop_postgres(settings: Settings) -> None:
    """Remove the database of `settings` again."""
    server, _, name = settings.database_url.rpartition("/")
    _postgres(f"{server}/postgres", f"DROP DATABASE {name} WITH (FORCE)")


def migrated_sqlite(folder: Path) -> Path:
    """An empty migrated SQLite file, to copy for each test."""
    migrate(sqlite_settings(folder))
    # Copied while closed: its log is empty then.
    return folder / "nachtlicht.db"


def migrated_postgres(folder: Path, server: str) -> str:
    """The address of a migrated database, to be emptied for each test."""
    settings = postgres_settings(folder, server)
    migrate(settings)
    return settings.database_url


def _settings(var: Path, url: str) -> TestSettings:
    key = var / "master.key"
    create_master_key(key)
    return TestSettings(
        var=var,
        database_url=url,
        master_key_file=key,
        bot_url="http://127.0.0.1:9",  # nobody listens there, unless a test says so
        actions_url="http://127.0.0.1:9",
        bot_secret="between the web app and the bot",
    )


def _postgres(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]
