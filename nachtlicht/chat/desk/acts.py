"""What a counsellor does with a talk: take it, write in it, keep it alive, give it back.

Each verb is one transaction. Those who wait are woken after it, never inside.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from nachtlicht.chat.desk.errors import HandoffTaken, LineRefused, TalkNotYours, TalkOver
from nachtlicht.chat.errors import ClientIdReused, ConversationGone, TextRefused, TokenUnknown
from nachtlicht.chat.handoff import LEASE
from nachtlicht.chat.staff import NotAllowed, Person, TalkFacts, beat, check_allowed, write_audit
from nachtlicht.chat.talk import Talk
from nachtlicht.chat.upkeep import put_back
from nachtlicht.chat.validate import check_text
from nachtlicht.store import (
    LIVE_STATES,
    Author,
    Conversation,
    ConversationState,
    Handoff,
    HandoffStatus,
    Message,
)

if TYPE_CHECKING:
    from nachtlicht.chat.service import Chat


async def claim_handoff(chat: Chat, person: Person, conversation_id: uuid.UUID) -> None:
    """Take a waiting talk: of all who press at once, one gets it.

    The young person is told who is there, and both sides are live. The lease runs from now;
    the console's heartbeat moves it on.

    Raises:
        HandoffTaken: it does not wait (any more).
        NotAllowed: this role takes no talks.
    """
    check_allowed("claim", person, TalkFacts(waits=True))
    now = chat.settings.now()
    async with chat.store.write() as session:
        talk = await lock(chat, session, conversation_id, now)
        # The condition stands in the UPDATE: the loser of a race changes no row.
        claimed = await session.scalar(
            update(Handoff)
            .where(
                Handoff.conversation_id == conversation_id,
                Handoff.status == HandoffStatus.WAITING,
            )
            .values(
                status=HandoffStatus.CLAIMED,
                counsellor_id=person.id,
                claimed_at=now,
                lease_until=now + LEASE,
                offered_to_id=None,
                offered_at=None,
            )
            .returning(Handoff.id)
        )
        if claimed is None:
            raise HandoffTaken
        await talk.bot_says("utter_medewerker_er", medewerker=person.name)
        await talk.move(ConversationState.LIVE, name=person.name)
        await beat(session, person.id, now=now)
        _audit(session, "claimed", person, conversation_id, now)
    tell(chat, conversation_id)


async def heartbeat(chat: Chat, person: Person) -> None:
    """Say that this console is open: presence, and a new lease for every talk it holds.

    A talk that was about to be given up, as the console was silent, is live again.
    """
    now = chat.settings.now()
    async with chat.store.write() as session:
        has_come = await beat(session, person.id, now=now)
        await session.execute(
            update(Handoff)
            .where(Handoff.counsellor_id == person.id, Handoff.status == HandoffStatus.CLAIMED)
            .values(lease_until=now + LEASE)
        )
        lost = await session.scalars(
            select(Conversation.id)
            .join(Handoff, Handoff.conversation_id == Conversation.id)
            .where(
                Handoff.counsellor_id == person.id,
                Handoff.status == HandoffStatus.CLAIMED,
                Conversation.state == ConversationState.LIVE_LOST_STAFF,
            )
        )
        back = list(lost)
    if has_come:
        chat.notifier.queue_changed()
    for conversation_id in back:
        await _come_back(chat, person, conversation_id, now)


async def write_as_counsellor(
    chat: Chat, person: Person, conversation_id: uuid.UUID, client_id: uuid.UUID, text: str
) -> int:
    """Send a line to the young person; gives its seq.

    A second call with the same `client_id` and text changes nothing and gives the first seq.

    Raises:
        LineRefused: the text cannot be a line, or the id came with another text before.
        TalkNotYours: the talk went back to the queue, or to a colleague.
        TalkOver: the young person left.
    """
    try:
        check_text(text)
    except TextRefused as error:
        raise LineRefused("Dit bericht kan niet worden verstuurd.") from error
    now = chat.settings.now()
    async with chat.store.write() as session:
        talk, _handoff = await hold(chat, session, person, conversation_id, now, action="write")
        sent = await session.scalar(
            select(Message).where(
                Message.conversation_id == conversation_id, Message.client_id == client_id
            )
        )
        if sent is not None:
            if sent.author is not Author.COUNSELLOR or sent.unseal(talk.key, "text") != text:
                raise LineRefused("Dit bericht is al eerder verstuurd.") from ClientIdReused()
            return sent.seq
        if talk.conversation.state not in LIVE_STATES:
            raise LineRefused("Dit gesprek is afgerond. Hervat het om weer te schrijven.")
        if talk.conversation.state is ConversationState.LIVE_LOST_STAFF:
            await talk.move(ConversationState.LIVE, name=person.name)
        message = await talk.say(
            Author.COUNSELLOR, text, client_id=client_id, counsellor_id=person.id
        )
        _handoff.lease_until = now + LEASE
    tell(chat, conversation_id)
    return message.seq


async def give_back(chat: Chat, person: Person, conversation_id: uuid.UUID) -> None:
    """Put a talk back into the queue, where it keeps its place by the time it first waited.

    Raises:
        TalkNotYours, TalkOver: as for writing.
    """
    now = chat.settings.now()
    async with chat.store.write() as session:
        talk, handoff = await hold(chat, session, person, conversation_id, now, action="give_back")
        await put_back(talk, handoff, "utter_medewerker_terug")
        _audit(session, "gave_back", person, conversation_id, now)
    tell(chat, conversation_id)


async def end_talk(chat: Chat, person: Person, conversation_id: uuid.UUID) -> None:
    """Stop talking: the young person reads the closing words, the counsellor gets the form.

    A second call is a no-op. Until the form is sent the talk can be resumed.
    """
    now = chat.settings.now()
    async with chat.store.write() as session:
        talk, _handoff = await hold(chat, session, person, conversation_id, now, action="close")
        if talk.conversation.state is ConversationState.WRAP_UP:
            return
        await talk.bot_says("utter_gesprek_gesloten")
        await talk.move(ConversationState.WRAP_UP)
    tell(chat, conversation_id)


async def resume_talk(chat: Chat, person: Person, conversation_id: uuid.UUID) -> None:
    """Go on with a talk that was being closed, as the young person wrote again; or a no-op.

    A block on it is lifted.
    """
    now = chat.settings.now()
    async with chat.store.write() as session:
        talk, _handoff = await hold(chat, session, person, conversation_id, now, action="write")
        if talk.conversation.state is not ConversationState.WRAP_UP:
            return
        if talk.is_blocked:
            talk.conversation.blocked_until = None
            _audit(session, "unblocked", person, conversation_id, now)
        await talk.move(ConversationState.LIVE, name=person.name)
    tell(chat, conversation_id)


async def lock(
    chat: Chat, session: AsyncSession, conversation_id: uuid.UUID, now: dt.datetime
) -> Talk:
    """Take a talk for writing, with the desk's own refusals."""
    try:
        return await Talk.lock(chat.store, session, conversation_id, chat.releases.release, now)
    except TokenUnknown as error:
        raise NotAllowed from error
    except ConversationGone as error:
        raise TalkOver from error


