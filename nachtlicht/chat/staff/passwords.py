"""Which passwords a counsellor may choose, and how they are kept."""

from __future__ import annotations

import functools
import re
import unicodedata
from pathlib import Path

import argon2

from nachtlicht.chat.staff.errors import PasswordRefused

MINIMUM = 15  # characters; ASVS 5.0, 6.2.1
MAXIMUM = 256  # characters; longer only costs time to hash
LEFT_OVER = 6  # different letters that must remain once the usual pieces are taken out

# What long but guessable passwords are made of: the heads of the published lists of common
# passwords, Dutch ones among them. A piece is taken out wherever it stands.
USUAL_PIECES = Path(__file__).with_name("usual_passwords.txt")
STREET_LETTERS = str.maketrans("01345@7$!", "oieasatsi")

_hasher = argon2.PasswordHasher()
# Unknown names are measured against this, so that they take as long as known ones.
NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$9UTBRJcYLADhPY66ZTxk4A$Gm/74VBb3b1LKgdS"
    "sqTa2i7p3sX1gMef+fvBEXEUET8"
)


def check_password(password: str, *names: str) -> None:
    """Refuse a password that is short, usual, or made of the owner's own `names`.

    Raises:
        PasswordRefused: with the Dutch sentence that the counsellor reads.
    """
    if len(password) < MINIMUM:
        raise PasswordRefused(f"Kies een wachtwoord van minstens {MINIMUM} tekens.")
    if len(password) > MAXIMUM:
        raise PasswordRefused(f"Kies een wachtwoord van hoogstens {MAXIMUM} tekens.")
    plain = _fold(password)
    own = [piece for name in names for piece in re.split(r"\W+", _fold(name)) if len(piece) >= 3]
    if any(piece in plain for piece in own):
        raise PasswordRefused("Gebruik je eigen naam niet in je wachtwoord.")
    if min(_left_over(plain), _left_over(plain.translate(STREET_LETTERS))) < LEFT_OVER:
        raise PasswordRefused(
            "Dit wachtwoord is te makkelijk te raden. Neem bijvoorbeeld vier losse woorden."
        )


def hash_password(password: str) -> str:
    """Hash a password for keeping; slow on purpose, so run it in a thread."""
    return _hasher.hash(_normal(password))


def password_matches(kept: str | None, password: str) -> bool:
    """Compare in the same time whether or not anything is kept; slow on purpose."""
    try:
        return _hasher.verify(kept or NOBODY, _normal(password[:MAXIMUM])) and kept is not None
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False


def _left_over(plain: str) -> int:
    """Count the different letters and digits that no usual piece accounts for."""
    for piece in _usual_pieces():
        plain = plain.replace(piece, "")
    return len(set(re.sub(r"[\W_]", "", plain)))


@functools.cache
def _usual_pieces() -> list[str]:
    """The pieces, longest first: else "test" would leave half of "testtest"."""
    return sorted(USUAL_PIECES.read_text("utf-8").split(), key=len, reverse=True)


def _fold(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)
