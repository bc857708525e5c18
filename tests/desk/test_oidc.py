"""Signing in at the house's own provider: who it names gets their account, and nobody else."""

import dataclasses
import time
import uuid
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from sanic import Sanic
from sanic import json as json_response

from nachtlicht.settings import Settings, SettingsError
from nachtlicht.store import Counsellor
from nachtlicht.web.app import create_app
from nachtlicht.web.desk.guard import COOKIE
from nachtlicht.web.desk.oidc import FLOW_COOKIE
from tests.desk.conftest import App
from tests.support.serve import serving

CLIENT = "nachtlicht-desk"
KEY, OTHER_KEY = RSAKey.generate_key(2048), RSAKey.generate_key(2048)


class House:
    """A provider that signs what a test tells it to."""

    def __init__(self) -> None:
        self.app = Sanic(f"house-{uuid.uuid4().hex}", configure_logging=False)
        self.url, self.nonce, self.key, self.claims = "", "", KEY, {}
        self.asked: dict[str, list[str]] = {}
        self.app.add_route(self._about, "/.well-known/openid-configuration")
        self.app.add_route(self._token, "/token", methods=["POST"])
        self.app.add_route(self._keys, "/keys")

    async def _about(self, _request):
        return json_response(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
            }
        )

    async def _keys(self, _request):
        return json_response({"keys": [KEY.as_dict(private=False)]})

    async def _token(self, request):
        self.asked = dict(request.form)
        told = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": "u-1",
            "exp": int(time.time()) + 300,
            "nonce": self.nonce,
            "email": "sanne@desk.test",
            "email_verified": True,
            "given_name": "Sanne",
            "amr": ["pwd", "mfa"],
        }
        signed = jwt.encode({"alg": "RS256"}, {**told, **self.claims}, self.key)
        return json_response({"access_token": "x", "token_type": "Bearer", "id_token": signed})


@pytest.fixture
async def house():
    made = House()
    async with serving(made.app) as made.url:
        yield made


@pytest.fixture
def second_factor():
    """What the settings take for a second factor, where a test says nothing else."""
    return Settings.oidc_second_factor


@pytest.fixture
async def app(desk_settings, house, second_factor):
    settings = dataclasses.replace(
        desk_settings,
        oidc_issuer=house.url,
        oidc_client_id=CLIENT,
        oidc_client_secret="geheim",
        oidc_second_factor=second_factor,
    )
    made = create_app(settings)
    async with serving(made) as url:
        yield App(url, settings, made.ctx.chat, made)


@pytest.fixture
async def visitor(app):
    async with app.browser() as browser:
        yield browser


async def test_who_was_invited_gets_in(app, house, sanne, visitor):
    """With PKCE, by a page of our own, into the account of that address; the next time too."""
    page = await _through(visitor, house)

    assert page.status_code == 200
    assert 'content="0; url=/desk"' in page.text
    assert "samesite=lax" not in str(page.headers.get_list("set-cookie")).lower().split(COOKIE)[-1]
    assert (await visitor.get("/desk")).status_code == 200
    assert len(house.asked["code_verifier"][0]) >= 43
    house.claims = {"email": "anders@desk.test"}  # an address changes, a subject does not
    assert (await _through(visitor, house)).status_code == 200
    async with app.store.read() as session:
        assert (await session.get_one(Counsellor, sanne.id)).oidc_index is not None


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "niemand@desk.test"},
        {"email_verified": False},
        {"aud": "another"},
        {"iss": "https://elsewhere.example"},
        {"nonce": "of another sign-in"},
        {"exp": int(time.time()) - 3600},
        {"amr": ["pwd"]},
    ],
    ids=lambda claims: next(iter(claims)),
)
async def test_what_is_not_as_it_must_be_opens_nothing(house, sanne, visitor, claims):
    """One answer for all of it."""
    house.claims = claims
    page = await _through(visitor, house)

    assert page.status_code == 401
    assert COOKIE not in visitor.cookies


@pytest.mark.parametrize(
    ("second_factor", "claims", "status"),
    [
        (("gold", "mfa"), {"amr": None, "acr": "gold"}, 200),
        (("gold",), {"acr": "silver"}, 401),
        (("gold",), {"amr": "gold"}, 401),  # not a list, as it must be
        (("trusted",), {"amr": None}, 200),
    ],
    ids=["by-level", "too-low", "odd", "trusted"],
)
async def test_the_house_says_what_counts_as_two_factors(house, sanne, visitor, claims, status):
    """By method or level; a provider that cannot say it must be trusted in so many words."""
    house.claims = claims

    assert (await _through(visitor, house)).status_code == status


async def test_a_signature_of_somebody_else_opens_nothing(house, sanne, visitor):
    """Right in every word, and not signed by the provider."""
    house.key = OTHER_KEY

    assert (await _through(visitor, house)).status_code == 401


async def test_an_address_that_was_given_to_somebody_else_opens_nothing(house, sanne, visitor):
    """The account is bound to whom it was first."""
    await _through(visitor, house)
    visitor.cookies.clear()
    house.claims = {"sub": "u-2"}

    assert (await _through(visitor, house)).status_code == 401


async def test_the_answer_to_another_sign_in_is_refused(house, sanne, visitor):
    """A stranger's link cannot sign anybody in as the stranger."""
    await visitor.get("/desk/aanmelden/huis")
    forged = await visitor.get("/desk/aanmelden/huis/terug?code=c&state=of-a-stranger")
    visitor.cookies.pop(FLOW_COOKIE, None)
    without = await visitor.get("/desk/aanmelden/huis/terug?code=c&state=s")

    assert (forged.status_code, without.status_code) == (401, 401)


async def test_a_stopped_account_stays_out(app, house, sanne, visitor):
    """Whatever the provider says."""
    async with app.store.write() as session:
        row = await session.get_one(Counsellor, sanne.id)
        row.disabled_at = app.settings.now()

    assert (await _through(visitor, house)).status_code == 401


def test_half_a_setting_is_refused():
    """No issuer without https, and none without its client."""
    issuer = {"NACHTLICHT_OIDC_ISSUER": "https://id.example"}
    client = {"NACHTLICHT_OIDC_CLIENT_ID": "x", "NACHTLICHT_OIDC_CLIENT_SECRET": "y"}
    nothing = {**issuer, **client, "NACHTLICHT_OIDC_SECOND_FACTOR": " "}
    for env in ({"NACHTLICHT_OIDC_ISSUER": "http://id.example"}, issuer, nothing):
        with pytest.raises(SettingsError, match="NACHTLICHT_OIDC"):
            Settings.from_env(env)


async def _through(browser, house):
    """Go to the provider and come back with its answer."""
    there = await browser.get("/desk/aanmelden/huis")
    asked = parse_qs(urlsplit(there.headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    house.nonce = asked["nonce"][0]
    return await browser.get(f"/desk/aanmelden/huis/terug?code=c&state={asked['state'][0]}")
