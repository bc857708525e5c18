"""Turns every refusal and every fault into one shape of JSON, without a word of a talk in it.

`{"error": {"code", "message", "text"}}`: programs read the code, whoever builds a client the
English message, and the young person the Dutch text, which comes from the release.
"""

from __future__ import annotations

import traceback
from http import HTTPStatus

import structlog
from pydantic import ValidationError
from sanic import HTTPResponse, Request
from sanic import json as json_response
from sanic.exceptions import SanicException
from sqlalchemy.exc import DBAPIError

from nachtlicht.chat import ChatError
from nachtlicht.release import ReleaseError
from nachtlicht.web.kinds import App

log = structlog.get_logger("nachtlicht.web")

SORRY = "Er ging iets mis. Dat ligt niet aan jou. Probeer het zo nog een keer."
_CODES = {
    400: "request_broken",
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow",
    413: "body_too_large",
    417: "expectation_failed",
    503: "unavailable",
}


class RequestError(Exception):
    """A request that cannot be read; raised by the web room alone."""

    def __init__(
        self, code: str, http_status: int, message: str, headers: dict[str, str] | None = None
    ) -> None:
        self.code, self.http_status, self.headers = code, http_status, headers or {}
        super().__init__(message)


def install_errors(app: App) -> None:
    """Let `app` answer every exception by `answer_error`."""
    app.exception(Exception)(answer_error)


async def answer_error(request: Request, error: Exception) -> HTTPResponse:
    """The answer to an exception: its code and status when it is a refusal, else 500."""
    code, status, message = _told(error)
    headers = dict(getattr(error, "headers", None) or {})
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error(
            "request_failed", error=type(error).__name__, place=_place(error), status=int(status)
        )
    body = {"error": {"code": code, "message": message, "text": _dutch(request, code)}}
    return json_response(body, status=status, headers=headers)


def validation_error(error: ValidationError) -> RequestError:
    """What is wrong with the fields of a body; names them, never what was in them."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    field = ".".join(str(part) for part in first["loc"]) or "body"
    if first["type"] == "string_unicode":
        return RequestError("text_not_unicode", 422, f"{field} holds lone surrogates.")
    code = "field_missing" if first["type"] == "missing" else "field_invalid"
    return RequestError(code, 422, f"{field}: {first['type']}.")


def _told(error: Exception) -> tuple[str, int, str]:
    """The code, the status and the English sentence of an error."""
    if isinstance(error, ChatError | ReleaseError | RequestError):
        return error.code, error.http_status, str(error)
    if isinstance(error, SanicException):
        status = int(error.status_code or 500)
        # Sanic quotes the address in some of its messages; the status says enough.
        return _CODES.get(status, "refused"), status, HTTPStatus(status).phrase
    if isinstance(error, DBAPIError):
        return "store_unavailable", 503, "The store cannot be reached."
    return "internal", 500, "Something went wrong on our side."


def _dutch(request: Request, code: str) -> str:
    """The sentence for the young person, out of the live release."""
    releases = request.app.ctx.releases
    if releases is None:
        return SORRY
    try:
        words = releases.release.words("fouten")
    except ReleaseError:
        return SORRY
    return str(words.get(code) or words.get("algemeen") or SORRY)


def _place(error: Exception) -> str:
    """The last line of our own code that the error came through; an error's text may quote."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "nachtlicht" in frame.filename] or list(frames)
    if not ours:
        return "?"
    return f"{ours[-1].filename.rpartition('nachtlicht/')[2]}:{ours[-1].lineno}"
