"""The OpenAPI document: it names every route that there is, and no other."""

import re

import pytest

pytestmark = pytest.mark.parametrize("both", ["sqlite"], indirect=True)


async def test_it_names_every_route_of_the_api(site):
    """A route that is added must be described."""
    paths = (await site.http.get("/api/v1/openapi.json")).json()["paths"]
    described = {(path, verb.upper()) for path, verbs in paths.items() for verb in verbs}

    served = {
        (re.sub(r"<(\w+):\w+>", r"{\1}", "/" + route.path), method)
        for route in site.app.router.routes
        if route.path.startswith("api/")
        for method in route.methods
    }
    assert described == served


async def test_every_reference_in_it_exists(site):
    """No `$ref` points nowhere."""
    document = (await site.http.get("/api/v1/openapi.json")).json()

    for name in set(re.findall(r"#/([\w/]+)", str(document))):
        found = document
        for step in name.split("/"):
            found = found[step]
        assert found


async def test_answers_fit_what_it_says(site, phone):
    """The keys that it requires are there, for a line, a page and an error."""
    document = (await site.http.get("/api/v1/openapi.json")).json()
    paths, schemas = document["paths"], document["components"]["schemas"]
    line = paths["/api/v1/conversations/{conversation_id}/messages"]["post"]["responses"]["201"]
    required = line["content"]["application/json"]["schema"]["required"]

    stored = await phone.send("hallo")
    refused = await phone.send("")

    assert set(stored.json()) == set(required)
    assert set(refused.json()["error"]) == set(schemas["Error"]["properties"]["error"]["required"])
    for event in await phone.events():
        shape = schemas["Event"]
        assert set(shape["required"]) <= set(event) <= set(shape["properties"])
        part = event["type"]
        assert set(shape["properties"][part]["required"]) <= set(event[part])
