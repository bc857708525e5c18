"""Reads the fields of a form; what is missing is empty, never an error of ours."""

from __future__ import annotations

import uuid

from sanic import Request

from nachtlicht.chat.desk import LineRefused


def field(request: Request, name: str) -> str:
    """One field of the form, or an empty string."""
    return next(iter(fields(request, name)), "")


def fields(request: Request, name: str) -> list[str]:
    """All values of a field that may come more than once."""
    form = request.form
    values = form.getlist(name) if form else None
    return [value for value in values or () if isinstance(value, str)]


def field_uuid(request: Request, name: str) -> uuid.UUID:
    """A field that holds a UUID.

    Raises:
        LineRefused: it does not.
    """
    try:
        return uuid.UUID(field(request, name))
    except ValueError as error:
        raise LineRefused("Laad de pagina opnieuw en probeer het nog een keer.") from error
