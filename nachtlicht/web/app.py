"""Puts the web app together: parts, routes, and the work that goes on beside the requests."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable

import httpx
import structlog
from sanic import Sanic

from nachtlicht.chat import BotClient, Chat, Notifier, Releases
from nachtlicht.settings import Settings
from nachtlicht.store import Store
from nachtlicht.web import desk, health, widget, youth
from nachtlicht.web.body import MAX_BODY
from nachtlicht.web.errors import install_errors
from nachtlicht.web.headers import install_headers
from nachtlicht.web.kinds import App
from nachtlicht.web.limits import Limits
from nachtlicht.web.metrics import install_metrics
from nachtlicht.web.stream import HEARTBEAT

SWEEP_EVERY = 5.0  # seconds
LOOK_EVERY = 2.0  # seconds between two looks for a new release or a new master key
GRACE = 3.0  # seconds for requests and answers under way when the process stops

log = structlog.get_logger("nachtlicht.web")


def create_app(settings: Settings, releases: Releases | None = None) -> App:
    """The web app for `settings`; opens nothing before it starts.

    `releases` is given by who has loaded the live release already.

    Parts on `app.ctx`: `settings` at once; from the start on `store`, `releases`, `notifier`,
    `chat`, `limits`, `metrics`; `stopping` is True when streams must end, and `heartbeat` is the
    time in seconds between two signs of life of a stream.
    """
    app = Sanic(f"nachtlicht-{secrets.token_hex(4)}", configure_logging=False)
    app.config.update(
        ACCESS_LOG=False,
        REQUEST_MAX_SIZE=MAX_BODY,
        REQUEST_TIMEOUT=15,  # seconds for a whole request: a slow one must not hold a place
        RESPONSE_TIMEOUT=60,  # longer than the longest poll and two heartbeats
        KEEP_ALIVE_TIMEOUT=30,
        GRACEFUL_SHUTDOWN_TIMEOUT=GRACE,
        FALLBACK_ERROR_FORMAT="json",
        OAS=False,
    )
    app.ctx.settings = settings
    app.ctx.releases = releases
    app.ctx.stopping = False
    app.ctx.heartbeat = HEARTBEAT
    install_errors(app)
    install_headers(app)
    install_metrics(app)
    for blueprint in (youth.blueprint, health.blueprint, widget.blueprint, desk.blueprint):
        app.blueprint(blueprint)
    app.before_server_start(_open)
    app.after_server_start(_begin)
    app.before_server_stop(_end)
    app.after_server_stop(_close)
    return app


async def _open(app: App) -> None:
    """Open the store and the live release; without either nothing starts."""
    settings: Settings = app.ctx.settings
    if app.ctx.releases is None:
        app.ctx.releases = await asyncio.to_thread(Releases, settings.releases)
    app.ctx.store = await Store.open(settings)
    app.ctx.notifier = Notifier()
    bot = BotClient(settings)
    app.ctx.chat = Chat(settings, app.ctx.store, app.ctx.releases, bot, app.ctx.notifier)
    app.ctx.limits = Limits(settings)
    app.ctx.actions = httpx.AsyncClient(
        base_url=settings.actions_url,
        timeout=health.PATIENCE,
        trust_env=False,
        verify=settings.actions_url.startswith("https:"),
    )
    app.ctx.metrics.watch(app.ctx.chat)


async def _begin(app: App) -> None:
    chat: Chat = app.ctx.chat

    async def look_around() -> None:
        chat.store.refresh_keys()
        if await chat.releases.refresh():
            log.info("release_changed", release=chat.releases.release.id)

    app.ctx.rounds = [
        asyncio.create_task(_every(SWEEP_EVERY, chat.sweep)),
        asyncio.create_task(_every(LOOK_EVERY, look_around)),
    ]
    log.info("serving", release=chat.releases.release.id)


async def _end(app: App) -> None:
    """End the rounds and the streams; clients come back to the next process by themselves."""
    app.ctx.stopping = True
    for task in app.ctx.rounds:
        task.cancel()
    await asyncio.gather(*app.ctx.rounds, return_exceptions=True)
    app.ctx.notifier.wake_all()


async def _close(app: App) -> None:
    await app.ctx.chat.close()
    await app.ctx.chat.bot.close()
    await app.ctx.actions.aclose()
    await app.ctx.store.close()


async def _every(seconds: float, work: Callable[[], Awaitable[object]]) -> None:
    """Do `work` now and then again and again; a round that fails does not end the rounds."""
    while True:
        try:
            await work()
        except Exception as error:  # the next round tries again; nothing may end this loop
            log.error("round_failed", error=type(error).__name__)
        await asyncio.sleep(seconds)
