"""Waits for what comes about by itself, however slow the machine is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable


async def until(is_so: Callable[[], bool], within: float = 30.0) -> None:
    """Wait until `is_so()`; after `within` seconds the test fails."""
    deadline = time.monotonic() + within
    while not is_so():
        assert time.monotonic() < deadline, "it did not come about"
        await asyncio.sleep(0.01)
