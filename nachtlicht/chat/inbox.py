"""Takes a line of a young person: judged, stored, brought to the desk, and acknowledged."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from nachtlicht.chat.errors import ClientIdReused, TooManyLines
from nachtlicht.chat.follow import follow, raise_level, take_explanation
from nachtlicht.chat.forget import forget_in
from nachtlicht.chat.judge import Judgement, judge, store_judgement
from nachtlicht.chat.late import wait_for_verdict
from nachtlicht.chat.reply import Said, Turn, turn_for
from nachtlicht.chat.spoken import read_talk
from nachtlicht.chat.talk import Talk
from nachtlicht.chat.validate import check_text
from nachtlicht.chat.wishes import Wish, find_wish
from nachtlicht.risk import RiskLevel
from nachtlicht.store import (
    BOT_SPEAKS,
    Author,
    ConversationState,
    Message,
)

if TYPE_CHECKING:
    from nachtlicht.chat.service import Chat


_M = Message.__table__.c
_SAME_ID = select(_M.id, _M.seq, _M.at, _M.author, _M.text).where(
    _M.conversation_id == bindparam("talk"), _M.client_id == bindparam("client_id")
)


@dataclasses.dataclass(frozen=True)
class Receipt:
    """The acknowledgement of a line: it is stored. A repeat gets that of the first time."""

    id: uuid.UUID
    seq: int
    client_id: uuid.UUID
    at: dt.datetime
    is_repeat: bool = False
    level: RiskLevel = RiskLevel.NONE
    forgot: bool = False


async def receive(
    chat: Chat,
    conversation_id: uuid.UUID,
    client_id: uuid.UUID,
    text: str,
    *,
    is_over_limit: bool = False,
) -> Receipt:
    """Store one line of a young person, judged, with all that follows from it at once.

    In one transaction: the line, its assessment, the handoff from URGENT on, and what is said
    without the bot (a safety reply, the answer to a command). What the bot has to say is owed
    in `reply_due`, and `reply` brings it. A second call with the same `client_id` and text
    changes nothing and returns the first receipt, also when both come at the same moment.

    With `is_over_limit` a line in which no risk is seen is refused; one with risk never is.

    Raises:
        TextRefused: the text cannot be a line.
        TooManyLines: over the limit, new, and harmless.
        ClientIdReused: the id was used with another text.
        TokenUnknown, ConversationGone: the talk is not there.
    """
    check_text(text)
    async with chat.one_line_at_a_time(conversation_id):
        live = chat.releases.live
        before = await read_talk(chat.store, conversation_id)
        judgement = await judge(live, before, text, patience=chat.patience)
        now = chat.settings.now()
        async with chat.store.write() as session:
            talk = await Talk.lock(chat.store, session, conversation_id, live.release, now)
            first = await _first_receipt(session, talk, client_id, text)
            if first is not None:
                return first
            if is_over_limit and judgement.level is RiskLevel.NONE:
                raise TooManyLines
            wish = find_wish(
                text,
                before,
                live.release.commands,
                waits=talk.conversation.state.holder == "queue",
            )
            sender = talk.conversation.bot_sender
            receipt = await _take(talk, client_id, text, judgement, wish)
            row = talk.conversation
            turn = await _turn(talk, receipt, text, wish, judgement)
    chat.notifier.changed(conversation_id)
    if judgement.level >= RiskLevel.URGENT or row.state is not ConversationState.BOT:
        chat.notifier.queue_changed()
    chat.counts.rules_alone += judgement.is_by_rules_alone
    if judgement.late is not None and not receipt.forgot:
        level = judgement.level
        verdict = wait_for_verdict(chat, conversation_id, receipt.id, judgement, stored=level)
        chat.background(verdict)
    if receipt.forgot:
        chat.tokens.pop(conversation_id, None)
        chat.let_bot_forget(conversation_id, sender)
        await chat.store.sweep_log()
    elif judgement.level is RiskLevel.ACUTE and row.state in BOT_SPEAKS:
        chat.tell_acute(conversation_id, receipt.seq)
    elif row.reply_due is not None:
        chat.owe(conversation_id, turn)
    return receipt


async def _take(
    talk: Talk, client_id: uuid.UUID, text: str, judgement: Judgement, wish: Wish
) -> Receipt:
    row = talk.conversation
    if wish.kind == "forget" and wish.tapped:
        receipt = Receipt(uuid.uuid4(), row.last_seq + 1, client_id, talk.now, forgot=True)
        await forget_in(talk.session, row, talk.now)
        return receipt
    message = await talk.say(Author.YOUTH, text, client_id=client_id)
    raise_level(row, judgement)
    await take_explanation(talk, judgement)
    row.youth_seen_at = talk.now
    await follow(talk, message, judgement, wish)
    await store_judgement(talk.session, message, judgement, talk.key)
    return Receipt(message.id, message.seq, client_id, talk.now, level=judgement.level)


async def _turn(
    talk: Talk, receipt: Receipt, text: str, wish: Wish, judgement: Judgement
) -> Turn | None:
    """What the bot is asked, when this line is what it owes an answer to."""
    if talk.conversation.reply_due != receipt.seq:
        return None
    unsure = judgement.assessment.unsure
    said = Said(receipt.seq, text, wish.payload, judgement.level, judgement.theme, unsure)
    return await turn_for(talk.session, talk.conversation, said, talk.release, talk.now)


async def _first_receipt(
    session: AsyncSession, talk: Talk, client_id: uuid.UUID, text: str
) -> Receipt | None:
    """The receipt of an earlier line with this id, or None."""
    asked = {"talk": talk.conversation.id, "client_id": client_id}
    row = (await session.execute(_SAME_ID, asked)).one_or_none()
    if row is None:
        return None
    message_id, seq, at, author, sealed = row
    if author is not Author.YOUTH or Message.opened(talk.key, "text", message_id, sealed) != text:
        raise ClientIdReused
    return Receipt(message_id, seq, client_id, at, is_repeat=True)
