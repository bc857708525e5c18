"""Trains one model from a project folder: `python -m bot.train PROJECT MODEL.tar.gz`.

PROJECT holds `config.yml`, `domain/` (responses too) and `data/` (examples, rules, stories).
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
import time
import warnings
from pathlib import Path

from bot.environment import rasa_environment, var_folder


def main(arguments: list[str] | None = None) -> int:
    """Train, tell in one line how it went, and return 0; 1 when the content cannot be trained."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path, help="folder with config.yml, domain/ and data/")
    parser.add_argument("model", type=Path, help="where the model goes; must end in .tar.gz")
    options = parser.parse_args(arguments)
    os.environ.update(rasa_environment(var_folder()))
    started = time.monotonic()
    try:
        train(options.project.resolve(), options.model.resolve())
    except Exception as error:
        # Rasa has many kinds of errors for content that cannot be trained; each tells its own.
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    size, seconds = options.model.stat().st_size / 1e6, time.monotonic() - started
    print(f"Trained: {size:.1f} MB in {seconds:.0f} s.", flush=True)
    return 0


def train(project: Path, model: Path) -> None:
    """Train `project` to `model`.

    Raises:
        RasaException: the content cannot be trained; the sentence says why.
        FileNotFoundError: a part of the project is missing.
    """
    for part in ("config.yml", "domain", "data"):
        if not (project / part).exists():
            raise FileNotFoundError(f"{project} has no {part}.")
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        warnings.simplefilter("ignore")
        _train(project, model)
    if not model.exists():
        raise FileNotFoundError(f"No model came out. Rasa said: {said.getvalue()[-2000:]}")


def _train(project: Path, model: Path) -> None:
    # Imported here, so that --help needs no TensorFlow and the environment is set before it.
    import rasa.model_training

    from bot.tuning import merge_without_copies, remember_all_rules

    remember_all_rules()
    merge_without_copies()
    config, domain, data = (str(project / part) for part in ("config.yml", "domain", "data"))
    model.parent.mkdir(parents=True, exist_ok=True)
    rasa.model_training.train(
        domain, config, [data], output=str(model.parent), fixed_model_name=model.name
    )


if __name__ == "__main__":
    sys.exit(main())
