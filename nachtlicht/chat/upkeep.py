"""What the sweep does to one talk. Each step looks again: the world may have moved by then."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nachtlicht.chat.counting import count_missed
from nachtlicht.chat.forget import forget_in
from nachtlicht.chat.handoff import LEASE, LOST_AFTER, announce, close
from nachtlicht.chat.talk import Talk
from nachtlicht.release import Desk, Release
from nachtlicht.store import (
    LIVE_STATES,
    WAITING_STATES,
    Audit,
    Conversation,
    ConversationState,
    Handoff,
    HandoffStatus,
)

if TYPE_CHECKING:
    from nachtlicht.chat.service import Chat

YOUTH_LOST_AFTER = dt.timedelta(seconds=60)  # without a stream or a request


async def tell_lost(chat: Chat, conversation_id: uuid.UUID) -> bool:
    """Tell both sides that the counsellor is not heard; a heartbeat makes it LIVE again."""
    async with chat.talk(conversation_id) as talk:
        handoff = await talk.handoff()
        here = talk.conversation.state in LIVE_STATES
        lost = talk.conversation.state is ConversationState.LIVE_LOST_STAFF
        if lost or not here or not _lease_ends(handoff, talk.now + LEASE - LOST_AFTER):
            return False
        await talk.move(ConversationState.LIVE_LOST_STAFF, name=await talk.counsellor())
        return True


async def give_back(chat: Chat, conversation_id: uuid.UUID) -> bool:
    """Put a talk whose lease has run out back into the queue."""
    async with chat.talk(conversation_id) as talk:
        handoff = await talk.handoff()
        if handoff is None or not _lease_ends(handoff, talk.now):
            return False
        lost = handoff.counsellor_id
        await put_back(talk, handoff)
        _write_down(talk.session, talk.now, "lease_lost", conversation_id, lost)
        return True


async def put_back(talk: Talk, handoff: Handoff, *names: str) -> None:
    """Put a claimed talk back, at the place of its first wait, and say so to the young person.

    `names` are the fixed texts to say instead of that the connection was lost.
    """
    handoff.status = HandoffStatus.WAITING
    handoff.counsellor_id = handoff.claimed_at = handoff.lease_until = None
    await talk.session.flush()
    await talk.move((await talk.desk()).waiting_state)
    await talk.bot_says(*names, "utter_medewerker_kwijt")


async def settle_ended(chat: Chat, conversation_id: uuid.UUID) -> bool:
    """Close the handoff of a talk that is over, when nobody has heard of its counsellor."""
    now = chat.settings.now()
    async with chat.store.write() as session:
        row = await session.get(Conversation, conversation_id, with_for_update=True)
        handoff = await session.scalar(
            select(Handoff)
            .where(
                Handoff.conversation_id == conversation_id,
                Handoff.status == HandoffStatus.CLAIMED,
            )
            .with_for_update()
        )
        if row is None or row.state in LIVE_STATES or not _lease_ends(handoff, now):
            return False
        assert handoff is not None  # noqa: S101 - _lease_ends has seen it
        _write_down(session, now, "lease_lost", conversation_id, handoff.counsellor_id)
        close(handoff, "unreported", now)
        if row.state is ConversationState.WRAP_UP:
            row.state, row.closed_at = ConversationState.CLOSED, now
        return True


class Place(NamedTuple):
    """Where a talk waits, and about what."""

    desk_code: str | None
    theme: str | None
    state: ConversationState


def desk_for(place: Place, release: Release, now: dt.datetime) -> Desk:
    """The desk for a waiting talk: its own while that is open, else whoever takes over."""
    own = release.desks.get(place.desk_code or "")
    if own is not None and own.is_open(now):
        return own
    return release.desks.choose(place.theme, now)


def is_misplaced(place: Place, release: Release, now: dt.datetime) -> bool:
    """Whether a waiting talk stands with the wrong desk or in the wrong queue."""
    desk = desk_for(place, release, now)
    return place.desk_code != desk.code or place.state is not _queue_of(desk, now)


async def follow_desk(chat: Chat, conversation_id: uuid.UUID) -> bool:
    """Move a waiting talk along when its desk, or one that takes over, opens or shuts."""
    async with chat.talk(conversation_id) as talk:
        row, handoff = talk.conversation, await talk.handoff()
        place = Place(row.desk_code, row.theme, row.state)
        if (
            handoff is None
            or row.state not in WAITING_STATES
            or not is_misplaced(place, talk.release, talk.now)
        ):
            return False
        desk = desk_for(place, talk.release, talk.now)
        row.desk_code = handoff.desk_code = desk.code
        wanted = _queue_of(desk, talk.now)
        if row.state is wanted:
            return True
        await talk.move(wanted)
        if wanted is ConversationState.WAITING:
            await talk.bot_says("utter_desk_nu_open")
        else:
            await announce(talk)
        return True


async def follow_youth(chat: Chat, conversation_id: uuid.UUID) -> bool:
    """Show to the desk that the young person has gone silent, or is back."""
    here = chat.youth.is_here(conversation_id, YOUTH_LOST_AFTER)
    was, becomes = ConversationState.LIVE, ConversationState.LIVE_LOST_YOUTH
    if here:
        was, becomes = becomes, was
    async with chat.talk(conversation_id) as talk:
        if talk.conversation.state is not was:
            return False
        await talk.move(becomes, name=await talk.counsellor())
        return True


async def forget_expired(chat: Chat, conversation_id: uuid.UUID) -> bool:
    """Forget a talk that is past its time."""
    async with chat.store.write() as session:
        row = await session.get(Conversation, conversation_id, with_for_update=True)
        if row is None or row.wrapped_key is None:
            return False
        sender = row.bot_sender
        await forget_in(session, row, chat.settings.now(), ended="expired")
    chat.let_bot_forget(conversation_id, sender)
    return True


async def remove_gravestone(chat: Chat, conversation_id: uuid.UUID) -> bool:
    """Remove the emptied row of a talk that was forgotten a while ago."""
    async with chat.store.write() as session:
        row = await session.get(Conversation, conversation_id, with_for_update=True)
        if row is None or row.forgotten_at is None:
            return False
        await count_missed(session, row)
        await session.delete(row)
        return True


def _queue_of(desk: Desk, now: dt.datetime) -> ConversationState:
    return ConversationState.WAITING if desk.is_open(now) else ConversationState.WAITING_CLOSED


def _lease_ends(handoff: Handoff | None, by: dt.datetime) -> bool:
    return (
        handoff is not None
        and handoff.status is HandoffStatus.CLAIMED
        and handoff.lease_until is not None
        and handoff.lease_until <= by
    )


def _write_down(
    session: AsyncSession,
    now: dt.datetime,
    action: str,
    conversation_id: uuid.UUID,
    counsellor_id: uuid.UUID | None,
) -> None:
    session.add(
        Audit(at=now, action=action, counsellor_id=counsellor_id, conversation_id=conversation_id)
    )
