"""Reads data as the schema says, and tells in Dutch, with the line, what does not fit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from nachtlicht.content.issue import Issue
from nachtlicht.content.yaml_file import line_of

# pydantic's kinds of error, as an editor reads them.
TOLD = {
    "missing": "Hier mist {name!r}.",
    "extra_forbidden": "{name!r} hoort hier niet. Staat het goed gespeld?",
    "date_from_datetime_parsing": "Dit is geen datum. Schrijf bijvoorbeeld 2026-11-22.",
    "date_parsing": "Dit is geen datum. Schrijf bijvoorbeeld 2026-11-22.",
    "string_too_short": "{name!r} mag niet leeg zijn.",
    "string_type": "{name!r} moet een tekst zijn.",
    "list_type": "{name!r} moet een lijst zijn, elke regel met een streepje.",
    "dict_type": "{name!r} moet uit sleutels met een waarde bestaan.",
    "model_type": "{name!r} moet uit sleutels met een waarde bestaan.",
    "int_parsing": "{name!r} moet een getal zijn.",
    "datetime_from_date_parsing": "Dit is geen moment. Schrijf bijvoorbeeld 2026-11-25T03:12.",
}


def read_as(model: Any, path: Path, data: Any) -> tuple[Any, list[Issue]]:
    """Read `data` as `model`; None and the faults, each at its line, if it does not fit."""
    try:
        return TypeAdapter(model).validate_python(data), []
    except ValidationError as error:
        return None, _issues(path, data, error)


def _issues(path: Path, data: Any, error: ValidationError) -> list[Issue]:
    found: dict[tuple[int, str], Issue] = {}
    for fault in error.errors():
        steps = [step for step in fault["loc"] if _leads_on(step)]
        name = str(steps[-1]) if steps else "het bestand"
        told = TOLD.get(fault["type"], "").format(name=name)
        if fault["type"] == "value_error":
            told = str(fault["ctx"]["error"])
        elif fault["type"] == "string_pattern_mismatch":
            told = f"{fault['input']!r} kan hier niet. Staat het goed gespeld?"
        elif not told:
            told = f"{name!r} klopt niet: {fault['msg']}."
        line = line_of(data, *steps)
        found.setdefault((line, name), Issue(path, line, "vorm", told))
    return list(found.values())


def _leads_on(step: str | int) -> bool:
    """Leave out what pydantic puts between the keys: names of union members and "[key]"."""
    if isinstance(step, int):
        return True
    marks = ("function-", "constrained-", "literal[", "dict[", "list[", "[key]", "nullable")
    return not step.startswith(marks) and step not in ("str", "int", "date")
