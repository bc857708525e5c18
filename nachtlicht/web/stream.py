"""Sends the events of a talk: as a stream with heartbeat and resume, or as one long poll."""

from __future__ import annotations

import json
import uuid
from typing import Any

from sanic import HTTPResponse, Request
from sanic import json as json_response

from nachtlicht.chat import Chat, ConversationGone, TokenUnknown
from nachtlicht.chat.views import EventView
from nachtlicht.web.errors import RequestError

HEARTBEAT = 15.0  # seconds; phones and proxies drop a stream that is silent for longer
LOOK_AGAIN = 4  # heartbeats without news until a stream looks all the same: another process writes
LONGEST_WAIT = 25.0  # seconds of a long poll
SEQ_MAX = 2**31 - 1


async def answer_events(
    request: Request, chat: Chat, conversation_id: uuid.UUID
) -> HTTPResponse | None:
    """Answer a request for events after `after` (or `Last-Event-ID`); None when it was a stream.

    Raises:
        RequestError: a number in the query cannot be read.
        ChatError: the talk is gone, or `after` lies ahead of it.
    """
    after = _number(request, "after", request.headers.get("last-event-id") or "0", SEQ_MAX)
    if "wait" in request.args:
        wait = _number(request, "wait", "0", LONGEST_WAIT)
        return await _poll(chat, conversation_id, int(after), wait)
    await chat.events_after(conversation_id, int(after))  # refuse before the stream begins
    await _stream(request, chat, conversation_id, int(after))
    return None


def event_json(event: EventView) -> dict[str, Any]:
    """One event as the widget gets it."""
    shown: dict[str, Any] = {"seq": event.seq, "at": event.at.isoformat()}
    if event.message is None:
        return {**shown, "type": "state", "state": event.state}
    message = event.message
    told: dict[str, Any] = {
        "id": str(message.id),
        "author": message.author.value,
        "text": message.text,
        "buttons": [{"title": title} for title in message.buttons],
    }
    if message.client_id is not None:
        told["client_id"] = str(message.client_id)
    if message.name is not None:
        told["name"] = message.name
    return {**shown, "type": "message", "message": told}


async def _poll(chat: Chat, conversation_id: uuid.UUID, after: int, wait: float) -> HTTPResponse:
    with chat.youth.stream(conversation_id), chat.notifier.watch(conversation_id) as watch:
        page = await chat.events_after(conversation_id, after)
        if not page.events and wait and await watch.wait(wait):
            page = await chat.events_after(conversation_id, after)
    return json_response({"events": [event_json(event) for event in page.events], "seq": page.last})


async def _stream(request: Request, chat: Chat, conversation_id: uuid.UUID, after: int) -> None:
    """Send until the client goes, the talk is gone, or the process stops.

    The watch is taken before the first read, so that nothing falls between the two. The client
    says what it has seen; the server keeps no place for it.
    """
    response = await request.respond(
        content_type="text/event-stream; charset=utf-8", headers={"X-Accel-Buffering": "no"}
    )
    app = request.app
    with chat.youth.stream(conversation_id), chat.notifier.watch(conversation_id) as watch:
        await response.send(": nachtlicht\n\n")
        while not app.ctx.stopping:
            try:
                page = await chat.events_after(conversation_id, after)
            except (ConversationGone, TokenUnknown):
                await response.send('event: gone\ndata: {"type":"gone"}\n\n')
                break
            for event in page.events:
                await response.send(_framed(event))
                after = event.seq
            if after < page.last:
                continue
            for _ in range(LOOK_AGAIN):
                if await watch.wait(app.ctx.heartbeat):
                    break
                await response.send(": \n\n")
    await response.eof()


def _framed(event: EventView) -> str:
    told = event_json(event)
    data = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return f"id: {event.seq}\nevent: {told['type']}\ndata: {data}\n\n"


def _number(request: Request, name: str, default: str, most: float) -> float:
    raw = request.args.get(name, default)
    try:
        number = float(raw) if name == "wait" else int(raw)
    except ValueError:
        number = -1
    if not 0 <= number <= most:
        raise RequestError("query_invalid", 422, f"{name} must be a number from 0 to {most:g}.")
    return number
