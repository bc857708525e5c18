"""`make sbom`: the bill of materials (CycloneDX), from the locks: what is run, by version and hash.

Writes var/sbom/web.json and var/sbom/bot.json. Tools for tests and set-up are not in it.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot5
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("web", "bot")
PACKAGE = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def main() -> int:
    """Write one file for each environment and say where."""
    folder = ROOT / "var" / "sbom"
    folder.mkdir(parents=True, exist_ok=True)
    for lock in LOCKS:
        parts = components((ROOT / "requirements" / f"{lock}.txt").read_text("utf-8"))
        told = JsonV1Dot5(Bom(components=parts)).output_as_string(indent=2)
        (folder / f"{lock}.json").write_text(told, "utf-8")
        print(f"{folder / f'{lock}.json'}: {len(parts)} parts")
    return 0


def components(lock: str) -> list[Component]:
    """The packages of a lock, each with the hashes of its files."""
    starts = list(PACKAGE.finditer(lock))
    ends = [start.start() for start in starts[1:]] + [len(lock)]
    return [
        _component(start[1], start[2], HASH.findall(lock[start.end() : end]))
        for start, end in zip(starts, ends, strict=True)
    ]


def _component(name: str, version: str, hashes: list[str]) -> Component:
    url = PackageURL("pypi", name=name.lower(), version=version)
    return Component(
        type=ComponentType.LIBRARY,
        name=name,
        version=version,
        purl=url,
        bom_ref=str(url),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=content) for content in hashes],
    )


if __name__ == "__main__":
    sys.exit(main())
