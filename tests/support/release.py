"""One real release for every test that needs one: checked, trained and published from data/."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.support.system import ROOT, WEB_PYTHON

TRAINED = ROOT / "var" / "tests"
# Without the talks of the gate: those have a test of their own, that names each one.
PUBLISH = """
from nachtlicht.cli.content import publish_now
from nachtlicht.settings import Settings
publish_now(Settings.from_env(), say=print, gated=False)
"""


def built_release(var: Path) -> Path:
    """Put a release, published from the working tree, into `var`; returns `var/releases`.

    Published once in `var/tests` and copied from there: a publish of unchanged data makes no
    second release, and a training of unchanged data takes the model that was made before.
    """
    env = {**os.environ, "NACHTLICHT_VAR": str(TRAINED), "PYTHONPATH": str(ROOT)}
    command = [str(WEB_PYTHON), "-c", PUBLISH]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"publish failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
    live = (TRAINED / "releases" / "current").resolve()
    releases = var / "releases"
    releases.mkdir(parents=True, exist_ok=True)
    if not (releases / live.name).exists():
        shutil.copytree(live, releases / live.name)
    (releases / "current").unlink(missing_ok=True)
    (releases / "current").symlink_to(live.name)
    return releases


if __name__ == "__main__":
    # `make test` calls this first, so that no test waits for a training.
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        print(built_release(Path(folder)) and "a release for the tests stands ready")
