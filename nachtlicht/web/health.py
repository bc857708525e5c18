"""Whether the process is alive, whether it can do its work, and its numbers."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

import httpx
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sanic import Blueprint, HTTPResponse, Request
from sanic import json as json_response
from sqlalchemy.exc import SQLAlchemyError

from nachtlicht.chat import Chat

blueprint = Blueprint("health")

PATIENCE = 1.0  # seconds for each part to give a sign of life


@blueprint.get("/healthz", name="healthz")
async def healthz(_request: Request) -> HTTPResponse:
    """Alive: the loop turns."""
    return json_response({"status": "ok"})


@blueprint.get("/readyz", name="readyz")
async def readyz(request: Request) -> HTTPResponse:
    """Each part with its state; 200 as long as lines can be taken, judged and brought to the desk.

    `ready` when all is well, `degraded` when the classifier (then the rules stand alone), the
    bot, the actions or a new release is not, and
    `down`, with 503, when the store or the rules don't work.
    """
    chat: Chat = request.app.ctx.chat
    store, bot, actions = await asyncio.gather(
        _store(chat), _bot(chat), _actions(request.app.ctx.actions)
    )
    release = chat.releases.release
    parts: dict[str, dict[str, Any]] = {
        "store": store,
        "release": {
            "ok": chat.releases.problem is None,
            "id": release.id,
            "problem": chat.releases.problem,
        },
        "rules": {"ok": True, "release": release.id},
        "classifier": {"ok": chat.releases.live.classifier is not None},
        "bot": bot,
        "actions": actions,
    }
    works = store["ok"]
    status = "ready" if all(part["ok"] for part in parts.values()) else "degraded"
    answer = {"status": status if works else "down", "parts": parts}
    return json_response(answer, status=HTTPStatus.OK if works else HTTPStatus.SERVICE_UNAVAILABLE)


@blueprint.get("/metrics", name="metrics")
async def metrics(request: Request) -> HTTPResponse:
    """Numbers for Prometheus; never a word of a talk."""
    body = generate_latest(request.app.ctx.metrics.registry)
    return HTTPResponse(body, content_type=CONTENT_TYPE_LATEST)


async def _store(chat: Chat) -> dict[str, Any]:
    try:
        async with asyncio.timeout(PATIENCE):
            await chat.store.ping()
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        return {"ok": False, "problem": type(error).__name__}
    return {"ok": True, "kind": chat.store.kind}


async def _bot(chat: Chat) -> dict[str, Any]:
    running = await chat.bot.health()
    if running is None:
        return {"ok": False, "problem": "no answer"}
    return {"ok": True, "release": running}


async def _actions(http: httpx.AsyncClient) -> dict[str, Any]:
    try:
        answer = await http.get("/health")
    except httpx.HTTPError:
        return {"ok": False, "problem": "no answer"}
    return {"ok": answer.status_code == HTTPStatus.OK}
