"""The queue and what keeps a console live: the stream of nudges, fragments, the heartbeat."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from typing import Any

from sanic import Blueprint, HTTPResponse, Request, redirect
from sanic.response import empty

from nachtlicht.chat import Chat
from nachtlicht.chat.desk import QueueView, Waiting, heartbeat, queue
from nachtlicht.chat.notifier import Watch
from nachtlicht.chat.staff import allowed, find_session, set_available
from nachtlicht.web.desk.context import chat_of
from nachtlicht.web.desk.forms import field
from nachtlicht.web.desk.guard import COOKIE, cookie, signed_in
from nachtlicht.web.desk.pages import fragment, page, version_of

BEAT = 10.0  # seconds between two beats on the stream
STREAM_LIFE = 600.0  # seconds; then the page connects anew, so that no stream is forgotten

live = Blueprint("desk_live")


@live.get("", name="queue", ctx_action="queue")
async def queue_page(request: Request) -> HTTPResponse:
    """Show who waits, most urgent first."""
    seen = await queue(chat_of(request), signed_in(request).person)
    return page(request, "wachtrij.html", **sides(seen, desk=_chosen_desk(request, seen)))


@live.get("/wachtrij/lijst", name="queue_list", ctx_action="queue", ctx_background=True)
async def queue_list(request: Request) -> HTTPResponse:
    """Give the list of the queue anew, if it changed."""
    seen = await queue(chat_of(request), signed_in(request).person)
    desk = _chosen_desk(request, seen)
    rows = _rows(seen, desk)
    return fragment(request, "_lijst.html", rows, queue=seen, rows=rows, desk=desk)


@live.get("/zijbalk", name="sidebar", ctx_action="queue", ctx_background=True)
async def sidebar(request: Request) -> HTTPResponse:
    """Give the side of the page anew, if it changed: my talks, the queue, who is there."""
    seen = await queue(chat_of(request), signed_in(request).person)
    here = request.args.get("hier", "")
    return fragment(request, "_zijbalk.html", (seen, here), queue=seen, here=here)


@live.post("/hartslag", name="heartbeat", ctx_action="presence", ctx_background=True)
async def beat(request: Request) -> HTTPResponse:
    """Keep this console, and the talks that it holds, alive; tell when the session ends soon."""
    session = signed_in(request)
    await heartbeat(chat_of(request), session.person)
    return page(request, "_sessie.html", session=session)


@live.post("/nog-hier", name="still_here", ctx_action="presence")
async def still_here(request: Request) -> HTTPResponse:
    """Somebody pressed a button: that alone makes the session last."""
    return empty(204)


@live.post("/pauze", name="pause", ctx_action="presence")
async def pause(request: Request) -> HTTPResponse:
    """Pause, or be there again."""
    chat, person = chat_of(request), signed_in(request).person
    available = field(request, "pauze") != "1"
    await set_available(chat.store, person.id, available=available, now=chat.settings.now())
    chat.notifier.queue_changed()
    return redirect("/desk", status=303)


@live.get("/stroom", name="stream", ctx_action="queue", ctx_background=True)
async def stream(request: Request) -> None:
    """Tell the page to look again: `wachtrij`, `gesprek`, and a beat that it must answer.

    The stream carries no content. The beat is what a page in the background still hears when
    its own timers are slowed down; it answers with a heartbeat.
    """
    chat, person = chat_of(request), signed_in(request).person
    response = await request.respond(
        content_type="text/event-stream", headers={"x-accel-buffering": "no"}
    )
    assert response is not None  # noqa: S101 - Sanic gives one unless the request was answered
    await response.send(": welkom\n\n")
    async for name in _nudges(request, chat, person.id):
        await response.send(f"event: {name}\ndata: {name}\n\n")
    await response.eof()


def sides(seen: QueueView, here: str = "", *, desk: str = "") -> dict[str, Any]:
    """What the page around a talk or the queue needs; `here` is the talk on the page.

    With `desk` the list on the queue's page is that of one desk.
    """
    rows = _rows(seen, desk)
    return {
        "queue": seen,
        "here": here,
        "rows": rows,
        "desk": desk,
        "list_version": version_of(rows),
        "side_version": version_of((seen, here)),
    }


async def sides_for(request: Request) -> dict[str, Any]:
    """The same for pages beside the desk: who may take talks must hear of them there too."""
    person = signed_in(request).person
    if not allowed("queue", person):
        return {}
    return sides(await queue(chat_of(request), person))


def _chosen_desk(request: Request, seen: QueueView) -> str:
    asked = request.args.get("desk", "")
    return asked if asked in {desk.code for desk in seen.desks} else ""


def _rows(seen: QueueView, desk: str) -> tuple[Waiting, ...]:
    return tuple(row for row in seen.waiting if desk in ("", row.desk_code))


async def _nudges(request: Request, chat: Chat, person_id: uuid.UUID) -> AsyncIterator[str]:
    """Yield the name of what changed, until the session or the stream's time is over."""
    watched = request.args.get("gesprek", "")
    talk_id = uuid.UUID(watched) if _is_uuid(watched) else uuid.uuid4()
    now = time.monotonic()
    ends, next_beat = now + STREAM_LIFE, now + BEAT
    with chat.notifier.watch_queue() as queue_watch, chat.notifier.watch(talk_id) as talk_watch:
        watches = {"wachtrij": queue_watch, "gesprek": talk_watch}
        for name in watches:
            yield name  # what changed since the page was made, nobody has told it yet
        while now < ends:
            for name in await _first_of(watches, max(0.0, next_beat - now)):
                yield name
            if request.app.ctx.stopping:
                return
            now = time.monotonic()
            if now >= next_beat:
                next_beat = now + BEAT
                if not await _is_still_in(request, chat):
                    return
                yield "slag"


async def _first_of(watches: dict[str, Watch], seconds: float) -> list[str]:
    """The names of the watches that woke first; none when the time ran out."""
    tasks = {asyncio.create_task(watch.wait(seconds)): name for name, watch in watches.items()}
    try:
        done, _pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()  # a change that it did not tell stays for the next wait
    return [tasks[task] for task in done if task.result()]


async def _is_still_in(request: Request, chat: Chat) -> bool:
    token = cookie(request, COOKIE) or ""
    found = await find_session(chat.store, token, now=chat.settings.now(), touch=False)
    return found is not None


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
