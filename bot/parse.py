"""Tells for each text which intent a model hears: JSON lines in, JSON lines out, for evaluation.

`python -m bot.parse [MODEL.tar.gz] < texts.jsonl`. A line is a JSON string or an object with
`text`, and `context` where the web app's judgement is known, as in a talk; the answer keeps its
`id`. Without MODEL it is the model of the live release.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import os
import sys
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bot.context import ContextError, clean
from bot.environment import rasa_environment, var_folder


def main(arguments: list[str] | None = None) -> int:
    """Read texts, write what is understood, in the same order; 2 for a line that is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, nargs="?", help="the model; else the live release's")
    options = parser.parse_args(arguments)
    os.environ.update(rasa_environment(var_folder()))
    model = options.model or var_folder() / "releases" / "current" / "bot" / "model.tar.gz"
    try:
        lines = list(read_lines(sys.stdin))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    for row in asyncio.run(parse(model.resolve(), lines)):
        print(json.dumps(row, ensure_ascii=False))
    return 0


def read_lines(source: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Read JSON lines into objects with at least `text`.

    Raises:
        ValueError: a line is broken; the sentence has its number.
    """
    for number, line in enumerate(source, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise ValueError(f"Line {number} is no JSON.") from error
        row = {"text": row} if isinstance(row, str) else row
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise ValueError(f"Line {number} has no text.")
        yield {**row, "context": _context(row.get("context"), number)}


def _context(raw: Any, number: int) -> dict[str, str]:
    try:
        return clean(raw) if raw is not None else {}
    except ContextError as error:
        raise ValueError(f"Line {number}: {error}") from error


async def parse(model: Path, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return intent, confidence and ranking for each row, with the row's `id` if it has one."""
    # What Rasa prints while it starts must not end up among the answers.
    with contextlib.redirect_stdout(sys.stderr):
        warnings.simplefilter("ignore")
        from rasa.core.agent import Agent
        from rasa.core.channels.channel import UserMessage
        from rasa.utils.log_utils import configure_structlog

        configure_structlog(logging.ERROR)  # left to itself it prints every text
        from bot.channel import judged, typed

        processor = Agent.load(str(model)).processor
        asked = [UserMessage(typed(row["text"]), metadata=row["context"]) for row in rows]
        found = [judged(await processor.parse_message(message)) for message in asked]
    return [
        {
            **({"id": row["id"]} if "id" in row else {}),
            "intent": result["intent"]["name"],
            "confidence": result["intent"]["confidence"],
            "ranking": result["ranking"],
        }
        for row, result in zip(rows, found, strict=True)
    ]


if __name__ == "__main__":
    sys.exit(main())
