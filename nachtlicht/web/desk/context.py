"""What the desk's handlers find in the running app."""

from __future__ import annotations

import dataclasses
from typing import cast

from sanic import Request

from nachtlicht.chat import Chat
from nachtlicht.chat.staff import PasskeyDoor, SignIn, Site, Throttle


@dataclasses.dataclass(frozen=True)
class Desk:
    """The parts that only the desk uses; one for each running app."""

    sign_in: SignIn
    passkeys: PasskeyDoor


def chat_of(request: Request) -> Chat:
    """The chat of the app; `nachtlicht.web` puts it there before the first request."""
    return cast(Chat, request.app.ctx.chat)


def desk_of(request: Request) -> Desk:
    """The desk of the app, made at the first request."""
    app = request.app
    if not hasattr(app.ctx, "desk"):
        chat, throttle = chat_of(request), Throttle()
        passkeys = PasskeyDoor(chat.store, Site.of(chat.settings), throttle)
        app.ctx.desk = Desk(SignIn(chat.store, throttle), passkeys)
    return cast(Desk, app.ctx.desk)
