"""A served app with a small release, members of staff who can sign in, and young people."""

import dataclasses
import functools
import re
import socket
import uuid

import httpx
import pyotp
import pytest

from nachtlicht.chat.staff import Person, SignIn
from nachtlicht.chat.staff.passwords import hash_password
from nachtlicht.store import Counsellor, Role
from nachtlicht.web import app as app_module
from nachtlicht.web.app import create_app
from nachtlicht.web.desk.guard import COOKIE
from tests.desk.browsing import *  # noqa: F403 - fixtures
from tests.support import places
from tests.support.databases import *  # noqa: F403 - fixtures
from tests.support.serve import serving
from tests.support.small_release import URGENT, publish_small
from tests.support.talks import Young

PASSWORD = "paarse fiets zingt zacht"
THEMES = {"geen": "Nog geen thema", "afpersing": "Afpersing", "zelfdoding": "Zelfdoding"}
MODEL = {"afpersing": "Het model denkt aan afpersing met beelden."}
SURE = {
    "heel": "Het is daar heel zeker van.",
    "vrij": "Het is daar vrij zeker van.",
    "matig": "Het is daar niet zo zeker van.",
    "weinig": "Het kan ook iets anders zijn.",
}
CANNED = {"code": "veilig", "titel": "Ben je veilig?", "groep": "Begin", "zoek": ["veilig"]}


@dataclasses.dataclass
class Member:
    """A member of staff with everything that signing in takes."""

    id: uuid.UUID
    name: str
    login: str
    secret: str
    role: Role


@dataclasses.dataclass
class App:
    """The served app: where it is, and what is inside."""

    url: str
    settings: places.TestSettings
    chat: object
    made: object

    @property
    def limits(self):
        return self.made.ctx.limits

    @property
    def store(self):
        return self.chat.store

    def browser(self):
        """A browser that has never been here."""
        return Browser(self.url)


class Browser:
    """What a browser is to a server: its cookies, and what it sends along with a request.

    It keeps `Secure` cookies over http, as browsers do on this machine's own address.
    """

    def __init__(self, url: str) -> None:
        self.cookies: dict[str, str] = {}
        self.csrf = ""
        self._client = httpx.AsyncClient(base_url=url, timeout=60)
        self.headers = {"origin": url, "sec-fetch-site": "same-origin"}

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_error):
        await self._client.aclose()

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """Go to a page."""
        return await self._send("GET", path, headers)

    async def post(self, path: str, data: dict, **headers: str) -> httpx.Response:
        """Send a form; the token of the session goes along unless `data` has another."""
        return await self._send("POST", path, headers, data={"csrf": self.csrf, **data})

    async def _send(self, method, path, headers, **body) -> httpx.Response:
        sent = {**self.headers, **{name.replace("_", "-"): v for name, v in headers.items()}}
        sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {name: value for name, value in sent.items() if value}
        answer = await self._client.request(method, path, headers=sent, **body)
        for line in answer.headers.get_list("set-cookie"):
            name, _, rest = line.partition("=")
            value, _, how = rest.partition(";")
            self.cookies[name] = value
            if "max-age=0" in how.lower():
                del self.cookies[name]
        return answer


def csrf_of(page: httpx.Response) -> str:
    """The token in the forms of a page."""
    return re.search(r'name="csrf" value="([^"]+)"', page.text)[1]


@pytest.fixture
def desk_settings(tmp_path, sqlite_template, monkeypatch):
    """Settings with a migrated SQLite file and a small release."""
    # A round between a test's moving of the clock and its next step would act on what is moved.
    monkeypatch.setattr(app_module, "SWEEP_EVERY", 3600)
    settings = places.sqlite_settings(tmp_path / "var", sqlite_template)
    canned = {"antwoorden": [{**CANNED, "tekst": "Ben je nu veilig?"}]}
    texts = {"utter_collega_leest_mee": [{"text": "utter_collega_leest_mee"}]}
    desk = {"themes": THEMES, "model": MODEL, "model_zeker": SURE}
    publish_small(settings.releases, texts=texts, words={"desk": desk, "canned": canned})
    return settings


@pytest.fixture
async def app(desk_settings):
    """The real app, served on a free port."""
    made = create_app(desk_settings)
    async with serving(made) as url:
        yield App(url, desk_settings, made.ctx.chat, made)


@pytest.fixture
async def named_app(desk_settings):
    """The real app at an address with a name, as passkeys want it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        origin = f"http://localhost:{listener.getsockname()[1]}"
        settings = dataclasses.replace(desk_settings, public_origin=origin)
        made = create_app(settings)
        async with serving(made, listener) as url:
            yield App(url, settings, made.ctx.chat, made)


@pytest.fixture
def join(app):
    """Lets somebody join, by name and role."""

    async def join(name="Sanne", role=Role.COUNSELLOR, login=None):
        return await member(app.store, app.settings, name, role, login)

    return join


async def member(store, settings, name, role=Role.COUNSELLOR, login=None) -> Member:
    """Somebody who has accepted an invitation; hashed once for all, as hashing is slow."""
    login, secret = login or f"{name}@desk.test".lower(), pyotp.random_base32()
    row = Counsellor(
        login_index=store.login_index(login),
        role=role,
        created_at=settings.now(),
        password_hash=_hashed(),
    )
    for column, value in (("login", login), ("display_name", name), ("totp_secret", secret)):
        row.seal(store.staff_key, column, value)
    async with store.write() as session:
        session.add(row)
    return Member(row.id, name, login, secret, role)


@functools.cache
def _hashed() -> str:
    return hash_password(PASSWORD)


async def next_code(store, who: Member) -> None:
    """Let half a minute pass for the second factor: the code of this moment is new again."""
    async with store.write() as session:
        row = await session.get_one(Counsellor, who.id)
        row.totp_last_step = None


@pytest.fixture
async def enter(app):
    """Signs a member in; gives their browser."""
    opened = []

    async def enter(who: Member) -> Browser:
        door, person = SignIn(app.store), Person(who.id, who.name, who.role)
        begun = await door.begin_for(person, now=app.settings.now())
        browser = app.browser()
        opened.append(browser)
        browser.cookies[COOKIE] = begun.token
        browser.csrf = csrf_of(await browser.get("/desk/account"))
        return browser

    yield enter
    for browser in opened:
        await browser.__aexit__()


async def try_sign_in(browser, who: Member, **changed) -> httpx.Response:
    """Fill in the sign-in form as a person would; `changed` replaces fields."""
    form = csrf_of(await browser.get("/desk/aanmelden"))
    fields = {
        "csrf": form,
        "login": who.login,
        "wachtwoord": PASSWORD,
        "code": pyotp.TOTP(who.secret).now(),
    }
    return await browser.post("/desk/aanmelden", data={**fields, **changed})


@pytest.fixture
async def sanne(join):
    """A counsellor."""
    return await join("Sanne")


@pytest.fixture
async def mila(join):
    """A second counsellor."""
    return await join("Mila")


@pytest.fixture
async def lead(join):
    """The lead of the shift."""
    return await join("Joris", Role.LEAD)


@pytest.fixture
async def young(app, noise):
    """A young person in a talk of their own."""
    return await Young.begin(app.chat)


@pytest.fixture
async def noise(app):
    """Another young person who waits too, in every test with one."""
    other = await Young.begin(app.chat)
    await other.says(URGENT)
    return other
