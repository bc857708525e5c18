"""The live release inside a running process, and how it is changed without dropping a talk."""

from __future__ import annotations

import asyncio
import dataclasses
from pathlib import Path

import structlog

from nachtlicht.encoder import ClassifierError, RiskClassifier
from nachtlicht.release import Release, ReleaseError
from nachtlicht.risk import RiskRules, RiskRulesError

log = structlog.get_logger("nachtlicht.releases")


@dataclasses.dataclass(frozen=True)
class Live:
    """One release with its risk rules; whoever took it may finish with it."""

    release: Release
    rules: RiskRules
    classifier: RiskClassifier | None = None


class Releases:
    """Holds the live release. Without readable rules nothing starts: they fail closed."""

    def __init__(self, folder: Path) -> None:
        """Load the live release of `folder`.

        Raises:
            ReleaseError: there is none, or it is damaged.
            RiskRulesError: its rules cannot be used.
        """
        self._folder = folder
        self._live = _load(folder)
        self.problem: str | None = None

    @property
    def live(self) -> Live:
        """The release and its rules, as one: take both in one go."""
        return self._live

    @property
    def release(self) -> Release:
        """The live release."""
        return self._live.release

    @property
    def rules(self) -> RiskRules:
        """The risk rules of the live release."""
        return self._live.rules

    async def refresh(self) -> bool:
        """Load the newly published release, if `current` has moved; True when it did.

        A release that cannot be used is left where it is: the old one goes on, and `problem`
        holds the sentence for `/readyz`.
        """
        try:
            target = await asyncio.to_thread((self._folder / "current").resolve)
            if target == self._live.release.path:
                self.problem = None
                return False
            self._live = await asyncio.to_thread(_load, self._folder)
        except (ReleaseError, RiskRulesError, OSError) as error:
            self.problem = str(error)
            return False
        self.problem = None
        return True


def _load(folder: Path) -> Live:
    release = Release.current(folder)
    return Live(release, RiskRules.load(release.risk_rules_path), _load_classifier(release))


def _load_classifier(release: Release) -> RiskClassifier | None:
    """The risk model, or None: then the rules stand alone, and `/readyz` says so."""
    if release.risk_model_path is None:
        return None
    try:
        return RiskClassifier.load(release.risk_model_path)
    except ClassifierError as error:
        log.warning("classifier_missing", error=str(error))
        return None
