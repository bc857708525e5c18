"""Reads a YAML file of editors so that every value knows its line and no key stands twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from nachtlicht.content.issue import Issue


class Mapping(dict[str, Any]):
    """A mapping that knows the line of each key; lines count from 1."""

    line: int = 0

    def line_of(self, key: str) -> int:
        """The line of `key`, or of the mapping itself."""
        return self.lines.get(key, self.line)

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}


class Entries(list[Any]):
    """A list that knows the line of each entry."""

    line: int = 0

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []

    def line_at(self, index: int) -> int:
        """The line of the entry at `index`."""
        return self.lines[index] if index < len(self.lines) else self.line


def read_yaml(path: Path) -> tuple[Any, list[Issue]]:
    """What the file holds (None if it cannot be read), and what is wrong with its YAML."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None, [Issue(path, 0, "yaml", "Dit bestand is geen UTF-8-tekst.")]
    except OSError:
        return None, [Issue(path, 0, "yaml", "Dit bestand kan niet worden gelezen.")]
    loader = yaml.SafeLoader(text)
    try:
        root = loader.get_single_node()
        issues: list[Issue] = []
        return (None if root is None else _value(loader, root, path, issues)), issues
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        text = f"De opmaak van dit bestand klopt hier niet ({error.problem})."
        return None, [Issue(path, line, "yaml", text)]
    except yaml.YAMLError:
        return None, [Issue(path, 0, "yaml", "Dit bestand bevat tekens die niet mogen.")]
    finally:
        loader.dispose()


def _value(loader: yaml.SafeLoader, node: yaml.Node, path: Path, issues: list[Issue]) -> Any:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        mapping = Mapping()
        mapping.line = line
        for key_node, value_node in node.value:
            key = str(getattr(key_node, "value", ""))
            key_line = key_node.start_mark.line + 1
            if key in mapping:
                text = f"{key!r} staat hier voor de tweede keer; alleen de laatste zou tellen."
                issues.append(Issue(path, key_line, "dubbel", text))
            mapping[key] = _value(loader, value_node, path, issues)
            mapping.lines[key] = key_line
        return mapping
    if isinstance(node, yaml.SequenceNode):
        entries = Entries()
        entries.line = line
        for child in node.value:
            entries.append(_value(loader, child, path, issues))
            entries.lines.append(child.start_mark.line + 1)
        return entries
    if node.tag in ("tag:yaml.org,2002:null",):
        return None
    return str(node.value)  # "ja", "nee" and "1" stay the words that the editor typed
