"""The closed words of the content: themes, people, levels, and the texts the code asks for."""

from __future__ import annotations

LEVELS = ("none", "concern", "urgent", "acute")

THEMES = (
    *("afpersing", "beeld_verspreid", "beeld_van_ander", "naaktfoto_gevraagd", "grooming"),
    *("afspreken", "deepfake", "uitbuiting", "seksueel_geweld", "onveilig_thuis"),
    *("zelfdoding", "zelfbeschadiging", "somber", "eten", "eer_en_dwang", "pesten", "relatie"),
    *("zwanger", "weggelopen", "zorgen_over_zelf", "dader", "geen"),
)

SPEAKERS = (
    *("girl", "boy", "unknown", "friend", "parent", "professional", "bystander", "self_worry"),
)

STYLES = (
    *("plain", "typos", "slang", "indirect", "terse", "long", "flemish", "second_language"),
    *("mixed_english", "emoji", "voice"),
)

ENTRIES = ("algemeen", "jongens", "ouders", "professionals", "zorgen-over-mezelf")

DESK_STATES = ("open", "niemand", "dicht")

# Themes in which seconds count: each has its own safety text.
ACUTE_THEMES = (
    *("zelfdoding", "zelfbeschadiging", "seksueel_geweld", "onveilig_thuis", "afpersing"),
    *("afspreken", "uitbuiting", "dader"),
)

# What the web app says by name, with or without the bot. A release lacks none of them.
FIXED_TEXTS = (
    *(f"utter_opening_{entry}" for entry in ENTRIES),
    *(f"utter_desk_{state}" for state in DESK_STATES),
    "utter_acuut",
    *(f"utter_acuut_{theme}" for theme in ACUTE_THEMES),
    "utter_urgent",
    *(f"utter_overdracht_{state}" for state in DESK_STATES),
    *(f"utter_overdracht_acuut_{state}" for state in DESK_STATES),
    "utter_overdracht_afgezegd",
    "utter_overdracht_blijft",
    "utter_mens_al_gevraagd",
    "utter_desk_nu_open",
    "utter_medewerker_er",
    "utter_medewerker_kwijt",
    "utter_medewerker_terug",
    "utter_collega_leest_mee",
    "utter_geblokkeerd",
    "utter_aanbod_mens",
    "utter_aanbod_nee",
    "utter_niet_zeker",
    "utter_bot_stil",
    "utter_onleesbaar",
    "utter_stop",
    "utter_stop_acuut",
    "utter_wis_vraag",
    "utter_gesprek_gesloten",
)

# Placeholders that are no field of a referral or a desk.
FIXED_PLACEHOLDERS = (*("lijnen.nu", "lijnen.thema", "bewaren.bot", "bewaren.desk", "medewerker"),)

CERTAIN = ("A", "B")  # may be offered; C is old or second-hand
MAX_AGE_DAYS = 90
