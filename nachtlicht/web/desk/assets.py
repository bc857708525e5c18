"""The desk's own files: read once, served from memory, named by their hash so they may be kept."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
from pathlib import Path

STATIC = Path(__file__).resolve().parent / "static"
PREFIX = "/desk/static"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclasses.dataclass(frozen=True)
class Asset:
    """One file as it goes over the wire."""

    body: bytes
    content_type: str


@functools.cache
def assets() -> dict[str, Asset]:
    """All files by their path under `static/`."""
    return {
        path.relative_to(STATIC).as_posix(): Asset(path.read_bytes(), _TYPES[path.suffix])
        for path in sorted(STATIC.rglob("*"))
        if path.suffix in _TYPES
    }


@functools.cache
def version() -> str:
    """One name for all files together: modules import each other, so they change together."""
    digest = hashlib.sha256()
    for name, asset in assets().items():
        digest.update(name.encode() + b"\0" + asset.body)
    return digest.hexdigest()[:16]


def asset_url(name: str) -> str:
    """The address of a file; another version has another address.

    Raises:
        KeyError: there is no such file, which is a fault in a template.
    """
    assets()[name]
    return f"{PREFIX}/{version()}/{name}"
