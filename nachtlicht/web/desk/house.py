"""The house behind the desk: the team, the audit and the figures."""

from __future__ import annotations

import datetime as dt
import uuid

from sanic import Blueprint, HTTPResponse, Request, redirect

from nachtlicht.chat.desk import label
from nachtlicht.chat.staff import (
    ACTIONS,
    MANAGES,
    Search,
    StaffError,
    invitation_address,
    invite,
    search_audit,
    set_disabled,
    team,
)
from nachtlicht.store import Role
from nachtlicht.web.desk.context import chat_of
from nachtlicht.web.desk.forms import field
from nachtlicht.web.desk.guard import signed_in
from nachtlicht.web.desk.live import sides_for
from nachtlicht.web.desk.pages import page

house = Blueprint("desk_house")

ROLES = {
    Role.COUNSELLOR: "Medewerker",
    Role.LEAD: "Dienstleider",
    Role.EDITOR: "Redacteur",
    Role.ADMIN: "Beheerder",
}
DAYS_BACK = {"1": "Vandaag", "7": "7 dagen", "30": "30 dagen", "": "Alles"}


@house.get("/team", name="people", ctx_action="people")
async def people(request: Request) -> HTTPResponse:
    """Show who has an account."""
    return await _team(request)


@house.post("/team/uitnodigen", name="invite", ctx_action="people")
async def send_invitation(request: Request) -> HTTPResponse:
    """Invite somebody; the link is on this page once, and nowhere else."""
    chat, person = chat_of(request), signed_in(request).person
    try:
        role = Role(field(request, "rol"))
    except ValueError:
        role = Role.COUNSELLOR
    try:
        invitation = await invite(
            chat.store, field(request, "login"), role, now=chat.settings.now(), by=person
        )
    except StaffError as error:
        return await _team(request, error=error)
    link = invitation_address(chat.settings, invitation)
    return await _team(request, link=link, link_for=invitation.login)


@house.post("/team/<member_id:uuid>/<act:str>", name="set_disabled", ctx_action="people")
async def disable(request: Request, member_id: uuid.UUID, act: str) -> HTTPResponse:
    """Stop an account, or let it work again."""
    chat, person = chat_of(request), signed_in(request).person
    try:
        await set_disabled(
            chat.store, member_id, disabled=act == "stoppen", by=person, now=chat.settings.now()
        )
    except StaffError as error:
        return await _team(request, error=error)
    return redirect("/desk/team", status=303)


@house.get("/logboek", name="audit", ctx_action="audit")
async def audit(request: Request) -> HTTPResponse:
    """Search the audit; the search itself goes into it first."""
    chat, person = chat_of(request), signed_in(request).person
    now = chat.settings.now()
    search = _search(request, now)
    lines = await search_audit(chat.store, person.id, search, now=now)
    members = {member.id: member for member in await team(chat.store, now=now)}
    return page(
        request,
        "logboek.html",
        lines=lines,
        members=members,
        actions=ACTIONS,
        days=DAYS_BACK,
        label=label,
        chosen={name: request.args.get(name, "") for name in ("actie", "wie", "gesprek", "dagen")},
        **await sides_for(request),
    )


def _search(request: Request, now: dt.datetime) -> Search:
    action, days = request.args.get("actie", ""), request.args.get("dagen", "")
    since = now - dt.timedelta(days=int(days)) if days in DAYS_BACK and days else None
    before = request.args.get("voor", "")
    return Search(
        action=action if action in ACTIONS else None,
        counsellor_id=_uuid(request.args.get("wie", "")),
        conversation_id=_uuid(request.args.get("gesprek", "")),
        since=since,
        before_id=int(before) if before.isdecimal() and len(before) < 16 else None,
    )


async def _team(
    request: Request,
    *,
    error: StaffError | None = None,
    link: str | None = None,
    link_for: str | None = None,
) -> HTTPResponse:
    chat, person = chat_of(request), signed_in(request).person
    now = chat.settings.now()
    return page(
        request,
        "team.html",
        status=error.http_status if error else 200,
        members=await team(chat.store, now=now, read_by=person.id),
        roles=ROLES,
        grants=MANAGES[person.role],
        error=error,
        link=link,
        link_for=link_for,
        **await sides_for(request),
    )


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text.strip())
    except ValueError:
        return None
