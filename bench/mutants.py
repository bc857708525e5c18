"""Mutation tests of the handover core: which change to the code would no test notice?

Usage: uv pip install --target var/mutmut mutmut==3.8.1 && python -m bench.mutants [name …]
A name is that of a function, with a star for any: `nachtlicht.chat.handoff*`.
Works on a copy under var/, on SQLite alone, with the tests that go through handovers. Prints the
survivors, each as a diff; docs/mutants.md says of each what it means. Takes minutes, so it is no
part of `make test`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from tests.support.system import ROOT

TOOL = ROOT / "var" / "mutmut"
PLACE = ROOT / "var" / "mutants"
MUTATED = ("nachtlicht/chat/handoff.py", "nachtlicht/chat/desk/acts.py")
TESTS = (
    "tests/chat/test_handoff.py",
    "tests/chat/test_sweep.py",
    "tests/chat/test_acts.py",
    "tests/chat/test_reply.py",
    "tests/desk/test_block.py",
    "tests/desk/test_closing.py",
    "tests/desk/test_talks.py",
)
NO_PAYLOAD = shutil.ignore_patterns("__pycache__", "*.pyc")


def main() -> None:
    """Lay out the copy, run, and print what survived."""
    if not TOOL.exists():
        raise SystemExit(__doc__)
    shutil.rmtree(PLACE, ignore_errors=True)
    for room in ("nachtlicht", "tests"):
        shutil.copytree(ROOT / room, PLACE / room, ignore=NO_PAYLOAD)
    shutil.copy(ROOT / "pyproject.toml", PLACE)
    (PLACE / "setup.cfg").write_text(_settings())
    env = {**os.environ, "PYTHONPATH": str(TOOL)}

    def mutmut(*words: str) -> str:
        command = [sys.executable, "-m", "mutmut", *words]
        return subprocess.run(
            command, cwd=PLACE, env=env, check=False, stdout=subprocess.PIPE, text=True
        ).stdout

    print(mutmut("run", "--max-children", "2", *sys.argv[1:]).rpartition("\r")[2])
    for line in mutmut("results").splitlines():
        name, _, state = line.strip().partition(": ")
        if state and state != "not checked":  # those are the ones that were not asked for
            print(f"## {name}: {state}\n{mutmut('show', name)}")


def _settings() -> str:
    def several(key: str, values: tuple[str, ...]) -> str:
        return f"{key}=\n" + "".join(f"    {value}\n" for value in values)

    return (
        "[mutmut]\n"
        "source_paths=nachtlicht\n"
        + several("only_mutate", MUTATED)
        + several("pytest_add_cli_args_test_selection", TESTS)
        + several("pytest_add_cli_args", ("-k", "not postgresql", "-p", "no:cacheprovider"))
    )


if __name__ == "__main__":
    main()
