"""Gives the store a new master key while it is in use: every key is wrapped anew, no text is."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, LargeBinary, func, select, update
from sqlalchemy.exc import DBAPIError

from nachtlicht.settings import Settings
from nachtlicht.store.conversation import Conversation
from nachtlicht.store.crypto import KEY_BYTES, KEY_ID_BYTES, Keyring, SealError
from nachtlicht.store.disk import replaced_file
from nachtlicht.store.engine import parse_url
from nachtlicht.store.migrate import run
from nachtlicht.store.staff import KeySlot
from nachtlicht.store.store import key_place, slot_place

BATCH = 200


class RotationError(Exception):
    """The master key cannot be changed now; the sentence says why."""

    code = "rotation"


def add_master_key(settings: Settings) -> None:
    """Put a new master key before the old one in the key file; both open, the new one wraps.

    With the key in the environment that is for the operator to do.

    Raises:
        RotationError: the key is in the environment, and there is only one.
        MasterKeyError: the key that is there cannot be used.
    """
    ring = Keyring.load(settings)
    if not settings.master_key:
        fresh = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
        _write(settings.master_key_file, [fresh, *settings.master_key_file.read_text().split()])
    elif len(ring.masters) == 1:
        raise RotationError(
            "The master key is in NACHTLICHT_MASTER_KEY: put a new one before it, with a space "
            "between, restart, and call this again."
        )


def rewrap_all(settings: Settings) -> int:
    """Wrap every key that is not under the newest master key anew; how many there were.

    Small transactions, so that nobody waits. A talk that is forgotten meanwhile stays forgotten:
    a key is replaced only where the old one still stands.

    Raises:
        RotationError: a key opens with none of the master keys, or the database refuses.
    """
    ring, url = Keyring.load(settings), parse_url(settings.database_url)
    changed = 0
    try:
        while found := run(url, lambda connection: _rewrap_some(connection, ring)):
            changed += found
        return changed
    except SealError as error:
        raise RotationError(
            "A key in the database opens with none of the master keys; nothing more was changed."
        ) from error
    except DBAPIError as error:
        raise RotationError(
            f"The database refused ({type(error.orig).__name__}); call this again."
        ) from error


def drop_old_master_keys(settings: Settings) -> int:
    """Leave only the newest master key in the file, once nothing needs the others; how many went.

    Backups that were made before the rotation need the old one: keep it with them.

    Raises:
        RotationError: the key is in the environment, where only the operator can remove it.
    """
    if settings.master_key:
        raise RotationError("Remove the old key from NACHTLICHT_MASTER_KEY yourself, and restart.")
    rewrap_all(settings)
    newest, *old = settings.master_key_file.read_text().split()
    if old:
        _write(settings.master_key_file, [newest])
    return len(old)


def _rewrap_some(connection: Connection, ring: Keyring) -> int:
    """Wrap at most `BATCH` keys of each table anew; how many were found."""
    talks = _rewrap(connection, ring, Conversation.id, Conversation.wrapped_key, key_place)
    return talks + _rewrap(connection, ring, KeySlot.name, KeySlot.wrapped_key, slot_place)


def _rewrap(
    connection: Connection, ring: Keyring, name: Any, column: Any, where: Callable[[Any], bytes]
) -> int:
    # The id of the master key stands behind the version byte of each box.
    master = func.substr(column, 2, KEY_ID_BYTES, type_=LargeBinary)
    is_old = column.is_not(None) & (master != ring.masters[0].id)
    rows = connection.execute(select(name, column).where(is_old).limit(BATCH)).all()
    for row, box in rows:
        fresh = ring.wrap(ring.unwrap(box, where(row)), where(row))
        same = (name == row) & (column == box)
        connection.execute(update(column.class_).where(same).values(wrapped_key=fresh))
    return len(rows)


def _write(path: Path, words: list[str]) -> None:
    """Put `words` into the key file at once: a reader sees the old ones or the new ones."""
    with replaced_file(path) as file:
        file.write(("\n".join(words) + "\n").encode())
