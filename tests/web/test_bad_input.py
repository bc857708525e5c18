"""Bad input over HTTP: a clear code each, nothing stored twice, nothing lost."""

import json
import uuid

import httpx
import pytest

from tests.support.small_release import HARMLESS

# What is tested here is above the store; one kind of database is enough.
pytestmark = pytest.mark.parametrize("both", ["sqlite"], indirect=True)

TEXTS = {
    "empty": ("", 422, "text_empty"),
    "white space": (" \n\t ", 422, "text_empty"),
    "invisible": ("\u200b\u200e", 422, "text_empty"),
    "10,001 characters": ("x" * 10_001, 413, "text_too_long"),
    "10,001 emoji": ("🙂" * 10_001, 413, "text_too_long"),
    "NUL": ("a\x00b", 422, "text_control_characters"),
    "escape": ("\x1b[2J", 422, "text_control_characters"),
    "lone surrogate": ("half \ud83d woord", 422, "text_not_unicode"),
}


@pytest.mark.parametrize(("text", "status", "code"), TEXTS.values(), ids=list(TEXTS))
async def test_a_text_that_can_be_no_line(phone, text, status, code):
    """A 4xx with its code and a Dutch sentence; the talk is as it was."""
    before = await phone.events()

    answer = await phone.send(text)

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["error"]["text"]
    assert await phone.events() == before


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000,
        "🙂" * 10_000,
        "🙂",
        "\u202erechts naar links\u202c",
        "<img src=x onerror=alert(1)>",
        "/restart",
        '/intent{"name": "stop"}',
        "'; DROP TABLE message; --",
        "data:image/png;base64,iVBORw0KGgo=",
        "{{7*7}} ${7*7} [[112.telefoon]]",
    ],
)
async def test_odd_text_is_text(phone, text):
    """Stored and shown as typed; what looks like a command or a placeholder is none."""
    answer = await phone.send(text)

    assert answer.status_code == 201
    assert text in await phone.hears()


BODIES = {
    "broken json": ('{"client_id": ', 400, "json_broken"),
    "not utf-8": (b'{"text": "\xff"}', 400, "json_broken"),
    "utf-16": ('{"text": "a"}'.encode("utf-16"), 400, "json_broken"),
    "no body": ("", 400, "json_broken"),
    "NaN": ('{"client_id": NaN}', 400, "json_broken"),
    "deep": ("[" * 90_000, 400, "json_broken"),
    "a list": ("[]", 422, "field_invalid"),
    "a number": ("7", 422, "field_invalid"),
    "no client id": ('{"text": "hoi"}', 422, "field_missing"),
    "no text": (f'{{"client_id": "{uuid.uuid4()}"}}', 422, "field_missing"),
    "client id is no uuid": ('{"client_id": "7", "text": "hoi"}', 422, "field_invalid"),
    "text is a number": (f'{{"client_id": "{uuid.uuid4()}", "text": 7}}', 422, "field_invalid"),
    "text is null": (f'{{"client_id": "{uuid.uuid4()}", "text": null}}', 422, "field_invalid"),
}


@pytest.mark.parametrize(("body", "status", "code"), BODIES.values(), ids=list(BODIES))
async def test_a_body_that_cannot_be_read(phone, body, status, code):
    """400 for what is no JSON, 422 for what doesn't fit; the field is named, not its content."""
    before = await phone.events()

    answer = await phone.post(
        "/messages", content=body, headers={"Content-Type": "application/json"}
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert await phone.events() == before


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
async def test_another_content_type_is_refused(phone, kind):
    """A form on another site could send these without asking the browser first."""
    body = json.dumps({"client_id": str(uuid.uuid4()), "text": "hoi"})

    answer = await phone.post("/messages", content=body, headers={"Content-Type": kind})

    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "content_type")


async def test_a_body_of_a_megabyte_is_refused(phone):
    """413; the connection may be cut, the talk goes on."""
    body = json.dumps({"client_id": str(uuid.uuid4()), "text": "x" * 1_000_000})
    try:
        answer = await phone.post(
            "/messages", content=body, headers={"Content-Type": "application/json"}
        )
    except (httpx.WriteError, httpx.ReadError):
        pass  # the server hung up while we were still sending
    else:
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body_too_large")

    assert (await phone.send(HARMLESS)).status_code == 201


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("after=99&wait=0", 409, "seq_ahead"),
        ("after=99", 409, "seq_ahead"),
        ("after=-1&wait=0", 422, "query_invalid"),
        ("after=x&wait=0", 422, "query_invalid"),
        ("after=99999999999999999999&wait=0", 422, "query_invalid"),
        ("after=1.5&wait=0", 422, "query_invalid"),
        ("after=0&wait=26", 422, "query_invalid"),
        ("after=0&wait=nan", 422, "query_invalid"),
        ("after=0&wait=-1", 422, "query_invalid"),
    ],
)
async def test_a_seq_from_the_future_or_from_nowhere(phone, query, status, code):
    """Told apart from "nothing new", so that a client can start over."""
    answer = await phone.get(query)

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"entry": "a b"}, "entry_refused"),
        ({"entry": 7}, "field_invalid"),
        ({"source": "<script>"}, "entry_refused"),
        ({"test": "yes"}, "field_invalid"),
    ],
)
async def test_a_start_that_cannot_be(site, body, code):
    """422, and no talk is begun."""
    answer = await site.http.post("/api/v1/conversations", json=body)

    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/conversations", 405),
        ("POST", "/api/v1/words", 405),
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/v1/conversations/not-a-uuid/events", 404),
        ("GET", "/../../etc/passwd", 404),
        ("GET", "/%2e%2e/%2e%2e/etc/passwd", 404),
    ],
)
async def test_a_route_that_is_not_there(site, method, path, status):
    """The same shape of error as everywhere."""
    answer = await site.http.request(method, path)

    assert answer.status_code == status
    assert set(answer.json()["error"]) == {"code", "message", "text"}


async def test_the_dutch_sentence_comes_from_the_release(phone):
    """By code, and a general one for what has none of its own."""
    empty = await phone.send(" ")
    long = await phone.send("x" * 10_001)

    assert empty.json()["error"]["text"] == "Typ eerst iets."
    assert long.json()["error"]["text"] == "Dat lukte niet."
