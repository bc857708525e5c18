"""Stands before every desk route: who is this, may they, and does the request come from our page.

Deny by default: a route without an action, and an action without a rule, is not there.
"""

from __future__ import annotations

import hmac
import secrets
from typing import Any
from urllib.parse import quote, urlsplit

from sanic import HTTPResponse, Request, redirect
from sanic.response import empty

from nachtlicht.chat.staff import (
    NotAllowed,
    SignedIn,
    StaffError,
    allowed_somewhere,
    find_session,
)
from nachtlicht.web.desk.context import chat_of
from nachtlicht.web.desk.forms import field

COOKIE = "__Host-nachtlicht"
FORM_COOKIE = "__Host-nachtlicht-form"
TOKEN_FIELD = "csrf"  # noqa: S105 - the name of a field
TOKEN_HEADER = "x-desk-token"  # noqa: S105 - the name of a header
SIGN_IN = "/desk/aanmelden"
HOME = "/desk"
HOME_WITHOUT_QUEUE = "/desk/cijfers"  # for editors and admins
SAFE_METHODS = ("GET", "HEAD")

# Nothing is inline, nothing comes from elsewhere, nobody may frame us.
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    # With `no-referrer` a browser sends `Origin: null` along with our own forms.
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    # As for every answer of ours, but the queue may ring (`autoplay`).
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), midi=()",
}
KEEP = "public, max-age=31536000, immutable"


class ForeignRequest(StaffError):
    """A request that changes something did not come from a page of ours, or from an old one."""

    code = "foreign_request"
    http_status = 403

    def __init__(self) -> None:
        super().__init__(
            "Deze pagina is te oud of kwam ergens anders vandaan. Laad de pagina opnieuw."
        )


async def guard(request: Request) -> HTTPResponse | None:
    """Let a request through, send it to the sign-in page, or say that there is nothing.

    Raises:
        NotAllowed: no rule lets this person do what the route does.
    """
    route = _route(request)
    request.ctx.signed_in = None
    token = cookie(request, COOKIE)
    if token:
        chat = chat_of(request)
        request.ctx.signed_in = await find_session(
            chat.store, token, now=chat.settings.now(), touch=not route.get("background")
        )
    action = route.get("action", "")
    person = request.ctx.signed_in.person if request.ctx.signed_in else None
    if request.method not in SAFE_METHODS and not _is_from_our_page(request):
        raise ForeignRequest
    if allowed_somewhere(action, person):
        return None
    if person is not None:
        if request.path == HOME:
            return redirect(HOME_WITHOUT_QUEUE, status=303)
        raise NotAllowed
    return _to_sign_in(request, was_signed_in=bool(token))


async def finish(_request: Request, response: HTTPResponse) -> None:
    """Put the headers of the desk on its answers; the app adds those of every answer."""
    response.headers.update(HEADERS)


def cookie(request: Request, name: str) -> str | None:
    """The cookie of exactly this name.

    Sanic's own `get` also takes a cookie with another prefix in front, which a neighbouring
    host could have set: that would let a stranger choose the session.
    """
    values: list[str] = dict.get(request.cookies, name) or []
    return values[0] if values else None


def signed_in(request: Request) -> SignedIn:
    """The session of a request that the guard let through to a route for members of staff."""
    found: SignedIn | None = request.ctx.signed_in
    if found is None:
        raise NotAllowed
    return found


def form_token(request: Request) -> str:
    """The token that a form must bring back: that of the session, or of this visitor."""
    if request.ctx.signed_in is not None:
        return str(request.ctx.signed_in.csrf)
    if not getattr(request.ctx, "form_token", None):
        request.ctx.form_token = cookie(request, FORM_COOKIE) or secrets.token_urlsafe(32)
    return str(request.ctx.form_token)


def set_session_cookie(response: HTTPResponse, token: str) -> None:
    """Hand a session token to the browser; it lasts as long as the browser does."""
    response.add_cookie(COOKIE, token, path="/", secure=True, httponly=True, samesite="Strict")


def set_form_cookie(request: Request, response: HTTPResponse) -> None:
    """Give a visitor the other half of the token in the form."""
    if request.ctx.signed_in is None:
        response.add_cookie(
            FORM_COOKIE,
            form_token(request),
            path="/",
            secure=True,
            httponly=True,
            samesite="Strict",
        )


def drop_cookie(response: HTTPResponse) -> None:
    """Take the session token back from the browser."""
    response.delete_cookie(COOKIE, path="/")


def way_back(raw: str | None) -> str:
    """Where to go after signing in: a page of the desk, and nowhere else."""
    parts = urlsplit(raw or "")
    inside = parts.path.startswith("/desk/") and not parts.path.startswith(SIGN_IN)
    clean = "\\" not in parts.path and "//" not in parts.path
    return parts.path if inside and clean and not parts.netloc and not parts.scheme else "/desk"


def _route(request: Request) -> dict[str, Any]:
    """What the route says of itself: its `action`, and whether the page asks by itself."""
    context = getattr(request.route, "ctx", None)
    return {name: getattr(context, name, None) for name in ("action", "background")}


def _is_from_our_page(request: Request) -> bool:
    """Fetch metadata, then the origin, then the token: all that is there must be right."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is None and origin is None:
        return False
    if site is not None and site != "same-origin":
        return False
    if origin is not None and not _is_our_origin(request, origin):
        return False
    given = request.headers.get(TOKEN_HEADER) or field(request, TOKEN_FIELD)
    if request.ctx.signed_in is None and not cookie(request, FORM_COOKIE):
        return False
    return hmac.compare_digest(given.encode(), form_token(request).encode())


def _is_our_origin(request: Request, origin: str) -> bool:
    ours = urlsplit(chat_of(request).settings.public_origin).netloc
    # The host that the browser asked for is as good: a stranger's page cannot choose it for us.
    return urlsplit(origin).netloc in (ours, request.headers.get("host", ""))


def _to_sign_in(request: Request, *, was_signed_in: bool) -> HTTPResponse:
    asked = f"?verder={quote(request.path)}" if request.method == "GET" else ""
    if was_signed_in:
        asked += ("&" if asked else "?") + "voorbij=1"
    if request.headers.get("hx-request"):
        # A fragment cannot show the sign-in page: the whole page must go there.
        return empty(401, headers={"hx-redirect": SIGN_IN + "?voorbij=1"})
    return redirect(SIGN_IN + asked, status=303)
