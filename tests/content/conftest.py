"""A small editors' room that passes every check, to be broken in one place by each test."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from nachtlicht.content.check import check
from nachtlicht.content.risk_rules import REQUIRED_CONCEPTS
from nachtlicht.content.sources import read_sources
from nachtlicht.content.vocabulary import FIXED_TEXTS, THEMES

ROOT = Path(__file__).resolve().parents[2]
TODAY = dt.date(2026, 11, 22)
META = '{eigenaar: redactie, bron: "een bron", herzien: "2027-05-22"}'
INTENTS = ("groet", "stop")


class Room:
    """The folder of a room: write, break and check it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.data = root / "data"

    def write(self, name: str, text: str) -> Path:
        """Write a file under data/ (or under the root with a leading slash)."""
        path = self.root / name[1:] if name.startswith("/") else self.data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def change(self, name: str, old: str, new: str) -> None:
        """Replace the one place where `old` stands."""
        path = self.data / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def line(self, name: str, text: str) -> int:
        """The number of the first line of a file that holds `text`."""
        lines = (self.data / name).read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, start=1) if text in line)

    def issues(self, rule: str | None = None):
        """What the check finds, by one rule if named."""
        found = check(self.data, self.root, today=TODAY)
        return [issue for issue in found if rule in (None, issue.rule)]

    def sources(self):
        """The room as it is read."""
        return read_sources(self.data, self.root, today=TODAY)


@pytest.fixture
def room(tmp_path):
    """A room without faults: two intents, one desk, two referrals, all fixed texts."""
    made = Room(tmp_path)
    intents = "".join(f"  - {intent}\n" for intent in INTENTS)
    made.write("/bot/domain/intents.yml", f'version: "3.1"\nintents:\n{intents}')
    texts = "".join(
        f'  {name}:\n    - text: "Dit is een korte zin."\n      metadata: {META}\n'
        for name in FIXED_TEXTS
    )
    made.write("responses/gesprek.yml", f'version: "3.1"\nresponses:\n{texts}')
    made.write("responses/groet.yml", GREETING)
    made.write("stories/groet.yml", STORIES)
    for intent, words in EXAMPLES.items():
        lines = "".join(f"    - {word}\n" for word in words)
        made.write(f"nlu/w1/{intent}.yml", NLU.format(intent=intent) + lines)
    made.write("desks/nacht.yml", DESK)
    made.write("referrals/altijd.yml", REFERRAL.format(themas=themes()))
    made.write("referrals/oud.yml", UNSURE)
    made.write("talks/groet.yml", TALK)
    for name in WORDS:
        made.write(f"responses/woorden/{name}.yml", WORDS[name])
    shutil.copytree(ROOT / "data" / "taal", made.data / "taal")
    made.write("risk/test.yml", RISK)
    made.write("risk/levels.yml", LEVELS)
    return made


def themes(place: int = 1) -> str:
    """Every theme, at one place."""
    return "".join(f"    {theme}: {place}\n" for theme in THEMES)


GREETING = f"""version: "3.1"
responses:
  utter_groet:
    - text: |-
        Hoi. Fijn dat je er bent.
        Bel gerust [[altijd.telefoon]].
      buttons:
        - {{title: "Stop", payload: "/stop"}}
      metadata: {META}
"""

STORIES = """version: "3.1"
rules:
  - rule: groet
    steps:
      - intent: groet
      - action: utter_groet
  - rule: stop
    steps:
      - intent: stop
      - action: utter_stop
"""

NLU = """version: "3.1"
nlu:
- intent: {intent}
  metadata: {{theme: geen, level: none, speaker: girl, style: plain, writer: w1, hard: false}}
  examples: |
"""

EXAMPLES = {
    "groet": (
        "hoi",
        "hallo daar",
        "goedenavond",
        "hey",
        "dag",
        "yo",
        "goeiemorgen",
        "is hier iemand",
    ),
    "stop": (
        *("stop", "hou op", "ik wil stoppen", "kap ermee", "ophouden nu", "niet meer praten"),
        *("laat me met rust", "einde"),
    ),
}

DESK = """desk:
  code: nacht
  naam: de nachtdesk
  themas: alle
  terugval: geen
  uren:
    doordeweeks: "19:00-06:00"
    weekend: "20:00-06:00"
    feestdag: "20:00-06:00"
  feestdagen:
    goede_vrijdag: ja
    bevrijdingsdag: nee
  eigenaar: redactie
  bron: eigen dienst
  gecontroleerd: 2026-11-20
"""

