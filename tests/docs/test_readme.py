"""The README names what there is to set and to call."""

import re

import click

from nachtlicht.cli import cli
from tests.support.system import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def test_every_setting_is_named():
    """A setting that the README does not name cannot be found by an operator."""
    code = (ROOT / "nachtlicht" / "settings.py").read_text("utf-8")
    names = set(re.findall(r'"(NACHTLICHT_[A-Z_]+|DATABASE_URL)"', code))
    assert len(names) > 10
    assert not {name for name in names if f"`{name}`" not in README}


def test_every_command_is_named():
    """The same for commands, save those that only other commands call."""
    assert isinstance(cli, click.Group)
    named = {name for name, command in cli.commands.items() if not command.hidden}
    assert len(named) > 10
    assert not {name for name in named if f"`{name}`" not in README}


def test_every_link_leads_somewhere():
    """A link or picture in the README points at a file of the repository."""
    targets = re.findall(r"\]\(([^)#:]+)\)", README)
    assert targets
    assert not [target for target in targets if not (ROOT / target).exists()]
