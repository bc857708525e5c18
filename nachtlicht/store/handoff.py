"""The table of handoffs: talks that a counsellor takes over from the bot."""

from __future__ import annotations

import datetime as dt
import enum
import uuid

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from nachtlicht.risk import RiskLevel
from nachtlicht.store.base import Base, Sealed, key


class HandoffStatus(enum.Enum):
    """Waiting, then claimed, then closed. Back to waiting only when a counsellor is lost."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    CLOSED = "closed"


class Handoff(Base, Sealed, kw_only=True):
    """One request for a counsellor; at most one a talk is not closed (a partial unique index).

    `reason` is risk, wish or bot: who asked. `opened_at` is the start of the wait and survives a
    give-back. `lease_until` is the end of the counsellor's lease while claimed; a heartbeat moves
    it on, and past it the sweep puts the talk back. `outcome` is a closed word (`declined`,
    `left`, `forgotten`, or the outcome a counsellor gave); `note` is sealed and opens to a list of
    {"at", "by", "text"}. `offered_to_id` is the colleague to whom the owner offers the talk.
    """

    __tablename__ = "handoff"
    __table_args__ = (
        Index(
            "uq__handoff__one_open",
            "conversation_id",
            unique=True,
            sqlite_where=text("status != 'closed'"),
            postgresql_where=text("status != 'closed'"),
        ),
        Index("ix__handoff__queue", "status", "level", "opened_at"),
    )

    id: Mapped[key] = mapped_column(default_factory=uuid.uuid4)
    conversation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), index=True
    )
    level: Mapped[RiskLevel]
    opened_at: Mapped[dt.datetime]
    desk_code: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(32))
    theme: Mapped[str | None] = mapped_column(String(64), default=None)
    status: Mapped[HandoffStatus] = mapped_column(default=HandoffStatus.WAITING)
    counsellor_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("counsellor.id", ondelete="SET NULL"), default=None, index=True
    )
    claimed_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    lease_until: Mapped[dt.datetime | None] = mapped_column(default=None, index=True)
    closed_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    outcome: Mapped[str | None] = mapped_column(String(32), default=None)
    note: Mapped[bytes | None] = mapped_column(default=None)
    offered_to_id: Mapped[uuid.UUID | None] = mapped_column(default=None)
    offered_at: Mapped[dt.datetime | None] = mapped_column(default=None)
