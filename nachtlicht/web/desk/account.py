"""One's own account: my passkeys, where I am signed in, and ending that."""

from __future__ import annotations

import uuid

from sanic import Blueprint, HTTPResponse, Request, redirect

from nachtlicht.chat.staff import Site, StaffError, end_session, open_sessions, passkeys_of
from nachtlicht.web.desk.context import chat_of
from nachtlicht.web.desk.guard import signed_in
from nachtlicht.web.desk.live import sides_for
from nachtlicht.web.desk.pages import page

account = Blueprint("desk_account", url_prefix="/account")


@account.get("", name="account", ctx_action="account")
async def account_page(request: Request) -> HTTPResponse:
    """Show my passkeys, and in which browsers I am signed in."""
    return await show_account(request)


@account.post("/sessies/<session_id:uuid>/stoppen", name="end_session", ctx_action="account")
async def stop(request: Request, session_id: uuid.UUID) -> HTTPResponse:
    """End one of my sessions; another's is not found."""
    await _end(request, session_id)
    return redirect("/desk/account", status=303)


@account.post("/sessies/andere/stoppen", name="end_other_sessions", ctx_action="account")
async def stop_others(request: Request) -> HTTPResponse:
    """End all my sessions but this one."""
    chat, session = chat_of(request), signed_in(request)
    for other in await open_sessions(chat.store, session.person.id, now=chat.settings.now()):
        if other.id != session.id:
            await _end(request, other.id)
    return redirect("/desk/account", status=303)


async def show_account(request: Request, error: StaffError | None = None) -> HTTPResponse:
    """The page of my account, with what went wrong and its status."""
    chat, session = chat_of(request), signed_in(request)
    now = chat.settings.now()
    return page(
        request,
        "account.html",
        status=error.http_status if error else 200,
        error=error,
        sessions=await open_sessions(chat.store, session.person.id, now=now),
        current=session.id,
        fresh=session.is_fresh(now),
        passkeys=await passkeys_of(chat.store, session.person.id),
        possible=Site.of(chat.settings) is not None,
        **await sides_for(request),
    )


async def _end(request: Request, session_id: uuid.UUID) -> None:
    chat, person = chat_of(request), signed_in(request).person
    await end_session(
        chat.store, session_id, owner=person.id, action="session_ended", now=chat.settings.now()
    )
