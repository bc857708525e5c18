"""The tables of a talk: the conversation, its lines, and the judgements on them."""

from __future__ import annotations

import datetime as dt
import enum
import uuid

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from nachtlicht.risk import RiskLevel
from nachtlicht.store.base import Base, Sealed, key


class ConversationState(enum.Enum):
    """Where a talk stands. `holder` says who has it: exactly one, as long as it is open."""

    BOT = "bot"
    WAITING = "waiting"
    WAITING_CLOSED = "waiting_closed"
    LIVE = "live"
    LIVE_LOST_YOUTH = "live_lost_youth"
    LIVE_LOST_STAFF = "live_lost_staff"
    WRAP_UP = "wrap_up"
    CLOSED = "closed"
    LEFT = "left"

    @property
    def holder(self) -> str | None:
        """bot, queue or counsellor; None when nobody holds it any more."""
        if self is ConversationState.BOT:
            return "bot"
        if self in WAITING_STATES:
            return "queue"
        if self in LIVE_STATES or self is ConversationState.WRAP_UP:
            return "counsellor"
        return None


WAITING_STATES = (ConversationState.WAITING, ConversationState.WAITING_CLOSED)
LIVE_STATES = (
    ConversationState.LIVE,
    ConversationState.LIVE_LOST_YOUTH,
    ConversationState.LIVE_LOST_STAFF,
)
BOT_SPEAKS = (ConversationState.BOT, *WAITING_STATES)


class Author(enum.Enum):
    """Who wrote a line."""

    YOUTH = "youth"
    BOT = "bot"
    COUNSELLOR = "counsellor"


class Conversation(Base, Sealed, kw_only=True):
    """One talk of one young person. The row outlives its text by a day, as a gravestone.

    `wrapped_key` is the data key of the talk under the master key (`Store.conversation_key`);
    None means forgotten. `last_line_at` is of the last line of a human; the time that a talk is
    kept runs from it. `level` is the highest level so far; a person's explanation can turn
    URGENT into CONCERN. `last_seq` is the
    number of the newest event. `reply_due` is the seq of the oldest youth line that still needs
    an answer of the bot; None when nothing is owed. `declined_level` and `declined_theme` say
    which handover the young person did not want. `code_hash` is the blind index of the words with
    which they can come back. `blocked_until` is until when a block by the desk lasts, and
    `resembles_blocked` that it began at the address of a blocked talk. `opinions` are the end
    questions that were answered, divided by spaces.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        Index("ix__conversation__due", "reply_due", postgresql_where=text("reply_due IS NOT NULL")),
        Index("ix__conversation__state", "state", "last_line_at"),
        Index("ix__conversation__code_hash", "code_hash", unique=True),
    )

    id: Mapped[key] = mapped_column(default_factory=uuid.uuid4)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    wrapped_key: Mapped[bytes | None] = mapped_column(default=None)
    entry: Mapped[str] = mapped_column(String(64))
    bot_sender: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[dt.datetime]
    last_line_at: Mapped[dt.datetime]
    source: Mapped[str | None] = mapped_column(String(64), default=None)
    audience: Mapped[str | None] = mapped_column(String(32), default=None)
    state: Mapped[ConversationState] = mapped_column(default=ConversationState.BOT)
    level: Mapped[RiskLevel] = mapped_column(default=RiskLevel.NONE)
    theme: Mapped[str | None] = mapped_column(String(64), default=None)
    desk_code: Mapped[str | None] = mapped_column(String(64), default=None)
    last_seq: Mapped[int] = mapped_column(default=0)
    reply_due: Mapped[int | None] = mapped_column(default=None)
    bot_turns: Mapped[int] = mapped_column(default=0)
    wanted_human: Mapped[bool] = mapped_column(default=False)
    offered_human: Mapped[bool] = mapped_column(default=False)
    told_urgent: Mapped[str | None] = mapped_column(String(64), default=None)
    declined_level: Mapped[RiskLevel | None] = mapped_column(default=None)
    declined_theme: Mapped[str | None] = mapped_column(String(64), default=None)
    declined_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    youth_seen_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    human_joined_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    closed_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    forgotten_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    is_test: Mapped[bool] = mapped_column(default=False)
    code_hash: Mapped[bytes | None] = mapped_column(default=None)
    blocked_until: Mapped[dt.datetime | None] = mapped_column(default=None)
    resembles_blocked: Mapped[bool] = mapped_column(default=False)
    opinions: Mapped[str] = mapped_column(String(64), default="")


class Message(Base, Sealed, kw_only=True):
    """One line of a talk. `seq` is that of its event; `text` and `buttons` are sealed.

    `buttons` opens to a list of {"title", "payload"}; payloads never leave the server. `owed`
    marks a youth line that the bot must answer, or had to.
    `client_id` is the sender's own name for the line: a repeat of it is the same line.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("conversation_id", "client_id"),
        UniqueConstraint("conversation_id", "seq"),
    )

    id: Mapped[key] = mapped_column(default_factory=uuid.uuid4)
    conversation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE")
    )
    seq: Mapped[int]
    author: Mapped[Author]
    at: Mapped[dt.datetime]
    text: Mapped[bytes | None] = mapped_column(default=None)
    buttons: Mapped[bytes | None] = mapped_column(default=None)
    client_id: Mapped[uuid.UUID | None] = mapped_column(default=None)
    owed: Mapped[bool] = mapped_column(default=False)
    counsellor_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("counsellor.id", ondelete="SET NULL"), default=None
    )


class Assessment(Base, Sealed, kw_only=True):
    """What was made of one youth line. A row for the desk; the young person never sees it.

    `signals` opens to a list of {"code", "level", "theme", "start", "end", "why"}: level as its
    label, offsets in characters of the line as typed, end exclusive. `verdict_due` marks a line
    that was stored before the classifier had spoken, and is still to be judged by it.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        Index(
            "ix__assessment__verdict_due",
            "at",
            sqlite_where=text("verdict_due = 1"),
            postgresql_where=text("verdict_due"),
        ),
    )

    id: Mapped[key] = mapped_column(default_factory=uuid.uuid4)
    conversation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), index=True
    )
    message_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("message.id", ondelete="CASCADE"), unique=True
    )
    seq: Mapped[int]
    at: Mapped[dt.datetime]
    level: Mapped[RiskLevel]
    rules_level: Mapped[RiskLevel]
    model_level: Mapped[RiskLevel | None] = mapped_column(default=None)
    p_urgent: Mapped[float | None] = mapped_column(default=None)
    theme: Mapped[str | None] = mapped_column(String(64), default=None)
    unread: Mapped[bool] = mapped_column(default=False)
    unsure: Mapped[bool] = mapped_column(default=False)
    verdict_due: Mapped[bool] = mapped_column(default=False)
    signals: Mapped[bytes | None] = mapped_column(default=None)


class Tally(Base, kw_only=True):
    """Counts that outlive the text: how many talks of one kind ended on one day. Never test talks.

    `day` is the day (Europe/Amsterdam) on which the talk began.
    """

    __tablename__ = "tally"
    __table_args__ = (
        UniqueConstraint("day", "entry", "source", "level", "theme", "human", "ended"),
    )

    id: Mapped[key] = mapped_column(default_factory=uuid.uuid4)
    day: Mapped[dt.date]
    entry: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(64))
    level: Mapped[RiskLevel]
    theme: Mapped[str] = mapped_column(String(64))
    human: Mapped[bool]
    ended: Mapped[str] = mapped_column(String(32))
    talks: Mapped[int] = mapped_column(default=0)
    lines: Mapped[int] = mapped_column(default=0)
