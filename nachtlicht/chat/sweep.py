"""The round that forgets nothing: lost counsellors, opening desks, owed answers, retention."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import ColumnElement, Select, and_, not_, or_, select
from sqlalchemy.exc import SQLAlchemyError

from nachtlicht.chat import late, upkeep
from nachtlicht.chat.errors import ChatError
from nachtlicht.chat.handoff import LEASE, LOST_AFTER
from nachtlicht.release import ReleaseError
from nachtlicht.store import (
    LIVE_STATES,
    WAITING_STATES,
    Conversation,
    ConversationForgotten,
    ConversationState,
    Handoff,
    HandoffStatus,
    SealError,
)

if TYPE_CHECKING:
    from nachtlicht.chat.service import Chat

GRAVESTONE = dt.timedelta(hours=24)  # how long a client still hears "gone" and not "unknown"
BATCH = 200

log = structlog.get_logger("nachtlicht.sweep")
Step = Callable[["Chat", uuid.UUID], Awaitable[bool]]
Query = Select[uuid.UUID]

_WAITING = select(
    Conversation.id, Conversation.desk_code, Conversation.theme, Conversation.state
).where(Conversation.state.in_(WAITING_STATES))


@dataclasses.dataclass
class Swept:
    """What one round did: how many talks each step changed."""

    told_lost: int = 0
    given_back: int = 0
    settled: int = 0
    desk_moves: int = 0
    youth_moves: int = 0
    owed: int = 0
    verdicts: int = 0
    forgotten: int = 0
    removed: int = 0

    @property
    def is_news_for_desk(self) -> bool:
        """Whether the desk sees something else than before."""
        return bool(
            self.told_lost
            or self.given_back
            or self.settled
            or self.desk_moves
            or self.youth_moves
            or self.forgotten
        )


async def sweep(chat: Chat) -> Swept:
    """One round; called every few seconds, and safe to call at any time.

    1. A counsellor without a heartbeat: both sides are told, and when the lease has run out the
       talk goes back to the queue, at the place of its first wait.
    2. A desk that opens or shuts moves the talks that wait for it, and says so.
    3. A young person who comes or goes during a live talk is shown to the desk.
    4. Lines that are owed an answer are answered (after a restart there are some).
    5. Lines that are owed a verdict of the classifier are judged (the same).
    6. Talks past their time are forgotten; gravestones past theirs are removed.

    Each talk is a transaction of its own; one that fails is logged and left for the next round,
    and does not stop the others.
    """
    done, now = Swept(), chat.settings.now()
    done.told_lost = await _each(chat, _unheard(now, LEASE - LOST_AFTER), upkeep.tell_lost)
    done.given_back = await _each(chat, _unheard(now), upkeep.give_back)
    done.settled = await _each(chat, _unheard(now, ended=True), upkeep.settle_ended)
    done.desk_moves = await _do(chat, await _misplaced(chat, now), upkeep.follow_desk)
    done.youth_moves = await _do(chat, await _come_or_gone(chat), upkeep.follow_youth)
    for conversation_id in await _ids(chat, _owed()):
        done.owed += chat.owe_if_idle(conversation_id)
    done.verdicts = await late.judge_what_is_due(chat)
    done.forgotten = await _each(chat, _past_retention(chat, now), upkeep.forget_expired)
    done.removed = await _each(chat, _gravestones(now), upkeep.remove_gravestone)
    if done.forgotten or done.removed or not chat.store.is_log_swept:
        await chat.store.sweep_log()
    if done.is_news_for_desk:
        chat.notifier.queue_changed()
    return done


def _talks(*conditions: ColumnElement[bool]) -> Query:
    return select(Conversation.id).where(*conditions).order_by(Conversation.last_line_at)


def _owed() -> Query:
    return _talks(Conversation.reply_due.is_not(None)).limit(BATCH)


def _unheard(
    now: dt.datetime, left: dt.timedelta = dt.timedelta(0), *, ended: bool = False
) -> Query:
    """Talks with a lease that ends within `left`: live ones, or those that are over."""
    claimed = and_(Handoff.status == HandoffStatus.CLAIMED, Handoff.lease_until <= now + left)
    live = Conversation.state.in_(LIVE_STATES)
    return _talks(
        Conversation.id.in_(select(Handoff.conversation_id).where(claimed)),
        not_(live) if ended else live,
    )


def _past_retention(chat: Chat, now: dt.datetime) -> Query:
    """Bot-only talks so long after their last line, desk talks so long after their close."""
    bot = now - dt.timedelta(hours=chat.settings.retention_bot_hours)
    desk = now - dt.timedelta(days=chat.settings.retention_desk_days)
    ended = or_(
        and_(Conversation.closed_at.is_not(None), Conversation.closed_at <= desk),
        and_(Conversation.closed_at.is_(None), Conversation.last_line_at <= desk),
    )
    return _talks(
        Conversation.wrapped_key.is_not(None),
        or_(
            and_(Conversation.human_joined_at.is_(None), Conversation.last_line_at <= bot),
            and_(Conversation.human_joined_at.is_not(None), ended),
        ),
    ).limit(BATCH)


def _gravestones(now: dt.datetime) -> Query:
    return _talks(Conversation.forgotten_at <= now - GRAVESTONE).limit(BATCH)


async def _misplaced(chat: Chat, now: dt.datetime) -> list[uuid.UUID]:
    """Waiting talks whose desk has opened or shut; thousands may wait in a few places."""
    is_wrong: dict[upkeep.Place, bool] = {}
    wrong = []
    async with chat.store.read() as session:
        rows = (await session.execute(_WAITING)).all()
    for conversation_id, desk_code, theme, state in rows:
        place = upkeep.Place(desk_code, theme, state)
        if place not in is_wrong:
            is_wrong[place] = upkeep.is_misplaced(place, chat.releases.release, now)
        if is_wrong[place]:
            wrong.append(conversation_id)
    return wrong


async def _come_or_gone(chat: Chat) -> list[uuid.UUID]:
    """Live talks whose young person has come or gone."""
    states = (ConversationState.LIVE, ConversationState.LIVE_LOST_YOUTH)
    live = select(Conversation).where(Conversation.state.in_(states))
    async with chat.store.read() as session:
        rows = (await session.scalars(live)).all()
    return [
        row.id
        for row in rows
        if chat.youth.is_here(row.id, upkeep.YOUTH_LOST_AFTER)
        is (row.state is ConversationState.LIVE_LOST_YOUTH)
    ]


async def _ids(chat: Chat, query: Query) -> Sequence[uuid.UUID]:
    async with chat.store.read() as session:
        return (await session.scalars(query)).all()


async def _each(chat: Chat, query: Query, step: Step) -> int:
    return await _do(chat, await _ids(chat, query), step)


async def _do(chat: Chat, ids: Iterable[uuid.UUID], step: Step) -> int:
    """Do `step` to every talk of `ids`; how many it changed."""
    changed = 0
    for conversation_id in ids:
        try:
            if await step(chat, conversation_id):
                changed += 1
                chat.notifier.changed(conversation_id)
        except (
            ChatError,
            ConversationForgotten,
            ReleaseError,
            SealError,
            SQLAlchemyError,
        ) as error:
            log.error(
                "sweep_failed", step=getattr(step, "__name__", ""), error=type(error).__name__
            )
    return changed
