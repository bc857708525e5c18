"""A stand-in for the bot's own channel: a real HTTP server that says what a test tells it to."""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections.abc import Callable
from typing import Any

from sanic import HTTPResponse, Request, Sanic
from sanic import json as json_response

from tests.support.serve import serving

Answer = Callable[[dict[str, Any]], Any]


def says(*texts: str, intent: str = "praatje", confidence: float = 0.9, **more: Any) -> Any:
    """The body of an answer with these lines; `more` goes on the last one."""
    messages: list[dict[str, Any]] = [{"text": text} for text in texts] or [{}]
    messages[-1].update(more)
    return {"messages": messages, "intent": {"name": intent, "confidence": confidence}}


class FakeRasa:
    """Keeps what it was asked. `answer` makes the body; a test may put another in its place.

    `status` and `delay` (seconds) make it fail; `raw` is sent as it is. While `is_held` nothing is
    answered.
    """

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.answer: Answer = lambda body: says(f"bot: {body['text']}")
        self.status, self.delay, self.is_held = 200, 0.0, False
        self.raw: str | None = None
        self.was_asked = threading.Event()
        self.forgotten: list[str] = []
        self.url = ""

    async def webhook(self, request: Request) -> HTTPResponse:
        body = request.json
        self.asked.append(body)
        self.secrets.append(request.headers.get("x-nachtlicht-secret"))
        self.was_asked.set()
        if self.delay:
            await asyncio.sleep(self.delay)
        await self._held()
        if self.raw is not None:
            return HTTPResponse(self.raw, status=self.status)
        return json_response(self.answer(body), status=self.status)

    async def forget(self, request: Request) -> HTTPResponse:
        await self._held()
        self.forgotten.append(request.json["sender"])
        return json_response({"forgotten": True}, status=self.status)

    async def _held(self) -> None:
        while self.is_held:  # noqa: ASYNC110 - the test that lets go is in another thread
            await asyncio.sleep(0.005)

    async def health(self, _request: Request) -> HTTPResponse:
        return json_response({"status": "ok", "release": "fake"})


class RasaThread:
    """Serves one fake bot from a thread of its own, for a whole test run."""

    def __init__(self) -> None:
        self.fake = FakeRasa()
        self._up, self._stop = threading.Event(), asyncio.Event()
        self._thread = threading.Thread(target=asyncio.run, args=(self._serve(),), daemon=True)

    def __enter__(self) -> RasaThread:
        self._thread.start()
        self._up.wait(60)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def reset(self) -> FakeRasa:
        """The fake as it was at the start."""
        url = self.url
        self.fake.__init__()  # type: ignore[misc]
        self.fake.url = url
        return self.fake

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        app = Sanic(f"rasa-{secrets.token_hex(4)}", configure_logging=False)
        app.add_route(self.fake.webhook, "/webhooks/nachtlicht/webhook", methods=["POST"])
        app.add_route(self.fake.forget, "/webhooks/nachtlicht/forget", methods=["POST"])
        app.add_route(self.fake.health, "/webhooks/nachtlicht/", methods=["GET"])
        async with serving(app) as self.url:
            self._up.set()
            await self._stop.wait()
