"""Reads the editors' files for training once, where Rasa reads each of them eight times."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import rasa.shared.utils.io
import yaml
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.exceptions import RasaException
from rasa.shared.importers import utils
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


class ExamplesError(RasaException):
    """A file with examples cannot be used; the sentence names the file."""


class EditorsImporter(TrainingDataImporter):
    """Gives Rasa the project of `bot.train`: a domain folder, and `data/` with the rest.

    Examples are plain sentences, without marks for entities, and have been through the content
    check; so they need no second schema. They are read by PyYAML's C loader: on 8,000 examples
    that is one second, where Rasa's own way is a minute and a half. Rules and stories are read
    by Rasa itself, once.
    """

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
    ) -> None:
        """Take the paths that Rasa hands over; nothing is read yet."""
        paths = training_data_paths or []
        self._config_file, self._domain_path = config_file, domain_path
        self._folders = [Path(p) for p in ([paths] if isinstance(paths, str) else paths)]

    def get_config(self) -> dict[str, Any]:
        """Return the pipeline and the policies."""
        return rasa.shared.utils.io.read_model_configuration(self._config_file)

    def get_config_file_for_auto_config(self) -> str | None:
        """Return the configuration file; it leaves nothing for Rasa to fill in."""
        return self._config_file

    @functools.cache  # noqa: B019 (one importer lives as long as one training)
    def get_domain(self) -> Domain:
        """Return intents, slots, forms, actions and texts."""
        return Domain.load(self._domain_path)

    @functools.cache  # noqa: B019
    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """Return the rules and stories."""
        files = [str(path) for path, raw in self._files() if "rules" in raw or "stories" in raw]
        return utils.story_graph_from_paths(files, self.get_domain(), exclusion_percentage)

    def get_conversation_tests(self) -> StoryGraph:
        """Return none: whole talks are tested in data/talks/."""
        return StoryGraph([])

    @functools.cache  # noqa: B019
    def get_nlu_data(self, language: str | None = "nl") -> TrainingData:
        """Return the examples, each with its intent.

        Raises:
            ExamplesError: a block has no intent or no examples.
        """
        found = [m for path, raw in self._files() for m in _messages(path, raw.get("nlu") or ())]
        return TrainingData(found)

    @functools.cache  # noqa: B019
    def _files(self) -> list[tuple[Path, dict[str, Any]]]:
        paths = sorted(path for folder in self._folders for path in folder.rglob("*.yml"))
        return [(path, _read(path)) for path in paths]


def _messages(path: Path, blocks: Any) -> Iterator[Message]:
    for block in blocks:
        try:
            intent, lines = block["intent"], block["examples"].splitlines()
            about = {"writer": str((block.get("metadata") or {}).get("writer", ""))}
        except (KeyError, TypeError, AttributeError) as error:
            raise ExamplesError(f"{path.name}: a block has no intent or no examples.") from error
        for line in lines:
            text = line.strip().removeprefix("-").strip()
            if text:
                yield Message.build(text, intent, intent_metadata=about)


def _read(path: Path) -> dict[str, Any]:
    try:
        raw = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise ExamplesError(f"{path.name}: {error}") from error
    if not isinstance(raw, dict):
        raise ExamplesError(f"{path.name} holds nothing to train on.")
    return raw
