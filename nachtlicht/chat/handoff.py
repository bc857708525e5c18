"""Opens, raises and withdraws handoffs, for a young person and for the risk rules."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from nachtlicht.chat.talk import Talk
from nachtlicht.risk import RiskLevel
from nachtlicht.store import ConversationState, Handoff, HandoffStatus

LEASE = dt.timedelta(
    seconds=45
)  # from a counsellor's last heartbeat (each 15 s) until a talk goes back
LOST_AFTER = dt.timedelta(seconds=30)  # from that heartbeat until both sides are told

# A release from before blocks has no words of its own for them.
BLOCKED_SAYS = ("utter_geblokkeerd", "utter_gesprek_gesloten")

Reason = Literal["risk", "wish", "bot"]


async def raise_handoff(talk: Talk, level: RiskLevel, theme: str | None) -> Handoff | None:
    """Bring a judgement to the desk: open a handoff from URGENT on, or raise the open one.

    Returns the handoff when it was newly opened. A second urgent line opens no second one; one
    that the young person has declined stays declined, unless it gets more serious or turns to
    another theme.
    """
    if level < RiskLevel.URGENT:
        return None
    handoff = await talk.handoff()
    if handoff is None:
        return None if _was_declined(talk, level, theme) else await open_handoff(talk, "risk")
    if level > handoff.level:
        handoff.level = level
        handoff.theme = theme or handoff.theme
    return None


async def open_handoff(talk: Talk, reason: Reason) -> Handoff:
    """Put the talk into the queue of the desk that fits; nothing is said here.

    The caller has made sure that no handoff is open; the database refuses a second one.
    """
    row = talk.conversation
    desk = await talk.desk()
    row.desk_code = desk.desk.code
    handoff = Handoff(
        conversation_id=row.id,
        level=row.level,
        opened_at=talk.now,
        desk_code=desk.desk.code,
        reason=reason,
        theme=row.theme,
    )
    talk.session.add(handoff)
    await talk.session.flush()
    await talk.move(desk.waiting_state)
    return handoff


async def announce(talk: Talk) -> None:
    """Tell the young person, in honest words, that the talk is in the queue."""
    desk = await talk.desk()
    usual = f"utter_overdracht_{desk.word}"
    if talk.conversation.level is RiskLevel.ACUTE:
        await talk.bot_says(f"utter_overdracht_acuut_{desk.word}", usual)
    else:
        await talk.bot_says(usual)


async def want_human(talk: Talk, reason: Reason = "wish") -> None:
    """The young person asks for a human: queue and notice, or that it is asked already.

    In a talk that the desk has blocked only danger brings a human, not a wish.
    """
    row = talk.conversation
    row.wanted_human = True
    if row.state.holder == "counsellor" and await talk.handoff() is not None:
        return
    if await talk.handoff() is not None:
        await talk.bot_says("utter_mens_al_gevraagd", unless_last=True)
        return
    if talk.is_blocked:
        await talk.bot_says(*BLOCKED_SAYS, unless_last=True)
        return
    row.declined_level = row.declined_theme = row.declined_at = None
    await open_handoff(talk, reason)
    await announce(talk)


async def decline(talk: Talk) -> None:
    """The young person would rather not: out of the queue, but never after ACUTE.

    Outside the queue it is the answer to an offer, and nothing more. A second call is a no-op
    that says nothing new.
    """
    row = talk.conversation
    if row.state.holder == "queue":
        if row.level is RiskLevel.ACUTE:
            await talk.bot_says("utter_overdracht_blijft", unless_last=True)
            return
        await withdraw(talk, "declined")
        await talk.bot_says("utter_overdracht_afgezegd")
    elif row.state is ConversationState.BOT and row.offered_human:
        await talk.bot_says("utter_aanbod_nee", unless_last=True)


async def withdraw(talk: Talk, outcome: str) -> None:
    """Take a waiting talk out of the queue, back to the bot."""
    row = talk.conversation
    handoff = await talk.handoff()
    if handoff is not None:
        close(handoff, outcome, talk.now)
        row.declined_level, row.declined_theme = handoff.level, handoff.theme
        row.declined_at = talk.now
    await talk.move(ConversationState.BOT)


def close(handoff: Handoff, outcome: str, now: dt.datetime) -> None:
    """Close a handoff of a locked talk."""
    handoff.status = HandoffStatus.CLOSED
    handoff.outcome = outcome
    handoff.closed_at = now
    handoff.lease_until = None


def _was_declined(talk: Talk, level: RiskLevel, theme: str | None) -> bool:
    row = talk.conversation
    if row.declined_level is None:
        return False
    return level <= row.declined_level and theme in (None, row.declined_theme)
