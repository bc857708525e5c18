"""The logs: what may be said is listed; nobody else's sentence is repeated."""

import io
import json
import logging

import pytest
import structlog

from nachtlicht.web.logs import ALLOWED, configure_logs

CANARY = "kanariepiet"


def test_our_own_lines_keep_listed_keys_only(lines):
    """A key that is not on the list is dropped, whoever logs it."""
    structlog.get_logger("nachtlicht").error("failed", error="ValueError", text=CANARY, token="x")

    (line,) = lines()
    assert set(line) <= ALLOWED
    assert line["error"] == "ValueError"
    assert CANARY not in json.dumps(line)


def test_other_peoples_sentences_are_not_repeated(lines):
    """They may quote what they were given; name, level and place are enough to look."""
    try:
        raise ValueError(CANARY)
    except ValueError:
        logging.getLogger("sanic.error").exception("Failed on %s", CANARY)
    logging.getLogger("asyncio").warning(f"{CANARY} took 2 seconds")

    first, second = lines()
    assert (first["logger"], first["error"], first["level"]) == (
        "sanic.error",
        "ValueError",
        "error",
    )
    assert first["place"].startswith("test_other_peoples")
    assert (second["logger"], second["level"]) == ("asyncio", "warning")
    assert CANARY not in json.dumps([first, second])


@pytest.mark.parametrize("name", ["sqlalchemy.engine", "aiosqlite", "httpx", "sanic.root"])
def test_what_others_say_below_a_warning_is_not_kept(lines, name):
    """Statements, addresses and requests at debug level go nowhere."""
    logging.getLogger(name).debug(CANARY)
    logging.getLogger(name).info(CANARY)

    assert lines() == []


@pytest.fixture
def lines():
    """Logging as the web process sets it up; puts everything back afterwards."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    known = {name: logging.getLogger(name).handlers[:] for name in logging.root.manager.loggerDict}
    out = io.StringIO()
    configure_logs(out)
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    structlog.reset_defaults()
    root.handlers[:] = before
    root.setLevel(level)
    for name, handlers in known.items():
        logging.getLogger(name).handlers[:] = handlers
