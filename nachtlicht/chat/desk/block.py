"""Blocks a talk for a time: no human comes any more, unless the risk rules see danger.

A block never silences anybody. Every line is judged and answered as before; URGENT and ACUTE go
to the queue as before. What it takes away is the human on demand.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from nachtlicht.chat.desk.acts import hold, tell
from nachtlicht.chat.desk.errors import FormRefused
from nachtlicht.chat.handoff import BLOCKED_SAYS
from nachtlicht.chat.staff import Person, write_audit
from nachtlicht.store import ConversationState

if TYPE_CHECKING:
    from nachtlicht.chat.service import Chat

HOURS = {"1": "1 uur", "24": "24 uur"}


async def block_talk(
    chat: Chat, person: Person, conversation_id: uuid.UUID, hours: str
) -> dt.datetime:
    """Block a talk that this person holds, and go on to its close form; gives the end.

    The young person reads what that means, and what to do in danger. Resuming the talk lifts it.

    Raises:
        FormRefused: no such time.
        TalkNotYours, TalkOver: as for writing.
    """
    if hours not in HOURS:
        raise FormRefused("Kies hoe lang.")
    now = chat.settings.now()
    until = now + dt.timedelta(hours=int(hours))
    async with chat.store.write() as session:
        talk, _handoff = await hold(chat, session, person, conversation_id, now, action="block")
        talk.conversation.blocked_until = until
        await talk.bot_says(*BLOCKED_SAYS)
        if talk.conversation.state is not ConversationState.WRAP_UP:
            await talk.move(ConversationState.WRAP_UP)
        write_audit(
            session,
            "blocked",
            now=now,
            counsellor_id=person.id,
            conversation_id=conversation_id,
            detail=f"{hours} h",
        )
    tell(chat, conversation_id)
    return until
