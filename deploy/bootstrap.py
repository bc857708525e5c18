"""Makes a fresh machine ready: tools, the two environments and, for tests, Debian's packages.

Standard library only: it runs before anything is installed. Each failure is one sentence.
"""

from __future__ import annotations

import argparse
import glob
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCKS = ROOT / "requirements"
COMPILED = "--compile-bytecode"  # once here, not at each start of each process
NEEDED_GB = 6  # both environments with their downloads, a release and room for a database
DEBIAN = {"chromium": ("chromium",), "postgresql": ("initdb", "pg_ctl")}
ENVIRONMENTS = {"web": ("web.txt", "dev.txt"), "bot": ("bot.txt", "bot-dev.txt")}


class BootstrapError(Exception):
    """Set-up cannot go on; the sentence says what to do."""


def main() -> int:
    """Run the set-up; the exit code is 0 when everything stands ready."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tests", action="store_true", help="also what the tests need")
    tests = parser.parse_args().tests
    try:
        check_python()
        check_disk()
        uv = find_uv()
        for name in ENVIRONMENTS:
            make_environment(uv, name, tests=tests)
        install_command(uv)
        if tests:
            install_debian_packages()
    except BootstrapError as error:
        print(f"Set-up stopped: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Set-up stopped by hand; run it again to go on.", file=sys.stderr)
        return 130
    return 0


def say(text: str) -> None:
    """Show one line of progress at once."""
    print(f"  {text}", flush=True)


def check_python() -> None:
    """Refuse any Python but 3.11: Rasa's overrides were tried on that one only."""
    if sys.version_info[:2] != (3, 11):
        found = ".".join(map(str, sys.version_info[:3]))
        raise BootstrapError(
            f"Nachtlicht needs Python 3.11 and found {found}; install python3.11 (Debian 12 has it)"
            " and run `make run PYTHON=python3.11`."
        )


def check_disk() -> None:
    """Refuse to begin a first set-up that would fill the disk half way."""
    if all((VENV / name / "lock.sha256").exists() for name in ENVIRONMENTS):
        return
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < NEEDED_GB:
        raise BootstrapError(
            f"{ROOT} has {free:.1f} GB free and set-up needs {NEEDED_GB} GB; make room first."
        )


def find_uv() -> str:
    """Return a uv to use: the machine's, or one of our own from the hash-pinned lock."""
    own = VENV / "tools" / "bin" / "uv"
    found = shutil.which("uv") or (str(own) if own.exists() else None)
    if found:
        return found
    say("uv is missing; installing it from requirements/tools.txt …")
    run([sys.executable, "-m", "venv", str(VENV / "tools")], "no virtual environment could be made")
    pip = [str(VENV / "tools" / "bin" / "pip"), "install", "-q", "--disable-pip-version-check"]
    run([*pip, "--require-hashes", "-r", str(LOCKS / "tools.txt")], "uv could not be installed")
    return str(own)


def make_environment(uv: str, name: str, *, tests: bool) -> None:
    """Make `.venv/<name>` equal to its lock; a second call with the same lock does nothing.

    The lock for tests is a superset, so an environment made for tests also serves `make run`.
    """
    run_lock, test_lock = (LOCKS / file for file in ENVIRONMENTS[name])
    folder = VENV / name
    python = str(folder / "bin" / "python")
    wanted = {"lock": digest(run_lock), "tests": digest(run_lock, test_lock)}
    if stamp(folder, "lock") != wanted["lock"] or not Path(python).exists():
        began = time.monotonic()
        say(f".venv/{name}: installing {count(run_lock)} packages of {run_lock.name} …")
        venv = [uv, "venv", "-q", "--clear", "--python", sys.executable, str(folder)]
        run(venv, f".venv/{name} could not be made")
        sync = [uv, "pip", "sync", "-q", COMPILED, "--python", python, "--require-hashes"]
        run(
            [*sync, str(run_lock)],
            f"{run_lock.name} could not be installed (a broken lock, or no index)",
        )
        (folder / "lock.sha256").write_text(wanted["lock"])
        say(f".venv/{name}: ready in {time.monotonic() - began:.0f} s")
    if tests and stamp(folder, "tests") != wanted["tests"]:
        say(f".venv/{name}: adding what the tests need …")
        add = [uv, "pip", "install", "-q", COMPILED, "--python", python, "--require-hashes", "-r"]
        run([*add, str(test_lock)], f"requirements/{test_lock.name} could not be installed")
        (folder / "tests.sha256").write_text(wanted["tests"])


def install_command(uv: str) -> None:
    """Put the `nachtlicht` command into `.venv/web`, pointing at this folder."""
    if (VENV / "web" / "bin" / "nachtlicht").exists():
        return
    install = [uv, "pip", "install", "-q", "--python", str(VENV / "web" / "bin" / "python")]
    flags = ["--no-deps", "--no-build-isolation", "-e", str(ROOT)]
    run([*install, *flags], "the nachtlicht command could not be installed")


def install_debian_packages() -> None:
    """Install the programs that tests use; one that stays missing is an error, never a skip."""
    missing = [
        package
        for package, programs in DEBIAN.items()
        if not all(find_program(program) for program in programs)
    ]
    if not missing:
        return
    names = " ".join(missing)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise BootstrapError(f"the tests need {names}; install them and run `make test` again.")
    say(f"Debian packages for the tests: {names} …")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run(["apt-get", "update", "-qq"], "apt-get update failed", env=quiet)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing]
    run(install, f"apt-get could not install {names}", env=quiet)


def find_program(name: str) -> str | None:
    """Find a program on the PATH or where Debian keeps PostgreSQL's."""
    beside = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"))
    return shutil.which(name) or (beside[-1] if beside else None)


def run(command: list[str], failed: str, env: dict[str, str] | None = None) -> None:
    """Run `command`; when it fails, raise with `failed` and the last lines it wrote."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    except OSError as error:
        raise BootstrapError(f"{failed}: {error}.") from error
    if done.returncode:
        tail = " / ".join((done.stderr or done.stdout).strip().splitlines()[-4:])
        raise BootstrapError(f"{failed}: {tail}")


def digest(*files: Path) -> str:
    """Return one sha256 over `files`; a missing lock is an error."""
    try:
        return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    except OSError as error:
        raise BootstrapError(f"{error.filename} cannot be read; restore it from git.") from error


def stamp(folder: Path, name: str) -> str:
    """Return what the last finished install of `folder` wrote, or an empty text."""
    file = folder / f"{name}.sha256"
    return file.read_text() if file.exists() else ""


def count(lock: Path) -> int:
    """Count the packages in a lock."""
    return sum("==" in line and not line.startswith((" ", "#")) for line in lock.open())


if __name__ == "__main__":
    sys.exit(main())
