"""What a talk was about last, and who is writing, read from the intents of the talk."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.careful import metadata_of

NO_THEME = "geen"

THEMES = {
    "afpersing_geld": "afpersing",
    "afpersing_beeld": "afpersing",
    "afpersing_betaald": "afpersing",
    "beeld_gedeeld": "beeld_verspreid",
    "beeld_bang": "beeld_verspreid",
    "beeld_verwijderen": "beeld_verspreid",
    "deepfake_gemaakt": "deepfake",
    "foto_ontvangen": "beeld_van_ander",
    "foto_doorsturen_gevraagd": "beeld_van_ander",
    "foto_doorgestuurd": "beeld_van_ander",
    "slachtoffer_en_dader": "beeld_van_ander",
    "dreigt_zelf": "dader",
    "naaktfoto_gevraagd": "naaktfoto_gevraagd",
    "grooming_contact": "grooming",
    "afspreken_online": "afspreken",
    "uitbuiting_vriend": "uitbuiting",
    "uitbuiting_geld": "uitbuiting",
    "verkrachting_nu": "seksueel_geweld",
    "verkrachting_vroeger": "seksueel_geweld",
    "verkrachting_twijfel": "seksueel_geweld",
    "zwanger": "zwanger",
    "misbruik_thuis": "onveilig_thuis",
    "geweld_thuis": "onveilig_thuis",
    "weggelopen": "weggelopen",
    "eer_dwang": "eer_en_dwang",
    "relatie_onveilig": "relatie",
    "zelfdoding_gedachten": "zelfdoding",
    "zelfdoding_plan": "zelfdoding",
    "zelfbeschadiging": "zelfbeschadiging",
    "somber": "somber",
    "eten": "eten",
    "pesten_beeld": "pesten",
    "pesten": "pesten",
    "ouder_beeld": "beeld_verspreid",
    "zelf_gedachten": "zorgen_over_zelf",
    "zelf_gedrag": "zorgen_over_zelf",
}
AUDIENCES = {
    "ouder_onderbuik": "ouder",
    "ouder_beeld": "ouder",
    "ouder_anders": "ouder",
    "vriend_zorgen": "vriend",
    "professional_zorgen": "professional",
    "professional_vraag": "professional",
    "zelf_gedachten": "zelf",
    "zelf_gedrag": "zelf",
}


def theme_of(tracker: Tracker) -> str:
    """Return the theme that the web app sees; without one, that of the last route taken."""
    seen = metadata_of(tracker).get("theme")
    if seen and seen != NO_THEME:
        return str(seen)
    return next((THEMES[i] for i in reversed(_intents(tracker)) if i in THEMES), NO_THEME)


def audience_of(tracker: Tracker) -> str:
    """Return who is writing: by the last route that says so, else by the door they came in."""
    found = next((AUDIENCES[i] for i in reversed(_intents(tracker)) if i in AUDIENCES), None)
    metadata = metadata_of(tracker)
    return found or str(metadata.get("audience") or metadata.get("entry") or "algemeen")


def _intents(tracker: Tracker) -> list[str]:
    """The intents of the talk, in order."""
    said = [event for event in tracker.events if event.get("event") == "user"]
    return [(e.get("parse_data") or {}).get("intent", {}).get("name") or "" for e in said]
