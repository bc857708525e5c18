"""Answers every refusal and fault at the desk in Dutch, without a word of a talk in it."""

from __future__ import annotations

import structlog
from sanic import HTTPResponse, Request
from sanic.exceptions import SanicException
from sanic.response import json

from nachtlicht.chat import ChatError
from nachtlicht.chat.staff import NotAllowed, StaffError
from nachtlicht.web.desk.pages import page

log = structlog.get_logger("nachtlicht.desk")

SORRY = "Er ging iets mis aan onze kant. Probeer het zo nog een keer."


async def answer_fault(request: Request, error: Exception) -> HTTPResponse:
    """A refusal with its own sentence and status; anything else as one sentence and 500."""
    status, code, sentence = _told(error)
    if status >= 500:
        log.error("request_failed", error=type(error).__name__, status=status)
    if "application/json" in request.headers.get("accept", ""):
        return json({"error": {"code": code, "text": sentence}}, status=status)
    if not hasattr(request.ctx, "signed_in"):
        request.ctx.signed_in = None
    return page(request, "fout.html", status=status, sentence=sentence, code=status)


def _told(error: Exception) -> tuple[int, str, str]:
    if isinstance(error, StaffError):
        return error.http_status, error.code, str(error)
    if isinstance(error, ChatError):
        return 404, error.code, str(NotAllowed())
    if isinstance(error, SanicException) and (error.status_code or 500) < 500:
        return int(error.status_code or 400), "refused", "Dit verzoek kan niet."
    return 500, "internal", SORRY
