"""The tables of the desk: who may sign in, who is signed in, who is there, and who did what."""

from __future__ import annotations

import datetime as dt
import enum
import uuid

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from nachtlicht.store.base import Base, Sealed, key


class Role(enum.Enum):
    """What a member of staff is. What each may do is a table in the desk."""

    COUNSELLOR = "counsellor"
    LEAD = "lead"
    EDITOR = "editor"
    ADMIN = "admin"


class Counsellor(Base, Sealed, kw_only=True):
    """A member of staff. `display_name`, `login` and `totp_secret` are sealed by the staff key.

    `login_index` is the blind index of the login (`Store.login_index`). `invitation_hash` is that
    of the one-time token with which the password and the second factor are set.
    `totp_last_step` is the newest time step that was used: a code works once. `oidc_index` is the
    blind index of who this is at the house's identity provider, from the first time on.
    """

    __tablename__ = "counsellor"
    __table_args__ = (Index("ix__counsellor__oidc_index", "oidc_index", unique=True),)

    id: Mapped[key] = mapped_column(default_factory=uuid.uuid4)
    login_index: Mapped[bytes] = mapped_column(unique=True)
    role: Mapped[Role]
    created_at: Mapped[dt.datetime]
    login: Mapped[bytes | None] = mapped_column(default=None)
    display_name: Mapped[bytes | None] = mapped_column(default=None)
    password_hash: Mapped[str | None] = mapped_column(String(256), default=None)
    totp_secret: Mapped[bytes | None] = mapped_column(default=None)
    totp_last_step: Mapped[int | None] = mapped_column(BigInteger, default=None)
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[dt.datetime | None] = mapped_column(default=None)
    invitation_hash: Mapped[bytes | None] = mapped_column(default=None, unique=True)
    invitation_ends_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    disabled_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    oidc_index: Mapped[bytes | None] = mapped_column(default=None)


class SignInSession(Base, kw_only=True):
    """One browser of one member of staff. Only the hash of its token is known here."""

    __tablename__ = "sign_in_session"

    id: Mapped[key] = mapped_column(default_factory=uuid.uuid4)
    counsellor_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("counsellor.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[dt.datetime]
    last_seen_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None] = mapped_column(default=None)


class Presence(Base, kw_only=True):
    """That a counsellor's console is open: its last heartbeat, and whether talks may come."""

    __tablename__ = "presence"

    counsellor_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("counsellor.id", ondelete="CASCADE"), primary_key=True
    )
    last_seen_at: Mapped[dt.datetime]
    available: Mapped[bool] = mapped_column(default=True)


class Audit(Base, kw_only=True):
    """Who did what, when, to which talk. Append-only: the database refuses change and removal.

    No text of a talk and no name of a young person; `conversation_id` is all that points at one,
    and is no foreign key: the row outlives the talk. `detail` holds closed words only.
    """

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, init=False
    )
    at: Mapped[dt.datetime] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(String(64))
    counsellor_id: Mapped[uuid.UUID | None] = mapped_column(default=None, index=True)
    conversation_id: Mapped[uuid.UUID | None] = mapped_column(default=None, index=True)
    detail: Mapped[str | None] = mapped_column(String(256), default=None)


class KeySlot(Base, kw_only=True):
    """A key of the database itself, wrapped by the master key: `staff` and `login_index`.

    That the slots open is also the proof, at every start, that the master key is the right one.
    """

    __tablename__ = "key_slot"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    wrapped_key: Mapped[bytes]
