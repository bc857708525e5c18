"""The environment in which Rasa is run: nothing is sent home, and it writes under `var` alone."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def var_folder(env: Mapping[str, str] = os.environ) -> Path:
    """The folder for what is made while running."""
    return Path(env.get("NACHTLICHT_VAR") or ROOT / "var").resolve()


def rasa_environment(var: Path, env: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return `env` with telemetry and error reports off, three times over.

    1. The variable that Rasa looks at first. 2. A home of its own with a settings file that
    says no: without one Rasa writes a file that says yes, and one start without the variable
    would send. 3. Keys that lead nowhere, in place of those in the package.
    """
    home = var / "rasa-home"
    settings = home / ".config" / "rasa" / "global.yml"
    if not settings.exists():
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text(
            "metrics:\n  enabled: false\n  rasa_user_id: none\n  date: 2026-01-01\n"
        )
    return {
        **env,
        "RASA_TELEMETRY_ENABLED": "false",
        "HOME": str(home),
        "RASA_TELEMETRY_WRITE_KEY": "off",
        "RASA_EXCEPTION_WRITE_KEY": "off",
        "RASA_CACHE_DIRECTORY": str(var / "rasa-cache"),
        "MPLCONFIGDIR": str(home),
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), env.get("PYTHONPATH", "")))),
        "PYTHONUNBUFFERED": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "CUDA_VISIBLE_DEVICES": "-1",
        "OPENBLAS_NUM_THREADS": "1",  # linear heads are fitted side by side
        **_known_processor(env),
    }


def _known_processor(env: Mapping[str, str]) -> dict[str, str]:
    """What tells numpy's OpenBLAS, older than many processors, that they know AVX2.

    One that it does not know it takes for one of 2004, and is half as fast.
    """
    if "OPENBLAS_CORETYPE" in env:
        return {}
    try:
        flags = Path("/proc/cpuinfo").read_text("utf-8", "replace").split()
    except OSError:  # another system than Linux; it is only slower
        return {}
    return {"OPENBLAS_CORETYPE": "Haswell"} if "avx2" in flags else {}
