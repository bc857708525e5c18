"""The rule table: who may do what at the desk. What does not stand here is refused to everyone.

A rule is a list of ways; a way is a list of conditions that must all hold. Routes of the web
app name their action; verbs on a talk check it again with the talk in hand.
"""

from __future__ import annotations

import dataclasses
import enum
import uuid

from nachtlicht.chat.staff.errors import NotAllowed
from nachtlicht.store import Role


class Condition(enum.Enum):
    """One thing that is true or not of a person, or of a person and a talk."""

    ANYONE = "anyone"
    SIGNED_IN = "signed_in"
    IS_COUNSELLOR = "is_counsellor"
    IS_LEAD = "is_lead"
    IS_EDITOR = "is_editor"
    IS_ADMIN = "is_admin"
    OWNS_TALK = "owns_talk"
    TALK_WAITS = "talk_waits"
    TALK_OFFERED = "talk_offered"


@dataclasses.dataclass(frozen=True)
class Person:
    """A member of staff who is signed in. `name` is what the young person sees."""

    id: uuid.UUID
    name: str
    role: Role


@dataclasses.dataclass(frozen=True)
class TalkFacts:
    """What the rules need to know of a talk. `offered_to` is set during a warm transfer."""

    owner_id: uuid.UUID | None = None
    waits: bool = False
    offered_to: uuid.UUID | None = None


_C = Condition
_TAKES_TALKS = ((_C.IS_COUNSELLOR,), (_C.IS_LEAD,))
_OWNER = ((_C.IS_COUNSELLOR, _C.OWNS_TALK), (_C.IS_LEAD, _C.OWNS_TALK))

RIGHTS: dict[str, tuple[tuple[Condition, ...], ...]] = {
    # Before signing in
    "sign_in": ((_C.ANYONE,),),
    "accept_invitation": ((_C.ANYONE,),),
    "static": ((_C.ANYONE,),),
    # One's own account
    "sign_out": ((_C.SIGNED_IN,),),
    "account": ((_C.SIGNED_IN,),),
    "help": ((_C.SIGNED_IN,),),
    # The queue holds levels, themes and waits, and no words of a talk
    "queue": _TAKES_TALKS,
    "presence": _TAKES_TALKS,
    # Talks. Who takes a talk must know what they take: a waiting one may be looked at, and
    # every look is in the audit. After that, owner and lead only.
    "read_talk": (
        (_C.IS_COUNSELLOR, _C.OWNS_TALK),
        (_C.IS_COUNSELLOR, _C.TALK_WAITS),
        (_C.IS_COUNSELLOR, _C.TALK_OFFERED),
        (_C.IS_LEAD,),
    ),
    "claim": ((_C.IS_COUNSELLOR, _C.TALK_WAITS), (_C.IS_LEAD, _C.TALK_WAITS)),
    "write": _OWNER,
    "note": _OWNER,
    "give_back": _OWNER,
    "close": _OWNER,
    "transfer": _OWNER,
    "block": _OWNER,
    "answer_transfer": ((_C.IS_COUNSELLOR, _C.TALK_OFFERED), (_C.IS_LEAD, _C.TALK_OFFERED)),
    # The shift and the house
    "figures": ((_C.IS_LEAD,), (_C.IS_EDITOR,), (_C.IS_ADMIN,)),
    "audit": ((_C.IS_LEAD,), (_C.IS_ADMIN,)),
    "people": ((_C.IS_LEAD,), (_C.IS_ADMIN,)),
}

_ROLE_OF = {
    _C.IS_COUNSELLOR: Role.COUNSELLOR,
    _C.IS_LEAD: Role.LEAD,
    _C.IS_EDITOR: Role.EDITOR,
    _C.IS_ADMIN: Role.ADMIN,
}


# Whose accounts a role may make, renew and stop.
MANAGES: dict[Role, tuple[Role, ...]] = {
    Role.LEAD: (Role.COUNSELLOR, Role.LEAD, Role.EDITOR),
    Role.ADMIN: tuple(Role),
}


def allowed(action: str, person: Person | None, talk: TalkFacts | None = None) -> bool:
    """Whether `person` (None: nobody is signed in) may do `action` (to `talk`)."""
    ways = RIGHTS.get(action, ())
    return any(all(_holds(condition, person, talk) for condition in way) for way in ways)


def allowed_somewhere(action: str, person: Person | None) -> bool:
    """Whether `person` may do `action` to at least some talk: what a page asks before it looks."""
    if person is None:
        return allowed(action, None)
    every = (TalkFacts(owner_id=person.id), TalkFacts(waits=True), TalkFacts(offered_to=person.id))
    return any(allowed(action, person, talk) for talk in every)


def check_allowed(action: str, person: Person | None, talk: TalkFacts | None = None) -> None:
    """Refuse what the table does not allow.

    Raises:
        NotAllowed: the same answer as for what does not exist.
    """
    if not allowed(action, person, talk):
        raise NotAllowed


def check_manages(by: Person | None, role: Role) -> None:
    """Refuse to touch an account of this role, or to give the role, to who may not.

    A lead must not become an admin by inviting one, nor by taking an admin's account over with
    a fresh invitation. None is the operator of the machine.

    Raises:
        NotAllowed: as above.
    """
    if by is not None and role not in MANAGES.get(by.role, ()):
        raise NotAllowed


def _holds(condition: Condition, person: Person | None, talk: TalkFacts | None) -> bool:
    if condition is Condition.ANYONE:
        return True
    if person is None:
        return False
    match condition:
        case Condition.SIGNED_IN:
            return True
        case Condition.OWNS_TALK:
            return talk is not None and talk.owner_id == person.id
        case Condition.TALK_WAITS:
            return talk is not None and talk.waits
        case Condition.TALK_OFFERED:
            return talk is not None and talk.offered_to == person.id
        case _:
            return person.role is _ROLE_OF[condition]
