"""Reads a talk for the desk: its lines, opened, with the reasons that were found in them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nachtlicht.chat.desk.card import Said, Signal
from nachtlicht.chat.desk.words import model_words
from nachtlicht.chat.staff import display_names
from nachtlicht.release import Release
from nachtlicht.risk import MODEL_CODE, RiskLevel
from nachtlicht.store import Assessment, Author, Conversation, DataKey, Message, Store

LONGEST = 1000  # lines; a talk that long has been going on for days


async def read_story(
    session: AsyncSession, store: Store, conversation: Conversation, release: Release
) -> list[Said]:
    """The lines of a talk, oldest first; none once it is forgotten."""
    if conversation.wrapped_key is None:
        return []
    key = store.conversation_key(conversation)
    newest = await session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation.id)
        .order_by(Message.seq.desc())
        .limit(LONGEST)
    )
    rows = list(reversed(newest.all()))
    judged = await session.scalars(
        select(Assessment).where(Assessment.conversation_id == conversation.id)
    )
    by_message = {row.message_id: row for row in judged}
    writers = {row.counsellor_id for row in rows if row.counsellor_id}
    names = await display_names(session, store, writers)
    reasons = {row_id: signals_of(row, key, release) for row_id, row in by_message.items()}
    return [_said(row, by_message.get(row.id), reasons.get(row.id, ()), names, key) for row in rows]


def signals_of(row: Assessment, key: DataKey, release: Release) -> tuple[Signal, ...]:
    """The reasons of one judgement; those of the model in the editors' words of today."""
    found: Sequence[Mapping[str, object]] = row.unseal(key, "signals") or ()
    of_model = model_words(row.theme, row.p_urgent, release)
    return tuple(
        Signal(
            level=RiskLevel.from_label(str(one["level"])),
            theme=str(one["theme"]) if one.get("theme") else None,
            start=int(str(one["start"])),
            end=int(str(one["end"])),
            why=(of_model if one["code"] == MODEL_CODE else "") or str(one["why"]),
        )
        for one in found
    )


def _said(
    row: Message,
    judged: Assessment | None,
    signals: tuple[Signal, ...],
    names: Mapping[uuid.UUID, str],
    key: DataKey,
) -> Said:
    buttons = row.unseal(key, "buttons") or ()
    return Said(
        seq=row.seq,
        author=row.author,
        at=row.at,
        text=row.unseal(key, "text") or "",
        name=names.get(row.counsellor_id) if row.counsellor_id else None,
        buttons=tuple(str(button["title"]) for button in buttons),
        level=judged.level if judged and row.author is Author.YOUTH else RiskLevel.NONE,
        signals=signals,
        unread=judged.unread if judged else False,
    )
