"""Backs up and restores the whole store, SQLite or PostgreSQL, while it is in use.

A backup is a snapshot of all tables without the keys of the talks, and beside it one file,
`talk-keys.backup`, with the keys of the talks that are there now. Each backup replaces that file.
So a talk that was forgotten cannot be read from an older snapshot either: its key is gone here too.
"""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import io
import json
import tempfile
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from alembic.util import CommandError
from sqlalchemy import Connection, Table, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from nachtlicht.settings import Settings
from nachtlicht.store.archive import ArchiveError, open_file, seal_file
from nachtlicht.store.base import Base
from nachtlicht.store.conversation import Conversation
from nachtlicht.store.crypto import Keyring, MasterKeyError, box_key_id
from nachtlicht.store.engine import copying_engine, parse_url
from nachtlicht.store.migrate import MigrationError, migrate, run
from nachtlicht.store.staff import Counsellor, KeySlot

KEYS_FILE = "talk-keys.backup"
SNAPSHOTS = "nachtlicht-*.backup"
BATCH = 500
TALK = Conversation.__table__
Keys = dict[uuid.UUID, bytes]
Rows = Iterable[dict[str, Any]]


class BackupError(Exception):
    """A backup cannot be made or restored; the sentence says why."""

    code = "backup"


@dataclasses.dataclass(frozen=True)
class Restored:
    """How many talks came back, and how many stayed away because their key is gone."""

    talks: int
    without_key: int


def make_backup(settings: Settings, folder: Path, *, keep_days: int) -> Path:
    """Write a snapshot into `folder`, replace the keys there, and remove what is too old.

    One read transaction: it sees a single moment, and nobody waits for it.

    Raises:
        BackupError: the database or the folder cannot be used.
        MasterKeyError: the master key is missing, or not that of this database.
    """
    keys, now = Keyring.load(settings), settings.now()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / f"nachtlicht-{now:%Y%m%dT%H%M%SZ}.backup"
        with tempfile.TemporaryDirectory(dir=folder, prefix=".") as scratch:
            copy = _empty_copy(settings, Path(scratch))
            found = _copy_out(settings, keys, copy)
            # The keys first: a snapshot without its keys would be of no use.
            seal_file(keys, io.BytesIO(_packed(found)), folder / KEYS_FILE)
            with Path(scratch, "copy.db").open("rb") as plain:
                seal_file(keys, plain, path)
        _remove_old(folder, now - dt.timedelta(days=keep_days))
    except OSError as error:
        raise BackupError(f"No backup was made in {folder}: {error.strerror}.") from error
    except DBAPIError as error:
        raise BackupError(
            f"No backup was made: the database cannot be read ({type(error.orig).__name__})."
        ) from error
    return path


def restore_backup(settings: Settings, path: Path) -> Restored:
    """Fill the empty database of `settings` from the snapshot at `path` and the keys beside it.

    The snapshot may be of an older version: it is migrated first. Talks whose key is gone, and
    all that belonged to them, stay away. Nothing is changed when anything fails.

    Raises:
        BackupError: the snapshot cannot be used, or the database is not empty.
        ArchiveError: a file is damaged, or of another master key.
    """
    keys = Keyring.load(settings)
    talk_keys = _talk_keys(keys, path.parent / KEYS_FILE)
    with tempfile.TemporaryDirectory(prefix="nachtlicht-restore-") as scratch:
        copy = _settings_of(settings, Path(scratch))
        with Path(scratch, "copy.db").open("wb") as plain:
            open_file(keys, path, plain)
        try:
            migrate(copy)
            migrate(settings)
            return _copy_in(copy, settings, talk_keys)
        except (CommandError, MigrationError) as error:
            raise BackupError(
                f"{path} was made by a newer version, or the database is not ours."
            ) from error
        except DBAPIError as error:
            raise BackupError(
                f"Nothing was restored: the database refused ({type(error.orig).__name__})."
            ) from error


