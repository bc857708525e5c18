"""The headers that every answer carries, unless a page has set its own."""

from __future__ import annotations

from sanic import HTTPResponse, Request
from sanic.response import BaseHTTPResponse

from nachtlicht.web.kinds import App

STRICT = {
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, noarchive",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), "
        "gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=(), "
        "browsing-topics=(), interest-cohort=()"
    ),
}
HSTS = "max-age=31536000; includeSubDomains"


def install_headers(app: App) -> None:
    """Put the strict headers on every answer of `app`; a page may loosen its own."""
    https = app.ctx.settings.public_origin.startswith("https:")

    async def complete(_request: Request, response: BaseHTTPResponse) -> HTTPResponse | None:
        for name, value in STRICT.items():
            response.headers.setdefault(name, value)
        if https:
            response.headers.setdefault("Strict-Transport-Security", HSTS)
        return None

    app.register_middleware(complete, "response", priority=-10)  # what a page has set stands