async def hold(
    chat: Chat,
    session: AsyncSession,
    person: Person,
    conversation_id: uuid.UUID,
    now: dt.datetime,
    *,
    action: str,
) -> tuple[Talk, Handoff]:
    """Take a talk that this person holds, with its handoff, both locked.

    Raises:
        TalkNotYours: somebody else has it, or nobody.
        NotAllowed: the table does not let this person do `action`.
    """
    talk = await lock(chat, session, conversation_id, now)
    handoff = await talk.handoff()
    owner = handoff.counsellor_id if handoff is not None else None
    if handoff is None or handoff.status is not HandoffStatus.CLAIMED or owner != person.id:
        raise TalkNotYours
    check_allowed(action, person, TalkFacts(owner_id=owner))
    return talk, handoff


def tell(chat: Chat, conversation_id: uuid.UUID) -> None:
    """Wake both sides and the queue, after the transaction."""
    chat.notifier.changed(conversation_id)
    chat.notifier.queue_changed()


async def _come_back(
    chat: Chat, person: Person, conversation_id: uuid.UUID, now: dt.datetime
) -> None:
    try:
        async with chat.store.write() as session:
            talk, _handoff = await hold(chat, session, person, conversation_id, now, action="write")
            if talk.conversation.state is not ConversationState.LIVE_LOST_STAFF:
                return
            await talk.move(ConversationState.LIVE, name=person.name)
    except (TalkNotYours, TalkOver):
        return  # in the meantime it went elsewhere; the console will see that
    tell(chat, conversation_id)


def _audit(
    session: AsyncSession,
    action: str,
    person: Person,
    conversation_id: uuid.UUID,
    now: dt.datetime,
) -> None:
    write_audit(session, action, now=now, counsellor_id=person.id, conversation_id=conversation_id)
