"""Hands a talk to a colleague, who accepts or not, or to another desk.

Warm: the owner keeps the talk, and goes on talking, until the colleague has said yes. Cold: the
talk waits at the other desk, at the place of its first wait.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from sqlalchemy import update

from nachtlicht.chat.desk.acts import hold, lock, tell
from nachtlicht.chat.desk.errors import FormRefused, OfferGone
from nachtlicht.chat.handoff import LEASE
from nachtlicht.chat.staff import (
    Person,
    TalkFacts,
    allowed,
    beat,
    check_allowed,
    who_is_there,
    write_audit,
)
from nachtlicht.chat.upkeep import put_back
from nachtlicht.store import ConversationState, Counsellor, Handoff, HandoffStatus

if TYPE_CHECKING:
    from nachtlicht.chat.service import Chat


async def offer_handoff(
    chat: Chat, person: Person, conversation_id: uuid.UUID, to: uuid.UUID
) -> None:
    """Offer a talk to a colleague who is there; a second offer replaces the first.

    Raises:
        TalkNotYours, TalkOver: as for writing.
        FormRefused: the colleague is not there, on a break, or takes no talks.
    """
    now = chat.settings.now()
    async with chat.store.write() as session:
        _talk, handoff = await hold(chat, session, person, conversation_id, now, action="transfer")
        there = await who_is_there(session, chat.store, now=now)
        row = await session.get(Counsellor, to)
        takes = row is not None and allowed("claim", Person(row.id, "", row.role), _WAITS)
        if to == person.id or not takes or to not in {one.id for one in there if one.available}:
            raise FormRefused("Deze collega is er nu niet. Kies iemand die aanwezig is.")
        handoff.offered_to_id, handoff.offered_at = to, now
    tell(chat, conversation_id)


async def withdraw_offer(chat: Chat, person: Person, conversation_id: uuid.UUID) -> None:
    """Take an offer back, or turn it down: the talk stays with its owner. A no-op without one."""
    async with chat.store.write() as session:
        await session.execute(
            update(Handoff)
            .where(
                Handoff.conversation_id == conversation_id,
                Handoff.status == HandoffStatus.CLAIMED,
                Handoff.offered_to_id.is_not(None),
                (Handoff.counsellor_id == person.id) | (Handoff.offered_to_id == person.id),
            )
            .values(offered_to_id=None, offered_at=None)
        )
    tell(chat, conversation_id)


async def accept_offer(chat: Chat, person: Person, conversation_id: uuid.UUID) -> None:
    """Take over a talk that a colleague offers; the young person is told who is there now.

    Raises:
        OfferGone: it was taken back, or the talk went elsewhere.
        TalkOver: the young person left.
    """
    check_allowed("answer_transfer", person, TalkFacts(offered_to=person.id))
    now = chat.settings.now()
    async with chat.store.write() as session:
        talk = await lock(chat, session, conversation_id, now)
        taken = await session.scalar(
            update(Handoff)
            .where(
                Handoff.conversation_id == conversation_id,
                Handoff.status == HandoffStatus.CLAIMED,
                Handoff.offered_to_id == person.id,
            )
            .values(
                counsellor_id=person.id,
                lease_until=now + LEASE,
                offered_to_id=None,
                offered_at=None,
            )
            .returning(Handoff.id)
        )
        if taken is None:
            raise OfferGone
        await talk.bot_says("utter_medewerker_er", medewerker=person.name)
        await talk.move(ConversationState.LIVE, name=person.name)
        await beat(session, person.id, now=now)
        write_audit(
            session,
            "transferred",
            now=now,
            counsellor_id=person.id,
            conversation_id=conversation_id,
            detail="person",
        )
    tell(chat, conversation_id)


async def transfer_to_desk(
    chat: Chat, person: Person, conversation_id: uuid.UUID, desk_code: str
) -> None:
    """Put a talk into the queue of another desk.

    Raises:
        TalkNotYours, TalkOver: as for writing.
        FormRefused: there is no such desk.
    """
    if desk_code not in chat.releases.release.desks:
        raise FormRefused("Kies een desk uit de lijst.")
    now = chat.settings.now()
    async with chat.store.write() as session:
        talk, handoff = await hold(chat, session, person, conversation_id, now, action="transfer")
        talk.conversation.desk_code = handoff.desk_code = desk_code
        handoff.offered_to_id = handoff.offered_at = None
        await put_back(talk, handoff, "utter_medewerker_terug")
        write_audit(
            session,
            "transferred",
            now=now,
            counsellor_id=person.id,
            conversation_id=conversation_id,
            detail="desk",
        )
    tell(chat, conversation_id)


_WAITS = TalkFacts(waits=True)