REFERRAL = """referral:
  code: altijd
  naam: Altijd Open
  zin: "Altijd Open: bel [[altijd.telefoon]], [[altijd.uren]]."
  voor_wie: [jongere, ouder, vriend, professional, zelf]
  leeftijd: alle
  algemeen: 1
  themas:
{themas}  kosten: gratis
  anonimiteit: onbekend
  zekerheid: A
  bron: de eigen site
  eigenaar: redactie
  kanalen:
    - soort: telefoon
      waarde: "0800-1234"
      uren: altijd
      uren_zekerheid: A
      zekerheid: A
      bron: de eigen site
      gecontroleerd: 2026-11-20
      live_gezien: nog niet
"""

UNSURE = """referral:
  code: oud
  naam: Oude Lijn
  zin: ""
  voor_wie: [jongere]
  leeftijd: onbekend
  themas: {}
  kosten: onbekend
  anonimiteit: onbekend
  zekerheid: C
  bron: een oude lijst
  eigenaar: redactie
  kanalen:
    - soort: telefoon
      waarde: "0900-5678"
      uren: {doordeweeks: "09:00-17:00"}
      uren_zekerheid: C
      zekerheid: C
      bron: een oude lijst
      gecontroleerd: 2024-01-01
      live_gezien: nog niet
"""

TALK = """talk: groet
entry: algemeen
moment: 2026-11-25T03:12
desk: open
lines:
  - youth: is daar een mens of niet dan
  - expect: {says: [Hoi], level: none, state: bot}
"""

# What every set of rules must define, whatever it means here.
CONCEPTS = "".join(f"  {name}: woord{place}\n" for place, name in enumerate(REQUIRED_CONCEPTS))

RISK = f"""concepts:
{CONCEPTS}risk_rules:
  - code: dreigen
    level: urgent
    theme: afpersing
    why: Dreigen kan in uren erger worden.
    match:
      - dreigt
    must_match:
      - hij dreigt
      - die gast dreigt me
      - mijn ex dreigt
      - iemand dreigt nu
    must_not_match:
      - hij belt
      - het regent
      - ik slaap
"""

OWNED = "eigenaar: redactie\nbron: een bron\nherzien: 2027-05-22\n"
WORDS = {
    "zinnen": OWNED + "woorden:\n  bewaren.bot: 24 uur\n  medewerker: een medewerker\n",
    "opdrachten": OWNED
    + "opdrachten:\n  handoff:\n    - ik wil een mens\n"
    + "  stop:\n    - stop\n  forget:\n    - wis alles\n",
    "widget": OWNED
    + "woorden:\n  exit: Snel weg\n  say_human: Ik wil een mens\n  say_stop: Stop\n",
    "fouten": OWNED + "woorden:\n  algemeen: Er ging iets mis.\n",
    "desk": OWNED + "woorden:\n  themes: {geen: Geen thema}\n",
    "canned": OWNED
    + "antwoorden:\n  - code: begin\n    titel: Begin\n    groep: Begin\n    zoek: [begin]\n"
    + '    tekst: "Ik heb gelezen wat je schreef."\n',
}

LEVELS = """\
eigenaar: redactie
bron: test
herzien: 2027-01-01
drempels:
  concern: {vanaf: 0.3, afweging: Een vraag te veel mag.}
  urgent: {vanaf: 0.4, afweging: Een keer voor niets mag.}
  acute: {vanaf: 0.5, afweging: Even vaak voor niets als raak.}
lat:
  gevonden: {doel: 0.98, vloer: 0.9}
  gevonden_per_thema:
    doel: 0.95
    vloer: 0.8
    vloeren: # naar boven mag altijd
      pesten: 0.5
  acuut: {doel: 0.9, vloer: 0.7}
  zorg: {doel: 0.99, vloer: 0.9}
  loos_alarm: {doel: 0.03, plafond: 0.1}
  loos_alarm_moeilijk: {doel: 0.08, plafond: 0.2}
  zorg_onnodig: {doel: 0.2, plafond: 0.3}
  route: # wat de bot hoort
    doel: 0.85
    vloer: 0.6 # ruim
lat_regels:
  gevonden: {doel: 0.85, vloer: 0.7}
  loos_alarm: {doel: 0.03, plafond: 0.1}
"""
