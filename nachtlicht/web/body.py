"""Reads the body of a request: JSON of an agreed shape, or a clear refusal."""

from __future__ import annotations

import json
from typing import NoReturn, TypeVar

from pydantic import BaseModel, ValidationError
from sanic import Request

from nachtlicht.web.errors import RequestError, validation_error

MAX_BODY = 200_000  # bytes: 10,000 characters, each an escaped pair, fit in it

Shape = TypeVar("Shape", bound=BaseModel)


def read_body(request: Request, shape: type[Shape], *, also: tuple[str, ...] = ()) -> Shape:
    """The body as `shape`. `also` names content types beside JSON, for beacons.

    Raises:
        RequestError: another content type, broken JSON, or fields that don't fit.
    """
    kind = (request.headers.get("content-type") or "").partition(";")[0].strip().lower()
    if kind not in ("application/json", *also):
        raise RequestError("content_type", 415, "The body must be application/json.")
    try:
        return shape.model_validate(_parsed(request.body))
    except ValidationError as error:
        raise validation_error(error) from None  # the original quotes what it was given


def _parsed(raw: bytes) -> object:
    try:
        return json.loads(raw.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise RequestError("json_broken", 400, "The body is not JSON in UTF-8.") from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
