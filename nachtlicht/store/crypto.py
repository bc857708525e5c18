"""Encryption of every personal field: the envelope, the keys, and the master key above them.

Every box reads: version (1 byte) | key id (4) | nonce (12) | ciphertext and tag. What is
authenticated beside it is the place: table, column and row. A conversation has a data key of
its own, which is stored wrapped by the master key; when that wrapped key is destroyed, nothing
of the conversation can be read again, here or in a backup.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import functools
import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from nachtlicht.settings import Settings

VERSION = 1
KEY_BYTES = 32
KEY_ID_BYTES = 4
NONCE_BYTES = 12
_HEAD = 1 + KEY_ID_BYTES + NONCE_BYTES


class SealError(Exception):
    """A box does not open: another key, another place, or it was changed."""

    code = "seal"


class MasterKeyError(Exception):
    """The master key is missing, unusable, or not the one this database was made with."""

    code = "master_key"


def place(table: str, column: str, row: str) -> bytes:
    """The additional data of a box: where it belongs."""
    return f"{table}/{column}/{row}".encode()


@dataclasses.dataclass(frozen=True)
class DataKey:
    """One AES-256 key. Its `id` is made from the key, and tells nothing about it."""

    secret: bytes = dataclasses.field(repr=False)

    @classmethod
    def generate(cls) -> DataKey:
        """Make a new random key."""
        return cls(secrets.token_bytes(KEY_BYTES))

    @functools.cached_property
    def id(self) -> bytes:
        """Four bytes that name the key in an envelope, so that several can live side by side."""
        return hmac.digest(self.secret, b"nachtlicht key id", "sha256")[:KEY_ID_BYTES]

    @functools.cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(self.secret)

    def seal(self, plain: bytes, where: bytes, *, nonce: bytes | None = None) -> bytes:
        """Encrypt `plain` for the place `where`. `nonce` is given in known-answer tests only."""
        nonce = secrets.token_bytes(NONCE_BYTES) if nonce is None else nonce
        head = bytes([VERSION]) + self.id + nonce
        return head + self._cipher.encrypt(nonce, plain, head[:5] + where)

    def open(self, box: bytes, where: bytes) -> bytes:
        """Decrypt `box`, which must have been sealed with this key for `where`.

        Raises:
            SealError: it was not.
        """
        if len(box) < _HEAD or box[0] != VERSION:
            raise SealError(f"The box at {where.decode()} is not of version {VERSION}.")
        if box_key_id(box) != self.id:
            raise SealError(f"The box at {where.decode()} was sealed with another key.")
        nonce = box[1 + KEY_ID_BYTES : _HEAD]
        try:
            return self._cipher.decrypt(nonce, box[_HEAD:], box[:5] + where)
        except InvalidTag as error:
            raise SealError(f"The box at {where.decode()} does not open.") from error

    def blind_index(self, text: str) -> bytes:
        """A fixed name for `text` to look it up by, which only the holder of the key can make.

        Case and outer spaces do not count: a counsellor's login is found however it is typed.
        """
        return hmac.digest(self.secret, text.strip().casefold().encode(), "sha256")


def box_key_id(box: bytes) -> bytes:
    """The id of the key that `box` was sealed with."""
    return box[1 : 1 + KEY_ID_BYTES]


@dataclasses.dataclass(frozen=True)
class Keyring:
    """The master keys, newest first: the first one wraps, any of them unwraps."""

    masters: tuple[DataKey, ...] = dataclasses.field(repr=False)

    @classmethod
    def load(cls, settings: Settings) -> Keyring:
        """Read the master key from the environment or from its file.

        Both hold base64 of 32 bytes; several, separated by white space, are allowed: after a
        rotation the old one stays behind the new one until all is re-wrapped.

        Raises:
            MasterKeyError: it is missing, readable by others, or no key.
        """
        if settings.master_key:
            return cls(_masters(settings.master_key, "NACHTLICHT_MASTER_KEY"))
        path = settings.master_key_file
        try:
            mode, raw = path.stat().st_mode, path.read_text()
        except OSError as error:
            raise MasterKeyError(
                f"The master key file {path} cannot be read ({error.strerror}); put it back from "
                f"its backup, or set NACHTLICHT_MASTER_KEY."
            ) from error
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise MasterKeyError(f"The master key file {path} is open to others: chmod 600 {path}")
        return cls(_masters(raw, str(path)))

    def wrap(self, key: DataKey, where: bytes) -> bytes:
        """Seal a data key under the newest master key."""
        return self.masters[0].seal(key.secret, where)

    def unwrap(self, box: bytes, where: bytes) -> DataKey:
        """Open a wrapped data key.

        Raises:
            SealError: none of the master keys opens it.
        """
        for master in self.masters:
            if master.id == box_key_id(box):
                return DataKey(master.open(box, where))
        raise SealError(f"No master key opens the key at {where.decode()}.")


def create_master_key(path: Path) -> bool:
    """Write a new master key that only its owner can read; False when there is one already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "wb") as file:
        file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return True


def token_hash(token: str) -> bytes:
    """SHA-256 of a random token of 256 bits; what the database knows of it."""
    return hashlib.sha256(token.encode()).digest()


def new_token() -> str:
    """A random token of 256 bits, safe in a header."""
    return secrets.token_urlsafe(32)


def _masters(raw: str, source: str) -> tuple[DataKey, ...]:
    keys = []
    for word in raw.split():
        try:
            secret = base64.b64decode(word, validate=True)
        except (binascii.Error, ValueError) as error:
            raise MasterKeyError(f"{source} holds something that is not base64.") from error
        if len(secret) != KEY_BYTES:
            raise MasterKeyError(f"{source} must hold base64 of {KEY_BYTES} bytes.")
        keys.append(DataKey(secret))
    if not keys:
        raise MasterKeyError(f"{source} holds no master key.")
    return tuple(keys)
