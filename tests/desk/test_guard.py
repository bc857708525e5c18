"""The guard before every route: where a request comes from, who may, and what goes along."""

import uuid

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from nachtlicht.chat.staff import RIGHTS, Person, TalkFacts, allowed
from nachtlicht.chat.staff.rights import Condition
from nachtlicht.store import Audit, ConversationState, Role
from nachtlicht.web.desk import PARTS
from nachtlicht.web.desk.guard import way_back
from tests.desk.conftest import PASSWORD, csrf_of, try_sign_in
from tests.support.small_release import URGENT

PAGES = ["", "/account", "/team", "/logboek", "/cijfers", "/wachtrij/lijst", "/zijbalk", "/stroom"]


def routes():
    return [route for part in PARTS for route in part.routes]


def test_every_route_has_an_action_and_every_action_a_rule(app_routes):
    """What is forgotten is refused; this finds it before a counsellor does."""
    assert len(app_routes) > 25
    for route in app_routes:
        assert route.ctx.action in RIGHTS, route.path


def test_what_has_no_rule_is_refused_to_everyone():
    """Deny by default: also to an admin, also for one's own talk."""
    for role in Role:
        person = Person(uuid.uuid4(), "Noor", role)
        assert not allowed("something_new", person, TalkFacts(owner_id=person.id, waits=True))


@pytest.mark.parametrize(
    ("role", "talk", "may"),
    [
        (Role.COUNSELLOR, "own", True),
        (Role.COUNSELLOR, "waiting", True),
        (Role.COUNSELLOR, "other's", False),
        (Role.LEAD, "other's", True),
        (Role.EDITOR, "own", False),
        (Role.EDITOR, "waiting", False),
        (Role.ADMIN, "waiting", False),
        (Role.ADMIN, "other's", False),
    ],
)
def test_transcripts_are_for_the_owner_and_the_lead(role, talk, may):
    """And a waiting one for whoever may take it."""
    person = Person(uuid.uuid4(), "Noor", role)
    facts = {
        "own": TalkFacts(owner_id=person.id),
        "waiting": TalkFacts(waits=True),
        "other's": TalkFacts(owner_id=uuid.uuid4()),
    }[talk]
    assert allowed("read_talk", person, facts) is may


def test_only_the_owner_writes():
    """A lead reads along, and takes the talk over before writing in it."""
    for role in Role:
        person = Person(uuid.uuid4(), "Noor", role)
        assert not allowed("write", person, TalkFacts(owner_id=uuid.uuid4()))


def test_nobody_but_a_visitor_gets_in_without_signing_in():
    """Three actions are open to anyone, and no more."""
    anyone = {
        action for action, ways in RIGHTS.items() if any(Condition.ANYONE in way for way in ways)
    }
    assert anyone == {"sign_in", "accept_invitation", "static"}


@pytest.mark.parametrize("page", [*PAGES, f"/gesprekken/{uuid.uuid4()}", "/bestaat-niet", "/a/b"])
async def test_a_visitor_sees_only_the_door(app, page):
    """The same for what exists and what does not."""
    async with app.browser() as browser:
        answer = await browser.get(f"/desk{page}")

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/desk/aanmelden")


async def test_a_fragment_sends_a_visitor_to_the_door_as_a_whole_page(app):
    """Else the sign-in form would appear in the middle of the console."""
    async with app.browser() as browser:
        answer = await browser.get("/desk/zijbalk", hx_request="true")

    assert answer.status_code == 401
    assert answer.headers["hx-redirect"].startswith("/desk/aanmelden")


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.COUNSELLOR, {"", "/account", "/wachtrij/lijst", "/zijbalk"}),
        (
            Role.LEAD,
            {"", "/account", "/wachtrij/lijst", "/zijbalk", "/team", "/logboek", "/cijfers"},
        ),
        (Role.EDITOR, {"/account", "/cijfers"}),
        (Role.ADMIN, {"/account", "/team", "/logboek", "/cijfers"}),
    ],
)
async def test_each_role_sees_its_own_pages(app, join, enter, role, seen):
    """All others are not there: 404, as for what does not exist."""
    browser = await enter(await join("Noor", role))
    answers = {page: await browser.get(f"/desk{page}") for page in PAGES if page != "/stroom"}

    assert {page for page, answer in answers.items() if answer.status_code == 200} == seen
    hidden = {answer.status_code for page, answer in answers.items() if page not in seen}
    assert hidden <= {404, 303}


async def test_a_talk_of_a_colleague_is_not_there(app, sanne, mila, lead, enter, young):
    """404 for a colleague in every way; the lead reads along, which the audit tells."""
    await young.says(URGENT)
    owner, other, boss = await enter(sanne), await enter(mila), await enter(lead)
    await owner.post(f"/desk/gesprekken/{young.id}/aannemen", data={})

    for rest in ("", "/verhaal", "/afronden"):
        assert (await other.get(f"/desk/gesprekken/{young.id}{rest}")).status_code == 404
    for act in ("terugzetten", "stoppen", "notities", "hervatten", "afronden", "regels"):
        answer = await other.post(
            f"/desk/gesprekken/{young.id}/{act}",
            data={"notitie": "x", "text": "x", "client_id": str(uuid.uuid4())},
        )
        assert answer.status_code in (404, 409, 422)
    assert await young.state() is ConversationState.LIVE
    assert (await boss.get(f"/desk/gesprekken/{young.id}")).status_code == 200
    async with app.store.read() as session:
        read = await session.scalars(
            select(Audit.counsellor_id).where(Audit.action == "read_along")
        )
        assert list(read) == [lead.id]


