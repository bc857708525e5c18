"""The only door to the bot: for the web app alone, with a shared secret, on the private network."""

from __future__ import annotations

import asyncio
import hmac
import inspect
import json
import logging
import os
import re
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.constants import DEFAULT_INTENTS
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import logs, release, tuning
from bot.context import ContextError, clean

logger = logging.getLogger(__name__)

SECRET_ENV = "NACHTLICHT_BOT_SECRET"  # noqa: S105 (the name of a variable)
SECRET_HEADER = "X-Nachtlicht-Secret"  # noqa: S105 (the name of a header)
SENDER = re.compile(r"[A-Za-z0-9_.:-]{1,128}")
PAYLOAD = re.compile(r"/([a-z_]{1,64})")
MAX_BODY = 256 * 1024  # bytes
MAX_TEXT = 10_000  # characters; the web app refuses longer ones too
READ = 2_000  # characters that go to the model: the beginning and the end of a longer text
ANSWER_WITHIN = 10.0  # seconds; the web app has given up long before
MAX_PARSE = 500  # texts in one call
STILL_BUSY = 0.1  # seconds between two looks whether a talk that must go is still being answered


class ChannelError(Exception):
    """A request that is refused; `message` never holds anything a person wrote."""

    def __init__(self, http_status: int, code: str, message: str) -> None:
        """Keep what the answer needs."""
        super().__init__(message)
        self.http_status, self.code = http_status, code