def _copy_out(settings: Settings, keys: Keyring, copy: Settings) -> Keys:
    """Copy all tables into `copy` without the keys of talks; returns those."""
    found: Keys = {}

    def keyless(rows: Rows) -> Rows:
        for row in rows:
            if row["wrapped_key"] is not None:
                found[row["id"]] = row["wrapped_key"]
            yield row | {"wrapped_key": None}

    def step(target: Connection) -> None:
        engine = copying_engine(parse_url(settings.database_url))
        try:
            with engine.connect() as source:
                _refuse_foreign_key(source, keys)
                for table in Base.metadata.sorted_tables:
                    _copy(source, target, table, keyless if table is TALK else _all)
        finally:
            engine.dispose()

    run(parse_url(copy.database_url), step)
    return found


def _copy_in(copy: Settings, settings: Settings, talk_keys: Keys) -> Restored:
    """Copy all tables back, of the talks only those in `talk_keys`."""
    gone = 0

    def alive(rows: Rows) -> Rows:
        nonlocal gone
        for row in rows:
            if row["id"] in talk_keys:
                yield row | {"wrapped_key": talk_keys[row["id"]]}
            else:
                gone += 1

    def of_alive(rows: Rows) -> Rows:
        return (row for row in rows if row["conversation_id"] in talk_keys)

    def step(target: Connection) -> Restored:
        _refuse_full(target)
        engine = copying_engine(parse_url(copy.database_url))
        try:
            with engine.connect() as source:
                for table in Base.metadata.sorted_tables:
                    belongs = any(key.column.table is TALK for key in table.foreign_keys)
                    kept = alive if table is TALK else of_alive if belongs else _all
                    _copy(source, target, table, kept)
                talks = source.scalar(select(func.count()).select_from(TALK)) or 0
        finally:
            engine.dispose()
        _set_counter(target)
        return Restored(talks - gone, gone)

    return run(parse_url(settings.database_url), step)


def _copy(
    source: Connection, target: Connection, table: Table, kept: Callable[[Rows], Rows]
) -> None:
    result = source.execution_options(yield_per=BATCH).execute(select(table))
    for part in result.mappings().partitions(BATCH):
        rows = list(kept(dict(row) for row in part))
        if rows:
            target.execute(insert(table), rows)


def _all(rows: Rows) -> Rows:
    return rows


def _set_counter(target: Connection) -> None:
    """Let PostgreSQL number on after the highest audit line; SQLite does so by itself."""
    if target.dialect.name == "postgresql":
        target.execute(
            text(
                "SELECT setval(pg_get_serial_sequence('audit', 'id'), max(id)) FROM audit"
                " HAVING max(id) IS NOT NULL"
            )
        )


def _refuse_full(target: Connection) -> None:
    for table in (TALK, Counsellor.__table__, KeySlot.__table__):
        if target.scalar(select(func.count()).select_from(table)):
            raise BackupError(
                "The database is not empty, and nothing is ever restored over what is there: "
                "move it away first, or set DATABASE_URL to a new one."
            )


def _refuse_foreign_key(source: Connection, keys: Keyring) -> None:
    """Make sure that the master key is the one of this database, before it wraps a backup."""
    masters = {master.id for master in keys.masters}
    for (wrapped,) in source.execute(select(KeySlot.wrapped_key)):
        if box_key_id(wrapped) not in masters:
            raise MasterKeyError(
                "The master key does not fit this database: put back the one it was made with."
            )


def _empty_copy(settings: Settings, scratch: Path) -> Settings:
    copy = _settings_of(settings, scratch)
    migrate(copy)
    return copy


def _settings_of(settings: Settings, scratch: Path) -> Settings:
    return dataclasses.replace(settings, database_url=f"sqlite:///{scratch / 'copy.db'}")


def _packed(found: Keys) -> bytes:
    return json.dumps({str(i): base64.b64encode(k).decode() for i, k in found.items()}).encode()


def _talk_keys(keys: Keyring, path: Path) -> Keys:
    if not path.exists():
        raise ArchiveError(f"{path} is missing: without it no talk can be read.")
    plain = io.BytesIO()
    open_file(keys, path, plain)
    return {uuid.UUID(i): base64.b64decode(k) for i, k in json.loads(plain.getvalue()).items()}


def _remove_old(folder: Path, before: dt.datetime) -> None:
    oldest = f"nachtlicht-{before:%Y%m%dT%H%M%SZ}.backup"
    for path in folder.glob(SNAPSHOTS):
        if path.name < oldest:
            path.unlink()