async def test_a_talk_that_never_asked_for_a_human_is_not_the_desks(app, lead, enter, young):
    """Not even a lead reads what was said to the bot alone."""
    await young.says("hoi")
    browser = await enter(lead)

    assert (await browser.get(f"/desk/gesprekken/{young.id}")).status_code == 404


@pytest.mark.parametrize(
    "changed",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "https://evil.test"},
        {"origin": "null"},
        {"sec-fetch-site": "", "origin": ""},
    ],
)
async def test_a_request_from_elsewhere_changes_nothing(app, sanne, enter, young, changed):
    """Fetch metadata and origin must both be ours; without either it is refused."""
    await young.says(URGENT)
    browser = await enter(sanne)
    browser.headers = {**browser.headers, **changed}
    answer = await browser.post(f"/desk/gesprekken/{young.id}/aannemen", data={})

    assert answer.status_code == 403
    assert await young.state() is ConversationState.WAITING


@pytest.mark.parametrize("token", ["", "x", "of another person"])
async def test_a_request_without_the_token_changes_nothing(app, sanne, mila, enter, young, token):
    """That of a colleague does not count either."""
    await young.says(URGENT)
    browser = await enter(sanne)
    if token == "of another person":
        token = (await enter(mila)).csrf
    answer = await browser.post(f"/desk/gesprekken/{young.id}/aannemen", data={"csrf": token})

    assert answer.status_code == 403
    assert await young.state() is ConversationState.WAITING


async def test_the_door_too_wants_its_own_token(app, sanne):
    """Nobody is signed in by a form on another page."""
    async with app.browser() as browser:
        token = csrf_of(await browser.get("/desk/aanmelden"))
        browser.cookies.clear()
        answer = await browser.post(
            "/desk/aanmelden",
            data={"csrf": token, "login": sanne.login, "wachtwoord": PASSWORD, "code": "000000"},
        )
        wrong = await try_sign_in(browser, sanne, csrf="x" * 43)

    assert answer.status_code == 403
    assert wrong.status_code == 403


@pytest.mark.parametrize("page", ["/desk/aanmelden", "/desk/uitnodiging", "/desk", "/desk/weg"])
async def test_every_page_carries_the_strict_headers(app, sanne, enter, page):
    """No inline script, no frame, nothing kept, nothing from elsewhere."""
    if page in ("/desk/aanmelden", "/desk/uitnodiging"):
        async with app.browser() as visitor:
            answer = await visitor.get(page)
    else:
        answer = await (await enter(sanne)).get(page)
    headers = answer.headers
    policy = dict(
        part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";")
    )

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert "noindex" in headers["x-robots-tag"]
    assert " style=" not in answer.text
    assert "<script>" not in answer.text
    assert " onclick" not in answer.text


async def test_no_page_of_the_desk_has_an_address_from_elsewhere(app, sanne, enter, young):
    """Everything that a page loads lies on our own host."""
    await young.says(URGENT)
    browser = await enter(sanne)
    for page in ("/desk", f"/desk/gesprekken/{young.id}"):
        text_of = (await browser.get(page)).text
        assert 'src="http' not in text_of
        assert 'href="http' not in text_of


async def test_the_audit_cannot_be_changed(app, sanne, lead, enter):
    """Not even with the database in hand."""
    await enter(sanne)
    for statement in ("UPDATE audit SET action = 'x'", "DELETE FROM audit"):
        with pytest.raises(DBAPIError):
            async with app.store.write() as session:
                await session.execute(text(statement))


async def test_a_lead_searches_the_audit_and_the_search_is_in_it(app, sanne, lead, enter, young):
    """By what, by whom, by talk and by time."""
    await young.says(URGENT)
    counsellor, boss = await enter(sanne), await enter(lead)
    await counsellor.post(f"/desk/gesprekken/{young.id}/aannemen", data={})
    page = (await boss.get(f"/desk/logboek?actie=claimed&gesprek={young.id}&dagen=1")).text
    rows = page.partition("<tbody>")[2]

    assert rows.count("gesprek aangenomen") == 1
    assert "Sanne" in rows
    found = (await boss.get("/desk/logboek?actie=searched_audit")).text.partition("<tbody>")[2]
    assert "logboek doorzocht" in found


async def test_a_method_or_path_that_is_not_there_says_so_in_dutch(app, sanne, enter):
    """And with the headers of the desk."""
    browser = await enter(sanne)
    answer = await browser.get("/desk/bestaat/niet")

    assert answer.status_code == 404
    assert "Deze pagina is er niet." in answer.text
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("/desk/gesprekken/1", "/desk/gesprekken/1"),
        ("https://evil.test/desk/x", "/desk"),
        ("//evil.test/desk/x", "/desk"),
        ("/desk/\\evil.test", "/desk"),
        ("/desk//evil.test", "/desk"),
        ("/desk/aanmelden", "/desk"),
        ("javascript:alert(1)", "/desk"),
        ("/deskundig", "/desk"),
        ("", "/desk"),
        (None, "/desk"),
    ],
)
def test_the_way_back_stays_inside(asked, given):
    """Whatever stands in the address."""
    assert way_back(asked) == given


@pytest.fixture
def app_routes(app):
    made = app.chat.settings  # the app must have been built for its routes to be there
    assert made is not None
    return [route for part in PARTS for route in part.routes]
