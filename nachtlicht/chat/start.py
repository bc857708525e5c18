"""Begins a talk: its key, its token, and the opening lines."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hmac
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from nachtlicht.chat.bot import new_sender
from nachtlicht.chat.errors import ConversationGone, TokenUnknown
from nachtlicht.chat.talk import Talk
from nachtlicht.chat.validate import check_name
from nachtlicht.release import audience_word
from nachtlicht.store import Conversation, ConversationState, new_token, token_hash

if TYPE_CHECKING:
    from nachtlicht.chat.service import Chat

_C = Conversation.__table__.c
_DOOR = select(_C.token_hash, _C.state, _C.wrapped_key).where(_C.id == bindparam("talk"))


@dataclasses.dataclass(frozen=True)
class Started:
    """A new talk. The token is known to the young person alone; we keep its hash."""

    id: uuid.UUID
    token: str = dataclasses.field(repr=False)
    seq: int = 0


async def start(
    chat: Chat,
    *,
    entry: str = "algemeen",
    source: str | None = None,
    is_test: bool = False,
    resembles_blocked: bool = False,
) -> Started:
    """Begin a talk and say the opening lines of its `entry`.

    `source` is a tag that a partner's page gives; an entry without an opening of its own gets
    the general one. `resembles_blocked` is a mark for the desk, and changes nothing else.

    Raises:
        EntryRefused: a name that cannot be one.
    """
    check_name("entry", entry)
    if source is not None:
        check_name("source", source)
    token, now = new_token(), chat.settings.now()
    row = _row(entry, source, is_test, token, now)
    row.resembles_blocked = resembles_blocked
    chat.store.new_conversation_key(row)
    async with chat.store.write() as session:
        session.add(row)
        await session.flush()
        talk = Talk(chat.store, session, row, chat.releases.release, now)
        await talk.bot_says(f"utter_opening_{entry}", "utter_opening_algemeen", "utter_opening")
        await talk.bot_says(f"utter_desk_{(await talk.desk()).word}")
        await talk.move(ConversationState.BOT)
    return Started(row.id, token, row.last_seq)


async def authenticate(chat: Chat, conversation_id: uuid.UUID, token: str) -> None:
    """Make sure that `token` opens the talk.

    Raises:
        TokenUnknown: it doesn't, or there is no such talk: a stranger learns no more than that.
        ConversationGone: it did, before the talk was left or forgotten.
    """
    known = chat.tokens.get(conversation_id)
    if known is None:
        found = await chat.store.rows(_DOOR, {"talk": conversation_id})
        if not found:
            raise TokenUnknown
        known, state, wrapped_key = found[0]
        is_gone = state is ConversationState.LEFT or wrapped_key is None
        if not is_gone:
            chat.tokens[conversation_id] = known
    else:
        is_gone = False  # or it has just gone: the verb that follows will see that
    if not hmac.compare_digest(known, token_hash(token)):
        raise TokenUnknown
    if is_gone:
        raise ConversationGone


def _row(
    entry: str, source: str | None, is_test: bool, token: str, now: dt.datetime
) -> Conversation:
    return Conversation(
        token_hash=token_hash(token),
        entry=entry,
        source=source,
        audience=audience_word(entry),
        bot_sender=new_sender(),
        created_at=now,
        last_line_at=now,
        youth_seen_at=now,
        is_test=is_test,
    )
