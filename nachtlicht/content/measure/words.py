"""The Dutch words of the report, and numbers as they are written in Dutch."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

LEVELS = MappingProxyType(
    {"acute": "acuut", "urgent": "dringend", "concern": "zorg", "none": "geen signaal"}
)

GROUPS = MappingProxyType(
    {
        "level": "Niveau",
        "theme": "Thema",
        "speaker": "Wie schrijft",
        "style": "Hoe geschreven",
        "kind": "Bericht of gesprek",
        "writer": "Hand",
    }
)

WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "level": LEVELS,
        "speaker": {
            "girl": "meisje",
            "boy": "jongen",
            "unknown": "onbekend",
            "friend": "vriend of vriendin",
            "parent": "ouder",
            "professional": "professional",
            "bystander": "omstander of doorstuurder",
            "self_worry": "zorgen over zichzelf",
        },
        "style": {
            "plain": "gewoon",
            "typos": "met fouten",
            "slang": "straattaal",
            "indirect": "indirect",
            "terse": "heel kort",
            "long": "lang",
            "flemish": "Vlaams",
            "second_language": "tweede taal",
            "mixed_english": "met Engels",
            "emoji": "met emoji",
            "voice": "ingesproken",
        },
        "kind": {"message": "los bericht", "talk": "gesprek"},
    }
)

AUTHORS = MappingProxyType({"youth": "jongere", "bot": "bot", "counsellor": "mens"})


def group_word(group: str, value: str) -> str:
    """How a value of a group is called."""
    return theme_word(value) if group == "theme" else WORDS.get(group, {}).get(value, value)


def theme_word(theme: str) -> str:
    """A theme as it is written in a sentence."""
    return theme.replace("_", " ")


def percent(value: float | None) -> str:
    """0.923 as "92,3 %"; nothing is a dash."""
    return "–" if value is None else f"{number(value * 100)} %"


def points(value: float) -> str:
    """0.012 as "1,2 punt"."""
    return f"{number(value * 100)} punt"


def signed(value: float) -> str:
    """0.012 as "+1,2"."""
    return f"{'+' if value > 0 else ''}{number(value * 100)}"


def number(value: float, digits: int = 1) -> str:
    """A number with a comma; a minus is a minus."""
    text = f"{value:.{digits}f}".replace(".", ",").replace("-", "−")
    return text.lstrip("−") if not text.strip("−0,") else text


def sureness(chance: float | None) -> str:
    """The model's chance in words, with the number behind them."""
    if chance is None:
        return "geen model"
    steps = (
        *((0.15, "bijna zeker niet"), (0.4, "waarschijnlijk niet"), (0.6, "twijfelt")),
        *((0.85, "waarschijnlijk"), (2.0, "bijna zeker")),
    )
    word = next(word for below, word in steps if chance < below)
    return f"{word} ({number(chance, 2)})"
