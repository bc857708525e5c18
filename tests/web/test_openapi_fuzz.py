"""Requests made from the OpenAPI document itself, odd ones too: no fault of ours, no surprise."""

from __future__ import annotations

import asyncio

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

pytestmark = pytest.mark.parametrize("both", ["sqlite"], indirect=True)

REQUESTS = 20  # to each operation
HELD = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
UNDOCUMENTED = {404, 405}  # by the router: an address or method that is not in the document


async def test_every_answer_is_one_that_the_document_promises(site):
    """Status, content type and shape, whatever is sent; and never a 500."""
    document = (await site.http.get("/api/v1/openapi.json")).json()
    await asyncio.to_thread(_all_operations, document, site.url)
    assert (await site.http.get("/healthz")).status_code == 200


def _all_operations(document, url):
    schema = schemathesis.openapi.from_dict(document)
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) >= 10
    for operation in operations:
        _requests_to(operation, url)


def _requests_to(operation, url):
    """Odd bodies and numbers to one operation, of a talk that is there and of one that is not."""
    with httpx.Client(base_url=url, timeout=30) as http:

        @settings(max_examples=REQUESTS, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def send(case):
            talk = http.post("/api/v1/conversations", json={"test": True}).json()
            if "conversation_id" in (case.path_parameters or {}):
                case.path_parameters = {"conversation_id": talk["id"]}
            if operation.path.endswith("/events"):
                case.query = {**(case.query or {}), "wait": 0}
            headers = {**(case.headers or {}), "Authorization": f"Bearer {talk['token']}"}
            case.headers = {name: value for name, value in headers.items() if _is_sendable(value)}
            answer = case.call(base_url=url, timeout=30)
            if answer.status_code not in UNDOCUMENTED:
                case.validate_response(answer, checks=HELD)

        send()


def _is_sendable(value):
    return all(0x20 <= ord(letter) < 0x7F for letter in str(value))
