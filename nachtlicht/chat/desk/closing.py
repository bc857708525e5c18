"""Closes a talk with a form of fixed choices; what is kept of it are counts."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nachtlicht.chat.desk.acts import tell
from nachtlicht.chat.desk.errors import FormRefused, TalkNotYours
from nachtlicht.chat.desk.words import CALL_TYPES, CATEGORIES, OUTCOMES, themes
from nachtlicht.chat.handoff import close
from nachtlicht.chat.staff import NotAllowed, Person, TalkFacts, check_allowed, write_audit
from nachtlicht.chat.talk import Talk
from nachtlicht.release import ZONE
from nachtlicht.risk import RiskLevel
from nachtlicht.store import Closing, Conversation, ConversationState, Handoff, HandoffStatus

if TYPE_CHECKING:
    from nachtlicht.chat.service import Chat

MAX_CATEGORIES = 5


@dataclasses.dataclass(frozen=True)
class CloseForm:
    """What the counsellor chose. Codes are those of `words`; `referral` is one of the release."""

    call_type: str
    categories: tuple[str, ...]
    level: RiskLevel
    theme: str | None
    outcome: str
    referral: str | None = None

    @classmethod
    def read(
        cls,
        *,
        call_type: str,
        categories: Sequence[str],
        level: str,
        theme: str,
        outcome: str,
        referral: str,
    ) -> CloseForm:
        """Read the fields of a form.

        Raises:
            FormRefused: a choice is missing or unknown.
        """
        if call_type not in CALL_TYPES:
            raise FormRefused("Kies wie er contact zocht.")
        chosen = tuple(code for code in CATEGORIES if code in categories)
        if not chosen or len(chosen) > MAX_CATEGORIES or len(chosen) != len(set(categories)):
            raise FormRefused(f"Kies één tot {MAX_CATEGORIES} onderwerpen.")
        if outcome not in OUTCOMES:
            raise FormRefused("Kies hoe het gesprek afliep.")
        try:
            risk = RiskLevel.from_label(level)
        except ValueError as error:
            raise FormRefused("Kies hoe ernstig het was.") from error
        kept_theme = None if theme in ("", "geen") else theme
        return cls(call_type, chosen, risk, kept_theme, outcome, referral or None)


async def close_handoff(
    chat: Chat, person: Person, conversation_id: uuid.UUID, form: CloseForm
) -> None:
    """Close a talk that this person holds, also one that the young person left.

    The form becomes one row of counts that names nobody; a test talk leaves none. A level or
    theme that the counsellor corrected stands beside the flagged one, and the talk keeps both.

    Raises:
        TalkNotYours: somebody else holds it, or it is closed already.
        FormRefused: the theme or referral is not one of this release.
    """
    release = chat.releases.release
    if form.theme is not None and form.theme not in themes(release):
        raise FormRefused("Kies een thema uit de lijst.")
    if form.referral is not None and form.referral not in release.referrals:
        raise FormRefused("Kies een verwijzing uit de lijst.")
    now = chat.settings.now()
    async with chat.store.write() as session:
        row, handoff = await _held(session, person, conversation_id)
        check_allowed("close", person, TalkFacts(owner_id=handoff.counsellor_id))
        if not row.is_test:
            session.add(_counts(row, handoff, form, now))
        close(handoff, form.outcome, now)
        handoff.level, handoff.theme = form.level, form.theme
        if row.state is not ConversationState.LEFT and row.wrapped_key is not None:
            talk = Talk(chat.store, session, row, release, now)
            if row.state is not ConversationState.WRAP_UP:
                await talk.bot_says("utter_gesprek_gesloten")
            await talk.move(ConversationState.CLOSED)
        write_audit(
            session,
            "closed",
            now=now,
            counsellor_id=person.id,
            conversation_id=conversation_id,
            detail=form.outcome,
        )
    tell(chat, conversation_id)


async def _held(
    session: AsyncSession, person: Person, conversation_id: uuid.UUID
) -> tuple[Conversation, Handoff]:
    """Lock a talk and its claimed handoff, whatever state the talk is in."""
    row = await session.scalar(
        select(Conversation).where(Conversation.id == conversation_id).with_for_update()
    )
    if row is None:
        raise NotAllowed
    handoff = await session.scalar(
        select(Handoff)
        .where(
            Handoff.conversation_id == conversation_id,
            Handoff.status == HandoffStatus.CLAIMED,
            Handoff.counsellor_id == person.id,
        )
        .with_for_update()
    )
    if handoff is None:
        raise TalkNotYours
    return row, handoff


def _counts(row: Conversation, handoff: Handoff, form: CloseForm, now: dt.datetime) -> Closing:
    local = handoff.opened_at.astimezone(ZONE)
    claimed_at = handoff.claimed_at or now
    return Closing(
        day=local.date(),
        hour=local.hour,
        desk_code=handoff.desk_code,
        entry=row.entry,
        reason=handoff.reason,
        call_type=form.call_type,
        categories=" ".join(form.categories),
        level_flagged=handoff.level,
        level=form.level,
        theme_flagged=handoff.theme,
        theme=form.theme,
        outcome=form.outcome,
        referral=form.referral,
        wait_seconds=max(0, round((claimed_at - handoff.opened_at).total_seconds())),
        talk_seconds=max(0, round((now - claimed_at).total_seconds())),
    )
