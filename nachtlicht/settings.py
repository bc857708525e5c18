"""Where everything is and how long things are kept: read once from the environment."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """A setting cannot be used; the sentence names it."""

    code = "settings"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one running Nachtlicht. Every field has an environment variable.

    `retention_bot_hours` is counted from the last line of a talk that no human joined;
    `retention_desk_days` from the close of one that a human did.
    """

    root: Path = ROOT
    var: Path = ROOT / "var"
    data: Path = ROOT / "data"
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8080
    public_origin: str = "http://127.0.0.1:8080"
    embed_origins: tuple[str, ...] = ()
    exit_url: str = "https://www.knmi.nl/nederland-nu/weer/verwachtingen"
    bot_url: str = "http://127.0.0.1:5005"
    bot_secret: str = ""
    actions_url: str = "http://127.0.0.1:5055"
    master_key: str = ""
    master_key_file: Path = ROOT / "var" / "master.key"
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = dataclasses.field(default="", repr=False)
    oidc_second_factor: tuple[str, ...] = ("mfa",)
    clock_start: dt.datetime | None = None
    clock_read_at: float = dataclasses.field(default_factory=time.monotonic)
    retention_bot_hours: int = 24
    retention_desk_days: int = 30
    production: bool = False

    @property
    def releases(self) -> Path:
        """The folder of published releases; `current` in it points at the live one."""
        return self.var / "releases"

    def now(self) -> dt.datetime:
        """The moment, in UTC: the real clock, or one that runs on from `NACHTLICHT_CLOCK`."""
        if self.clock_start is None:
            return dt.datetime.now(dt.UTC)
        passed = time.monotonic() - self.clock_read_at
        return self.clock_start.astimezone(dt.UTC) + dt.timedelta(seconds=passed)

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings; what is not set has its default.

        Raises:
            SettingsError: a value cannot be read, or a test clock is set in production.
        """
        var = Path(env.get("NACHTLICHT_VAR", cls.var)).resolve()
        host, port = env.get("NACHTLICHT_HOST", cls.host), _whole(env, "NACHTLICHT_PORT", cls.port)
        production = env.get("NACHTLICHT_ENV", "") == "production"
        clock = _moment(env, "NACHTLICHT_CLOCK")
        if clock is not None and production:
            raise SettingsError(
                "NACHTLICHT_CLOCK is for tests and demos; production uses the real clock."
            )
        secret_file = var / "bot.secret"
        return cls(
            var=var,
            data=Path(env.get("NACHTLICHT_DATA", cls.data)).resolve(),
            database_url=env.get("DATABASE_URL", "")
            or f"sqlite+aiosqlite:///{var / 'nachtlicht.db'}",
            host=host,
            port=port,
            public_origin=env.get("NACHTLICHT_ORIGIN", f"http://{host}:{port}").rstrip("/"),
            embed_origins=tuple(
                env.get("NACHTLICHT_EMBED_ORIGINS", f"http://localhost:{port}").split()
            ),
            exit_url=env.get("NACHTLICHT_EXIT_URL", cls.exit_url),
            bot_url=env.get("NACHTLICHT_BOT_URL", cls.bot_url).rstrip("/"),
            bot_secret=env.get("NACHTLICHT_BOT_SECRET", "")
            or (secret_file.read_text().strip() if secret_file.exists() else ""),
            actions_url=env.get("NACHTLICHT_ACTIONS_URL", cls.actions_url).rstrip("/"),
            master_key=env.get("NACHTLICHT_MASTER_KEY", ""),
            master_key_file=Path(env.get("NACHTLICHT_MASTER_KEY_FILE", var / "master.key")),
            oidc_issuer=_issuer(env),
            oidc_client_id=env.get("NACHTLICHT_OIDC_CLIENT_ID", ""),
            oidc_client_secret=env.get("NACHTLICHT_OIDC_CLIENT_SECRET", ""),
            oidc_second_factor=tuple(env.get("NACHTLICHT_OIDC_SECOND_FACTOR", "mfa").split()),
            clock_start=clock,
            retention_bot_hours=_whole(env, "NACHTLICHT_RETENTION_BOT_HOURS", 24, low=1, high=24),
            retention_desk_days=_whole(env, "NACHTLICHT_RETENTION_DESK_DAYS", 30, low=1, high=30),
            production=production,
        )


def _whole(
    env: Mapping[str, str], name: str, default: int, *, low: int = 0, high: int = 65535
) -> int:
    """Read a whole number between `low` and `high`, ends in."""
    raw = env.get(name, "")
    if not raw:
        return default
    if not raw.isdigit() or not low <= int(raw) <= high:
        raise SettingsError(f"{name} must be a whole number from {low} to {high}, not {raw!r}.")
    return int(raw)


def _issuer(env: Mapping[str, str]) -> str:
    """The address of the house's identity provider, with what belongs to it; empty without one."""
    issuer = env.get("NACHTLICHT_OIDC_ISSUER", "")
    if not issuer:
        return ""
    if not issuer.startswith("https://"):
        raise SettingsError("NACHTLICHT_OIDC_ISSUER must begin with https://.")
    for name in ("NACHTLICHT_OIDC_CLIENT_ID", "NACHTLICHT_OIDC_CLIENT_SECRET"):
        if not env.get(name):
            raise SettingsError(f"NACHTLICHT_OIDC_ISSUER is set, so {name} must be set too.")
    if not env.get("NACHTLICHT_OIDC_SECOND_FACTOR", "mfa").split():
        raise SettingsError("NACHTLICHT_OIDC_SECOND_FACTOR is empty: say 'trusted' to check none.")
    return issuer


def _moment(env: Mapping[str, str], name: str) -> dt.datetime | None:
    """Read an ISO 8601 moment that carries a zone."""
    raw = env.get(name, "")
    if not raw:
        return None
    try:
        moment = dt.datetime.fromisoformat(raw)
    except ValueError as error:
        raise SettingsError(f"{name} must be like 2026-11-24T03:12+01:00, not {raw!r}.") from error
    if moment.tzinfo is None:
        raise SettingsError(f"{name} needs a zone, like 2026-11-24T03:12+01:00.")
    return moment
