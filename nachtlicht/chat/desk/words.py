"""The Dutch words for closed names: levels, states and what the close form offers.

The words for themes are the editors': they come from the release.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from nachtlicht.release import Release
from nachtlicht.risk import RiskLevel

LEVELS = MappingProxyType(
    {
        RiskLevel.ACUTE: "Acuut",
        RiskLevel.URGENT: "Dringend",
        RiskLevel.CONCERN: "Zorg",
        RiskLevel.NONE: "Geen signaal",
    }
)

REASONS = MappingProxyType(
    {
        "risk": "Door een signaal in het gesprek",
        "wish": "Vroeg zelf om een mens",
        "bot": "De chatbot vroeg om een mens",
    }
)

ENTRIES = MappingProxyType(
    {
        "algemeen": "Algemene ingang",
        "jongens": "Ingang voor jongens",
        "ouders": "Ingang voor ouders",
        "professionals": "Ingang voor professionals",
        "zorgen-over-mezelf": "Ingang zorgen over mezelf",
    }
)

AUDIENCES = MappingProxyType(
    {
        "jongere": "Jongere",
        "ouder": "Ouder",
        "vriend": "Vriend of vriendin",
        "professional": "Professional",
        "zelf": "Zorgen over eigen gedrag",
    }
)

# The end questions, as the young person taps them.
OPINIONS = MappingProxyType({"yes": "Ja", "bit": "Een beetje", "no": "Nee"})

# The call types and the main categories of Child Helpline International, in Dutch.
CALL_TYPES = MappingProxyType(
    {
        "self": "Jongere over zichzelf",
        "about_child": "Iemand anders over een kind",
        "silent": "Bleef stil",
        "hang_up": "Was meteen weer weg",
        "abusive": "Schelden of misbruik van de lijn",
        "thanks": "Bedankt of terugkoppeling",
        "other": "Anders, geen hulpvraag",
    }
)

CATEGORIES = MappingProxyType(
    {
        "violence_osec": "Geweld: seksueel misbruik online",
        "violence_sexual": "Geweld: seksueel geweld",
        "violence_cyberbullying": "Geweld: online pesten",
        "violence_physical": "Geweld: lichamelijk",
        "violence_neglect": "Geweld: verwaarlozing of emotioneel",
        "violence_exploitation": "Geweld: uitbuiting",
        "violence_harmful": "Geweld: eer, dwang, uithuwelijking",
        "missing": "Vermist of weggelopen",
        "mental_suicide": "Psychisch: gedachten aan zelfdoding",
        "mental_self_harm": "Psychisch: zelfbeschadiging",
        "mental_mood": "Psychisch: somber, angst, eenzaam",
        "mental_other": "Psychisch: anders",
        "physical_health": "Lichamelijke gezondheid",
        "family": "Gezin en familie",
        "peers": "Vrienden en leeftijdgenoten",
        "education_work": "School en werk",
        "sexuality": "Seksualiteit en relaties",
        "access": "Toegang tot hulp of recht",
        "discrimination": "Discriminatie",
        "other": "Anders",
    }
)

OUTCOMES = MappingProxyType(
    {
        "helped": "Geholpen met dit gesprek",
        "referred": "Verwezen naar andere hulp",
        "emergency": "112 of politie ingeschakeld",
        "follow_up": "Komt later terug",
        "left": "Jongere ging weg",
        "no_contact": "Geen contact gekregen",
        "misuse": "Geen hulpvraag",
    }
)


# How sure the model is, from which chance; the words stand in data/responses/woorden/desk.yml.
SURE = ((0.9, "heel"), (0.6, "vrij"), (0.3, "matig"), (0.0, "weinig"))


def level_word(level: RiskLevel) -> str:
    """The Dutch word for a level."""
    return LEVELS[level]


def theme_word(theme: str | None, release: Release) -> str:
    """The Dutch word for a theme; one that nobody named yet is shown as it is."""
    name = theme or "geen"
    return str(themes(release).get(name, name.replace("_", " ")))


def themes(release: Release) -> Mapping[str, str]:
    """All themes with the editors' words for them."""
    found: Mapping[str, str] = release.words("desk").get("themes", {})
    return found


def model_words(theme: str | None, chance: float | None, release: Release) -> str:
    """What the model thinks of and how sure it is, in the editors' words; "" without any.

    `chance` is that of the line being urgent or acute.
    """
    desk = release.words("desk")
    grade = next((name for least, name in SURE if (chance or 0.0) >= least), "")
    thought = desk.get("model", {}).get(theme or "geen", "")
    sure = desk.get("model_zeker", {}).get(grade, "") if thought else ""
    return f"{thought} {sure}".strip()
