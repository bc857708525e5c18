"""Runs the web app: one process, one worker, on the address of the settings."""

from __future__ import annotations

import asyncio
import gc
import socket
import sys

from nachtlicht.chat import Releases
from nachtlicht.settings import Settings
from nachtlicht.store import Store
from nachtlicht.web.app import create_app
from nachtlicht.web.logs import configure_logs

# Connections that wait to be taken. Sanic sets it on the socket that it is given, to 100 when it
# is not told; of two thousand who come back at once most would then wait seconds for their turn.
BACKLOG = 4096
# Seconds after which a busy thread lets another have its turn. The risk model works in a thread
# and needs several turns a line; at Python's own 5 ms each it falls behind a busy loop.
TURN = 0.0005
# Objects after which the collector looks for litter. At Python's own 700 it walked three thousand
# open streams six times in a minute of load, and stopped the loop for up to a fifth of a second.
LITTER = 20_000


class ServeError(Exception):
    """The web app cannot start; the sentence says why."""

    code = "serve"


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then stop within five seconds.

    Everything that can stop a start is looked at first, so that it is told in one sentence.

    Raises:
        ServeError: the port is in use or may not be used.
        StoreError, MasterKeyError: the store cannot be opened.
        ReleaseError, RiskRulesError: there is no usable release: without rules nothing starts.
    """
    configure_logs()
    releases = Releases(settings.releases)
    asyncio.run(_try_store(settings))
    listener = _listen(settings.host, settings.port)
    app = create_app(settings, releases)
    # Rules and code stay while it runs: a collector that walks them all holds everybody up.
    gc.collect()
    gc.freeze()
    gc.set_threshold(LITTER, 20, 20)
    sys.setswitchinterval(TURN)
    app.run(
        sock=listener,
        backlog=BACKLOG,
        single_process=True,
        motd=False,
        access_log=False,
        debug=False,
    )


async def _try_store(settings: Settings) -> None:
    store = await Store.open(settings)
    await store.close()


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except OSError as error:
        raise ServeError(f"Port {port} on {host} cannot be used: {error.strerror}.") from error
