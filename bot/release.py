"""Which release this bot serves, and whether the live one wants another model."""

from __future__ import annotations

import json
import os
from pathlib import Path

MODEL = "bot/model.tar.gz"
RELEASES_ENV = "NACHTLICHT_BOT_RELEASES"
MODEL_HASH_ENV = "NACHTLICHT_BOT_MODEL_HASH"


def current(releases: Path) -> tuple[str, str] | None:
    """Return the id of the live release and the hash of its model; None when there is none."""
    try:
        manifest = json.loads((releases / "current" / "manifest.json").read_text("utf-8"))
        return str(manifest["id"]), str(manifest["files"][MODEL])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def served() -> str | None:
    """Return the id of the release that this process answers for.

    A release that changes numbers or hours but not the model moves `current` and leaves the
    bot as it is: it then answers for the new one.
    """
    found = current(Path(os.environ.get(RELEASES_ENV, "")))
    if found and found[1] == os.environ.get(MODEL_HASH_ENV):
        return found[0]
    return None
