"""An encrypted file: sealed in pieces under a key of its own, which the master key wraps.

It reads: magic | length and wrapped key | length and box, for each piece. The number of a piece,
and whether it is the last, are part of what is authenticated: none can be dropped or moved.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from nachtlicht.store.crypto import DataKey, Keyring, SealError, place
from nachtlicht.store.disk import replaced_file

MAGIC = b"NACHTLICHT-BACKUP-1\n"
PIECE = 1 << 20  # bytes of the plain file in one box
LONGEST = PIECE + 1024  # of a box; what claims to be longer is no archive of ours
_LENGTH = struct.Struct(">I")
_KEY_PLACE = place("backup", "key", "file")


class ArchiveError(Exception):
    """The file cannot be read as a backup; the sentence says why."""

    code = "archive"


def seal_file(keys: Keyring, plain: BinaryIO, path: Path) -> None:
    """Write all of `plain` to `path`, encrypted: either whole and on the disk, or not at all."""
    key = DataKey.generate()
    with replaced_file(path) as out:
        out.write(MAGIC)
        _write(out, keys.wrap(key, _KEY_PLACE))
        number, piece = 0, plain.read(PIECE)
        while True:
            following = plain.read(PIECE)
            _write(out, key.seal(piece, _piece_place(number, is_last=not following)))
            if not following:
                return
            number, piece = number + 1, following


def open_file(keys: Keyring, path: Path, plain: BinaryIO) -> None:
    """Decrypt the file at `path` into `plain`.

    Raises:
        ArchiveError: it cannot be read, is no backup, is not whole, or has another master key.
    """
    try:
        with path.open("rb") as raw:
            if raw.read(len(MAGIC)) != MAGIC:
                raise ArchiveError(f"{path} is not a backup of Nachtlicht.")
            key = keys.unwrap(_box(raw, path), _KEY_PLACE)
            for piece in _pieces(key, raw, path):
                plain.write(piece)
    except SealError as error:
        raise ArchiveError(
            f"{path} does not open: it is damaged, or it was made with another master key."
        ) from error
    except OSError as error:
        raise ArchiveError(f"{path} cannot be read ({error.strerror}).") from error


def _pieces(key: DataKey, raw: BinaryIO, path: Path) -> Iterator[bytes]:
    number, box = 0, _box(raw, path)
    while True:
        at = raw.tell()
        is_last = not raw.read(1)
        raw.seek(at)
        yield key.open(box, _piece_place(number, is_last=is_last))
        if is_last:
            return
        number, box = number + 1, _box(raw, path)


def _piece_place(number: int, *, is_last: bool) -> bytes:
    return place("backup", "last" if is_last else "piece", str(number))


def _write(out: BinaryIO, box: bytes) -> None:
    out.write(_LENGTH.pack(len(box)) + box)


def _box(raw: BinaryIO, path: Path) -> bytes:
    head = raw.read(_LENGTH.size)
    length = _LENGTH.unpack(head)[0] if len(head) == _LENGTH.size else LONGEST + 1
    box = raw.read(length) if length <= LONGEST else b""
    if not box or len(box) != length:
        raise ArchiveError(f"{path} is not whole: it ends too early.")
    return box
