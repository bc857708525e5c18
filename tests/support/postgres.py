"""A PostgreSQL of our own for the length of a test run; a machine without it fails the tests."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

USER = "nachtlicht"
OPTIONS = "-c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200"


@contextlib.contextmanager
def postgres_server() -> Iterator[str]:
    """Start a server on a free port; yields the address of its main database.

    PostgreSQL refuses to run as root; then it runs as `postgres` or `nobody`.
    """
    folder = Path(tempfile.mkdtemp(prefix="nachtlicht-pg-"))
    owner = _owner()
    if owner is not None:
        shutil.chown(folder, owner)
    data, port = folder / "data", _free_port()
    _as(owner, _tool("initdb"), "-D", str(data), "-U", USER, "-A", "trust", "--no-sync")
    control = [_tool("pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]
    try:
        _as(owner, *control, "-o", f"-p {port} -k {folder} {OPTIONS}", "start")
        yield f"postgresql://{USER}@127.0.0.1:{port}/postgres"
    finally:
        _as(owner, *control, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> str | None:
    if os.geteuid() != 0:
        return None
    names = {user.pw_name for user in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _as(user: str | None, *command: str) -> None:
    before = ["runuser", "-u", user, "--"] if user else []
    # Not captured by a pipe: the server would inherit it, and we would wait for its end.
    with tempfile.TemporaryFile() as out:
        done = subprocess.run([*before, *command], stdout=out, stderr=out, cwd="/", check=False)
        if done.returncode:
            out.seek(0)
            raise RuntimeError(f"{command[0]} failed: {out.read().decode(errors='replace')}")


def _tool(name: str) -> str:
    """The path of a tool of PostgreSQL; Debian keeps the server's ones out of the PATH."""
    found = shutil.which(name)
    if found:
        return found
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    if not kept:
        raise RuntimeError(f"{name} is not installed; the store must be tested on PostgreSQL too")
    return str(kept[-1])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
