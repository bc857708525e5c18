"""Private notes of the desk on a talk: sealed with its key, and gone when it is forgotten."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from typing import TYPE_CHECKING

from nachtlicht.chat.desk.acts import hold
from nachtlicht.chat.desk.errors import LineRefused
from nachtlicht.chat.errors import TextRefused
from nachtlicht.chat.staff import Person, write_audit
from nachtlicht.chat.validate import check_text
from nachtlicht.store import Conversation, Handoff, Store

if TYPE_CHECKING:
    from nachtlicht.chat.service import Chat


@dataclasses.dataclass(frozen=True)
class Note:
    """A private note of the desk on a talk."""

    at: dt.datetime
    by: str
    text: str


async def add_note(chat: Chat, person: Person, conversation_id: uuid.UUID, text: str) -> None:
    """Keep a private note on a talk; the young person never sees it, and it goes with the talk.

    Raises:
        TalkNotYours, TalkOver: as for writing.
        LineRefused: the note is empty or cannot be stored.
    """
    try:
        check_text(text)
    except TextRefused as error:
        raise LineRefused("Deze notitie kan niet worden bewaard.") from error
    now = chat.settings.now()
    async with chat.store.write() as session:
        talk, handoff = await hold(chat, session, person, conversation_id, now, action="note")
        notes = handoff.unseal(talk.key, "note") or []
        notes.append({"at": now.isoformat(), "by": person.name, "text": text})
        handoff.seal(talk.key, "note", notes)
        write_audit(
            session,
            "note_written",
            now=now,
            counsellor_id=person.id,
            conversation_id=conversation_id,
        )
    chat.notifier.changed(conversation_id)


def read_notes(store: Store, talk: Conversation, handoff: Handoff | None) -> tuple[Note, ...]:
    """The notes on a talk, oldest first; none once it is forgotten."""
    if handoff is None or handoff.note is None or talk.wrapped_key is None:
        return ()
    raw = handoff.unseal(store.conversation_key(talk), "note") or []
    return tuple(Note(dt.datetime.fromisoformat(one["at"]), one["by"], one["text"]) for one in raw)
