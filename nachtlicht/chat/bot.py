"""Asks the bot (Rasa) what it would say. Whatever goes wrong there is one thing here: silence."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import secrets
from collections.abc import Mapping
from typing import Any, Literal

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from nachtlicht.settings import Settings

TIMEOUT = 3.0  # seconds; a young person who waits longer thinks that nobody is there
MAX_TEXT = 2_000  # characters: the beginning and the end; what matters is seldom in between
TURNS_A_SENDER = 60  # Rasa walks through the whole tracker at every turn
NOT_UNDERSTOOD = 0.5  # confidence below which an intent is no more than a guess

_DOOR = "/webhooks/nachtlicht/"

Why = Literal["slow", "unreachable", "status", "garbage", "empty"]


class BotSilent(Exception):
    """The bot gave no answer that can be used; `why` is a closed word, for the counts."""

    code = "bot_silent"

    def __init__(self, why: Why) -> None:
        self.why = why
        super().__init__(f"The bot is silent: {why}.")


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore")


class BotButton(_Shape):
    """A button: what it shows, and what it means to the bot or to the chat."""

    title: str
    payload: str


class BotMessage(_Shape):
    """One line of the bot; `custom` is a request to the chat, such as {"type": "handoff"}."""

    text: str | None = None
    buttons: list[BotButton] | None = None
    custom: dict[str, Any] | None = None


class _Intent(_Shape):
    name: str | None = None
    confidence: float = 0.0


class BotAnswer(_Shape):
    """The answer of the bot to one line."""

    messages: list[BotMessage]
    intent: _Intent = _Intent()

    @property
    def is_guess(self) -> bool:
        """Whether the bot itself says that it did not understand."""
        return self.intent.name in (None, "nlu_fallback") or (
            self.intent.confidence < NOT_UNDERSTOOD
        )


@dataclasses.dataclass(frozen=True)
class Ask:
    """One line for the bot. `payload` is that of the tapped button, `/intent…`, or None."""

    sender: str
    text: str
    payload: str | None
    context: Mapping[str, str | None]


class BotClient:
    """The way to the bot's own channel, with its secret."""

    def __init__(self, settings: Settings, *, timeout: float = TIMEOUT) -> None:
        self._timeout = timeout
        self._http = httpx.AsyncClient(
            base_url=settings.bot_url,
            headers={"X-Nachtlicht-Secret": settings.bot_secret},
            timeout=httpx.Timeout(timeout),
            trust_env=False,  # a proxy of the machine must never see a young person's words
            verify=settings.bot_url.startswith("https:"),  # on loopback there is nothing to check
            limits=httpx.Limits(max_connections=100, max_keepalive_connections=20),
        )

    async def ask(self, ask: Ask) -> BotAnswer:
        """The bot's answer to one line.

        Raises:
            BotSilent: it did not answer within the time, not with 200, not with JSON of the
                agreed shape, or with nothing to say.
        """
        body = {
            "sender": ask.sender,
            "text": for_bot(ask.text),
            "payload": ask.payload,
            "context": dict(ask.context),
        }
        answer = _parsed(await self._post("webhook", body))
        if not any(message.text or message.custom for message in answer.messages):
            raise BotSilent("empty")
        return answer

    async def tell(self, ask: Ask) -> None:
        """Let the bot know of a line that is answered already; what it says is not used."""
        try:
            await self.ask(ask)
        except BotSilent:
            return

    async def forget(self, sender: str) -> None:
        """Let the bot drop what it remembers under `sender`.

        Raises:
            BotSilent: it did not say within the time that it has.
        """
        await self._post("forget", {"sender": sender})

    async def health(self) -> str | None:
        """The release that the bot runs, or None when it does not answer."""
        try:
            answer = await self._http.get(_DOOR, timeout=1.0)
            found = answer.json() if answer.status_code == httpx.codes.OK else None
        except (httpx.HTTPError, ValueError):
            return None
        return str(found.get("release")) if isinstance(found, dict) else None

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _post(self, verb: str, body: Mapping[str, Any]) -> bytes:
        raw = json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"}
        try:
            # Around all of it: httpx would start anew with every piece of a trickling answer.
            async with asyncio.timeout(self._timeout):
                answer = await self._http.post(f"{_DOOR}{verb}", content=raw, headers=headers)
        except (TimeoutError, httpx.TimeoutException) as error:
            raise BotSilent("slow") from error
        except httpx.HTTPError as error:
            raise BotSilent("unreachable") from error
        if answer.status_code != httpx.codes.OK:
            raise BotSilent("status")
        return answer.content


def for_bot(text: str) -> str:
    """The text as the bot may have it: a leading slash would be read as a command.

    Of a long text it gets the beginning and the end, `MAX_TEXT` characters together; what is
    nothing but slashes becomes a question mark.
    """
    plain = text.lstrip("/ \t\r\n\u00a0\u200b\ufeff").rstrip()
    if len(plain) > MAX_TEXT:
        half = (MAX_TEXT - 1) // 2
        plain = f"{plain[:half]} {plain[-half:]}"
    return plain or "?"


def new_sender() -> str:
    """A random name for the bot's tracker; it says nothing about the talk."""
    return secrets.token_hex(16)


def _parsed(raw: bytes) -> BotAnswer:
    try:
        return BotAnswer.model_validate_json(raw)
    except ValidationError:  # not chained: it quotes what it was given
        raise BotSilent("garbage") from None
