"""The release that the actions answer from; read again when another goes live."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nachtlicht.release import Release

ROOT = Path(__file__).resolve().parent.parent


class LiveRelease:
    """Gives the live release, and reads it only when `current` has moved."""

    def __init__(self, releases: Path) -> None:
        """Look in `releases`; nothing is read yet."""
        self._releases = releases
        self._read: tuple[Path, Release] | None = None

    def get(self) -> Release:
        """Return the live release.

        Raises:
            ReleaseError: nothing is published, or it is damaged.
        """
        folder = (self._releases / "current").resolve()
        if self._read is None or self._read[0] != folder:
            self._read = folder, Release.current(self._releases)
        return self._read[1]


def releases_folder(env: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of published releases."""
    return Path(env.get("NACHTLICHT_VAR") or ROOT / "var").resolve() / "releases"


def moment_of(metadata: Mapping[str, Any]) -> dt.datetime:
    """Return the moment of a message as the web app gave it; without one, the clock's."""
    try:
        moment = dt.datetime.fromisoformat(str(metadata.get("now")))
    except ValueError:
        return dt.datetime.now(dt.UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
