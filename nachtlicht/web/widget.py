"""Serves the widget: the loader, the frame, the full page, their parts, and a demo page."""

from __future__ import annotations

import datetime as dt
import functools
import gzip
import json
import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import NotFound

from nachtlicht.release import ZONE, Release
from nachtlicht.settings import ROOT, Settings
from nachtlicht.web.bundle import bundle
from nachtlicht.web.lean import lean
from nachtlicht.web.safety_card import card_lines, known_links, page_words

blueprint = Blueprint("widget")

FOLDER = ROOT / "widget"
FILES = FOLDER / "v1"
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
ENTRIES = ("session.js", "chat.js")  # the first asks for a talk before the rest has run
NIGHT = (20, 7)  # from this hour to that one the page is dark, whatever the device says
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
LOADER_WORDS = (
    "launcher",
    "launcher_unread",
    "frame_title",
    "hide",
    "frame_silent",
    "exit",
    "exit_two",
    "exit_one",
    "exit_busy",
)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors {ancestors}"
)


@blueprint.get("/v1/frame")
async def frame(request: Request) -> HTTPResponse:
    """The talk inside a partner's page; only listed origins may hold it."""
    settings = _settings(request)
    host = request.args.get("host", "")
    known = host in (*settings.embed_origins, settings.public_origin)
    ancestors = " ".join(("'self'", *settings.embed_origins))
    headers = {"Cross-Origin-Resource-Policy": "cross-origin"}
    return _chat(request, host=host if known else "", ancestors=ancestors, headers=headers)


@blueprint.get("/chat")
async def chat(request: Request) -> HTTPResponse:
    """The talk as a page of its own."""
    headers = {
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Frame-Options": "DENY",
    }
    return _chat(request, host="", ancestors="'none'", headers=headers)


@blueprint.get("/demo.html")
async def demo(request: Request) -> HTTPResponse:
    """A partner's page with the widget on it; opened under another origin than the frame's."""
    settings, release = _settings(request), _release(request)
    now = settings.now()
    page = _templates().get_template("demo.html")
    html = page.render(
        w=page_words(release, now),
        lines=list(card_lines(release, now)),
        origin=settings.public_origin,
        exit_url=settings.exit_url,
        entry=_name(request, "entry", "algemeen"),
        source=_name(request, "source", ""),
        test=_flag(request, "test"),
    )
    own = settings.public_origin
    policy = (
        f"default-src 'none'; script-src {own}; style-src {own}; frame-src {own}; "
        "base-uri 'none'; form-action 'none'"
    )
    return _answer(request, html.encode(), ".html", {"Content-Security-Policy": policy})


@blueprint.get("/v1/loader.js")
async def loader(request: Request) -> HTTPResponse:
    """The script on a partner's page, with the words of the live release in it."""
    words = page_words(_release(request), _settings(request).now())
    config = {
        "words": {name: words[name] for name in LOADER_WORDS},
        "exit": _settings(request).exit_url,
        "css": lean((FILES / "loader.css").read_text(encoding="utf-8"), ".css"),
    }
    source = lean((FILES / "loader.js").read_text(encoding="utf-8"), ".js")
    told = source.replace("CONFIG = {}", f"CONFIG = {json.dumps(config, ensure_ascii=False)}", 1)
    headers = {
        "Cache-Control": "public, max-age=600",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    return _answer(request, told.encode(), ".js", headers)


@blueprint.get("/v1/talk.js")
async def talk(request: Request) -> HTTPResponse:
    """All modules of the talk as one script."""
    modules = {name: _parts()[name].read_text(encoding="utf-8") for name in _modules()}
    headers = {"Cross-Origin-Resource-Policy": "same-origin"}
    return _answer(request, bundle(modules, ENTRIES).encode(), ".js", headers)


@blueprint.get("/v1/<name:str>")
async def part(request: Request, name: str) -> HTTPResponse:
    """A module, style sheet or picture of the widget."""
    path = _parts().get(name)
    if path is None:
        raise NotFound(f"The widget has no part {name!r}.")
    shared = "cross-origin" if name == "demo.css" else "same-origin"
    headers = {"Cross-Origin-Resource-Policy": shared}
    body = lean(path.read_text(encoding="utf-8"), path.suffix)
    return _answer(request, body.encode(), path.suffix, headers)


def is_night(now: dt.datetime) -> bool:
    """Whether it is dark by the Dutch clock."""
    hour = now.astimezone(ZONE).hour
    return hour >= NIGHT[0] or hour < NIGHT[1]


def _chat(request: Request, *, host: str, ancestors: str, headers: dict[str, str]) -> HTTPResponse:
    settings, release = _settings(request), _release(request)
    now = settings.now()
    words = page_words(release, now)
    html = (
        _templates()
        .get_template("chat.html")
        .render(
            w=words,
            spoken=words,
            lines=list(card_lines(release, now)),
            links=known_links(release.referrals.values()),
            exit_url=settings.exit_url,
            night=is_night(now),
            host=host,
            entry=_name(request, "entry", "algemeen"),
            source=_name(request, "source", ""),
            strict=_flag(request, "strict"),
            test=_flag(request, "test"),
        )
    )
    policy = {"Content-Security-Policy": POLICY.format(ancestors=ancestors)}
    return _answer(request, html.encode(), ".html", headers | policy)


def _answer(request: Request, body: bytes, suffix: str, headers: dict[str, str]) -> HTTPResponse:
    """Send `body`, smaller where the browser can read that."""
    headers = {"Vary": "Accept-Encoding"} | headers
    if "gzip" in request.headers.get("accept-encoding", ""):
        body = _packed(body)
        headers["Content-Encoding"] = "gzip"
    kind = TYPES.get(suffix, "text/html; charset=utf-8")
    return HTTPResponse(body, headers=headers, content_type=kind)


@functools.lru_cache(maxsize=64)
def _packed(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)


@functools.cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, undefined=StrictUndefined
    )


@functools.cache
def _parts() -> dict[str, Path]:
    """Every file that may be fetched, by name; nothing else can be named."""
    return {path.name: path for path in sorted(FILES.iterdir()) if path.suffix in TYPES}


def _modules() -> list[str]:
    """The modules of the frame."""
    return [name for name in _parts() if name.endswith(".js") and name != "loader.js"]


def _name(request: Request, key: str, default: str) -> str:
    """A short plain name from the address; anything else counts as not given."""
    value = request.args.get(key, default)
    return value if NAME.fullmatch(value) else default


def _flag(request: Request, key: str) -> bool:
    """Whether `key` stands in the address, with or without a value."""
    return key in request.get_args(keep_blank_values=True)


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.ctx.settings
    return settings


def _release(request: Request) -> Release:
    release: Release = request.app.ctx.releases.release
    return release
