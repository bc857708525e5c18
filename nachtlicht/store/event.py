"""The outbox: every line that both sides of a talk see, in the order in which they see it."""

from __future__ import annotations

import datetime as dt
import enum
import uuid

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from nachtlicht.store.base import Base, Sealed


class EventKind(enum.Enum):
    """A line was said, or the talk came to stand elsewhere."""

    MESSAGE = "message"
    STATE = "state"


class Event(Base, Sealed, kw_only=True):
    """One line of the outbox. `seq` counts from 1 in each talk, without gaps.

    A MESSAGE points at its row by the same seq; a STATE carries its sealed `payload`:
    {"state", "holder", "desk", "opens", "name"}.
    """

    __tablename__ = "event"

    conversation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[EventKind]
    at: Mapped[dt.datetime]
    payload: Mapped[bytes | None] = mapped_column(default=None)

    def row_name(self) -> str:
        """The conversation and the number: an event has no id of its own."""
        return self.name_of(self.conversation_id, self.seq)

    @staticmethod
    def name_of(conversation_id: uuid.UUID, seq: int) -> str:
        """The name of the row of an event."""
        return f"{conversation_id}:{seq}"
