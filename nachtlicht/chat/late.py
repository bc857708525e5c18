"""Verdicts of the classifier that come after the line was stored: they may still raise a talk.

A line that was stored without its verdict is marked so in the database, in the transaction that
acknowledges it. Whoever gets the verdict takes the mark away in the transaction that acts on it;
so a process that dies in between loses nothing, and two that judge one line act once. Where there
is nothing to act on, the next round takes the marks of all such lines away at once: when the
process has more lines than it can judge in time, a transaction for each would add to that.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from nachtlicht.chat.errors import ConversationGone, TokenUnknown
from nachtlicht.chat.follow import judge_anew
from nachtlicht.chat.judge import Judgement, judge
from nachtlicht.chat.spoken import Spoken, read_head, spoken
from nachtlicht.chat.talk import Talk
from nachtlicht.risk import RiskLevel
from nachtlicht.store import Assessment, Conversation, ConversationState

if TYPE_CHECKING:
    from nachtlicht.chat.service import Chat

BATCH = 50  # lines; after a long time down the classifier must not be busy with old ones alone
MARKS = 1000  # that are taken away in one statement

_DUE = (
    select(Assessment.conversation_id, Assessment.message_id)
    .join(Conversation, Conversation.id == Assessment.conversation_id)
    .where(
        Assessment.verdict_due,
        Conversation.state != ConversationState.LEFT,
        Conversation.wrapped_key.is_not(None),
    )
    .order_by(Assessment.at.desc())  # who wrote last may still be there
    .limit(BATCH)
)


async def judge_what_is_due(chat: Chat) -> int:
    """Begin to judge, in the background, the lines whose verdict nobody waits for; how many.

    After a restart those are the lines of the process before. Without a classifier they stay
    marked until there is one.
    """
    await _take_marks_away(chat)
    if chat.releases.live.classifier is None:
        return 0
    async with chat.store.read() as session:
        due = (await session.execute(_DUE)).all()
    begun = 0
    for conversation_id, message_id in due:
        if message_id not in chat.judging:
            chat.judging.add(message_id)
            chat.background(_judge_again(chat, conversation_id, message_id))
            begun += 1
    return begun


async def wait_for_verdict(
    chat: Chat,
    conversation_id: uuid.UUID,
    message_id: uuid.UUID,
    judgement: Judgement,
    *,
    stored: RiskLevel | None = None,
) -> None:
    """Wait for what the classifier says of a stored line, and act on it if it says more.

    `stored` is the level with which the line was stored, where the caller knows it.
    """
    chat.judging.add(message_id)
    try:
        verdict = Judgement(await judgement.late) if judgement.late is not None else judgement
        if stored is not None and verdict.level <= stored:
            chat.judged.add(message_id)
            return
        try:
            async with chat.talk(conversation_id) as talk:
                is_raised = await _settle(talk, message_id, verdict)
        except (ConversationGone, TokenUnknown):
            return  # left or wiped in the meantime
        if is_raised:
            chat.notifier.changed(conversation_id)
            chat.notifier.queue_changed()
    finally:
        if message_id not in chat.judged:
            chat.judging.discard(message_id)


async def _take_marks_away(chat: Chat) -> None:
    """Take away the marks of the lines whose verdict says no more than was stored."""
    judged = list(chat.judged)[:MARKS]
    if not judged:
        return
    async with chat.store.write() as session:
        unmark = update(Assessment).where(Assessment.message_id.in_(judged))
        await session.execute(unmark.values(verdict_due=False))
    chat.judged.difference_update(judged)
    chat.judging.difference_update(judged)


async def _judge_again(chat: Chat, conversation_id: uuid.UUID, message_id: uuid.UUID) -> None:
    """Judge a stored line as it was judged when it came, with the lines from before it."""
    try:
        lines = await _lines_up_to(chat, conversation_id, message_id)
        if lines:
            live, (*before, line) = chat.releases.live, lines
            judgement = await judge(live, before, line.text, patience=chat.patience)
            await wait_for_verdict(chat, conversation_id, message_id, judgement)
    finally:
        chat.judging.discard(message_id)


async def _lines_up_to(
    chat: Chat, conversation_id: uuid.UUID, message_id: uuid.UUID
) -> list[Spoken]:
    """The line and what was said before it; nothing when it is gone."""
    async with chat.store.read() as session:
        head = await read_head(session, conversation_id)
        found = select(Assessment.seq).where(Assessment.message_id == message_id)
        seq = await session.scalar(found)
        if head is None or head.wrapped_key is None or seq is None:
            return []
        return await spoken(session, head, chat.store.conversation_key(head), before=seq + 1)


async def _settle(talk: Talk, message_id: uuid.UUID, verdict: Judgement) -> bool:
    """Take the mark away and act on the verdict, unless that was done; whether it raised."""
    first = await talk.session.scalar(
        select(Assessment).where(Assessment.message_id == message_id, Assessment.verdict_due)
    )
    if first is None:
        return False
    first.verdict_due = False
    if verdict.level <= first.level:
        return False
    await judge_anew(talk, first, verdict)
    return True
