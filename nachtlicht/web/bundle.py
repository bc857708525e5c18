"""Puts the modules of a page into one script, so that a slow phone asks once and not twenty times.

No build and no parser: each module becomes a function that gives what it exports, in the order in
which they need each other. It reads two forms of import and the plain forms of export, one a line;
anything else is refused, and a test would see it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping

from nachtlicht.web.lean import lean

_IMPORT = re.compile(r'^import (\{ [\w, ]+ \}|\* as \w+) from "\./([\w-]+\.js)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


class BundleError(Exception):
    """A module is written in a way that cannot be put into one script; the sentence names it."""


def bundle(modules: Mapping[str, str], entries: tuple[str, ...]) -> str:
    """One script out of `modules` (source by name), which runs `entries` in their order.

    Raises:
        BundleError: a form of import or export that is not known here, or a circle.
    """
    return _bundle(tuple(sorted(modules.items())), entries)


@functools.lru_cache(maxsize=4)
def _bundle(modules: tuple[tuple[str, str], ...], entries: tuple[str, ...]) -> str:
    sources = {name: lean(source, ".js") for name, source in modules}
    order: dict[str, None] = {}
    for entry in entries:
        for name in _needed(entry, sources, ()):
            order[name] = None
    return "".join(_wrapped(name, sources[name]) for name in order)


def _needed(name: str, sources: Mapping[str, str], above: tuple[str, ...]) -> Iterator[str]:
    """What `name` needs, before `name` itself."""
    if name in above or name not in sources:
        raise BundleError(f"{above[-1]} imports {name}: a circle, or no such module.")
    for found in _IMPORT.finditer(sources[name]):
        yield from _needed(found[2], sources, (*above, name))
    yield name


def _wrapped(name: str, source: str) -> str:
    body = _IMPORT.sub(lambda found: f"const {_left(found[1])} = {_variable(found[2])};", source)
    exported = _EXPORT.findall(body)
    body = _EXPORT.sub("", body)
    strange = _LEFT.search(body)
    if strange:
        raise BundleError(f"{name} has a line that is not known here: {strange[0]}")
    return (
        f"const {_variable(name)} = (() => {{\n{body}return {{ {', '.join(exported)} }};\n}})();\n"
    )


def _left(imported: str) -> str:
    return imported.removeprefix("* as ")


def _variable(name: str) -> str:
    return "$" + name.removesuffix(".js").replace("-", "_")
