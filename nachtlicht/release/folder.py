"""A published release: everything the running system needs of the editors' work, verified."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from nachtlicht.release.commands import Commands
from nachtlicht.release.desks import Desk, Desks
from nachtlicht.release.errors import ReleaseError
from nachtlicht.release.manifest import verify
from nachtlicht.release.referrals import Referrals
from nachtlicht.release.render import Scene, render
from nachtlicht.release.texts import Texts

CURRENT = "current"


@dataclasses.dataclass(frozen=True)
class Release:
    """The content of one release folder, read once.

    Open it with `Release.current` or `Release.load`; both check every file's hash first.
    """

    id: str
    path: Path
    created_at: dt.datetime
    counts: Mapping[str, int]
    texts: Texts
    referrals: Referrals
    desks: Desks
    commands: Commands
    _words: Mapping[str, Mapping[str, Any]]

    @classmethod
    def current(cls, releases_dir: Path) -> Release:
        """Open the live release.

        Raises:
            ReleaseError: nothing is published yet, or the live release is damaged.
        """
        link = releases_dir / CURRENT
        if not link.exists():
            raise ReleaseError(f"No release is published in {releases_dir}: run publish first.")
        return cls.load(link.resolve())

    @classmethod
    def load(cls, folder: Path) -> Release:
        """Open the release in `folder`.

        Raises:
            ReleaseError: a file is missing, changed, unknown or cannot be read.
        """
        manifest = verify(folder)
        try:
            created_at = dt.datetime.fromisoformat(manifest["created_at"])
        except (TypeError, ValueError) as error:
            raise ReleaseError(f"Release {folder.name} has no readable date.") from error
        return cls(
            id=str(manifest["id"]),
            path=folder,
            created_at=created_at,
            counts=manifest.get("counts", {}),
            texts=Texts(_read(folder, "texts.json")),
            referrals=Referrals(_read(folder, "referrals.json")),
            desks=Desks(_read(folder, "desks.json")),
            commands=Commands(_read(folder, "commands.json")),
            _words=_read(folder, "words.json"),
        )

    @property
    def risk_model_path(self) -> Path | None:
        """The risk model, or None when the release was made without one."""
        path = self.path / "risk_model.npz"
        return path if path.exists() else None

    @property
    def risk_rules_path(self) -> Path:
        """The compiled risk rules."""
        return self.path / "risk.json"

    @property
    def bot_model_path(self) -> Path:
        """The trained Rasa model."""
        return self.path / "bot" / "model.tar.gz"

    def words(self, group: str) -> Mapping[str, Any]:
        """The words of "widget" or "desk", or the canned replies under "canned".

        Raises:
            ReleaseError: the release has no such group.
        """
        try:
            return self._words[group]
        except KeyError as error:
            raise ReleaseError(f"Release {self.id} has no words for {group}.") from error

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return {str(k): str(v) for k, v in self._words.get("sentences", {}).items()}

    def render(
        self,
        text: str,
        *,
        moment: dt.datetime,
        desk: Desk | str | None = None,
        theme: str | None = None,
        audience: str | None = None,
        names: Mapping[str, str] | None = None,
        country: str = "NL",
        city: str | None = None,
    ) -> str:
        """Fill the placeholders of a Dutch text for this moment and person.

        `names` adds or replaces fixed ones, such as {"medewerker": "Sanne"}. Without `desk`
        it is the desk for the theme. A text without placeholders comes back as it is.
        """
        if "[[" not in text:
            return text
        if not isinstance(desk, Desk):
            found = self.desks.get(desk) if desk else None
            desk = found or self.desks.choose(theme, moment)
        scene = Scene(moment, desk, theme, audience, country, city)
        return render(text, scene, self.referrals, {**self._names, **(names or {})})


def _read(folder: Path, name: str) -> Any:
    try:
        return json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReleaseError(f"In release {folder.name} the file {name} cannot be read.") from error
