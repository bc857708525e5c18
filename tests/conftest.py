"""What holds for every test outside Rasa's environment."""

from __future__ import annotations

import os

from hypothesis import settings

# The gate must give the same answer for the same code; HYPOTHESIS_PROFILE=explore seeks further.
settings.register_profile("gate", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=3000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))
