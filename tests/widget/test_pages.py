"""What the server sends for the widget: headers, words, lines to call, and no more than allowed."""

from __future__ import annotations

import gzip
import json
import re
import urllib.parse

import pytest

from nachtlicht.web.bundle import BundleError, bundle
from tests.support.system import ROOT
from tests.widget.site import EXIT

PARTS = ROOT / "widget" / "v1"
LOADER_LIMIT = 3 * 1024  # bytes, gzip, with the words in it
FRAME_LIMIT = 25 * 1024  # bytes, gzip, all scripts and styles of the frame together
NUMBER = re.compile(r"(?<![\w#.&-])(?:0\d{2,3}[ -]\d|11[23]\b)")


@pytest.mark.parametrize("path", ["/chat", "/v1/frame"])
def test_page_allows_nothing_from_elsewhere(site, path):
    """Scripts and styles of our own only, nothing inline, no form, no base, trusted types."""
    headers, body = site.get(path)
    policy = headers["content-security-policy"]
    for part in (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
    ):
        assert part in policy
    assert "unsafe" not in policy
    html = body.decode()
    assert not re.search(r"<script(?![^>]*(?:src=|application/json))", html)
    assert not re.search(r"<style|\sstyle=|\son\w+=", html)


@pytest.mark.parametrize("path", ["/chat", "/v1/frame", "/v1/chat.js", "/demo.html"])
def test_page_is_not_kept_and_tells_nobody(site, path):
    """No store, no referrer, no index, no camera; and it sets no cookie."""
    headers, _ = site.get(path)
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert "noindex" in headers["x-robots-tag"]
    assert "camera=()" in headers["permissions-policy"]
    assert "set-cookie" not in headers


def test_only_listed_partners_may_hold_the_frame(site):
    """The frame names them one by one; the full page may be held by nobody."""
    frame, chat = site.get("/v1/frame")[0], site.get("/chat")[0]
    assert f"frame-ancestors 'self' {site.partner}" in frame["content-security-policy"]
    assert "frame-ancestors 'none'" in chat["content-security-policy"]


def test_frame_answers_only_to_the_partner_it_was_opened_by(site):
    """An origin that is not listed is not taken over as the one to talk with."""
    known = site.get(f"/v1/frame?host={site.partner}")[1].decode()
    stranger = site.get("/v1/frame?host=https://vreemd.example")[1].decode()
    assert f'data-host="{site.partner}"' in known
    assert "data-host" not in stranger
    assert "vreemd" not in stranger


@pytest.mark.parametrize("value", ["<script>", "a b", "é", "x" * 65, "../x", '"onclick='])
def test_names_in_the_address_are_plain_or_left_out(site, value):
    """What is no plain name is not written into the page."""
    quoted = urllib.parse.quote(value)
    html = site.get(f"/chat?entry={quoted}&source={quoted}")[1].decode()
    assert 'data-entry="algemeen"' in html
    assert "data-source" not in html


def test_entry_and_source_of_a_partner_are_taken_along(site):
    """A door of its own, and a tag that says whose."""
    html = site.get("/chat?entry=jongens&source=de-brug.nl")[1].decode()
    assert 'data-entry="jongens"' in html
    assert 'data-source="de-brug.nl"' in html


def test_exit_link_is_the_first_link_and_comes_from_the_settings(site):
    """It works before any script does."""
    html = site.get("/chat")[1].decode()
    first = re.search(r"<(?:a|button)\b[^>]*>", html).group()
    assert f'href="{EXIT}"' in first
    assert 'target="_top"' in first


def test_lines_to_call_come_from_the_release(site):
    """Each number on the page stands in a record; none stands in a script or a template."""
    html = site.get("/chat")[1].decode()
    shown = set(re.findall(r'href="tel:(\d+)"', html))
    folder = site.settings.releases / "current" / "referrals.json"
    values = [c["value"] for r in json.loads(folder.read_text()) for c in r["channels"]]
    assert shown
    assert shown <= {re.sub(r"\D", "", value) for value in values}
    for path in (ROOT / "widget").rglob("*.*"):
        if path.suffix in (".js", ".html", ".css"):
            assert not NUMBER.search(path.read_text()), path.name


def test_every_word_of_the_page_comes_from_the_editors(site):
    """The templates and scripts hold no Dutch of their own, the demo page of a partner apart."""
    words = json.loads((site.settings.releases / "current" / "words.json").read_text())["widget"]
    html = site.get("/chat")[1].decode()
    for name in ("exit", "help_title", "safe_left_title", "image_title", "say_human"):
        assert words[name].replace("'", "&#39;") in html
    template = (ROOT / "widget" / "templates" / "chat.html").read_text()
    bare = re.sub(r"{[{%#].*?[}%#]}|<[^>]*>", " ", template, flags=re.S)
    assert bare.split() == []


def test_placeholders_are_filled_in(site):
    """No double brackets reach a young person."""
    for path in ("/chat", "/v1/frame", "/demo.html", "/v1/loader.js"):
        assert b"[[" not in site.get(path)[1]


@pytest.mark.parametrize("path", ["/v1/../settings.py", "/v1/..%2f..%2fMakefile", "/v1/nee.js"])
def test_nothing_but_the_parts_can_be_fetched(site, path):
    """A name that is no part of the widget is not found."""
    assert site.status(path, token="") == 404


def test_packed_for_who_can_read_it(site):
    """The same part, smaller."""
    plain = site.get("/v1/chat.js")[1]
    headers, packed = site.get("/v1/chat.js", **{"Accept-Encoding": "gzip"})
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed) == plain


def test_loader_may_be_used_by_other_origins_and_is_small(site):
    """With the words of the release in it, it stays under its limit."""
    headers, body = site.get("/v1/loader.js")
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert EXIT.encode() in body
    assert len(gzip.compress(body, 9)) <= LOADER_LIMIT


def test_frame_is_small(site):
    """Scripts and styles of the frame together, packed as they are sent: two requests in all."""
    html = site.get("/v1/frame")[1].decode()
    names = set(re.findall(r'(?:href|src)="/v1/([\w-]+\.(?:js|css))"', html))
    assert names == {"talk.js", "nachtlicht.css"}
    packed = {"Accept-Encoding": "gzip"}
    sizes = {name: len(site.get(f"/v1/{name}", **packed)[1]) for name in names}
    assert sum(sizes.values()) <= FRAME_LIMIT, sizes


@pytest.mark.parametrize(
    "source",
    [
        'import x from "./b.js";',
        "export { x };",
        'import { a } from "./missing.js";',
        'import { a } from "./a.js";',
    ],
)
def test_a_module_that_cannot_be_bundled_is_refused(source):
    """What the one script cannot hold is told, and not sent half."""
    with pytest.raises(BundleError):
        bundle({"a.js": source}, ("a.js",))


def test_the_one_script_is_all_modules_once(site):
    """In the order in which they need each other, and none forgotten."""
    script = site.get("/v1/talk.js")[1].decode()
    made = re.findall(r"^const \$(\w+) = \(\(\) => {$", script, flags=re.M)
    modules = {p.stem.replace("-", "_") for p in PARTS.glob("*.js")} - {"loader"}
    assert len(made) == len(set(made))
    assert set(made) == modules
    assert made.index("api") < made.index("session") < made.index("chat")
