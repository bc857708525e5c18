"""What the desk sees at a glance: who waits, with whom I talk, who is there, what was missed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from nachtlicht.chat.counting import MISSED
from nachtlicht.chat.desk.story import signals_of
from nachtlicht.chat.desk.words import level_word, theme_word
from nachtlicht.chat.staff import Person, Present, TalkFacts, check_allowed, who_is_there
from nachtlicht.release import ZONE, Release, clock
from nachtlicht.risk import RiskLevel
from nachtlicht.store import (
    Assessment,
    Author,
    Conversation,
    ConversationState,
    Handoff,
    HandoffStatus,
    Message,
)

if TYPE_CHECKING:
    from nachtlicht.chat.service import Chat

SHIFT_STARTS_AT = 12  # o'clock: a shift crosses midnight, so its day begins at noon
MAX_WHYS = 2


@dataclasses.dataclass(frozen=True)
class Waiting:
    """One talk in the queue: enough to choose by, and no word of what was said."""

    conversation_id: uuid.UUID
    label: str
    level: RiskLevel
    level_word: str
    theme_word: str
    whys: tuple[str, ...]
    reason: str
    entry: str
    desk_code: str
    desk_name: str
    opened_at: dt.datetime
    shut: bool
    came_back: bool
    is_test: bool
    blocked: bool
    resembles_blocked: bool


@dataclasses.dataclass(frozen=True)
class Mine:
    """One talk that I hold, or that a colleague offers me. `unanswered` are youth lines."""

    conversation_id: uuid.UUID
    label: str
    level: RiskLevel
    level_word: str
    theme_word: str
    state: ConversationState
    unanswered: int
    waits_since: dt.datetime | None
    offered: bool
    is_test: bool


@dataclasses.dataclass(frozen=True)
class DeskNow:
    """One desk at this moment; `words` say until when it is open, or when it opens."""

    code: str
    name: str
    open: bool
    words: str


@dataclasses.dataclass(frozen=True)
class QueueView:
    """The whole of it, as one moment of the database."""

    waiting: tuple[Waiting, ...]
    mine: tuple[Mine, ...]
    desks: tuple[DeskNow, ...]
    present: tuple[Present, ...]
    available: bool
    missed: int
    taken: int


async def queue(chat: Chat, person: Person) -> QueueView:
    """The queue, most urgent first, then longest wait; talks that wait for opening come last."""
    check_allowed("queue", person)
    now, release = chat.settings.now(), chat.releases.release
    async with chat.store.read() as session:
        waiting = await _waiting(chat, session, release)
        mine = await _mine(session, person, release)
        present = await who_is_there(session, chat.store, now=now)
        missed, taken = await _today(session, now)
    me = next((one for one in present if one.id == person.id), None)
    return QueueView(
        waiting=tuple(sorted(waiting, key=lambda row: (row.shut, -row.level, row.opened_at))),
        mine=tuple(mine),
        desks=desks_now(release, now),
        present=tuple(present),
        available=me.available if me else True,
        missed=missed,
        taken=taken,
    )


def label(conversation_id: uuid.UUID) -> str:
    """A short name for a talk, to speak about it without saying anything: "4F2A"."""
    return conversation_id.hex[:4].upper()


def desks_now(release: Release, now: dt.datetime) -> tuple[DeskNow, ...]:
    """All desks with their hours in words."""
    desks = []
    for desk in release.desks.values():
        closes_at = desk.closes_at(now)
        if closes_at is not None:
            words = f"open tot {clock(closes_at.astimezone(ZONE).time())}"
        elif desk.is_open(now):
            words = "altijd open"
        else:
            words = f"dicht, opent {desk.opening_words(now)}"
        desks.append(DeskNow(desk.code, desk.name, desk.is_open(now), words))
    return tuple(desks)


def shift_start(now: dt.datetime) -> dt.datetime:
    """The last noon in Amsterdam."""
    local = now.astimezone(ZONE)
    noon = local.replace(hour=SHIFT_STARTS_AT, minute=0, second=0, microsecond=0)
    return noon if local >= noon else noon - dt.timedelta(days=1)


async def _waiting(chat: Chat, session: AsyncSession, release: Release) -> list[Waiting]:
    rows = await session.execute(
        select(Handoff, Conversation)
        .join(Conversation, Conversation.id == Handoff.conversation_id)
        .where(Handoff.status == HandoffStatus.WAITING)
    )
    return [
        Waiting(
            conversation_id=talk.id,
            label=label(talk.id),
            level=handoff.level,
            level_word=level_word(handoff.level),
            theme_word=theme_word(handoff.theme or talk.theme, release),
            whys=await _whys(chat, session, talk),
            reason=handoff.reason,
            entry=talk.entry,
            desk_code=handoff.desk_code,
            desk_name=_desk_name(handoff.desk_code, release),
            opened_at=handoff.opened_at,
            shut=talk.state is ConversationState.WAITING_CLOSED,
            came_back=talk.human_joined_at is not None,
            is_test=talk.is_test,
            blocked=talk.blocked_until is not None,
            resembles_blocked=talk.resembles_blocked,
        )
        for handoff, talk in rows.all()
    ]


def _desk_name(code: str, release: Release) -> str:
    desk = release.desks.get(code)
    return desk.name if desk else code


async def _whys(chat: Chat, session: AsyncSession, talk: Conversation) -> tuple[str, ...]:
    """The gravest reasons of the gravest lines: words of rules and model, not of the young."""
    if talk.wrapped_key is None:
        return ()
    gravest = await session.scalars(
        select(Assessment)
        .where(Assessment.conversation_id == talk.id, Assessment.level > RiskLevel.NONE)
        .order_by(Assessment.level.desc(), Assessment.seq.desc())
        .limit(3)
    )
    key, release = chat.store.conversation_key(talk), chat.releases.release
    found = [signal for row in gravest for signal in signals_of(row, key, release)]
    found.sort(key=lambda signal: -signal.level)
    return tuple(dict.fromkeys(signal.why for signal in found if signal.why))[:MAX_WHYS]


async def _mine(session: AsyncSession, person: Person, release: Release) -> list[Mine]:
    rows = await session.execute(
        select(Handoff, Conversation)
        .join(Conversation, Conversation.id == Handoff.conversation_id)
        .where(
            Handoff.status == HandoffStatus.CLAIMED,
            (Handoff.counsellor_id == person.id) | (Handoff.offered_to_id == person.id),
        )
        .order_by(Handoff.claimed_at)
    )
    mine = []
    for handoff, talk in rows.all():
        unanswered, since = await _unanswered(session, talk.id)
        mine.append(
            Mine(
                conversation_id=talk.id,
                label=label(talk.id),
                level=handoff.level,
                level_word=level_word(handoff.level),
                theme_word=theme_word(handoff.theme or talk.theme, release),
                state=talk.state,
                unanswered=unanswered,
                waits_since=since,
                offered=handoff.counsellor_id != person.id,
                is_test=talk.is_test,
            )
        )
    return mine


async def _unanswered(
    session: AsyncSession, conversation_id: uuid.UUID
) -> tuple[int, dt.datetime | None]:
    """How many youth lines came after the counsellor's last one, and when the first of them."""
    answered = (
        select(func.coalesce(func.max(Message.seq), 0))
        .where(Message.conversation_id == conversation_id, Message.author == Author.COUNSELLOR)
        .scalar_subquery()
    )
    found = await session.execute(
        select(Message.at)
        .where(
            Message.conversation_id == conversation_id,
            Message.author == Author.YOUTH,
            Message.seq > answered,
        )
        .order_by(Message.seq)
    )
    times = list(found.scalars())
    return len(times), times[0] if times else None


async def _today(session: AsyncSession, now: dt.datetime) -> tuple[int, int]:
    """How many this shift left the queue without a human, and how many got one. No test talks."""
    since = shift_start(now)
    handoffs = (
        select(func.count(Handoff.id))
        .join(Conversation, Conversation.id == Handoff.conversation_id)
        .where(Conversation.is_test.is_(False))
    )
    missed = await session.scalar(
        handoffs.where(
            Handoff.closed_at >= since, Handoff.claimed_at.is_(None), Handoff.outcome.in_(MISSED)
        )
    )
    taken = await session.scalar(handoffs.where(Handoff.claimed_at >= since))
    return missed or 0, taken or 0


def facts(handoff: Handoff | None) -> TalkFacts:
    """What the rule table needs to know of a talk with this open handoff."""
    if handoff is None:
        return TalkFacts()
    return TalkFacts(
        owner_id=handoff.counsellor_id,
        waits=handoff.status is HandoffStatus.WAITING,
        offered_to=handoff.offered_to_id,
    )
