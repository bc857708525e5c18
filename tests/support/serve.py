"""Serves a Sanic app over a real socket inside the test's own loop."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import AsyncIterator

from sanic import Sanic


@contextlib.asynccontextmanager
async def serving(app: Sanic, listener: socket.socket | None = None) -> AsyncIterator[str]:
    """Serve `app` on a free port, or on `listener`; yields its address."""
    app.config.TOUCHUP = False  # Sanic rewrites its own source for one app; here are several
    listener = listener or socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(
        sock=listener,
        backlog=4096,  # as in nachtlicht/web/serve.py
        return_asyncio_server=True,
        access_log=False,
        debug=False,
    )
    await server.startup()
    await server.before_start()
    await server.after_start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        await server.before_stop()
        await server.close()
        for connection in list(server.connections):
            connection.abort()
        await server.after_stop()
