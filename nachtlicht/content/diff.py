"""What changed between two releases, in Dutch: texts, referrals, desks, rules, numbers."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
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
# What a record's parts are called where an editor writes them.
FIELDS = {
    "hours": "uren",
    "days": "",
    "holidays": "feestdagen",
    "always": "altijd open",
    "channels": "",
    "value": "waarde",
    "kind": "soort",
    "countries": "landen",
    "themes": "themas",
    "general": "algemeen",
    "fallback": "terugval",
    "city": "stad",
    "code": "",
    "level": "niveau",
    "theme": "thema",
    "why": "waarom",
    "match": "patronen",
    "unless": "behalve",
    "unless_near": "behalve dichtbij",
}
DAYS = (
    *("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag"),
    *("zaterdag", "zondag", "feestdag"),
)
SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[^.\s])|\n+")


def diff(old: Path, new: Path) -> list[str]:
    """What an editor should know before `new` replaces `old`; empty when nothing changed.

    Raises:
        ReleaseError: a release cannot be read.
    """
    return [
        *_texts(old, new),
        *_words(old, new),
        *_listed(old, new, "referrals.json", "verwijzing"),
        *_listed(old, new, "desks.json", "desk"),
        *_commands(old, new),
        *_rules(old, new),
        *_counts(old, new),
    ]


def _texts(old: Path, new: Path) -> Iterator[str]:
    before, after = _read(old, "texts.json"), _read(new, "texts.json")
    for name in sorted(before.keys() | after.keys()):
        was, now = (_sentences(texts.get(name, ())) for texts in (before, after))
        if name not in before:
            yield "\n".join([f"nieuwe tekst {name}:", *(f"  wordt: {line}" for line in now)])
        elif name not in after:
            yield f"tekst {name} is weg"
        elif before[name] != after[name]:
            changes = list(_changed_lines(was, now)) or ["  alleen wat niemand leest is anders"]
            yield "\n".join([f"tekst {name}:", *changes])


def _sentences(variants: Sequence[Mapping[str, Any]]) -> list[str]:
    """All that a person reads of a text: its sentences, then its buttons."""
    told = []
    for variant in variants:
        told += [line for line in SENTENCE.split(variant["text"]) if line]
        told += [
            f"knop [{button['title']}], die {button['payload']} zegt"
            for button in variant.get("buttons", ())
        ]
    return told


def _changed_lines(was: Sequence[str], now: Sequence[str]) -> Iterator[str]:
    """Only the sentences that differ; one that moved is told where it was and where it is."""
    marks = {"- ": "  was:   ", "+ ": "  wordt: "}
    for line in difflib.ndiff(was, now):
        if line[:2] in marks:
            yield marks[line[:2]] + line[2:]


def _words(old: Path, new: Path) -> Iterator[str]:
    before, after = _read(old, "words.json"), _read(new, "words.json")
    for group, name in GROUPS.items():
        yield from _compare(_flat(before.get(group, {})), _flat(after.get(group, {})), name)
    yield from _compare(_canned(before), _canned(after), "vast antwoord")


def _compare(before: Mapping[str, str], after: Mapping[str, str], kind: str) -> Iterator[str]:
    """Words by name: what is new, gone or other."""
    for key in sorted(before.keys() | after.keys()):
        if key not in before:
            yield f"{kind}, nieuw: {key}: {after[key]}"
        elif key not in after:
            yield f"{kind}, weg: {key}"
        elif before[key] != after[key]:
            changes = _changed_lines(SENTENCE.split(before[key]), SENTENCE.split(after[key]))
            yield "\n".join([f"{kind}, {key}:", *changes])


def _canned(words: Mapping[str, Any]) -> dict[str, str]:
    replies = words.get("canned", {}).get("antwoorden", ())
    return {str(reply["code"]): str(reply["tekst"]) for reply in replies}


def _listed(old: Path, new: Path, name: str, kind: str) -> Iterator[str]:
    """Records by code; of a changed one only the fields that changed."""
    before, after = ({row["code"]: row for row in _read(folder, name)} for folder in (old, new))
    for code in sorted(before.keys() | after.keys()):
        if code not in before:
            yield f"{kind}, nieuw: {code}"
        elif code not in after:
            yield f"{kind}, weg: {code}"
        else:
            was, now = _flat(before[code]), _flat(after[code])
            for field in [*was, *(field for field in now if field not in was)]:
                old_value, new_value = was.get(field, "niets"), now.get(field, "niets")
                if old_value != new_value:
                    yield f"{kind} {code}, {field}: {old_value} → {new_value}"


def _flat(value: Any, path: tuple[str, ...] = ()) -> dict[str, str]:
    """Every single value of a record by its Dutch name: "uren maandag", "telefoon waarde"."""
    if isinstance(value, dict):
        parts = [_flat(item, (*path, _field(key, path))) for key, item in value.items()]
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        parts = [
            _flat(item, (*path, str(item.get("kind", number))))
            for number, item in enumerate(value, start=1)
        ]
    else:
        return {" ".join(filter(None, path)): _told(value)}
    return {key: told for part in parts for key, told in part.items()}


def _field(key: str, path: tuple[str, ...]) -> str:
    if key.isdigit() and "uren" in path and int(key) < len(DAYS):
        return DAYS[int(key)]
    return FIELDS.get(key, key)


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, list):
        return ", ".join("-".join(map(str, v)) if isinstance(v, list) else str(v) for v in value)
    return str(value) if value not in (None, "") else "niets"


def _commands(old: Path, new: Path) -> Iterator[str]:
    before, after = _read(old, "commands.json"), _read(new, "commands.json")
    for kind in sorted(before.keys() | after.keys()):
        was, now = set(before.get(kind, ())), set(after.get(kind, ()))
        yield from (f"nieuwe zin voor {kind}: {phrase!r}" for phrase in sorted(now - was))
        yield from (f"zin voor {kind} is weg: {phrase!r}" for phrase in sorted(was - now))


def _rules(old: Path, new: Path) -> Iterator[str]:
    before, after = (
        {
            rule.get("code", ""): {key: part for key, part in rule.items() if part}
            for rule in _read(folder, "risk.json").get("rules", ())
        }
        for folder in (old, new)
    )
    for code in sorted(before.keys() | after.keys()):
        if code not in before:
            yield f"risicoregel, nieuw: {code} ({after[code].get('level')})"
        elif code not in after:
            yield f"risicoregel, weg: {code}"
        elif before[code] != after[code]:
            yield f"risicoregel {code}: {', '.join(_parts(before[code], after[code]))}"


def _parts(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Which parts of a rule changed; a pattern is compiled and shows no editor anything."""
    for key in sorted(was.keys() | now.keys()):
        if was.get(key) != now.get(key):
            name = FIELDS.get(key, key)
            if isinstance(was.get(key, now.get(key)), list):
                yield f"{name} veranderd"
            else:
                yield f"{name} {_told(was.get(key))} → {_told(now.get(key))}"


def _counts(old: Path, new: Path) -> Iterator[str]:
    before, after = (read_manifest(folder).get("counts", {}) for folder in (old, new))
    for key, word in COUNTED.items():
        was, now = before.get(key, 0), after.get(key, 0)
        if was != now:
            yield f"aantal {word}: {was} → {now}"


def _read(folder: Path, name: str) -> Any:
    try:
        return json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReleaseError(f"In release {folder.name} the file {name} cannot be read.") from error
