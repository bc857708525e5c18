"""The shape of every file in the editors' room."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from nachtlicht.content.vocabulary import DESK_STATES, ENTRIES, LEVELS, SPEAKERS, STYLES, THEMES
from nachtlicht.release import AUDIENCE_WORDS

HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")
DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
DAY_NAMES = (*DAYS, "doordeweeks", "weekend", "elke_dag", "feestdag")


def _one_of(words: tuple[str, ...], kind: str) -> AfterValidator:
    def check(value: str) -> str:
        if value not in words:
            raise ValueError(f"{value!r} is geen {kind}. Kies uit: {', '.join(words)}.")
        return value

    return AfterValidator(check)


def _window(value: str) -> str:
    if not HOURS.fullmatch(value):
        raise ValueError(f'{value!r} zijn geen uren. Schrijf bijvoorbeeld "19:00-06:00".')
    return value


Words = Annotated[str, Field(min_length=1)]
Theme = Annotated[str, _one_of(THEMES, "thema")]
Level = Annotated[str, _one_of(LEVELS, "niveau")]
Speaker = Annotated[str, _one_of(SPEAKERS, "spreker")]
Style = Annotated[str, _one_of(STYLES, "stijl")]
Audience = Annotated[str, _one_of(AUDIENCE_WORDS, "doelgroep")]
Entry = Annotated[str, _one_of(ENTRIES, "ingang")]
DeskState = Annotated[str, _one_of(DESK_STATES, "stand van de desk")]
Day = Annotated[str, _one_of(DAY_NAMES, "dag")]
Certainty = Annotated[str, _one_of(("A", "B", "C", "onbekend"), "zekerheid")]
YesNo = Annotated[str, _one_of(("ja", "nee"), "antwoord")]
Window = Annotated[str, AfterValidator(_window)]
Hours = dict[Day, Window | list[Window]]


class Model(BaseModel):
    """A part of a file: no unknown keys."""

    model_config = ConfigDict(extra="forbid")


class Owned(Model):
    """What has an owner, a source and a date on which it is read again."""

    eigenaar: Words
    bron: Words
    herzien: dt.date


class Channel(Model):
    """One way to reach an organisation."""

    soort: Annotated[str, _one_of(("telefoon", "chat", "site"), "soort kanaal")]
    waarde: Words
    land: list[str] | Literal["overal"] = Field(default_factory=lambda: ["NL"])
    uren: Annotated[str, _one_of(("altijd", "onbekend"), "antwoord op uren")] | Hours
    uren_zekerheid: Certainty
    zekerheid: Certainty
    bron: Words
    gecontroleerd: dt.date
    live_gezien: Literal["nog niet"] | dt.date
    opmerking: str = ""


class Referral(Model):
    """One organisation."""

    code: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    naam: Words
    zin: str
    voor_wie: list[Audience]
    leeftijd: str | dict[str, int]
    algemeen: int | None = None
    themas: dict[Theme, int | dict[Audience, int]]
    kosten: Words
    anonimiteit: Words
    zekerheid: Certainty
    bron: Words
    eigenaar: Words
    kanalen: list[Channel]


class ReferralFile(Model):
    """`referral:` for one organisation, or `referrals:` for a list, perhaps of a city."""

    referral: Referral | None = None
    referrals: list[Referral] = Field(default_factory=list)
    stad: Annotated[str, Field(pattern=r"^[a-z_]+$")] | None = None
    naam: str | None = None

    @property
    def records(self) -> list[Referral]:
        """All records of the file."""
        return [self.referral, *self.referrals] if self.referral else self.referrals


class Holidays(Model):
    """Which days count as holidays for a desk, beside the Dutch public ones."""

    goede_vrijdag: YesNo
    bevrijdingsdag: YesNo
    extra: list[dt.date] = Field(default_factory=list)


class Desk(Model):
    """Who takes over."""

    code: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    naam: Words
    themas: Literal["alle"] | list[Theme]
    terugval: str
    uren: Annotated[str, _one_of(("altijd",), "antwoord op uren")] | Hours
    feestdagen: Holidays
    eigenaar: Words
    bron: Words
    gecontroleerd: dt.date


class DeskFile(Model):
    """One desk."""

    desk: Desk


class Button(Model):
    """A quick reply."""

    title: Words
    payload: Annotated[str, Field(pattern=r"^(/[a-z_]+(\{.*\})?|nachtlicht:[a-z]+)$")]


class Response(Model):
    """One variant of a text."""

    text: str = ""
    buttons: list[Button] = Field(default_factory=list)
    custom: dict[str, Any] | None = None
    condition: list[dict[str, Any]] | None = None
    metadata: Owned


class ResponseFile(Model):
    """`responses:` as Rasa reads them."""

    version: str
    responses: dict[Annotated[str, Field(pattern=r"^utter_[a-z0-9_-]+$")], list[Response]]


class Sentences(Owned):
    """Short words that are filled in elsewhere."""

    woorden: dict[str, Words]


class Commands(Owned):
    """The wishes that always work."""

    opdrachten: dict[Literal["handoff", "stop", "forget"], list[Words]]


class Interface(Owned):
    """The words of the widget or the desk, by name."""

    woorden: dict[str, Words | list[Words] | dict[str, Words]]


class Canned(Model):
    """A reply that a counsellor can put in the box, found by its search words."""

    code: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    titel: Words
    groep: Words
    zoek: list[Words]
    tekst: Words


class CannedFile(Owned):
    """The canned replies of the desk."""

    antwoorden: list[Canned]


class NluMetadata(Model):
    """Who says it, how, and how serious it is."""

    theme: Theme
    level: Level
    speaker: Speaker
    style: Style
    writer: Words
    hard: Literal["true", "false"]


class NluBlock(Model):
    """Examples of one intent, by one writer."""

    intent: Words
    metadata: NluMetadata
    examples: Words


class NluFile(Model):
    """What people say."""

    version: str
    nlu: list[NluBlock]


class Expect(Model):
    """What must be so after the lines above it."""

    says: list[Words] = Field(default_factory=list)
    says_not: list[Words] = Field(default_factory=list)
    level: Level | None = None
    state: str | None = None
    theme: Theme | None = None
    max_questions: int | None = None


class TalkLine(Model):
    """A line of the young person or of a counsellor, hours that go by, or what must be so."""

    youth: str | None = None
    counsellor: str | None = None
    hours: float | None = None
    expect: Expect | None = None

    @property
    def parts(self) -> int:
        """How many of the four are filled; a good step has one."""
        return len(self.model_fields_set)


class Talk(Model):
    """A whole conversation."""

    talk: Words
    why: str = ""
    entry: Entry = "algemeen"
    moment: dt.datetime
    desk: DeskState
    bot: Literal["stil", "aan"] = "aan"
    lines: Annotated[list[TalkLine], Field(min_length=2)]
