"""The tables of passkeys: those of members of staff, and what a browser was asked to sign."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from nachtlicht.store.base import Base, Sealed, key


class Passkey(Base, Sealed, kw_only=True):
    """A passkey of a member of staff. The staff key seals `name`, `credential_id`, `public_key`.

    `credential_index` is the blind index of the credential's id, by which it is found.
    `sign_count` is the highest count of uses that its device told; many devices always tell 0.
    """

    __tablename__ = "passkey"

    id: Mapped[key] = mapped_column(default_factory=uuid.uuid4)
    counsellor_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("counsellor.id", ondelete="CASCADE"), index=True
    )
    credential_index: Mapped[bytes] = mapped_column(unique=True)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[dt.datetime]
    last_used_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    name: Mapped[bytes | None] = mapped_column(default=None)
    credential_id: Mapped[bytes | None] = mapped_column(default=None)
    public_key: Mapped[bytes | None] = mapped_column(default=None)


class PasskeyChallenge(Base, kw_only=True):
    """What one browser was asked to sign, for one purpose; the row goes when an answer comes."""

    __tablename__ = "passkey_challenge"
    __table_args__ = (Index("ix__passkey_challenge__ends_at", "ends_at"),)

    id: Mapped[key] = mapped_column(default_factory=uuid.uuid4)
    challenge: Mapped[bytes] = mapped_column(unique=True)
    purpose: Mapped[str] = mapped_column(String(16))
    browser_hash: Mapped[bytes]
    ends_at: Mapped[dt.datetime]
