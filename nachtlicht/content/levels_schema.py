"""The shape of `risk/levels.yml`: the thresholds of the risk model, and the bars of the gate."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from nachtlicht.content.schema import Model, Owned, Theme, Words

Part = Annotated[float, Field(ge=0, le=1)]


class Threshold(Model):
    """From which chance a level counts, and what that weighs."""

    vanaf: Annotated[float, Field(gt=0, lt=1)]
    afweging: Words


class Thresholds(Model):
    """One threshold for each level above none."""

    concern: Threshold
    urgent: Threshold
    acute: Threshold


class AtLeast(Model):
    """What we aim at, and under what nothing is published."""

    doel: Part
    vloer: Part


class AtLeastByTheme(AtLeast):
    """The same within each theme; `vloer` holds for a theme that has no floor of its own."""

    vloeren: dict[Theme, Part]


class AtMost(Model):
    """What we aim at, and above what nothing is published."""

    doel: Part
    plafond: Part


class Bars(Model):
    """What rules and model together must hold on the development sets."""

    gevonden: AtLeast
    gevonden_per_thema: AtLeastByTheme
    acuut: AtLeast
    zorg: AtLeast
    loos_alarm: AtMost
    loos_alarm_moeilijk: AtMost
    zorg_onnodig: AtMost
    route: AtLeast


class RuleBars(Model):
    """What the rules must hold alone, when there is no model."""

    gevonden: AtLeast
    loos_alarm: AtMost


class LevelsFile(Owned):
    """The thresholds of the risk model, and the bars of the gate."""

    drempels: Thresholds
    lat: Bars
    lat_regels: RuleBars
