"""The files of the desk: what is vendored is what we say, and all stays small and local."""

import gzip
import hashlib
import re

import pytest

from nachtlicht.web.desk.assets import STATIC, asset_url, assets, version
from nachtlicht.web.desk.pages import TEMPLATES

VERSIONS = STATIC / "vendor" / "VERSIONS.md"
ROWS = re.findall(r"^\| (\S+\.js) \|.*\| ([0-9a-f]{64}) \|$", VERSIONS.read_text(), re.MULTILINE)


def test_vendored_files_are_unchanged():
    """Each has the hash that stands beside it, and each one that is there is named."""
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (STATIC / "vendor").glob("*.js")
    }
    assert found == dict(ROWS)
    assert (STATIC / "vendor" / "htmx.LICENSE").exists()


def test_the_console_stays_light():
    """All scripts and the style together, as they go over the wire."""
    size = sum(len(gzip.compress(asset.body)) for asset in assets().values())
    assert size < 40_000


def test_an_asset_has_an_address_with_its_version():
    """So it may be kept for ever; a file that is not there is a fault in a template."""
    assert asset_url("desk.css") == f"/desk/static/{version()}/desk.css"
    with pytest.raises(KeyError):
        asset_url("weg.css")


async def test_assets_may_be_kept_by_the_browser(app):
    """With the right version; an old address is answered but not kept."""
    async with app.browser() as browser:
        fresh = await browser.get(asset_url("desk.css"))
        old = await browser.get("/desk/static/oud/desk.css")
        gone = await browser.get("/desk/static/oud/../../guard.py")

    assert "immutable" in fresh.headers["cache-control"]
    assert fresh.headers["content-type"].startswith("text/css")
    assert old.headers["cache-control"] == "no-store"
    assert gone.status_code in (303, 404)


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_templates_hold_no_number_and_no_inline_script(path):
    """Numbers to call are content; scripts and styles lie in files."""
    text = re.sub(r"{#.*?#}|<svg.*?</svg>|<path[^>]*>", "", path.read_text(), flags=re.DOTALL)
    assert not re.search(r"(?<![\w.#])0[\d \-]{8,}", text)
    assert not re.search(r"\b(112|113)\b", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", text)
    if path.name != "aannemen.html":  # the QR code is drawn by the server
        assert "|safe" not in text
