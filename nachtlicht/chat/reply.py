"""Brings the bot's answer to a line that was acknowledged; also after a restart, and once."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from nachtlicht.chat.bot import TURNS_A_SENDER, Ask, BotAnswer, BotMessage, BotSilent, new_sender
from nachtlicht.chat.desk_state import desk_state
from nachtlicht.chat.errors import ConversationGone, TokenUnknown
from nachtlicht.chat.follow import stop
from nachtlicht.chat.handoff import want_human
from nachtlicht.chat.spoken import spoken
from nachtlicht.chat.talk import Talk
from nachtlicht.chat.wishes import find_wish
from nachtlicht.release import Release, audience_word
from nachtlicht.risk import RiskLevel
from nachtlicht.store import (
    BOT_SPEAKS,
    Assessment,
    Author,
    Conversation,
    ConversationState,
    Message,
)

if TYPE_CHECKING:
    from nachtlicht.chat.service import Chat


_M, _A = Message.__table__.c, Assessment.__table__.c
_JUDGED_LINE = (
    select(_M.id, _M.text, _A.level, _A.theme, _A.unsure)
    .join(Assessment.__table__, _A.message_id == _M.id)
    .where(_M.conversation_id == bindparam("talk"), _M.seq == bindparam("seq"))
)


@dataclasses.dataclass(frozen=True)
class Said:
    """A judged line; `payload` is that of the button that was tapped."""

    seq: int
    text: str
    payload: str | None
    level: RiskLevel
    theme: str | None
    unsure: bool


@dataclasses.dataclass(frozen=True)
class Turn:
    """A line that needs an answer, with what was judged about it."""

    seq: int
    ask: Ask
    level: RiskLevel
    theme: str | None
    unsure: bool


@dataclasses.dataclass(frozen=True)
class Stored:
    """Whether an answer was stored, and whether the talk is owed another one."""

    is_stored: bool
    owes_more: bool


async def reply(chat: Chat, conversation_id: uuid.UUID, first: Turn | None = None) -> int:
    """Answer every line of a talk that is still owed an answer, oldest first; how many were.

    `first` is the line that is due, where the caller has just stored it: it is not read again.
    While another answer is on its way it is left aside, as by then it may be out of date.

    The transaction that stores an answer looks again: when a human has taken the talk, or a
    safety reply was given meanwhile, the answer is dropped and counted. A call too many finds
    nothing owed and does nothing.
    """
    answered = 0
    turns = chat.one_turn_at_a_time(conversation_id)
    turn = None if turns.locked() else first
    async with turns:
        while (turn := turn or await _next_turn(chat, conversation_id)) is not None:
            answer = await _ask(chat, turn)
            try:
                stored = await _store(chat, conversation_id, turn, answer)
            except (TokenUnknown, ConversationGone):
                stored = Stored(is_stored=False, owes_more=False)
            if stored.is_stored:
                chat.notifier.changed(conversation_id)
                answered += 1
            else:
                chat.counts.late_replies += 1
            if not stored.owes_more:
                break
            turn = None
    return answered


async def tell(chat: Chat, conversation_id: uuid.UUID, seq: int) -> None:
    """Let the bot know of the acute line `seq`, which the chat has answered itself."""
    async with chat.one_turn_at_a_time(conversation_id):
        async with chat.store.read() as session:
            row = await session.get(Conversation, conversation_id)
            if row is None or row.wrapped_key is None:
                return
            turn = await _turn(chat, session, row, seq)
        if turn is not None:
            await chat.bot.tell(turn.ask)


async def let_bot_forget(chat: Chat, conversation_id: uuid.UUID, sender: str) -> None:
    """Let the bot drop what it remembers of a talk, when it has nothing more to answer there.

    One try: a bot that is dead has forgotten, one that hangs is started anew and has then too,
    and one that fails forgets by itself, two hours after the last line.
    """
    async with chat.one_turn_at_a_time(conversation_id):
        try:
            await chat.bot.forget(sender)
        except BotSilent:
            chat.counts.remembered += 1


async def _next_turn(chat: Chat, conversation_id: uuid.UUID) -> Turn | None:
    async with chat.store.read() as session:
        row = await session.get(Conversation, conversation_id)
        if row is None or row.wrapped_key is None or row.reply_due is None:
            return None
        return await _turn(chat, session, row, row.reply_due)


async def _turn(chat: Chat, session: AsyncSession, row: Conversation, seq: int) -> Turn | None:
    key = chat.store.conversation_key(row)
    found = (await session.execute(_JUDGED_LINE, {"talk": row.id, "seq": seq})).one_or_none()
    if found is None:
        return None
    message_id, sealed, level, theme, unsure = found
    text: str = Message.opened(key, "text", message_id, sealed)
    release = chat.releases.release
    before = await spoken(session, row, key, before=seq)
    wish = find_wish(text, before, release.commands, waits=False)
    said = Said(seq, text, wish.payload, level, theme, unsure)
    return await turn_for(session, row, said, release, chat.settings.now())


async def turn_for(
    session: AsyncSession, row: Conversation, said: Said, release: Release, now: dt.datetime
) -> Turn:
    """What the bot is asked about a line of `row`, with what it must know of the talk."""
    desk = await desk_state(session, release, now, theme=row.theme)
    context = {
        "level": said.level.label,
        "theme": said.theme or row.theme,
        "talk_level": row.level.label,
        "now": now.isoformat(),
        "desk": desk.word,
        "entry": row.entry,
        "audience": row.audience or audience_word(row.entry),
        "state": row.state.value,
    }
    ask = Ask(row.bot_sender, said.text, said.payload, context)
    return Turn(said.seq, ask, said.level, said.theme, said.unsure)


async def _ask(chat: Chat, turn: Turn) -> BotAnswer | None:
    """The bot's answer, or None when it is silent."""
    try:
        return await chat.bot.ask(turn.ask)
    except BotSilent as silent:
        chat.counts.silent[silent.why] += 1
        return None


