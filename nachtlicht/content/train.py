"""Trains the bot on the editors' data, in Rasa's own environment, and keeps what it trained."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from nachtlicht.content.compile import compile_texts
from nachtlicht.content.sources import Sources

Progress = Callable[[str], None]
Trainer = Callable[[Sources], Path]
CODE = ("bot", "nachtlicht/text", "nachtlicht/risk", "nachtlicht/encoder")
TRAINING_TIME = 1800  # seconds; on two busy cores a training from nothing takes a tenth of it


class TrainingError(Exception):
    """The bot could not be trained; the sentence, for editors, ends with what Rasa said."""

    code = "training_failed"


def quiet(_: str) -> None:
    """Tell nobody."""


def train(sources: Sources, cache: Path, *, progress: Progress = quiet) -> Path:
    """Train the bot; returns the model.

    The same data and code give the model that was made before, from `cache`.

    Raises:
        TrainingError: Rasa refuses the data, or its environment is missing.
    """
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="project-") as name:
        project = Path(name)
        write_project(sources, project)
        model = cache / f"{fingerprint(project, sources.root)}.tar.gz"
        if model.exists():
            progress("Niets veranderd voor de bot: het model van de vorige keer blijft.")
            return model
        progress("De bot wordt getraind. Dat duurt een paar minuten.")
        made = project / "model.tar.gz"
        _run_rasa(sources.root, project, made)
        os.replace(made, model)
    return model


def train_both(
    sources: Sources, trainer: Trainer, risk_trainer: Trainer | None
) -> tuple[Path, Path | None]:
    """Train the bot and, beside it, the risk model; returns both, None without `risk_trainer`.

    Side by side, as Rasa works in a process of its own; each line is read by one of the two.
    """
    with ThreadPoolExecutor(1) as beside:
        risk = beside.submit(risk_trainer, sources) if risk_trainer else None
        model = trainer(sources)
        return model, risk.result() if risk else None


def write_project(sources: Sources, project: Path) -> None:
    """Lay out what Rasa trains on: configuration, domain, texts, examples, rules and stories.

    Owners, sources and review dates stay out, so that a new date asks for no new training.
    """
    shutil.copy(sources.root / "bot" / "config.yml", project / "config.yml")
    for file in sources.domain:
        _copy(file.path, project / "domain" / file.path.name)
    texts = {"version": "3.1", "responses": compile_texts(sources)}
    responses = project / "domain" / "responses.yml"
    responses.write_text(json.dumps(texts, ensure_ascii=False, indent=1), encoding="utf-8")
    for part, files in (("nlu", sources.nlu), ("stories", sources.stories)):
        for file in files:
            relative = file.path.relative_to(sources.data / part)
            _copy(file.path, project / "data" / part / "__".join(relative.parts))


def fingerprint(project: Path, root: Path) -> str:
    """A hash of everything that decides what a model becomes: data, and the bot's own code."""
    digest = hashlib.sha256()
    code = [path for folder in CODE for path in (root / folder).rglob("*.py")]
    models = (root / "models").rglob("*.json")
    for base, paths in ((project, project.rglob("*")), (root, code), (root, models)):
        for path in sorted(path for path in paths if path.is_file()):
            digest.update(f"{path.relative_to(base)}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:32]


def bot_python(root: Path) -> Path:
    """The interpreter of Rasa's environment."""
    return root / ".venv" / "bot" / "bin" / "python"


def _run_rasa(root: Path, project: Path, model: Path) -> None:
    python = bot_python(root)
    if not python.exists():
        raise TrainingError(f"Rasa is hier niet geïnstalleerd: {python} ontbreekt.")
    try:
        done = subprocess.run(
            [python, "-m", "bot.train", project, model],
            cwd=root,
            capture_output=True,
            text=True,
            timeout=TRAINING_TIME,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TrainingError(f"De training duurde langer dan {TRAINING_TIME} seconden.") from error
    if done.returncode or not model.exists():
        said = "\n".join(_last_lines(done.stderr or done.stdout))
        raise TrainingError(f"Rasa kan dit niet leren: {said or done.returncode}")


def _last_lines(text: str, count: int = 5) -> Iterator[str]:
    yield from [line for line in text.splitlines() if line.strip()][-count:]


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)
