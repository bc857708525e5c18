"""The list of files in a release with their hashes: written at publish, checked at every start."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nachtlicht.release.errors import ReleaseError

NAME = "manifest.json"


def write_manifest(
    folder: Path, *, release_id: str, created_at: dt.datetime, counts: Mapping[str, int]
) -> dict[str, Any]:
    """Hash every file in `folder` and write `manifest.json` beside them; returns what it wrote.

    `created_at` carries a zone. A second call replaces the manifest.
    """
    files = {
        str(path.relative_to(folder)): file_hash(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != NAME
    }
    manifest = {
        "id": release_id,
        "created_at": created_at.astimezone(dt.UTC).isoformat(timespec="seconds"),
        "files": files,
        "counts": dict(counts),
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / NAME).write_text(text + "\n", encoding="utf-8")
    return manifest


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of `folder`, without checking the files.

    Raises:
        ReleaseError: it is not there, is no JSON, or lacks a key.
    """
    try:
        manifest = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ReleaseError(f"Release {folder.name} has no manifest.json.") from error
    except (OSError, ValueError) as error:
        raise ReleaseError(f"The manifest of release {folder.name} cannot be read.") from error
    missing = {"id", "created_at", "files"} - set(manifest if isinstance(manifest, dict) else ())
    if missing:
        raise ReleaseError(
            f"The manifest of release {folder.name} lacks {', '.join(sorted(missing))}."
        )
    return dict(manifest)


def verify(folder: Path) -> dict[str, Any]:
    """Check every file of the release against its hash; returns the manifest.

    A file that the manifest does not name is refused as well: it could be loaded by mistake.

    Raises:
        ReleaseError: a file is missing, changed or unknown; the sentence names the first.
    """
    manifest = read_manifest(folder)
    files: dict[str, str] = manifest["files"]
    for name, expected in files.items():
        path = folder / name
        if not path.is_file():
            raise ReleaseError(f"Release {folder.name} lacks the file {name}.")
        if file_hash(path) != expected:
            raise ReleaseError(f"In release {folder.name} the file {name} was changed.")
    for path in folder.rglob("*"):
        name = str(path.relative_to(folder))
        if path.is_file() and name != NAME and name not in files:
            raise ReleaseError(f"Release {folder.name} holds an unknown file {name}.")
    return manifest


def file_hash(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
