"""`make audit`: known holes in what we pin, without those that were looked at and accepted.

Asks the vulnerability service for the packages of all locks, by name and version. Exit 1 when one
is found that `deploy/audit-allowed.txt` does not name, or when that file names one that is gone.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("web", "bot", "dev", "bot-dev", "tools")
ALLOWED = ROOT / "deploy" / "audit-allowed.txt"


def main() -> int:
    """Print what is open; 0 when nothing is."""
    allowed, found = read_allowed(ALLOWED.read_text("utf-8")), {}
    unknown: list[str] = []
    for lock in LOCKS:
        packages = look_up(lock)
        unknown += [f"{lock}.txt: {p['name']}" for p in packages if "skip_reason" in p]
        for name, version, hole, mended in holes(packages):
            found[hole] = f"{lock}.txt: {name} {version}: {hole}, mended in {mended or 'nothing'}"
    opened = sorted(told for hole, told in found.items() if hole not in allowed)
    stale = sorted(set(allowed) - set(found))
    for told in opened:
        print(told)
    for hole in stale:
        print(f"{ALLOWED.name} names {hole}, which no lock has any more: take it out")
    print(f"{len(found)} known, {len(found) - len(opened)} accepted, {len(opened)} open")
    if unknown:
        print(f"{len(unknown)} packages could not be looked up, so nothing is known of them:")
        print("  " + ", ".join(unknown))
        return 1
    return int(bool(opened or stale))


def read_allowed(text: str) -> dict[str, str]:
    """The accepted holes with their reasons.

    Raises:
        ValueError: a line has no reason.
    """
    allowed = {}
    for line in text.splitlines():
        hole, _, reason = line.partition("#")
        if hole.strip():
            if not reason.strip():
                raise ValueError(f"{hole.strip()} is accepted without a reason")
            allowed[hole.strip()] = reason.strip()
    return allowed


def look_up(lock: str) -> list[dict[str, Any]]:
    """What the service knows of each package of a lock."""
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes"]
    command += ["-r", str(ROOT / "requirements" / f"{lock}.txt"), "-f", "json"]
    command += ["--progress-spinner", "off"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if not done.stdout.strip():
        raise SystemExit(f"The audit of {lock}.txt could not be made: {done.stderr.strip()[-400:]}")
    packages: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    return packages


def holes(packages: list[dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    """Name, version, id and mended versions of the known holes."""
    return [
        (package["name"], package["version"], hole["id"], ", ".join(hole["fix_versions"]))
        for package in packages
        for hole in package.get("vulns", [])
    ]


if __name__ == "__main__":
    sys.exit(main())