class Collector(CollectingOutputChannel):
    """Keeps each reply whole: its text, buttons and custom part in one message."""

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one reply; what has neither text nor custom part is no reply."""
        text, custom = message.get("text") or "", message.get("custom") or {}
        buttons = [
            {"title": b["title"], "payload": b["payload"]} for b in message.get("buttons") or ()
        ]
        if text or custom:
            self.messages.append({"text": text.strip(), "buttons": buttons, "custom": custom})


class NachtlichtChannel(InputChannel):
    """Takes a message with the web app's judgement, and answers with texts and the intent.

    What a person typed never reaches Rasa with a slash in front: Rasa would read it as a
    command (`/restart`) or as an intent. An intent comes in `payload` alone, from a button
    that the web app itself has sent, and must be one of the domain's.
    """

    def __init__(self, secret: str) -> None:
        """Open the door for who knows `secret`."""
        self._secret = secret.encode()

    @classmethod
    def name(cls) -> str:
        """Return the part of the address under /webhooks/."""
        return "nachtlicht"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """Make the channel; refuse to start without a secret.

        Here, after Rasa has set itself up, its logs are made silent and a limit is lifted.
        """
        secret = os.environ.get(SECRET_ENV, "")
        if len(secret) < 16:
            raise SystemExit(f"{SECRET_ENV} must be set, 16 characters or more.")
        logs.harden()
        tuning.remember_all_rules()
        return cls(secret)

    def blueprint(
        self, on_new_message: Callable[[UserMessage], Awaitable[Any]]
    ) -> Blueprint:  # pragma: no cover (run in a process of its own)
        """Return the four routes: health, webhook, forget and parse."""
        module = inspect.getmodule(self)
        blueprint = Blueprint("nachtlicht_channel", module.__name__ if module else None)

        @blueprint.route("/", methods=["GET"])
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok", "release": release.served()})

        @blueprint.route("/webhook", methods=["POST"])
        async def webhook(request: Request) -> HTTPResponse:
            return await self._guarded(request, self._answer)

        @blueprint.route("/forget", methods=["POST"])
        async def forget(request: Request) -> HTTPResponse:
            return await self._guarded(request, self._forget)

        @blueprint.route("/parse", methods=["POST"])
        async def parse(request: Request) -> HTTPResponse:
            return await self._guarded(request, self._parse)

        return blueprint

    async def _guarded(
        self, request: Request, handle: Callable[[Any, dict[str, Any]], Awaitable[dict[str, Any]]]
    ) -> HTTPResponse:
        """Check the secret and the body, run `handle`, and turn every fault into a status."""
        try:
            self._check_secret(request)
            answer = await asyncio.wait_for(
                handle(request.app.ctx.agent, _body(request)), ANSWER_WITHIN
            )
            return response.json(answer)
        except ChannelError as error:
            return response.json({"error": error.code}, status=error.http_status)
        except Exception as error:
            # Anything at all, told without its words: they may quote what a person wrote.
            logger.error("A message was not answered: %s", logs.where(error))
            return response.json({"error": "bot_failed"}, status=500)

    def _check_secret(self, request: Request) -> None:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self._secret):
            raise ChannelError(401, "secret_wrong", "The secret is missing or wrong.")

    async def _answer(self, agent: Any, body: dict[str, Any]) -> dict[str, Any]:
        """Let the bot answer one message."""
        sender, text = _sender(body), typed(body.get("text"))
        try:
            context = clean(body.get("context"))
        except ContextError as error:
            raise ChannelError(400, "context_wrong", str(error)) from error
        payload = body.get("payload")
        if payload is not None:
            text = allowed_payload(payload, agent.domain.intents)
        collector = Collector()
        await agent.handle_message(
            UserMessage(text, collector, sender, input_channel=self.name(), metadata=context)
        )
        if not collector.messages and context["level"] != "acute":
            # Nothing to say is a fault, save when the web app has already spoken.
            raise ChannelError(500, "bot_failed", "The bot had no answer.")
        tracker = await agent.tracker_store.retrieve(sender)
        parsed = tracker.latest_message.parse_data if tracker and tracker.latest_message else {}
        return {"messages": collector.messages, **judged(parsed)}

    async def _forget(self, agent: Any, body: dict[str, Any]) -> dict[str, Any]:
        """Drop what is remembered of one talk; the second call finds nothing, and is no error.

        It waits for the line that is being answered, which would be remembered after all.
        """
        sender = _sender(body)
        async with agent.lock_store.lock(sender, wait_time_in_seconds=STILL_BUSY):
            await agent.tracker_store.save(DialogueStateTracker.from_events(sender, []))
        return {"forgotten": True}

    async def _parse(self, agent: Any, body: dict[str, Any]) -> dict[str, Any]:
        """Understand texts without answering them."""
        texts = body.get("texts")
        if not isinstance(texts, list) or len(texts) > MAX_PARSE:
            raise ChannelError(400, "texts_wrong", f"texts must be a list of at most {MAX_PARSE}.")
        results = []
        for text in map(typed, texts):
            found = judged(await agent.parse_message(text))
            results.append({**found["intent"], "ranking": found["ranking"]})
        keys = {"name": "intent"}
        return {"results": [{keys.get(k, k): v for k, v in row.items()} for row in results]}


def typed(text: Any) -> str:
    """Return what a person typed as the model may read it: no command, and not too long.

    Raises:
        ChannelError: it is no text, or longer than the web app lets through.
    """
    if not isinstance(text, str):
        raise ChannelError(400, "text_missing", "There is no text.")
    if len(text) > MAX_TEXT:
        raise ChannelError(413, "text_too_long", f"A text has at most {MAX_TEXT} characters.")
    plain = text.lstrip(" \t\r\n\v\f/\\\u00a0\u200b\u200c\u200d\u2060\ufeff")
    if len(plain) > READ:
        plain = f"{plain[: READ // 2]} {plain[-READ // 2 :]}"
    return plain


def allowed_payload(payload: Any, intents: list[str]) -> str:
    """Return the payload of a button when it is `/` and an intent of ours.

    Raises:
        ChannelError: it is anything else.
    """
    match = PAYLOAD.fullmatch(payload) if isinstance(payload, str) else None
    if match is None or match.group(1) in DEFAULT_INTENTS or match.group(1) not in intents:
        raise ChannelError(400, "payload_unknown", "The payload is no intent of the bot.")
    return str(payload)


def judged(parsed: dict[str, Any]) -> dict[str, Any]:
    """Return the intent and the ranking of a parsed message, with short numbers."""
    ranking = [_short(row) for row in parsed.get("intent_ranking") or ()][:5]
    return {"intent": _short(parsed.get("intent") or {}), "ranking": ranking}


def _short(row: dict[str, Any]) -> dict[str, Any]:
    return {"name": row.get("name"), "confidence": round(float(row.get("confidence") or 0.0), 4)}


def _sender(body: dict[str, Any]) -> str:
    sender = body.get("sender")
    if not isinstance(sender, str) or not SENDER.fullmatch(sender):
        raise ChannelError(400, "sender_missing", "Each talk needs its own sender.")
    return sender


def _body(request: Request) -> dict[str, Any]:
    if len(request.body) > MAX_BODY:
        raise ChannelError(413, "body_too_large", "The body is too large.")
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise ChannelError(400, "json_broken", "The body is no JSON.") from error
    if not isinstance(body, dict):
        raise ChannelError(400, "body_wrong", "The body must be an object.")
    return body
