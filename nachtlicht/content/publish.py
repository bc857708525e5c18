"""Makes a release and puts it live in one step; or goes back to the one before."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from nachtlicht.content import compile as compiled
from nachtlicht.content.issue import Issue
from nachtlicht.content.risk_rules import compile_rules
from nachtlicht.content.sources import Sources
from nachtlicht.content.train import Trainer, train_both
from nachtlicht.release import ReleaseError, read_manifest, verify, write_manifest

UNFINISHED = ".new-"
CURRENT = "current"

Gate = Callable[[Path], Sequence[str]]


class PublishError(Exception):
    """Nothing was published, and the live release is as it was. Told in Dutch, to editors."""

    code = "not_published"


class CheckFailed(PublishError):
    """The check found faults; `issues` names them."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        super().__init__(f"Er gaat niets live. De check vond {_faults(len(issues))}.")
        self.issues = tuple(issues)


class GateFailed(PublishError):
    """The built release did not do what it must; `faults` tells what, in Dutch."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(f"Er gaat niets live. De toets vond {_faults(len(faults))}.")
        self.faults = tuple(faults)


@dataclasses.dataclass(frozen=True)
class Published:
    """What is live now. `is_new` is False when the data had not changed."""

    id: str
    path: Path
    counts: dict[str, int]
    is_new: bool = True


def publish(
    sources: Sources,
    releases: Path,
    *,
    now: dt.datetime,
    trainer: Trainer,
    issues: Sequence[Issue],
    risk_trainer: Trainer | None = None,
    gate: Gate | None = None,
) -> Published:
    """Build a release from `sources` and put it live.

    It is built in a folder of its own, written through to the disk, renamed, and only then
    does `current` move, in one step. Killed at any moment, the live release is untouched.
    A second call with the same data makes no second release.

    Args:
        sources: the editors' room as it was checked.
        releases: where releases are kept.
        now: the moment that the release bears.
        trainer: gives the bot's model for `sources`.
        risk_trainer: gives the risk model; without it the rules stand alone, and say so.
        issues: what the check found; with any, nothing is published.
        gate: tries the built release before it goes live, and tells what is wrong with it.

    Raises:
        CheckFailed: there are `issues`.
        GateFailed: the gate found faults.
        PublishError: somebody else is publishing.
    """
    if issues:
        raise CheckFailed(issues)
    releases.mkdir(parents=True, exist_ok=True)
    model, risk_model = train_both(sources, trainer, risk_trainer)
    with _alone(releases):
        _clear_unfinished(releases)
        release_id = f"{now.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
        folder = releases / f"{UNFINISHED}{release_id}"
        manifest = build(sources, folder, model, risk_model, release_id=release_id, now=now)
        live = _same_as_live(releases, manifest)
        if live is not None:
            shutil.rmtree(folder)
            return live
        faults = gate(folder) if gate else ()
        if faults:
            shutil.rmtree(folder)
            raise GateFailed(faults)
        _to_disk(folder)
        target = releases / release_id
        os.rename(folder, target)
        _sync_folder(releases)
        make_live(releases, target)
    return Published(release_id, target, manifest["counts"])


def build(
    sources: Sources,
    folder: Path,
    model: Path,
    risk_model: Path | None = None,
    *,
    release_id: str,
    now: dt.datetime,
) -> dict[str, Any]:
    """Write all files of a release to `folder`, the manifest last; returns the manifest."""
    (folder / "bot").mkdir(parents=True)
    today = now.date()
    parts: dict[str, Any] = {
        "risk.json": compile_rules(sources.data),
        "texts.json": compiled.compile_texts(sources),
        "words.json": compiled.compile_words(sources),
        "commands.json": compiled.compile_commands(sources),
        "desks.json": compiled.compile_desks(sources, today),
        "referrals.json": compiled.compile_referrals(sources, today),
    }
    for name, part in parts.items():
        text = json.dumps(part, ensure_ascii=False, indent=1, sort_keys=True, default=str)
        (folder / name).write_text(text + "\n", encoding="utf-8")
    shutil.copyfile(model, folder / "bot" / "model.tar.gz")
    if risk_model is not None:
        shutil.copyfile(risk_model, folder / "risk_model.npz")
    counts = {
        "intents": len({example.intent for example in sources.examples()}),
        "examples": sum(1 for _ in sources.examples()),
        "texts": len(parts["texts.json"]),
        "risk_rules": len(parts["risk.json"].get("rules", ())),
        "referrals": len(parts["referrals.json"]),
        "desks": len(parts["desks.json"]),
        "talks": len(sources.talks),
    }
    return write_manifest(folder, release_id=release_id, created_at=now, counts=counts)


def make_live(releases: Path, target: Path) -> None:
    """Let `current` point at `target`, in one step."""
    link = releases / f"{CURRENT}{UNFINISHED}{secrets.token_hex(3)}"
    link.symlink_to(target.name)
    os.replace(link, releases / CURRENT)
    _sync_folder(releases)


def all_releases(releases: Path) -> list[Path]:
    """The folders of all releases, oldest first. Their names begin with the moment."""
    return sorted(
        path
        for path in releases.glob("*")  # none where there is no folder yet
        if path.is_dir() and not path.is_symlink() and not path.name.startswith(".")
    )


def rollback(releases: Path, release_id: str | None = None) -> Published:
    """Go back to the release before the live one, or to `release_id`; it is verified first.

    Raises:
        PublishError: there is no such release, or none before the live one.
        ReleaseError: it is damaged; the live one stays.
    """
    with _alone(releases):
        known = all_releases(releases)
        if release_id is not None:
            found = [path for path in known if path.name == release_id]
        else:
            live = (releases / CURRENT).resolve().name
            found = [path for path in known if path.name < live][-1:]
        if not found:
            wanted = f"versie {release_id}" if release_id else "eerdere versie"
            raise PublishError(f"Er is geen {wanted}.")
        manifest = verify(found[0])
        make_live(releases, found[0])
    return Published(found[0].name, found[0], manifest.get("counts", {}))


def _faults(count: int) -> str:
    return "1 fout" if count == 1 else f"{count} fouten"


@contextlib.contextmanager
def _alone(releases: Path) -> Iterator[None]:
    """Hold the lock of this folder: of two who publish at once, one is told so."""
    releases.mkdir(parents=True, exist_ok=True)
    with (releases / ".lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PublishError("Iemand anders zet net iets live. Probeer het zo weer.") from error
        yield


def _clear_unfinished(releases: Path) -> None:
    """Remove what a publish that was killed left behind."""
    for path in releases.glob(f"*{UNFINISHED}*"):
        if path.is_symlink():
            path.unlink()
        else:
            shutil.rmtree(path)


def _same_as_live(releases: Path, manifest: dict[str, Any]) -> Published | None:
    """The live release when it holds exactly the same files and is whole."""
    link = releases / CURRENT
    try:
        live = verify(link.resolve()) if link.exists() else read_manifest(link)
    except ReleaseError:
        return None
    if live["files"] != manifest["files"]:
        return None
    return Published(live["id"], link.resolve(), live.get("counts", {}), is_new=False)


def _to_disk(folder: Path) -> None:
    """Write every file and folder through to the disk."""
    for path in [*folder.rglob("*"), folder]:
        if path.is_dir():
            _sync_folder(path)
        else:
            with path.open("rb") as handle:
                os.fsync(handle.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
