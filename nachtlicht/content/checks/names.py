"""Names that must exist: intents, texts and actions in rules, stories, forms and buttons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from nachtlicht.content.issue import Issue
from nachtlicht.content.sources import File, Sources
from nachtlicht.content.yaml_file import line_of

RULE = "naam"
DEFAULT_ACTIONS = frozenset(
    (
        *("action_listen", "action_restart", "action_session_start", "action_default_fallback"),
        *("action_deactivate_loop", "action_back", "action_extract_slots", "..."),
    )
)
DEFAULT_INTENTS = frozenset(("nlu_fallback", "restart", "back", "session_start"))
PAYLOAD = re.compile(r"/([a-z_]+)")
OURS = frozenset(("handoff", "decline", "forget", "stop"))
CUSTOM_TYPES = frozenset(("handoff", "forget", "stop", "audience"))


def check(sources: Sources) -> Iterator[Issue]:
    """Unknown names in rules and buttons, intents without a rule, forms without a question."""
    ruled: set[str] = set()
    for file in sources.stories:
        yield from _steps(sources, file, ruled)
    for intent, (path, line) in sources.intents.items():
        if intent not in ruled and intent not in DEFAULT_INTENTS:
            told = f"Geen regel zegt wat er gebeurt bij {intent!r}. Maak er een in data/stories."
            yield Issue(path, line, RULE, told)
    for action, (path, line) in sources.actions.items():
        if action.startswith("utter_") and action not in sources.texts:
            yield Issue(path, line, RULE, f"De tekst {action} bestaat niet in data/responses.")
    yield from _buttons(sources)
    yield from _forms(sources)


def _steps(sources: Sources, file: File, ruled: set[str]) -> Iterator[Issue]:
    raw = file.raw if isinstance(file.raw, dict) else {}
    known_actions = DEFAULT_ACTIONS | set(sources.actions) | set(sources.domain_keys("forms"))
    for part in ("rules", "stories"):
        for index, story in enumerate(raw.get(part) or ()):
            steps = story.get("steps") if isinstance(story, dict) else None
            if not steps:
                line = line_of(raw, part, index)
                yield Issue(file.path, line, RULE, "Deze regel heeft geen stappen (steps).")
                continue
            for place, step in enumerate(steps):
                line = line_of(raw, part, index, "steps", place)
                for intent in _intents(step):
                    if part == "rules":
                        ruled.add(intent)
                    if intent not in sources.intents and intent not in DEFAULT_INTENTS:
                        told = f"De bedoeling {intent!r} bestaat niet (zie bot/domain)."
                        yield Issue(file.path, line, RULE, told)
                action = step.get("action") if isinstance(step, dict) else None
                if action and action.startswith("utter_") and action not in sources.texts:
                    told = f"De tekst {action} bestaat niet in data/responses."
                    yield Issue(file.path, line, RULE, told)
                elif action and not action.startswith("utter_") and action not in known_actions:
                    told = f"De actie {action} bestaat niet (zie bot/domain)."
                    yield Issue(file.path, line, RULE, told)


def _intents(step: Any) -> list[str]:
    if not isinstance(step, dict):
        return []
    found = [step["intent"]] if isinstance(step.get("intent"), str) else []
    for other in step.get("or") or ():
        found += _intents(other)
    return found


def _buttons(sources: Sources) -> Iterator[Issue]:
    for file in sources.responses:
        for name, variants in (file.model.responses if file.model else {}).items():
            for index, variant in enumerate(variants):
                raw = file.raw["responses"][name][index]
                for place, button in enumerate(variant.buttons):
                    fault = _payload_fault(sources, button.payload)
                    if fault:
                        yield Issue(file.path, line_of(raw, "buttons", place), RULE, fault)
                kind = (variant.custom or {}).get("type")
                if variant.custom and kind not in CUSTOM_TYPES:
                    types = ", ".join(sorted(CUSTOM_TYPES))
                    told = f"custom kent geen type {kind!r}. Kies uit: {types}."
                    yield Issue(file.path, line_of(raw, "custom"), RULE, told)


def _payload_fault(sources: Sources, payload: str) -> str | None:
    if payload.startswith("nachtlicht:"):
        wish = payload.removeprefix("nachtlicht:")
        return None if wish in OURS else f"De knop wil {wish!r}; dat kent de website niet."
    match = PAYLOAD.match(payload)
    intent = match.group(1) if match else payload
    if intent in sources.intents:
        return None
    return f"De knop wil {intent!r}; die bedoeling bestaat niet."


def _forms(sources: Sources) -> Iterator[Issue]:
    for file in sources.domain:
        forms = file.raw.get("forms") if isinstance(file.raw, dict) else None
        for name, form in (forms or {}).items():
            slots = (form or {}).get("required_slots") or ()
            for index, slot in enumerate(slots):
                asked = (f"utter_ask_{name}_{slot}", f"utter_ask_{slot}")
                action = f"action_ask_{slot}"
                if action in sources.actions or any(text in sources.texts for text in asked):
                    continue
                line = line_of(file.raw, "forms", name, "required_slots", index)
                told = f"Voor {slot!r} mist de vraag utter_ask_{slot} in data/responses."
                yield Issue(file.path, line, RULE, told)
