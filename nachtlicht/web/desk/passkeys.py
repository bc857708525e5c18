"""Passkeys at the desk: signing in with one, and adding and removing one's own.

The page's script asks what must be signed, lets the browser sign it, and sends the answer in an
ordinary form. Without the script, or in a browser without passkeys, these forms stay hidden.
"""

from __future__ import annotations

import uuid

from sanic import Blueprint, HTTPResponse, Request, redirect
from sanic.response import raw

from nachtlicht.chat.staff import (
    PasskeyRefused,
    Site,
    StaffError,
    TooManyTries,
    add_passkey,
    ask_to_add,
    remove_passkey,
)
from nachtlicht.web.desk.account import show_account
from nachtlicht.web.desk.context import chat_of, desk_of
from nachtlicht.web.desk.door import let_in, sign_in_form
from nachtlicht.web.desk.forms import field
from nachtlicht.web.desk.guard import form_token, signed_in

passkeys = Blueprint("desk_passkeys")


@passkeys.post("/aanmelden/passkey/vraag", name="ask_to_sign_in", ctx_action="sign_in")
async def ask_for_one(request: Request) -> HTTPResponse:
    """Say what a passkey must sign; the answer is good for this browser only."""
    options = await desk_of(request).passkeys.ask(
        browser=form_token(request), place=request.client_ip, now=chat_of(request).settings.now()
    )
    return raw(options, content_type="application/json")


@passkeys.post("/aanmelden/passkey", name="sign_in", ctx_action="sign_in")
async def sign_in(request: Request) -> HTTPResponse:
    """Sign in with a passkey alone; always with a new token."""
    try:
        begun = await desk_of(request).passkeys.sign_in(
            field(request, "antwoord"),
            browser=form_token(request),
            place=request.client_ip,
            now=chat_of(request).settings.now(),
        )
    except (PasskeyRefused, TooManyTries) as error:
        return sign_in_form(request, error)
    return await let_in(request, begun.token)


@passkeys.post("/account/passkeys/vraag", name="ask_to_add", ctx_action="account")
async def ask_for_new(request: Request) -> HTTPResponse:
    """Say what a new passkey must be made from."""
    chat = chat_of(request)
    options = await ask_to_add(
        chat.store,
        Site.of(chat.settings),
        signed_in(request),
        browser=form_token(request),
        now=chat.settings.now(),
    )
    return raw(options, content_type="application/json")


@passkeys.post("/account/passkeys", name="add", ctx_action="account")
async def add(request: Request) -> HTTPResponse:
    """Keep a new passkey of mine."""
    chat = chat_of(request)
    try:
        await add_passkey(
            chat.store,
            Site.of(chat.settings),
            signed_in(request).person,
            field(request, "naam"),
            field(request, "antwoord"),
            browser=form_token(request),
            now=chat.settings.now(),
        )
    except StaffError as error:
        return await show_account(request, error)
    return redirect("/desk/account", status=303)


@passkeys.post("/account/passkeys/<passkey_id:uuid>/weg", name="remove", ctx_action="account")
async def remove(request: Request, passkey_id: uuid.UUID) -> HTTPResponse:
    """Remove one of my passkeys; another's is not found."""
    chat, person = chat_of(request), signed_in(request).person
    await remove_passkey(chat.store, passkey_id, owner=person.id, now=chat.settings.now())
    return redirect("/desk/account", status=303)
