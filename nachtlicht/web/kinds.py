"""The type of our app, named once: Sanic's is generic over its configuration and context."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TypeAlias

from sanic import Config, Sanic

App: TypeAlias = Sanic[Config, SimpleNamespace]
