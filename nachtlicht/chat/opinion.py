"""The end question: optional, two taps, kept as a count that names no talk."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from nachtlicht.chat.counting import count_one
from nachtlicht.chat.errors import OpinionRefused

if TYPE_CHECKING:
    from nachtlicht.chat.service import Chat

QUESTIONS = ("helped", "next")
ANSWERS = ("yes", "bit", "no")


async def give_opinion(chat: Chat, conversation_id: uuid.UUID, question: str, answer: str) -> None:
    """Count an answer. Each question counts once for a talk; a second answer is a no-op.

    Raises:
        OpinionRefused: no such question or answer.
        TokenUnknown, ConversationGone: the talk is not there (any more).
    """
    if question not in QUESTIONS or answer not in ANSWERS:
        raise OpinionRefused
    async with chat.talk(conversation_id) as talk:
        row = talk.conversation
        given = row.opinions.split()
        if question in given:
            return
        row.opinions = " ".join([*given, question])
        if not row.is_test:
            await count_one(talk.session, question, answer, talk.now)