async def _store(
    chat: Chat, conversation_id: uuid.UUID, turn: Turn, answer: BotAnswer | None
) -> Stored:
    """Store the answer to `turn`, unless it comes too late, and settle what is owed."""
    release, now = chat.releases.release, chat.settings.now()
    queue_changed = False
    async with chat.store.write() as session:
        talk = await Talk.lock(chat.store, session, conversation_id, release, now)
        row = talk.conversation
        if row.state not in BOT_SPEAKS:
            row.reply_due = None
        if row.reply_due != turn.seq:
            return Stored(is_stored=False, owes_more=row.reply_due is not None)
        state, last = row.state, row.last_seq
        if answer is None:
            await _without_bot(talk, turn)
        else:
            await _with_bot(talk, turn, answer)
            _count_turn(row)
        if row.reply_due is not None:
            newer = last > turn.seq  # else nothing came in while the bot was thinking
            row.reply_due = await _next_due(session, row, turn.seq) if newer else None
        queue_changed = row.state is not state
    if queue_changed:
        chat.notifier.queue_changed()
    if row.bot_sender != turn.ask.sender:
        chat.let_bot_forget(conversation_id, turn.ask.sender)
    return Stored(is_stored=True, owes_more=row.reply_due is not None)


async def _without_bot(talk: Talk, turn: Turn) -> None:
    """What the release holds ready for when the bot is silent; a human can still be had."""
    row = talk.conversation
    theme = turn.theme or row.theme or ""
    if turn.level >= RiskLevel.URGENT and row.told_urgent != theme:
        row.told_urgent = theme
        await talk.bot_says(f"utter_urgent_{theme}", "utter_urgent")
    else:
        await talk.bot_says("utter_bot_stil")


async def _with_bot(talk: Talk, turn: Turn, answer: BotAnswer) -> None:
    row = talk.conversation
    if turn.level >= RiskLevel.URGENT:
        row.told_urgent = turn.theme or row.theme
    if turn.unsure and answer.is_guess:
        said = await talk.bot_says("utter_niet_zeker", unless_last=True)
        if said is not None:
            row.offered_human = True
            return
    for message in answer.messages:
        await _say(talk, message)
    if (
        turn.level is RiskLevel.CONCERN
        and row.state is ConversationState.BOT
        and not (row.offered_human or row.wanted_human or row.declined_at)
    ):
        row.offered_human = True
        await talk.bot_says("utter_aanbod_mens")


async def _say(talk: Talk, message: BotMessage) -> None:
    """Say one line of the bot, and do what it asks of the chat."""
    buttons = [(button.title, button.payload) for button in message.buttons or ()]
    text = (message.text or "").strip()
    if text:
        await talk.say(Author.BOT, await talk.rendered(text), buttons=buttons)
    match (message.custom or {}).get("type"):
        case "handoff":
            await want_human(talk, "bot")
        case "forget" if not text:
            await talk.bot_says("utter_wis_vraag")
        case "stop":
            await stop(talk)
        case "audience":
            talk.conversation.audience = audience_word(str((message.custom or {}).get("value")))


def _count_turn(row: Conversation) -> None:
    """Give the bot a new name for this talk before its tracker gets long and slow."""
    row.bot_turns += 1
    if row.bot_turns % TURNS_A_SENDER == 0:
        row.bot_sender = new_sender()


async def _next_due(session: AsyncSession, row: Conversation, after: int) -> int | None:
    """The next line after `after` that is owed an answer: it came while the bot was thinking."""
    found: int | None = await session.scalar(
        select(Message.seq)
        .where(
            Message.conversation_id == row.id,
            Message.owed,
            Message.seq > after,
        )
        .order_by(Message.seq)
        .limit(1)
    )
    return found
