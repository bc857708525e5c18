"""Turns a template into an answer: Dutch, escaped, without a script or style of its own."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import HTTPResponse, Request
from sanic.response import empty, html

from nachtlicht.chat.desk import words
from nachtlicht.chat.staff import allowed, allowed_somewhere
from nachtlicht.release import ZONE
from nachtlicht.web.desk.assets import asset_url
from nachtlicht.web.desk.context import chat_of
from nachtlicht.web.desk.guard import form_token, set_form_cookie

TEMPLATES = Path(__file__).resolve().parent / "templates"
AMBER, RED = dt.timedelta(seconds=60), dt.timedelta(seconds=120)
_DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")


@functools.cache
def environment() -> Environment:
    """The templates. What is not escaped is a fault; what is not there is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        time=time_words,
        second=second_words,
        moment=moment_words,
        waited=waited_words,
        iso=iso,
    )
    made.globals.update(asset=asset_url, level_words=words.LEVELS, entries=words.ENTRIES)
    return made


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTTPResponse:
    """Answer with a page or a fragment."""
    response = html(render(request, template, **values), status=status)
    set_form_cookie(request, response)
    return response


def fragment(request: Request, template: str, state: object, **values: Any) -> HTTPResponse:
    """Answer with a fragment, or with nothing when the page shows this `state` already.

    `state` is what the fragment is made of, without the running time: a page that asks every
    few seconds is left alone, and a screen reader with it.
    """
    known = hashlib.sha256(repr(state).encode()).hexdigest()[:20]
    if request.args.get("v") == known:
        return empty(204)
    return page(request, template, v=known, **values)


def version_of(state: object) -> str:
    """The name of a state, as `fragment` compares it."""
    return hashlib.sha256(repr(state).encode()).hexdigest()[:20]


def render(request: Request, template: str, **values: Any) -> str:
    """Fill a template with `values` and with what every page needs."""
    signed_in = request.ctx.signed_in
    person = signed_in.person if signed_in else None
    return (
        environment()
        .get_template(template)
        .render(
            now=chat_of(request).settings.now(),
            person=person,
            csrf=form_token(request),
            may=lambda action, talk=None: (
                allowed(action, person, talk) if talk else allowed_somewhere(action, person)
            ),
            path=request.path,
            **values,
        )
    )


def time_words(at: dt.datetime) -> str:
    """A time of the day in Amsterdam: "03.12"."""
    return f"{at.astimezone(ZONE):%H.%M}"


def moment_words(at: dt.datetime) -> str:
    """A day and a time in Amsterdam: "woensdag 25-11, 03.12 uur"."""
    local = at.astimezone(ZONE)
    return f"{_DAYS[local.weekday()]} {local:%d-%m}, {local:%H.%M} uur"


def second_words(at: dt.datetime) -> str:
    """A moment to the second in Amsterdam, as the audit needs it: "25-11-2026 03.12.07"."""
    return f"{at.astimezone(ZONE):%d-%m-%Y %H.%M.%S}"


def waited_words(since: dt.datetime, now: dt.datetime) -> str:
    """How long ago, as a clock: "0:42", "12:05", "1:02:10"."""
    seconds = max(0, int((now - since).total_seconds()))
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def iso(at: dt.datetime) -> str:
    """A moment for a machine."""
    return at.astimezone(dt.UTC).isoformat(timespec="milliseconds")
