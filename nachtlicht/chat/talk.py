"""One talk inside one write transaction: says lines, moves its state, and keeps the outbox.

Everything that both sides see goes through here, so that every line has its event, numbered
without gaps in the transaction that stores it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any, Self, cast

from sqlalchemy import Table, bindparam, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from nachtlicht.chat.desk_state import DeskState, desk_state
from nachtlicht.chat.errors import ConversationGone, TokenUnknown
from nachtlicht.chat.spoken import MEMORY, Spoken, counsellor_name, spoken
from nachtlicht.release import Release, audience_word
from nachtlicht.store import (
    BOT_SPEAKS,
    Author,
    Conversation,
    ConversationState,
    DataKey,
    Event,
    EventKind,
    Handoff,
    HandoffStatus,
    Message,
    Store,
)

_LOCKED = (
    select(Conversation)
    .where(Conversation.id == bindparam("talk"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
# Of the table, not of the ORM: an event is stored once, and never changed.
_EVENT = insert(cast(Table, Event.__table__))
_OPEN_HANDOFF = (
    select(Handoff)
    .where(Handoff.conversation_id == bindparam("talk"), Handoff.status != HandoffStatus.CLOSED)
    .with_for_update()
)


class Talk:
    """A conversation whose row is locked in `session`, with its key. The caller commits.

    Args of every verb: `now` was given once, at the start; a transaction is one moment.
    """

    def __init__(
        self,
        store: Store,
        session: AsyncSession,
        conversation: Conversation,
        release: Release,
        now: dt.datetime,
    ) -> None:
        self.store, self.session, self.conversation = store, session, conversation
        self.release, self.now = release, now
        self.key: DataKey = store.conversation_key(conversation)
        self._desk: DeskState | None = None

    @classmethod
    async def lock(
        cls,
        store: Store,
        session: AsyncSession,
        conversation_id: uuid.UUID,
        release: Release,
        now: dt.datetime,
        *,
        left_too: bool = False,
    ) -> Self:
        """Take a talk for writing; whoever comes second waits for the end of the transaction.

        With `left_too` also one that the young person has left; a desk still has to close it.

        Raises:
            TokenUnknown: there is no such talk (any more).
            ConversationGone: it was left or forgotten.
        """
        conversation: Conversation | None = await session.scalar(_LOCKED, {"talk": conversation_id})
        if conversation is None:
            raise TokenUnknown
        has_left = conversation.state is ConversationState.LEFT and not left_too
        if has_left or conversation.wrapped_key is None:
            raise ConversationGone
        return cls(store, session, conversation, release, now)

    # Reading

    async def spoken(self, limit: int = MEMORY) -> list[Spoken]:
        """The last `limit` lines, oldest first."""
        return await spoken(self.session, self.conversation, self.key, limit)

    async def handoff(self) -> Handoff | None:
        """The handoff of this talk that is not closed, locked."""
        found: Handoff | None = await self.session.scalar(
            _OPEN_HANDOFF, {"talk": self.conversation.id}
        )
        return found

    async def counsellor(self) -> str | None:
        """The shown name of the counsellor who has this talk, or None."""
        handoff = await self.handoff()
        found = handoff.counsellor_id if handoff else None
        return await counsellor_name(self.store, self.session, found)

    async def desk(self) -> DeskState:
        """How the desk of this talk stands now; asked once in a transaction."""
        if self._desk is None:
            talk = self.conversation
            has_desk = talk.state.holder in ("queue", "counsellor")
            self._desk = await desk_state(
                self.session,
                self.release,
                self.now,
                theme=talk.theme,
                code=talk.desk_code if has_desk else None,
            )
        return self._desk

    @property
    def is_blocked(self) -> bool:
        """Whether the desk has blocked it for now: a human comes for danger alone."""
        until = self.conversation.blocked_until
        return until is not None and self.now < until

    # Writing

    async def say(
        self,
        author: Author,
        text: str,
        *,
        buttons: Sequence[tuple[str, str]] = (),
        client_id: uuid.UUID | None = None,
        counsellor_id: uuid.UUID | None = None,
    ) -> Message:
        """Store a line and its event. `buttons` are (title, payload), shown by their titles."""
        seq = await self._event(EventKind.MESSAGE)
        message = Message(
            conversation_id=self.conversation.id,
            seq=seq,
            author=author,
            at=self.now,
            client_id=client_id,
            counsellor_id=counsellor_id,
        )
        message.seal(self.key, "text", text)
        if buttons:
            shown = [{"title": title, "payload": payload} for title, payload in buttons]
            message.seal(self.key, "buttons", shown)
        self.session.add(message)
        if author is not Author.BOT:
            # What the bot says of itself, such as that the desk opens, keeps no talk alive.
            self.conversation.last_line_at = self.now
        return message

    async def bot_says(
        self, *names: str, medewerker: str | None = None, unless_last: bool = False
    ) -> Message | None:
        """Say the first of the fixed texts `names` that the release has, filled in.

        Of its variants the one that was not said yet, or was said longest ago: nobody in
        distress gets the same block twice if it can be helped. With `unless_last` nothing is
        said when the talk's last bot line is this text already.
        """
        found = next((name for name in names if self.release.texts.get(name)), names[-1])
        variants = self.release.texts.get(found) or [self.release.texts.first(found)]
        rendered = [await self.rendered(variant.text, medewerker) for variant in variants]
        if len(variants) == 1 and not unless_last:
            return await self.say(Author.BOT, rendered[0], buttons=variants[0].buttons)
        before = [line.text for line in await self.spoken() if line.author is Author.BOT]
        if unless_last and before and before[-1] in rendered:
            return None
        ages = [_last_index(before, text) for text in rendered]
        chosen = min(range(len(variants)), key=ages.__getitem__)
        return await self.say(Author.BOT, rendered[chosen], buttons=variants[chosen].buttons)

    async def rendered(self, text: str, medewerker: str | None = None) -> str:
        """Fill the placeholders of `text` for this person at this moment."""
        if "[[" not in text:
            return text
        talk = self.conversation
        return self.release.render(
            text,
            moment=self.now,
            desk=(await self.desk()).desk,
            theme=talk.theme,
            audience=talk.audience or audience_word(talk.entry),
            names={"medewerker": medewerker} if medewerker else {},
        )

    async def move(self, state: ConversationState, *, name: str | None = None) -> None:
        """Put the talk into `state` and tell both sides. `name` is that of the counsellor."""
        talk = self.conversation
        talk.state = state
        if state not in BOT_SPEAKS:
            talk.reply_due = None  # from here on the bot owes nothing
        if state is ConversationState.LIVE and talk.human_joined_at is None:
            talk.human_joined_at = self.now
        if state is ConversationState.CLOSED:
            talk.closed_at = self.now
        desk = await self.desk()
        shown = {
            "state": state.value,
            "holder": state.holder,
            "desk": desk.word,
            "opens": desk.opens,
            "name": name,
        }
        await self._event(EventKind.STATE, shown)

    async def _event(self, kind: EventKind, payload: dict[str, Any] | None = None) -> int:
        """Store the next event of the outbox; returns its number."""
        talk = self.conversation
        talk.last_seq += 1
        name = Event.name_of(talk.id, talk.last_seq)
        row = {
            "conversation_id": talk.id,
            "seq": talk.last_seq,
            "kind": kind,
            "at": self.now,
            "payload": Event.sealed(self.key, "payload", name, payload),
        }
        with self.session.no_autoflush:  # the rest of the talk is stored once, at the end
            await self.session.execute(_EVENT, row)
        return talk.last_seq


def _last_index(texts: Sequence[str], text: str) -> int:
    """Where `text` was said last; -1 when never."""
    return max((place for place, said in enumerate(texts) if said == text), default=-1)
