"""Every route, from the routes themselves: who may call it, and that all others may not.

A new route that is neither on the list of open ones nor behind a token or a desk rule fails here.
"""

from __future__ import annotations

import datetime as dt
import itertools
import uuid

import pytest
from sqlalchemy import update

from nachtlicht.chat.staff import RIGHTS, Person, SignIn, allowed_somewhere
from nachtlicht.chat.staff.rights import Condition
from nachtlicht.store import Role, SignInSession, token_hash
from nachtlicht.web.desk.guard import COOKIE
from tests.desk.conftest import csrf_of, member

pytestmark = pytest.mark.parametrize("both", ["sqlite"], indirect=True)

# Open to everybody, each with the reason.
OPEN = {
    "youth.start": "begins a talk",
    "youth.comeback": "opens a talk by its four words, rate limited",
    "youth.words": "the widget's words and the card",
    "youth.openapi": "describes the API",
    "health.healthz": "for the balancer",
    "health.readyz": "for the operator; names parts, no talk",
    "health.metrics": "counts; the proxy of docs/operating.md keeps it inside",
    "widget.frame": "the widget",
    "widget.chat": "the widget",
    "widget.demo": "the widget",
    "widget.loader": "the widget",
    "widget.part": "the widget",
    "widget.talk": "the widget",
}
OPEN_ACTIONS = {"sign_in", "accept_invitation", "static"}
ELSEWHERE = {"origin": "https://evil.test", "sec-fetch-site": "cross-site"}


def test_every_route_is_open_on_purpose_or_shut(site):
    """Nothing is open because somebody forgot it."""
    open_ones = set()
    for route, _method in routes(site):
        name = short(route)
        if name.startswith("desk_"):
            assert route.ctx.action in RIGHTS, name
            if Condition.ANYONE in itertools.chain(*RIGHTS[route.ctx.action]):
                assert route.ctx.action in OPEN_ACTIONS, name
        elif "conversation_id" not in route.path:
            open_ones.add(name)
    assert open_ones == set(OPEN)


async def test_a_talk_opens_to_its_own_token_only(site, phone, noise):
    """Without one, with another's, with nonsense, with the id for a token: 401, all alike."""
    count = 0
    for route, method in routes(site):
        if "conversation_id" not in route.path:
            continue
        for token in (None, noise.token, "x" * 43, phone.id, phone.token[:-1], phone.token + "="):
            answer = await call(site, method, path_of(route, phone.id), bearer=token)
            assert answer.status_code == 401, (short(route), token)
            assert answer.json()["error"]["code"] == "token_unknown"
            count += 1
    assert count >= 6 * 8
    assert len(await phone.events()) > 0


async def test_after_the_exit_the_token_is_dead_everywhere(site, phone):
    """410 for every route of the talk."""
    await phone.post("/exit")
    for route, method in routes(site):
        if "conversation_id" in route.path:
            answer = await call(site, method, path_of(route, phone.id), bearer=phone.token)
            assert answer.status_code == 410, short(route)


async def test_a_token_of_a_talk_opens_nothing_at_the_desk(site, phone):
    """Nor does a made-up session, one that has ended, or one that ran out."""
    ended, late = await session(site), await session(site, hours_ago=13)
    await site.http.get("/desk/account", headers=desk_headers(site, ended.token))
    async with site.chat.store.write() as rows:
        await rows.execute(end_of(ended))
    for token in (None, phone.token, "x" * 43, ended.token, late.token):
        for route, method in desk_routes(site):
            path = path_of(route, phone.id)
            answer = await call(site, method, path, headers=desk_headers(site, token))
            assert is_refused(answer), (short(route), method, answer.status_code)


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_gets_what_its_rule_says_and_nothing_else(site, phone, role):
    """404 for what has no rule for the role; a page that is allowed is not refused."""
    begun = await session(site, role)
    person = Person(begun.person.id, "Noor", role)
    headers = desk_headers(site, begun.token)
    csrf = csrf_of(await site.http.get("/desk/account", headers=headers))
    refused = 0
    for route, method in desk_routes(site):
        if allowed_somewhere(route.ctx.action, person) or route.ctx.action in OPEN_ACTIONS:
            continue
        path = path_of(route, phone.id)
        answer = await call(site, method, path, headers=headers, data={"csrf": csrf})
        is_home = path == "/desk" and answer.headers.get("location") == "/desk/cijfers"
        assert answer.status_code == 404 or is_home, (short(route), method, answer.status_code)
        refused += 1
    assert refused > 0 or role is Role.LEAD


