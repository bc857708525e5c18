"""The second factor: codes of an authenticator app, each good for one sign-in."""

from __future__ import annotations

import datetime as dt
import hmac
import io

import pyotp
import segno

ISSUER = "Nachtlicht"
SLACK = 1  # steps of 30 seconds before and after now that still count


def new_secret() -> str:
    """Make a secret of 160 bits in base 32, as authenticator apps want it."""
    return pyotp.random_base32()


def matching_step(secret: str, code: str, *, now: dt.datetime, after: int | None) -> int | None:
    """Return the time step that `code` belongs to, or None if it is wrong or used.

    `after` is the last step that was accepted: a code is good once, and never one that is older
    than a code already used. All steps are compared, so that the time tells nothing.
    """
    code = code.replace(" ", "")
    totp = pyotp.TOTP(secret)
    step_now = int(now.timestamp()) // totp.interval
    found = None
    for step in range(step_now - SLACK, step_now + SLACK + 1):
        right = hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())
        if right and (after is None or step > after):
            found = step
    return found


def qr_svg(secret: str, login: str) -> str:
    """Draw the QR code of a secret as SVG for use inside a page, without a colour of its own."""
    address = pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)
    picture = io.BytesIO()
    segno.make(address, error="m").save(
        picture, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=4, nl=False,
        dark="#000", light="#fff", title="QR-code voor je authenticator-app", svgclass="qr",
        lineclass=None,
    )  # fmt: skip
    return picture.getvalue().decode()


def grouped(secret: str) -> str:
    """Write a secret in groups of four, for who must type it over."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
