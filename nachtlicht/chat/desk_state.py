"""Whether a human can be had now: the desk's hours and who is really there decide together."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Literal

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from nachtlicht.release import Desk, Release
from nachtlicht.store import ConversationState, Presence

PRESENT_FOR = dt.timedelta(seconds=60)  # after the last heartbeat of a console

_P = Presence.__table__.c
_PRESENT = (
    select(_P.counsellor_id).where(_P.last_seen_at > bindparam("since"), _P.available).limit(1)
)

DeskWord = Literal["open", "niemand", "dicht"]


@dataclasses.dataclass(frozen=True)
class DeskState:
    """How a desk stands: `open`, within hours with nobody there (`niemand`), or `dicht`.

    `opens` is the next opening in Dutch words when it is shut, else None.
    """

    desk: Desk
    word: DeskWord
    opens: str | None

    @property
    def waiting_state(self) -> ConversationState:
        """Where a talk waits for this desk."""
        shut = self.word == "dicht"
        return ConversationState.WAITING_CLOSED if shut else ConversationState.WAITING


async def desk_state(
    session: AsyncSession,
    release: Release,
    now: dt.datetime,
    *,
    theme: str | None = None,
    code: str | None = None,
) -> DeskState:
    """How the desk `code`, or the one for `theme`, stands at `now`.

    A desk that the release no longer has falls back to the one for the theme.
    """
    desk = release.desks.get(code) if code else None
    if desk is None:
        desk = release.desks.choose(theme, now)
    if not desk.is_open(now):
        return DeskState(desk, "dicht", desk.opening_words(now))
    present = await session.scalar(_PRESENT, {"since": now - PRESENT_FOR})
    return DeskState(desk, "niemand" if present is None else "open", None)
