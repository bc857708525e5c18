"""The young person's API: views that parse, call one verb of the chat, and answer."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StrictBool, StrictStr, StringConstraints
from sanic import Blueprint, HTTPResponse, Request
from sanic import json as json_response

from nachtlicht.chat import Chat
from nachtlicht.web.body import read_body
from nachtlicht.web.limits import Limits
from nachtlicht.web.openapi import document
from nachtlicht.web.stream import answer_events
from nachtlicht.web.words import words_for

blueprint = Blueprint("youth", url_prefix="/api/v1")

Token = Annotated[str, StringConstraints(strict=True, max_length=128)]


class StartBody(BaseModel):
    """What begins a talk: by which door, tagged by whom, and whether it is only a test."""

    model_config = ConfigDict(extra="ignore")

    entry: StrictStr = "algemeen"
    source: StrictStr | None = None
    test: StrictBool = False


class LineBody(BaseModel):
    """One line, with the name that the client gave it."""

    model_config = ConfigDict(extra="ignore")

    client_id: uuid.UUID
    text: StrictStr


class LeaveBody(BaseModel):
    """A beacon cannot carry a header, so here the token may be in the body."""

    model_config = ConfigDict(extra="ignore")

    token: Token | None = None


class OpinionBody(BaseModel):
    """One answer to one end question."""

    model_config = ConfigDict(extra="ignore")

    question: Annotated[str, StringConstraints(strict=True, max_length=32)]
    answer: Annotated[str, StringConstraints(strict=True, max_length=32)]


class WordsBody(BaseModel):
    """The words that open a talk again."""

    model_config = ConfigDict(extra="ignore")

    words: Annotated[str, StringConstraints(strict=True, max_length=200)]


@blueprint.post("/conversations", name="start")
async def start(request: Request) -> HTTPResponse:
    """Begin a talk. The token in the answer is given this once."""
    body = read_body(request, StartBody)
    await _limits(request).check_start(request)
    limits = _limits(request)
    started = await _chat(request).start(
        entry=body.entry,
        source=body.source,
        is_test=body.test,
        resembles_blocked=limits.resembles_blocked(request),
    )
    limits.saw(request, started.id)
    answer = {"id": str(started.id), "token": started.token, "seq": started.seq}
    return json_response(answer, status=201)


@blueprint.post("/conversations/<conversation_id:uuid>/messages", name="line")
async def line(request: Request, conversation_id: uuid.UUID) -> HTTPResponse:
    """Take a line: 201 when it is stored, 200 when it was already."""
    await _opened(request, conversation_id)
    body = read_body(request, LineBody)
    _limits(request).saw(request, conversation_id)
    over = await _limits(request).is_over(request, conversation_id)
    receipt = await _chat(request).receive(
        conversation_id, body.client_id, body.text, is_over_limit=over
    )
    answer = {
        "id": str(receipt.id),
        "seq": receipt.seq,
        "client_id": str(receipt.client_id),
        "at": receipt.at.isoformat(),
    }
    return json_response(answer, status=200 if receipt.is_repeat else 201)


@blueprint.get("/conversations/<conversation_id:uuid>/events", name="events")
async def events(request: Request, conversation_id: uuid.UUID) -> HTTPResponse | None:
    """The news of a talk: a stream, or with `wait` a long poll."""
    await _opened(request, conversation_id)
    return await answer_events(request, _chat(request), conversation_id)


@blueprint.post("/conversations/<conversation_id:uuid>/exit", name="exit")
async def leave(request: Request, conversation_id: uuid.UUID) -> HTTPResponse:
    """Quick exit; also by beacon, with the token in the body."""
    token = _bearer(request)
    if token is None and request.body:
        token = read_body(request, LeaveBody, also=("text/plain",)).token
    chat = _chat(request)
    await chat.authenticate(conversation_id, token or "")
    return _state(await chat.exit(conversation_id))


@blueprint.post("/conversations/<conversation_id:uuid>/handoff", name="handoff")
async def handoff(request: Request, conversation_id: uuid.UUID) -> HTTPResponse:
    """The young person wants a human."""
    await _opened(request, conversation_id)
    return _state(await _chat(request).request_handoff(conversation_id))


@blueprint.post("/conversations/<conversation_id:uuid>/handoff/decline", name="decline")
async def decline(request: Request, conversation_id: uuid.UUID) -> HTTPResponse:
    """The young person would rather not have a human."""
    await _opened(request, conversation_id)
    return _state(await _chat(request).decline_handoff(conversation_id))


@blueprint.post("/conversations/<conversation_id:uuid>/forget", name="forget")
async def forget(request: Request, conversation_id: uuid.UUID) -> HTTPResponse:
    """Wipe the talk, now."""
    await _opened(request, conversation_id)
    return _state(await _chat(request).forget(conversation_id))


@blueprint.post("/conversations/<conversation_id:uuid>/code", name="code")
async def make_code(request: Request, conversation_id: uuid.UUID) -> HTTPResponse:
    """Make the words with which the young person can come back; shown this once."""
    await _opened(request, conversation_id)
    return json_response({"words": await _chat(request).make_code(conversation_id)}, status=201)


@blueprint.post("/comeback", name="comeback")
async def come_back(request: Request) -> HTTPResponse:
    """Open a talk by its words. The token is a new one; the old one is dead."""
    body = read_body(request, WordsBody)
    await _limits(request).check_code(request)
    back = await _chat(request).come_back(body.words)
    return json_response({"id": str(back.id), "token": back.token, "seq": back.seq})


@blueprint.get("/conversations/<conversation_id:uuid>/place", name="place")
async def place(request: Request, conversation_id: uuid.UUID) -> HTTPResponse:
    """How many come first in the queue; null when the talk does not wait at an open desk."""
    await _opened(request, conversation_id)
    return json_response({"ahead": await _chat(request).place_in_queue(conversation_id)})


@blueprint.post("/conversations/<conversation_id:uuid>/opinion", name="opinion")
async def opinion(request: Request, conversation_id: uuid.UUID) -> HTTPResponse:
    """One tap on an end question."""
    await _opened(request, conversation_id)
    body = read_body(request, OpinionBody)
    await _chat(request).give_opinion(conversation_id, body.question, body.answer)
    return json_response({"question": body.question})


@blueprint.get("/words", name="words")
async def words(request: Request) -> HTTPResponse:
    """The widget's words for an entry, and the safety card with the lines that are open now."""
    entry = request.args.get("entry") or "algemeen"
    chat = _chat(request)
    return json_response(words_for(chat.releases.release, entry, chat.settings.now()))


@blueprint.get("/openapi.json", name="openapi")
async def openapi(_request: Request) -> HTTPResponse:
    """This API, described."""
    return json_response(document(StartBody, LineBody, LeaveBody, WordsBody, OpinionBody))


async def _opened(request: Request, conversation_id: uuid.UUID) -> None:
    await _chat(request).authenticate(conversation_id, _bearer(request) or "")


def _bearer(request: Request) -> str | None:
    """The token of the header; Sanic's own reading would take one from other schemes too."""
    scheme, _, token = (request.headers.get("authorization") or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _state(state: Any) -> HTTPResponse:
    return json_response({"state": state.value})


def _chat(request: Request) -> Chat:
    chat: Chat = request.app.ctx.chat
    return chat


def _limits(request: Request) -> Limits:
    limits: Limits = request.app.ctx.limits
    return limits
