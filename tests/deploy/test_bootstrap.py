"""Set-up on a machine that is not as it should be stops with one sentence that says what to do."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
START = "import sys; sys.path.insert(0, 'deploy'); {before}; import bootstrap; {then}; "


@pytest.fixture
def clone(tmp_path):
    """A folder with what set-up needs; gives what runs it there."""
    for folder in ("deploy", "requirements"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    tools = ROOT / ".venv" / "tools" / "bin"  # the uv that the machine's own set-up made, if any
    env = {**os.environ, "PATH": f"{os.environ['PATH']}:{tools}"}

    def run(before="pass", then="pass"):
        script = START.format(before=before, then=then) + "sys.exit(bootstrap.main())"
        command = [sys.executable, "-c", script]
        return subprocess.run(
            command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=500, check=False
        )

    run.folder = tmp_path
    return run


def test_another_python_is_named_with_what_to_do(clone):
    done = clone(before="sys.version_info = (3, 10, 4)")

    assert stopped(done) == (
        "Nachtlicht needs Python 3.11 and found 3.10.4; install python3.11 (Debian 12 has it)"
        " and run `make run PYTHON=python3.11`."
    )


def test_too_little_disk_is_said_before_anything_is_made(clone):
    done = clone(then="bootstrap.NEEDED_GB = 10**9")

    assert f"{clone.folder} has " in stopped(done)
    assert "make room first" in stopped(done)
    assert not (clone.folder / ".venv").exists()


@pytest.mark.parametrize(
    "broken",
    ["click==8.1.8\n", f"click==8.1.8 --hash=sha256:{'0' * 64}\n", "no lock at all ===\n"],
    ids=["no hash", "another hash", "no lock"],
)
def test_a_broken_lock_is_named(clone, broken):
    (clone.folder / "requirements" / "web.txt").write_text(broken)

    assert stopped(clone()).startswith("web.txt could not be installed (a broken lock, or no index")


def test_a_lock_that_is_gone_is_named(clone):
    (clone.folder / "requirements" / "bot.txt").unlink()
    (clone.folder / "requirements" / "web.txt").write_text("")

    assert "bot.txt cannot be read; restore it from git." in stopped(clone())


def stopped(done):
    """The one sentence with which set-up stopped."""
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    start = "Set-up stopped: "
    assert line.startswith(start), done.stderr
    return line.removeprefix(start)
