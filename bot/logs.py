"""Keeps what people write out of every log: of others' log lines only the place is printed."""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path
from types import TracebackType

OURS = ("bot", "__main__")


class QuietFormatter(logging.Formatter):
    """Prints our own lines whole; of a line by Rasa or a library only its level and place.

    Rasa prints a message's text in several of its lines, at any level: when a message fails,
    when an action fails, in all of its debug lines. No list of such lines stays complete, so
    none of their words are printed. Of an exception we print its type and where it happened.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return one line without anything that a person may have written."""
        when = self.formatTime(record, "%Y-%m-%dT%H:%M:%S")
        ours = record.name.split(".")[0] in OURS
        said = record.getMessage() if ours else f"({Path(record.pathname).name}:{record.lineno})"
        fault = where(record.exc_info[1]) if record.exc_info and record.exc_info[1] else ""
        return f"{when} {record.levelname} {record.name} {said} {fault}".rstrip()


def where(error: BaseException) -> str:
    """Return the type of an error and the last place it went through, without its words."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


def harden() -> None:
    """Send all logs, warnings and loose exceptions of this process through `QuietFormatter`.

    Called when the channel is made: after Rasa has put its own handlers in place, and before
    the first message. A second call changes nothing.
    """
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(QuietFormatter())
    for name in list(logging.root.manager.loggerDict):
        logging.getLogger(name).handlers.clear()
    logging.root.handlers[:] = [handler]
    # Loggers that do not propagate, such as Sanic's, end at the last resort.
    logging.lastResort = handler
    logging.captureWarnings(True)
    sys.excepthook = _report


def _report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger("bot").critical("The bot ends: %s", where(error.with_traceback(trace)))