async def test_no_change_is_made_for_a_page_from_elsewhere(site):
    """Every POST of the desk, signed in, without our page's origin and token: 403."""
    begun = await session(site, Role.LEAD)
    for route, method in desk_routes(site):
        if method != "POST":
            continue
        headers = desk_headers(site, begun.token)
        for changed in (ELSEWHERE, {}):  # the second has our origin, and no token
            path = path_of(route, str(uuid.uuid4()))
            answer = await call(site, method, path, headers={**headers, **changed})
            assert answer.status_code == 403, (short(route), answer.status_code)


async def test_methods_that_a_route_does_not_have_are_refused(site, phone):
    """No TRACE, and no second meaning of a route by another method."""
    for route, _ in routes(site):
        if not route.path.startswith("desk"):
            for method in {"PUT", "DELETE", "PATCH", "TRACE"} - set(route.methods):
                answer = await call(site, method, path_of(route, phone.id), bearer=phone.token)
                assert answer.status_code in (404, 405), (short(route), method)


def routes(site):
    """All routes with each of their methods."""
    found = [(r, m) for r in site.app.router.routes for m in r.methods if m not in ("HEAD",)]
    assert len(found) > 40
    return found


def desk_routes(site):
    """Those of the desk that not everybody may call."""
    return [
        (route, method)
        for route, method in routes(site)
        if short(route).startswith("desk_") and route.ctx.action not in OPEN_ACTIONS
    ]


def short(route):
    return route.name.partition(".")[2]


def path_of(route, talk_id):
    """An address of the route; every id in it is that of the talk."""
    parts = []
    for part in route.path.split("/"):
        if part.startswith("<"):
            part = talk_id if ":uuid" in part else "x"
        parts.append(part)
    return "/" + "/".join(parts)


async def call(site, method, path, *, bearer=None, headers=None, data=None):
    """Call a route once; a stream that would begin is a finding, and ends at once."""
    headers = dict(headers or {})
    if bearer is not None:
        headers["Authorization"] = f"Bearer {bearer}"
    how = {"data": data} if data else {}
    if not how and method == "POST" and "origin" not in headers:
        how = {"json": {}}
    query = "?after=0&wait=0" if path.endswith("/events") else ""
    return await site.http.request(method, path + query, headers=headers, **how)


def is_refused(answer):
    """The door, or 401 and 403 without a word."""
    if answer.status_code == 303:
        return answer.headers["location"].startswith("/desk/aanmelden")
    return answer.status_code in (401, 403, 404)


def desk_headers(site, token):
    origin = site.url
    cookie = {"cookie": f"{COOKIE}={token}"} if token else {}
    return {"origin": origin, "sec-fetch-site": "same-origin", **cookie}


async def session(site, role=Role.COUNSELLOR, hours_ago=0):
    """A member of staff of this role, signed in."""
    settings = site.app.ctx.settings
    who = await member(site.chat.store, settings, "Noor", role, f"{uuid.uuid4().hex}@desk.test")
    began = settings.now() - dt.timedelta(hours=hours_ago)
    return await SignIn(site.chat.store).begin_for(Person(who.id, "Noor", role), now=began)


def end_of(begun):
    now = dt.datetime.now(dt.UTC)
    mine = SignInSession.token_hash == token_hash(begun.token)
    return update(SignInSession).where(mine).values(ended_at=now)
