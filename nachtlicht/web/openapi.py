"""Describes the young person's API by OpenAPI 3.1; a test holds it against the routes."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

TALK = {
    "name": "conversation_id",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "format": "uuid"},
}
ERROR = {"$ref": "#/components/responses/Error"}
MOMENT = {"type": "string", "format": "date-time"}
SEQ = {"type": "integer", "minimum": 0}
STATES = [
    *("bot", "waiting", "waiting_closed", "live", "live_lost_youth", "live_lost_staff"),
    *("wrap_up", "closed", "left"),
]


def document(
    start: type[BaseModel],
    line: type[BaseModel],
    leave: type[BaseModel],
    words: type[BaseModel],
    opinion: type[BaseModel],
) -> dict[str, Any]:
    """The document, with the bodies as the views read them."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Nachtlicht, the young person's side",
            "version": "1",
            "description": "Talks, lines and events. Every error has a code for programs, an "
            "English message and a Dutch text.",
        },
        "paths": {
            **_talk_paths(start, line, leave),
            **_waiting_and_after(opinion),
            **_coming_back(words),
            **_other_paths(),
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Event": _event(), "Error": _error()},
            "responses": {"Error": _answer("A refusal or a fault.", _ref("Error"))},
        },
    }


def _talk_paths(
    start: type[BaseModel], line: type[BaseModel], leave: type[BaseModel]
) -> dict[str, Any]:
    talk = "/api/v1/conversations/{conversation_id}"
    receipt = _object(id=_uuid(), seq=SEQ, client_id=_uuid(), at=MOMENT)
    return {
        "/api/v1/conversations": {
            "post": {
                "summary": "Begin a talk; the token is given this once.",
                "requestBody": _body(start),
                "responses": {
                    "201": _answer(
                        "The talk has begun.", _object(id=_uuid(), token=_text(), seq=SEQ)
                    ),
                    **_errors(400, 413, 415, 422, 429),
                },
            }
        },
        f"{talk}/messages": {
            "post": {
                **_secured("Send a line; a repeat with the same client_id is the same line."),
                "requestBody": _body(line),
                "responses": {
                    "201": _answer("Stored.", receipt),
                    "200": _answer("It was stored already.", receipt),
                    **_errors(400, 401, 409, 410, 413, 415, 422, 429),
                },
            }
        },
        f"{talk}/events": {"get": _events()},
        f"{talk}/exit": {
            "post": {
                "summary": "Quick exit: final. The token may be in the body, for beacons.",
                "parameters": [TALK],
                "security": [{"token": []}, {}],
                "requestBody": {**_body(leave), "required": False},
                "responses": _moved(400, 415, 422),
            }
        },
        f"{talk}/handoff": {
            "post": {**_secured("Ask for a human."), "responses": _moved()},
        },
        f"{talk}/handoff/decline": {
            "post": {**_secured("Rather no human; after danger it stays."), "responses": _moved()},
        },
        f"{talk}/forget": {
            "post": {**_secured("Wipe the talk, now."), "responses": _moved()},
        },
    }


def _coming_back(words: type[BaseModel]) -> dict[str, Any]:
    made, opened = _object(words=_text()), _object(id=_uuid(), token=_text(), seq=SEQ)
    return {
        "/api/v1/conversations/{conversation_id}/code": {
            "post": {
                **_secured("Make the words to come back with; others before them are dead."),
                "responses": {"201": _answer("Four words, shown once.", made), **_errors(401, 410)},
            }
        },
        "/api/v1/comeback": {
            "post": {
                "summary": "Open a talk by its words, with a new token.",
                "requestBody": _body(words),
                "responses": {
                    "200": _answer("The talk.", opened),
                    **_errors(400, 413, 415, 422, 429),
                },
            }
        },
    }


def _waiting_and_after(opinion: type[BaseModel]) -> dict[str, Any]:
    talk = "/api/v1/conversations/{conversation_id}"
    ahead = {"type": ["integer", "null"], "minimum": 0}
    return {
        f"{talk}/place": {
            "get": {
                **_secured("How many talks come first in the queue, at this moment."),
                "responses": {
                    "200": _answer("The number; null when it does not wait.", _object(ahead=ahead)),
                    **_errors(401, 410),
                },
            }
        },
        f"{talk}/opinion": {
            "post": {
                **_secured("Answer an end question; each counts once."),
                "requestBody": _body(opinion),
                "responses": {
                    "200": _answer("Counted.", _object(question=_text())),
                    **_errors(400, 401, 410, 413, 415, 422),
                },
            }
        },
    }


def _events() -> dict[str, Any]:
    page = _object(events={"type": "array", "items": _ref("Event")}, seq=SEQ)
    return {
        "summary": "What has happened after `after`: a stream, or with `wait` a long poll.",
        "security": [{"token": []}],
        "parameters": [
            TALK,
            {"name": "after", "in": "query", "schema": {**SEQ, "maximum": 2**31 - 1, "default": 0}},
            {
                "name": "wait",
                "in": "query",
                "description": "Seconds to wait for news.",
                "schema": {"type": "number", "minimum": 0, "maximum": 25},
            },
        ],
        "responses": {
            "200": {
                "description": "A page of events, or a stream with an Event in each `data`.",
                "content": {
                    "application/json": {"schema": page},
                    "text/event-stream": {"schema": {"type": "string"}},
                },
            },
            **_errors(401, 409, 410, 422),
        },
    }


def _other_paths() -> dict[str, Any]:
    return {
        "/api/v1/words": {
            "get": {
                "summary": "The widget's words, and the lines that are open now.",
                "parameters": [{"name": "entry", "in": "query", "schema": _text()}],
                "responses": {"200": _answer("Words.", {"type": "object"})},
            }
        },
        "/api/v1/openapi.json": {
            "get": {
                "summary": "This document.",
                "responses": {"200": _answer("The document.", {"type": "object"})},
            }
        },
    }


def _event() -> dict[str, Any]:
    title = _object(title=_text())
    message = _object(
        id=_uuid(),
        author={"enum": ["youth", "bot", "counsellor"]},
        text=_text(),
        buttons={"type": "array", "items": title},
    )
    message["properties"] |= {"client_id": _uuid(), "name": _text()}
    state = _object(
        state={"enum": STATES},
        holder={"enum": ["bot", "queue", "counsellor", None]},
        desk={"enum": ["open", "niemand", "dicht"]},
        opens={"type": ["string", "null"]},
        name={"type": ["string", "null"]},
    )
    event = _object(seq=SEQ, at=MOMENT, type={"enum": ["message", "state"]})
    event["properties"] |= {"message": message, "state": state}
    return event


def _error() -> dict[str, Any]:
    return _object(error=_object(code=_text(), message=_text(), text=_text()))


def _secured(summary: str) -> dict[str, Any]:
    return {"summary": summary, "parameters": [TALK], "security": [{"token": []}]}


def _moved(*more: int) -> dict[str, Any]:
    state = _object(state={"enum": STATES})
    return {"200": _answer("Where the talk stands now.", state), **_errors(401, 410, *more)}


def _errors(*statuses: int) -> dict[str, Any]:
    return {str(status): ERROR for status in sorted({*statuses, 404, 503})}


def _answer(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _body(shape: type[BaseModel]) -> dict[str, Any]:
    schema = shape.model_json_schema()
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _text() -> dict[str, Any]:
    return {"type": "string"}


def _uuid() -> dict[str, Any]:
    return {"type": "string", "format": "uuid"}
