"""How many talks stand before one in the queue: a number for this moment, never a promise."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from nachtlicht.chat.desk_state import desk_state
from nachtlicht.store import Conversation, ConversationState, Handoff, HandoffStatus

if TYPE_CHECKING:
    from nachtlicht.chat.service import Chat


async def place_in_queue(chat: Chat, conversation_id: uuid.UUID) -> int | None:
    """How many come first: those who are in more danger, then those who wait longer.

    None when the talk does not wait, or when nobody sits at its desk: "you are next" would then
    be a false promise.
    """
    waits = Handoff.status == HandoffStatus.WAITING
    async with chat.store.read() as session:
        mine = await session.scalar(
            select(Handoff)
            .join(Conversation, Conversation.id == Handoff.conversation_id)
            .where(
                waits,
                Handoff.conversation_id == conversation_id,
                Conversation.state == ConversationState.WAITING,
            )
        )
        if mine is None:
            return None
        release, now = chat.releases.release, chat.settings.now()
        desk = await desk_state(session, release, now, theme=mine.theme, code=mine.desk_code)
        if desk.word != "open":
            return None
        first = or_(
            Handoff.level > mine.level,
            and_(Handoff.level == mine.level, Handoff.opened_at < mine.opened_at),
        )
        return await session.scalar(
            select(func.count(Handoff.id)).where(waits, Handoff.desk_code == mine.desk_code, first)
        )
