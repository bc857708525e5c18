"""One talk as the desk sees it: the card, the story, and what this person may do with it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nachtlicht.chat.desk.acts import lock, tell
from nachtlicht.chat.desk.card import Card, Said, make_card
from nachtlicht.chat.desk.notes import Note, read_notes
from nachtlicht.chat.desk.queue import facts, label
from nachtlicht.chat.desk.story import read_story
from nachtlicht.chat.desk.words import level_word, theme_word
from nachtlicht.chat.staff import (
    READ_AGAIN,
    NotAllowed,
    Person,
    TalkFacts,
    allowed,
    check_allowed,
    display_names,
    was_read,
    write_audit,
)
from nachtlicht.risk import RiskLevel
from nachtlicht.store import LIVE_STATES, Conversation, ConversationState, Handoff, HandoffStatus

if TYPE_CHECKING:
    from nachtlicht.chat.service import Chat


@dataclasses.dataclass(frozen=True)
class TalkView:
    """One talk at one moment. `lines` and `card` are empty once it is forgotten."""

    conversation_id: uuid.UUID
    label: str
    state: ConversationState
    level: RiskLevel
    level_word: str
    theme: str | None
    theme_word: str
    entry: str
    reason: str | None
    card: Card
    lines: tuple[Said, ...]
    last_seq: int
    notes: tuple[Note, ...]
    owner_id: uuid.UUID | None
    owner_name: str | None
    offered_to_id: uuid.UUID | None
    offered_to_name: str | None
    opened_at: dt.datetime | None
    claimed_at: dt.datetime | None
    created_at: dt.datetime
    youth_seen_at: dt.datetime | None
    forgotten: bool
    is_test: bool
    blocked_until: dt.datetime | None
    resembles_blocked: bool
    may: frozenset[str]


READS_ALONG = "utter_collega_leest_mee"
_ACTS = ("claim", "write", "note", "give_back", "close", "transfer", "answer_transfer", "block")


async def view(chat: Chat, person: Person, conversation_id: uuid.UUID) -> TalkView:
    """Read a talk: for its owner and a lead; while it waits, for whoever may take it.

    Every reading is in the audit, once in ten minutes for one person and talk.

    Raises:
        NotAllowed: there is no such talk, or it is not for this person.
    """
    now = chat.settings.now()
    async with chat.store.read() as session:
        talk, handoff = await _find(session, conversation_id)
        known = facts(handoff)
        check_allowed("read_talk", person, known)
        action = _reading(person, known)
        in_audit = await was_read(
            session,
            action,
            since=now - READ_AGAIN,
            counsellor_id=person.id,
            conversation_id=talk.id,
        )
        seen = await _view(chat, session, person, talk, handoff)
    if in_audit:
        return seen
    if action == "read_along" and await _tell_reading_along(chat, person, talk, now):
        return await view(chat, person, conversation_id)
    async with chat.store.write() as session:
        write_audit(
            session, action, now=now, counsellor_id=person.id, conversation_id=conversation_id
        )
    return seen


async def _tell_reading_along(
    chat: Chat, person: Person, talk: Conversation, now: dt.datetime
) -> bool:
    """Tell the young person, once for each reader, that a colleague reads along.

    Returns whether it was told; then the reading is in the audit too, in the same transaction.
    Nothing is told of a talk that is over.
    """
    release = chat.releases.release
    if talk.state not in LIVE_STATES or READS_ALONG not in release.texts:
        return False
    async with chat.store.write() as session:
        locked = await lock(chat, session, talk.id, now)
        if await was_read(
            session,
            "read_along",
            since=talk.created_at,
            counsellor_id=person.id,
            conversation_id=talk.id,
        ):
            return False
        await locked.bot_says(READS_ALONG)
        write_audit(
            session, "read_along", now=now, counsellor_id=person.id, conversation_id=talk.id
        )
    tell(chat, talk.id)
    return True


async def _find(
    session: AsyncSession, conversation_id: uuid.UUID
) -> tuple[Conversation, Handoff | None]:
    """The talk with its newest handoff. One that no human was asked for is not the desk's."""
    talk = await session.get(Conversation, conversation_id)
    handoff: Handoff | None = await session.scalar(
        select(Handoff)
        .where(Handoff.conversation_id == conversation_id)
        .order_by(Handoff.opened_at.desc(), Handoff.id)
        .limit(1)
    )
    if talk is None or handoff is None:
        raise NotAllowed
    return talk, handoff


def _reading(person: Person, known: TalkFacts) -> str:
    if known.owner_id == person.id:
        return "read_talk"
    return "preview_talk" if known.waits else "read_along"


async def _view(
    chat: Chat,
    session: AsyncSession,
    person: Person,
    talk: Conversation,
    handoff: Handoff | None,
) -> TalkView:
    release = chat.releases.release
    lines = await read_story(session, chat.store, talk, release)
    level = handoff.level if handoff else talk.level
    theme = (handoff.theme if handoff else None) or talk.theme
    known = facts(handoff)
    is_open = handoff is not None and handoff.status is not HandoffStatus.CLOSED
    ids = {one for one in (known.owner_id, known.offered_to) if one}
    names = await display_names(session, chat.store, ids)
    return TalkView(
        conversation_id=talk.id,
        label=label(talk.id),
        state=talk.state,
        level=level,
        level_word=level_word(level),
        theme=theme,
        theme_word=theme_word(theme, release),
        entry=talk.entry,
        reason=handoff.reason if handoff else None,
        card=make_card(lines, level, theme, release),
        lines=tuple(lines),
        last_seq=talk.last_seq,
        notes=read_notes(chat.store, talk, handoff),
        owner_id=known.owner_id,
        owner_name=names.get(known.owner_id) if known.owner_id else None,
        offered_to_id=known.offered_to,
        offered_to_name=names.get(known.offered_to) if known.offered_to else None,
        opened_at=handoff.opened_at if handoff else None,
        claimed_at=handoff.claimed_at if handoff else None,
        created_at=talk.created_at,
        youth_seen_at=talk.youth_seen_at,
        forgotten=talk.wrapped_key is None,
        is_test=talk.is_test,
        blocked_until=talk.blocked_until,
        resembles_blocked=talk.resembles_blocked,
        may=frozenset(act for act in _ACTS if is_open and allowed(act, person, known)),
    )
