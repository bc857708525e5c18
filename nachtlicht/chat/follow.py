"""What follows from a line: the desk, a word at once, a command, the bot, or nothing."""

from __future__ import annotations

from nachtlicht.chat.handoff import (
    BLOCKED_SAYS,
    announce,
    decline,
    raise_handoff,
    want_human,
    withdraw,
)
from nachtlicht.chat.judge import Judgement, store_judgement
from nachtlicht.chat.talk import Talk
from nachtlicht.chat.wishes import Wish
from nachtlicht.risk import RiskLevel
from nachtlicht.store import Assessment, Conversation, ConversationState, Message


async def follow(talk: Talk, message: Message, judgement: Judgement, wish: Wish) -> None:
    """Decide what follows from a stored line: the desk, a word at once, the bot, or nothing."""
    row = talk.conversation
    if row.state is ConversationState.LIVE_LOST_YOUTH:
        await talk.move(ConversationState.LIVE, name=await talk.counsellor())
    if row.state.holder == "counsellor" and await talk.handoff() is not None:
        await _while_live(talk, judgement, wish)
        return
    ended = row.state in (ConversationState.WRAP_UP, ConversationState.CLOSED)
    opened = await raise_handoff(talk, judgement.level, judgement.theme)
    if judgement.level is RiskLevel.ACUTE:
        row.reply_due = None  # an answer to an earlier line would only be in the way now
        await say_acute(talk, judgement)
    if opened is not None:
        await announce(talk)
    if judgement.level is RiskLevel.ACUTE:
        return
    if wish.kind is not None:
        if opened is None or wish.kind != "handoff":
            await _grant(talk, wish)
    elif ended and opened is None:
        told = BLOCKED_SAYS if talk.is_blocked else BLOCKED_SAYS[1:]
        await talk.bot_says(*told, unless_last=talk.is_blocked)
    else:
        message.owed = True
        row.reply_due = row.reply_due or message.seq


async def say_acute(talk: Talk, judgement: Judgement) -> None:
    """The fixed safety reply: from the release, at once, whether or not the bot is alive."""
    theme = judgement.theme or talk.conversation.theme
    if judgement.assessment.unread:
        await talk.bot_says("utter_onleesbaar", "utter_acuut")
    else:
        await talk.bot_says(f"utter_acuut_{theme}", "utter_acuut")


async def _while_live(talk: Talk, judgement: Judgement, wish: Wish) -> None:
    """A counsellor has the talk: the bot keeps silent, unless the counsellor is lost."""
    await raise_handoff(talk, judgement.level, judgement.theme)
    lost = talk.conversation.state is ConversationState.LIVE_LOST_STAFF
    if judgement.level is RiskLevel.ACUTE and lost:
        await say_acute(talk, judgement)
    elif wish.kind == "forget":
        await talk.bot_says("utter_wis_vraag")


async def _grant(talk: Talk, wish: Wish) -> None:
    """Do what a command asks for; none of these needs the bot."""
    match wish.kind:
        case "handoff":
            await want_human(talk)
        case "decline":
            await decline(talk)
        case "stop":
            await stop(talk)
        case "forget":
            await talk.bot_says("utter_wis_vraag")


async def stop(talk: Talk) -> None:
    """The young person wants no more: out of the queue, unless it is ACUTE; the door stays open."""
    row = talk.conversation
    if row.level is RiskLevel.ACUTE:
        await talk.bot_says("utter_stop_acuut", "utter_stop")
        return
    if row.state.holder == "queue":
        await withdraw(talk, "stopped")
    await talk.bot_says("utter_stop")


async def take_explanation(talk: Talk, judgement: Judgement) -> None:
    """After "ging over een game" URGENT becomes CONCERN, also in the queue; ACUTE stays.

    The talk keeps its place there: only the person, or a counsellor, takes it out. Once a
    counsellor has it, the level is theirs to judge.
    """
    row = talk.conversation
    if not judgement.assessment.explains or row.level is not RiskLevel.URGENT:
        return
    if row.state.holder == "counsellor":
        return
    row.level = RiskLevel.CONCERN
    handoff = await talk.handoff()
    if handoff is not None:
        handoff.level = RiskLevel.CONCERN


def raise_level(row: Conversation, judgement: Judgement) -> None:
    """No line makes a talk less serious; its theme is that of the most serious line."""
    if judgement.theme and (judgement.level >= row.level or row.theme is None):
        row.theme = judgement.theme
    row.level = max(row.level, judgement.level)


async def judge_anew(talk: Talk, first: Assessment, raised: Judgement) -> None:
    """Put a higher judgement in the place of the first, and do what follows from it."""
    row, session = talk.conversation, talk.session
    message = await session.get_one(Message, first.message_id)
    await session.delete(first)
    await store_judgement(session, message, raised, talk.key)
    raise_level(row, raised)
    if row.state.holder == "counsellor" and await talk.handoff() is not None:
        await _while_live(talk, raised, Wish())
        return
    opened = await raise_handoff(talk, raised.level, raised.theme)
    if raised.level is RiskLevel.ACUTE:
        row.reply_due = None
        await say_acute(talk, raised)
    if opened is not None:
        await announce(talk)
