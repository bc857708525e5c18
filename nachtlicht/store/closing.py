"""Counts that outlive a talk: the close form, and what else is counted, without text."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from nachtlicht.risk import RiskLevel
from nachtlicht.store.base import Base, key


class Closing(Base, kw_only=True):
    """One close form. It names no talk, no young person and no counsellor, and outlives them.

    `day` and `hour` (Europe/Amsterdam) are those in which the handoff was opened. `level_flagged`
    and `theme_flagged` are what the machine said, `level` and `theme` what the counsellor said:
    together they tell how often it was right. `categories` holds codes divided by spaces.
    """

    __tablename__ = "closing"

    id: Mapped[key] = mapped_column(default_factory=uuid.uuid4)
    day: Mapped[dt.date] = mapped_column(index=True)
    hour: Mapped[int]
    desk_code: Mapped[str] = mapped_column(String(64))
    entry: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(32))
    call_type: Mapped[str] = mapped_column(String(32))
    categories: Mapped[str] = mapped_column(String(512))
    level_flagged: Mapped[RiskLevel]
    level: Mapped[RiskLevel]
    outcome: Mapped[str] = mapped_column(String(32))
    wait_seconds: Mapped[int]
    talk_seconds: Mapped[int]
    theme_flagged: Mapped[str | None] = mapped_column(String(64), default=None)
    theme: Mapped[str | None] = mapped_column(String(64), default=None)
    referral: Mapped[str | None] = mapped_column(String(64), default=None)


class Counted(Base, kw_only=True):
    """How often one thing happened on one day. It names no talk. Test talks are never counted.

    `kind` is what is counted: `missed` (its word: the level), `audience`, `helped` and `next`
    (the end questions; their word: the answer).
    """

    __tablename__ = "counted"
    __table_args__ = (UniqueConstraint("day", "kind", "word"),)

    id: Mapped[key] = mapped_column(default_factory=uuid.uuid4)
    day: Mapped[dt.date]
    kind: Mapped[str] = mapped_column(String(32))
    word: Mapped[str] = mapped_column(String(64))
    number: Mapped[int] = mapped_column(default=0)
