"""Starts the action server on the private address of `NACHTLICHT_ACTIONS_URL`."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from urllib.parse import urlsplit

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor

from actions.desk_now import DeskNow
from actions.help_now import HelpNow
from actions.removal import Removal

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
    address = urlsplit(os.environ.get("NACHTLICHT_ACTIONS_URL") or "http://127.0.0.1:5055")
    executor = ActionExecutor()
    for action in (DeskNow(), HelpNow(), Removal()):
        executor.register_action(action)
    app = create_app(executor, cors_origins=[])
    app.config.REQUEST_MAX_SIZE = LARGEST
    app.config.ACCESS_LOG = False
    app.run(
        host=address.hostname or "127.0.0.1",
        port=address.port or 5055,
        single_process=True,
        motd=False,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
