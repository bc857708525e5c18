"""Reads a YAML file of editors: every value knows its line, and faults are told in Dutch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from nachtlicht.content.issue import Issue

# The C loader reads ten thousand examples in a tenth of the time; it is in PyYAML's wheels.
LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NULL = "tag:yaml.org,2002:null"
TEXT = "tag:yaml.org,2002:str"


class Mapping(dict[str, Any]):
    """A mapping that knows the line of each key; lines count from 1."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


class Entries(list[Any]):
    """A list that knows the line of each entry."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []


class Block(str):
    """A text over several lines (`|`) that knows the line of its first line."""

    __slots__ = ("line",)
    line: int


def read_yaml(path: Path) -> tuple[Any, list[Issue]]:
    """What the file holds (None if it cannot be read), and what is wrong with its YAML.

    All scalars stay text as typed: "ja", "1" and "2026-11-22" are for the schema to judge.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None, [Issue(path, 0, "yaml", "Dit bestand is geen UTF-8-tekst.")]
    except OSError:
        return None, [Issue(path, 0, "yaml", "Dit bestand kan niet worden gelezen.")]
    issues: list[Issue] = []
    loader = None
    try:
        loader = LOADER(text)
        root = loader.get_single_node()
        return (None if root is None else _value(root, path, issues)), issues
    except yaml.MarkedYAMLError as error:
        return None, [_fault(path, text, error)]
    except yaml.YAMLError:
        return None, [Issue(path, 0, "yaml", "Dit bestand bevat tekens die niet mogen.")]
    finally:
        if loader is not None:
            loader.dispose()


def line_of(value: Any, *steps: str | int) -> int:
    """The line of the value that `steps` lead to; of the last step that exists, else 0."""
    line = getattr(value, "line", 0)
    for step in steps:
        try:
            line = value.lines[step]
            value = value[step]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    return line


def _value(node: yaml.Node, path: Path, issues: list[Issue]) -> Any:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        mapping = Mapping(line)
        for key_node, value_node in node.value:
            key, key_line = str(getattr(key_node, "value", "")), key_node.start_mark.line + 1
            if key in mapping:
                text = f"{key!r} staat hier voor de tweede keer; alleen de laatste zou tellen."
                issues.append(Issue(path, key_line, "yaml", text))
            mapping[key] = _value(value_node, path, issues)
            mapping.lines[key] = key_line
        return mapping
    if isinstance(node, yaml.SequenceNode):
        entries = Entries(line)
        for child in node.value:
            entries.append(_value(child, path, issues))
            entries.lines.append(child.start_mark.line + 1)
        return entries
    if node.tag == NULL:
        return None
    if getattr(node, "style", None) == "|":
        block = Block(node.value)
        block.line = line + 1
        return block
    return str(node.value)


def _fault(path: Path, text: str, error: yaml.MarkedYAMLError) -> Issue:
    """Tell what is wrong, at the line where it began rather than where the parser gave up."""
    problem = str(error.problem or "")
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 0
    lines = text.splitlines()
    typed = lines[line - 1] if 0 < line <= len(lines) else ""
    if "\t" in typed[: len(typed) - len(typed.lstrip())]:
        told = "Hier staat een tab. Gebruik spaties om in te springen."
    elif error.context and "quoted scalar" in error.context:
        line = error.context_mark.line + 1 if error.context_mark else line
        told = "Hier begint een aanhalingsteken dat niet wordt gesloten."
    elif "mapping values are not allowed" in problem:
        told = "Hier staat een dubbele punt te veel. Zet de zin tussen aanhalingstekens."
    elif "cannot start any token" in problem:
        told = "Een zin kan niet met dit teken beginnen. Zet de zin tussen aanhalingstekens."
    elif error.context and "flow" in error.context:
        line = error.context_mark.line + 1 if error.context_mark else line
        told = "Hier begint een haakje dat niet wordt gesloten."
    elif "undefined alias" in problem:
        told = "Een zin kan niet met * beginnen. Zet de zin tussen aanhalingstekens."
    elif "expected" in problem and (open_quote := _open_quote(lines[:line])):
        line = open_quote
        told = "Hier staat een aanhalingsteken dat niet wordt gesloten."
    elif "expected" in problem:
        if error.context_mark and "simple key" in str(error.context):
            line = error.context_mark.line + 1  # a line that ends without the colon of a key
        told = "De inspringing klopt hier niet, of er mist een streepje of een sleutel."
    else:
        told = f"De opmaak van dit bestand klopt hier niet ({problem})."
    return Issue(path, line, "yaml", told)


def _open_quote(lines: list[str]) -> int:
    """The first line with a quote that has no partner on it; 0 when there is none.

    A quote that is not closed swallows the next lines up to another quote, and the parser
    gives up only there.
    """
    odd = [
        number
        for number, line in enumerate(lines, start=1)
        if line.replace('\\"', "").count('"') % 2
    ]
    return odd[0] if odd else 0
