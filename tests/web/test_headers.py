"""The headers of every answer: nothing is kept, framed, indexed or told to another site."""

import pytest

from nachtlicht.web.headers import STRICT

pytestmark = pytest.mark.parametrize("both", ["sqlite"], indirect=True)

PATHS = ["/healthz", "/readyz", "/metrics", "/api/v1/words", "/api/v1/openapi.json", "/nothing"]


@pytest.mark.parametrize("path", PATHS)
async def test_every_answer_carries_the_strict_headers(site, path):
    """Errors too."""
    headers = (await site.http.get(path)).headers

    assert {name: headers.get(name) for name in STRICT} == STRICT


async def test_the_api_carries_them_on_every_verb(phone):
    """Acknowledgements, refusals and pages of events."""
    for answer in (await phone.send("hallo"), await phone.send(""), await phone.get()):
        assert {name: answer.headers.get(name) for name in STRICT} == STRICT


async def test_a_page_keeps_the_policy_that_it_set_itself(site):
    """The strict one would leave it without style and script."""
    answer = await site.http.get("/desk/aanmelden")

    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["content-security-policy"]


async def test_no_answer_tells_what_it_runs_on(site):
    """No server, no version."""
    headers = (await site.http.get("/healthz")).headers

    assert not {"server", "x-powered-by"} & set(headers)


async def test_another_origin_gets_no_permission(site):
    """No CORS on the API: the widget lives on our own origin."""
    answer = await site.http.options(
        "/api/v1/conversations",
        headers={"Origin": "https://elders.example", "Access-Control-Request-Method": "POST"},
    )

    assert answer.status_code in (404, 405)
    assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_no_cookie_is_set_for_the_young_person(phone):
    """The token lives in the page alone."""
    for answer in (await phone.send("hallo"), await phone.get(), await phone.post("/exit")):
        assert "set-cookie" not in answer.headers
