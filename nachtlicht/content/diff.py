"""What changed between two releases, in Dutch: texts, referrals, desks, rules, numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nachtlicht.release import ReleaseError, read_manifest

COUNTED = {
    "intents": "bedoelingen",
    "examples": "voorbeelden",
    "texts": "teksten",
    "risk_rules": "risicoregels",
    "referrals": "verwijzingen",
    "desks": "desks",
    "talks": "gesprekken",
}
GROUPS = {
    "widget": "het chatvenster",
    "desk": "de desk",
    "sentences": "de korte zinnen",
    "fouten": "de foutmeldingen",
}


def diff(old: Path, new: Path) -> list[str]:
    """What an editor should know before `new` replaces `old`; empty when nothing changed.

    Raises:
        ReleaseError: a release cannot be read.
    """
    return [
        *_named(old, new, "texts.json", "tekst", _text),
        *_words(old, new),
        *_listed(old, new, "referrals.json", "verwijzing"),
        *_listed(old, new, "desks.json", "desk"),
        *_commands(old, new),
        *_rules(old, new),
        *_counts(old, new),
    ]


def _named(old: Path, new: Path, name: str, kind: str, shown: Any) -> Iterator[str]:
    before, after = _read(old, name), _read(new, name)
    yield from _compare(before, after, kind, shown)


def _compare(
    before: Mapping[str, Any], after: Mapping[str, Any], kind: str, shown: Any = str
) -> Iterator[str]:
    for key in sorted(before.keys() | after.keys()):
        if key not in before:
            yield f"nieuwe {kind} {key}: {shown(after[key])}"
        elif key not in after:
            yield f"{kind} {key} is weg"
        elif before[key] != after[key]:
            yield f"{kind} {key}: {shown(before[key])} → {shown(after[key])}"


def _text(variants: list[dict[str, Any]]) -> str:
    told = []
    for variant in variants:
        buttons = "".join(f" [{button['title']}]" for button in variant.get("buttons", ()))
        told.append(f"“{' / '.join(variant['text'].split(chr(10)))}”{buttons}")
    return " of ".join(told)


def _words(old: Path, new: Path) -> Iterator[str]:
    before, after = _read(old, "words.json"), _read(new, "words.json")
    for group, name in GROUPS.items():
        yield from _compare(before.get(group, {}), after.get(group, {}), f"woord van {name}:")
    yield from _compare(_canned(before), _canned(after), "vast antwoord")


def _canned(words: Mapping[str, Any]) -> dict[str, str]:
    replies = words.get("canned", {}).get("antwoorden", ())
    return {str(reply["code"]): str(reply["tekst"]) for reply in replies}


def _listed(old: Path, new: Path, name: str, kind: str) -> Iterator[str]:
    """Records by code; of a changed one only the fields that changed."""
    before, after = ({row["code"]: row for row in _read(folder, name)} for folder in (old, new))
    for code in sorted(before.keys() | after.keys()):
        if code not in before:
            yield f"nieuwe {kind} {code}"
        elif code not in after:
            yield f"{kind} {code} is weg"
        else:
            for field in sorted(before[code].keys() | after[code].keys()):
                was, now = before[code].get(field), after[code].get(field)
                if was != now:
                    yield f"{kind} {code}, {field}: {_short(was)} → {_short(now)}"


def _commands(old: Path, new: Path) -> Iterator[str]:
    before, after = _read(old, "commands.json"), _read(new, "commands.json")
    for kind in sorted(before.keys() | after.keys()):
        was, now = set(before.get(kind, ())), set(after.get(kind, ()))
        yield from (f"nieuwe zin voor {kind}: {phrase!r}" for phrase in sorted(now - was))
        yield from (f"zin voor {kind} is weg: {phrase!r}" for phrase in sorted(was - now))


def _rules(old: Path, new: Path) -> Iterator[str]:
    before, after = (
        {rule.get("code", ""): rule for rule in _read(folder, "risk.json").get("rules", ())}
        for folder in (old, new)
    )
    for code in sorted(before.keys() | after.keys()):
        if code not in before:
            yield f"nieuwe risicoregel {code} ({after[code].get('level')})"
        elif code not in after:
            yield f"risicoregel {code} is weg"
        elif before[code] != after[code]:
            levels = {str(rule[code].get("level")) for rule in (before, after)}
            changed = " → ".join(str(rule[code].get("level")) for rule in (before, after))
            yield f"risicoregel {code} is veranderd" + (f": {changed}" if len(levels) > 1 else "")


def _counts(old: Path, new: Path) -> Iterator[str]:
    before, after = (read_manifest(folder).get("counts", {}) for folder in (old, new))
    for key, word in COUNTED.items():
        was, now = before.get(key, 0), after.get(key, 0)
        if was != now:
            yield f"aantal {word}: {was} → {now}"


def _short(value: Any) -> str:
    told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return told if len(told) <= 200 else f"{told[:200]} …"


def _read(folder: Path, name: str) -> Any:
    try:
        return json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReleaseError(f"In release {folder.name} the file {name} cannot be read.") from error
