"""The door of the desk: signing in and out, and accepting an invitation."""

from __future__ import annotations

import datetime as dt

from sanic import Blueprint, HTTPResponse, Request, redirect

from nachtlicht.chat.staff import (
    MINIMUM,
    InvitationRefused,
    NotAllowed,
    SignInRefused,
    Site,
    StaffError,
    TooManyTries,
    accept_invitation,
    end_session,
    grouped,
    leave,
    open_invitation,
    person_of,
    qr_svg,
)
from nachtlicht.web.desk import oidc
from nachtlicht.web.desk.context import chat_of, desk_of
from nachtlicht.web.desk.forms import field
from nachtlicht.web.desk.guard import (
    SIGN_IN,
    cookie,
    drop_cookie,
    set_session_cookie,
    signed_in,
    way_back,
)
from nachtlicht.web.desk.pages import page

door = Blueprint("desk_door")


@door.get("/aanmelden", name="sign_in_page", ctx_action="sign_in")
async def sign_in_page(request: Request) -> HTTPResponse:
    """Show the sign-in form; who is in already goes on to the queue."""
    if request.ctx.signed_in is not None:
        return redirect(way_back(request.args.get("verder")), status=303)
    return sign_in_form(request)


@door.post("/aanmelden", name="sign_in", ctx_action="sign_in")
async def sign_in(request: Request) -> HTTPResponse:
    """Sign in with login, password and code; always with a new token."""
    chat = chat_of(request)
    try:
        begun = await desk_of(request).sign_in.sign_in(
            field(request, "login"),
            field(request, "wachtwoord"),
            field(request, "code"),
            place=request.client_ip,
            now=chat.settings.now(),
            phone_now=dt.datetime.now(dt.UTC),
        )
    except (SignInRefused, TooManyTries) as error:
        return sign_in_form(request, error)
    return await let_in(request, begun.token)


async def let_in(request: Request, token: str) -> HTTPResponse:
    """Go on with the new session to where the form wants; the one before it ends."""
    if request.ctx.signed_in is not None:
        await end_current(request)
    response = redirect(way_back(field(request, "verder")), status=303)
    set_session_cookie(response, token)
    return response


@door.get("/aanmelden/huis", name="sign_in_house", ctx_action="sign_in")
async def to_the_house(request: Request) -> HTTPResponse:
    """Go and prove who you are at the house's own identity provider."""
    chat = chat_of(request)
    if not chat.settings.oidc_issuer:
        raise NotAllowed
    flow = oidc.Flow.begin(way_back(request.args.get("verder")))
    try:
        response = redirect(await oidc.provider_address(chat.settings, flow), status=303)
    except SignInRefused as error:
        return sign_in_form(request, error)
    oidc.set_flow_cookie(response, flow.sealed(chat.store.staff_key))
    return response


@door.get("/aanmelden/huis/terug", name="sign_in_house_back", ctx_action="sign_in")
async def from_the_house(request: Request) -> HTTPResponse:
    """Come back with the proof, and be signed in; always with a new token."""
    chat = chat_of(request)
    if not chat.settings.oidc_issuer:
        raise NotAllowed
    now = chat.settings.now()
    try:
        flow = oidc.Flow.opened(chat.store.staff_key, cookie(request, oidc.FLOW_COOKIE))
        identity = await oidc.identity_of(chat.settings, flow, request)
        person = await person_of(chat.store, identity, now=now)
    except SignInRefused as error:
        return sign_in_form(request, error)
    begun = await desk_of(request).sign_in.begin_for(person, now=now)
    if request.ctx.signed_in is not None:
        await end_current(request)
    # Not a redirect: a browser sends a strict cookie only along with a step from our own page.
    response = page(request, "verder.html", onward=flow.onward)
    set_session_cookie(response, begun.token)
    response.delete_cookie(oidc.FLOW_COOKIE, path="/")
    return response


@door.post("/afmelden", name="sign_out", ctx_action="sign_out")
async def sign_out(request: Request) -> HTTPResponse:
    """End this session, and let the browser forget what the desk kept in it."""
    await end_current(request)
    chat = chat_of(request)
    await leave(chat.store, signed_in(request).person.id)
    chat.notifier.queue_changed()
    response = redirect(SIGN_IN, status=303)
    drop_cookie(response)
    response.headers["clear-site-data"] = '"cache", "storage"'
    return response


@door.get("/uitnodiging", name="invitation_page", ctx_action="accept_invitation")
async def invitation_page(request: Request) -> HTTPResponse:
    """Ask for the code of the invitation; the page takes it from behind the # of the link."""
    return page(request, "uitnodiging.html", error=None)


@door.post("/uitnodiging", name="open_invitation", ctx_action="accept_invitation")
async def show_invitation(request: Request) -> HTTPResponse:
    """Show what must be chosen: a name, a password and an authenticator."""
    chat, token = chat_of(request), field(request, "uitnodiging").strip()
    try:
        opened = await open_invitation(chat.store, token, now=chat.settings.now())
    except InvitationRefused as error:
        return page(request, "uitnodiging.html", status=error.http_status, error=error)
    return _invitation_form(request, token, opened.login, opened.totp_secret)


@door.post("/uitnodiging/aannemen", name="accept_invitation", ctx_action="accept_invitation")
async def accept(request: Request) -> HTTPResponse:
    """Take the invitation and sign in: both factors were just proved."""
    chat, token = chat_of(request), field(request, "uitnodiging")
    now = chat.settings.now()
    try:
        person = await accept_invitation(
            chat.store,
            token,
            name=field(request, "naam"),
            password=field(request, "wachtwoord"),
            code=field(request, "code"),
            now=now,
            phone_now=dt.datetime.now(dt.UTC),
        )
    except InvitationRefused as error:
        return page(request, "uitnodiging.html", status=error.http_status, error=error)
    except StaffError as error:
        opened = await open_invitation(chat.store, token, now=now)
        return _invitation_form(request, token, opened.login, opened.totp_secret, error)
    begun = await desk_of(request).sign_in.begin_for(person, now=now)
    response = redirect("/desk", status=303)
    set_session_cookie(response, begun.token)
    return response


def sign_in_form(request: Request, error: StaffError | None = None) -> HTTPResponse:
    """The sign-in page, with what went wrong and its status."""
    response = page(
        request,
        "aanmelden.html",
        status=error.http_status if error else 200,
        error=error,
        onward=way_back(request.args.get("verder") or field(request, "verder")),
        over=request.args.get("voorbij") == "1",
        login=field(request, "login"),
        house=bool(chat_of(request).settings.oidc_issuer),
        passkeys=Site.of(chat_of(request).settings) is not None,
    )
    if isinstance(error, TooManyTries):
        response.headers["retry-after"] = str(error.seconds)
    return response


async def end_current(request: Request) -> None:
    """End the session that this browser has."""
    session, chat = signed_in(request), chat_of(request)
    await end_session(
        chat.store,
        session.id,
        owner=session.person.id,
        action="sign_out",
        now=chat.settings.now(),
    )


def _invitation_form(
    request: Request, token: str, login: str, secret: str, error: StaffError | None = None
) -> HTTPResponse:
    return page(
        request,
        "aannemen.html",
        status=error.http_status if error else 200,
        invitation=token,
        login=login,
        secret=grouped(secret),
        qr=qr_svg(secret, login),
        minimum=MINIMUM,
        name=field(request, "naam"),
        error=error,
    )
