"""Signing in at the house's own identity provider (OpenID Connect), where one is set.

The authorisation code flow with PKCE. What must be remembered meanwhile travels in a sealed
cookie of ten minutes; nothing is stored. The provider must say that it asked a second factor.
"""

from __future__ import annotations

import dataclasses
import hmac
import json
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sanic import HTTPResponse, Request

from nachtlicht.chat.staff import Identity, SignInRefused
from nachtlicht.settings import Settings
from nachtlicht.store import DataKey, SealError

FLOW_COOKIE = "__Host-nachtlicht-huis"
FLOW_LIFE = 600  # seconds
PATIENCE = 5.0  # seconds for each answer of the provider
BACK = "/desk/aanmelden/huis/terug"
# Signatures that only the provider can make; never "none", never our own secret.
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
TRUSTED = "trusted"  # in the settings: the provider asks a second factor and cannot say so
_PLACE = b"oidc/flow"


@dataclasses.dataclass(frozen=True)
class Flow:
    """One sign-in under way: what the answer must bring back, and where to go after it."""

    state: str
    nonce: str
    verifier: str
    onward: str
    until: float

    @classmethod
    def begin(cls, onward: str) -> Flow:
        """Three secrets, good for ten minutes."""
        state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
        return cls(state, nonce, verifier, onward, time.time() + FLOW_LIFE)

    def sealed(self, key: DataKey) -> str:
        """As it goes into the cookie."""
        box = key.seal(json.dumps(dataclasses.asdict(self)).encode(), _PLACE)
        return urlsafe_b64encode(box).decode()

    @classmethod
    def opened(cls, key: DataKey, cookie: str | None) -> Flow:
        """Out of the cookie.

        Raises:
            SignInRefused: it is not ours, or too old.
        """
        try:
            flow = cls(**json.loads(key.open(urlsafe_b64decode(cookie or ""), _PLACE)))
        except (SealError, ValueError, TypeError) as error:
            raise SignInRefused from error
        if flow.until < time.time():
            raise SignInRefused
        return flow


async def provider_address(settings: Settings, flow: Flow) -> str:
    """Where the browser goes to prove who it is.

    Raises:
        SignInRefused: the provider does not answer, or says that it is another.
    """
    async with _client(settings) as client:
        known = await _discover(client, settings)
        address, _state = client.create_authorization_url(
            known["authorization_endpoint"],
            state=flow.state,
            nonce=flow.nonce,
            code_verifier=flow.verifier,
        )
    return str(address)


async def identity_of(settings: Settings, flow: Flow, request: Request) -> Identity:
    """Trade the code for the identity, and check every word of it.

    Raises:
        SignInRefused: anything is not as it must be.
    """
    if not hmac.compare_digest(request.args.get("state", "").encode(), flow.state.encode()):
        raise SignInRefused
    async with _client(settings) as client:
        try:
            known = await _discover(client, settings)
            token = await client.fetch_token(
                known["token_endpoint"],
                code=request.args.get("code", ""),
                code_verifier=flow.verifier,
            )
            keys = (
                await client.request("GET", known["jwks_uri"], withhold_token=True)
            ).raise_for_status()
            claims = _checked(str(token.get("id_token", "")), keys.json(), settings, flow)
        except (AuthlibBaseError, JoseError, httpx.HTTPError, ValueError, KeyError) as error:
            raise SignInRefused from error
    verified = claims.get("email_verified") is True
    return Identity(
        issuer=settings.oidc_issuer,
        subject=str(claims["sub"]),
        login=str(claims["email"]) if verified and claims.get("email") else None,
        name=str(claims.get("given_name") or claims.get("name") or "Medewerker"),
    )


def set_flow_cookie(response: HTTPResponse, value: str) -> None:
    """Lax, not strict: the answer comes by a link of the provider's."""
    response.add_cookie(
        FLOW_COOKIE, value, path="/", secure=True, httponly=True, samesite="Lax", max_age=FLOW_LIFE
    )


def _checked(token: str, keys: Any, settings: Settings, flow: Flow) -> dict[str, Any]:
    claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS).claims
    jwt.JWTClaimsRegistry(
        leeway=60,
        iss={"essential": True, "value": settings.oidc_issuer},
        aud={"essential": True, "value": settings.oidc_client_id},
        sub={"essential": True},
        exp={"essential": True},
        nonce={"essential": True, "value": flow.nonce},
        azp={"value": settings.oidc_client_id},
    ).validate(claims)
    if not _asked_twice(claims, settings.oidc_second_factor):
        raise SignInRefused
    return dict(claims)


def _asked_twice(claims: dict[str, Any], names: tuple[str, ...]) -> bool:
    """Whether the provider says, by method (`amr`) or level (`acr`), that it asked two factors."""
    if TRUSTED in names:
        return True
    methods = claims.get("amr")
    told = [*methods, claims.get("acr")] if isinstance(methods, list) else [claims.get("acr")]
    return any(name in told for name in names)


async def _discover(client: AsyncOAuth2Client, settings: Settings) -> dict[str, Any]:
    address = settings.oidc_issuer.rstrip("/") + "/.well-known/openid-configuration"
    try:
        found = (
            (await client.request("GET", address, withhold_token=True)).raise_for_status().json()
        )
    except (httpx.HTTPError, ValueError) as error:
        raise SignInRefused from error
    if not isinstance(found, dict) or found.get("issuer") != settings.oidc_issuer:
        raise SignInRefused
    return found


def _client(settings: Settings) -> AsyncOAuth2Client:
    return AsyncOAuth2Client(
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        scope="openid email profile",
        redirect_uri=settings.public_origin + BACK,
        code_challenge_method="S256",
        timeout=PATIENCE,
        trust_env=False,
    )
