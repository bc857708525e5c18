"""Starts the action server: for the bot alone, on the private address `NACHTLICHT_ACTIONS_URL`."""

from __future__ import annotations

import hmac
import logging
import os
import sys
import warnings
from collections.abc import Mapping
from urllib.parse import urlsplit

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import HTTPResponse, Request, Sanic
from sanic import json as json_response

from actions.desk_now import DeskNow
from actions.help_now import HelpNow
from actions.live_release import releases_folder
from actions.removal import Removal

SECRET_HEADER = "X-Nachtlicht-Secret"  # noqa: S105 - the name of a header; bot/endpoints.yml
SHORTEST_SECRET = 16
LARGEST = 8 * 1024 * 1024  # bytes; Rasa sends the whole talk along with each call


class QuietFormatter(logging.Formatter):
    """Prints our own lines whole, and of others' lines only level and place.

    rasa-sdk puts requests and exceptions in its log, and those hold what people wrote.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return one line without anything that a person may have written."""
        ours = record.name.split(".")[0] in ("actions", "__main__")
        said = record.getMessage() if ours else f"({record.module}:{record.lineno})"
        when = self.formatTime(record, "%Y-%m-%dT%H:%M:%S")
        return f"{when} {record.levelname} {record.name} {said}"


def main() -> int:
    """Serve until stopped."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(QuietFormatter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.lastResort = handler
    logging.captureWarnings(True)
    # Known and harmless: rasa-sdk 3.21 serves Rasa 3.6 over the same HTTP contract.
    warnings.filterwarnings("ignore", message=".*might not be compatible.*")
    secret = bots_secret(os.environ)
    if len(secret) < SHORTEST_SECRET:
        raise SystemExit(
            f"NACHTLICHT_BOT_SECRET must be set, {SHORTEST_SECRET} characters or more."
        )
    address = urlsplit(os.environ.get("NACHTLICHT_ACTIONS_URL") or "http://127.0.0.1:5055")
    executor = ActionExecutor()
    for action in (DeskNow(), HelpNow(), Removal()):
        executor.register_action(action)
    app = create_app(executor, cors_origins=[])
    refuse_strangers(app, secret)
    app.config.REQUEST_MAX_SIZE = LARGEST
    app.config.ACCESS_LOG = False
    app.run(
        host=address.hostname or "127.0.0.1",
        port=address.port or 5055,
        single_process=True,
        motd=False,
    )
    return 0


def bots_secret(env: Mapping[str, str]) -> str:
    """The secret that the bot sends: from the environment, or the file that `run` made."""
    file = releases_folder(env).parent / "bot.secret"
    return env.get("NACHTLICHT_BOT_SECRET") or (file.read_text().strip() if file.exists() else "")


def refuse_strangers(app: Sanic, secret: str) -> None:
    """Answer 401 to whoever does not know the bot's `secret`; only `/health` is open."""

    async def check(request: Request) -> HTTPResponse | None:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if request.path == "/health" or hmac.compare_digest(given, secret.encode()):
            return None
        return json_response({"error": "secret_wrong"}, 401)

    app.register_middleware(check, "request")


if __name__ == "__main__":
    sys.exit(main())
