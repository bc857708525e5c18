"""Coming back by four spoken words: made when the young person asks, kept as a hash alone."""

from __future__ import annotations

import functools
import re
import secrets
import unicodedata
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from nachtlicht.chat.errors import CodeUnknown, ConversationGone, TokenUnknown
from nachtlicht.chat.start import Started
from nachtlicht.store import Conversation, ConversationState, HandoffStatus, new_token, token_hash

if TYPE_CHECKING:
    from nachtlicht.chat.service import Chat

WORDS = Path(__file__).with_name("code_words.txt")
LENGTH = 4
_LETTERS = re.compile(r"[a-z]+")


async def make_code(chat: Chat, conversation_id: uuid.UUID) -> str:
    """Make the words that open this talk again; a second call puts others in their place.

    They live as long as the talk does. We keep their blind index, made with a key that is not
    in the database: who has the database alone cannot try words against it.

    Raises:
        TokenUnknown, ConversationGone: the talk is not there (any more).
    """
    words = " ".join(secrets.SystemRandom().sample(code_words(), LENGTH))
    async with chat.talk(conversation_id) as talk:
        talk.conversation.code_hash = _index(chat, words)
    return words


async def come_back(chat: Chat, words: str) -> Started:
    """Open the talk that these words belong to, with a new token; the one before is dead.

    A talk that was left goes on where it can: with the counsellor who still has it, else with
    the bot. The words keep working.

    Raises:
        CodeUnknown: they open nothing: wrong, wiped, or past the time that we keep a talk.
    """
    async with chat.store.read() as session:
        found = await session.scalar(
            select(Conversation.id).where(Conversation.code_hash == _index(chat, folded(words)))
        )
    if found is None:
        raise CodeUnknown
    token = new_token()
    try:
        async with chat.talk(found, left_too=True) as talk:
            row = talk.conversation
            if row.code_hash != _index(chat, folded(words)):
                raise CodeUnknown
            row.token_hash, row.youth_seen_at = token_hash(token), talk.now
            if row.state is ConversationState.LEFT:
                handoff = await talk.handoff()
                held = handoff is not None and handoff.status is HandoffStatus.CLAIMED
                state = ConversationState.LIVE if held else ConversationState.BOT
                await talk.move(state, name=await talk.counsellor())
    except (TokenUnknown, ConversationGone) as error:
        raise CodeUnknown from error
    chat.tokens.pop(found, None)
    chat.youth.hear(found)
    chat.notifier.changed(found)
    chat.notifier.queue_changed()
    return Started(found, token, row.last_seq)


def folded(words: str) -> str:
    """The words as we count them: small letters, without accents, one space between."""
    plain = unicodedata.normalize("NFKD", words[:200]).casefold()
    without = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(_LETTERS.findall(without))


@functools.cache
def code_words() -> tuple[str, ...]:
    """The words to choose from: short, plain, and no two alike but for one letter."""
    return tuple(WORDS.read_text(encoding="utf-8").split())


def _index(chat: Chat, words: str) -> bytes:
    return chat.store.staff_key.blind_index(f"code to come back: {words}")
