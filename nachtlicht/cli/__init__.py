"""The `nachtlicht` command: one sentence for each error, and exit codes that mean something.

0 done; 1 something was found or failed; 2 the call or its input is wrong; 130 stopped by hand.
"""

from __future__ import annotations

import sys

import click

from nachtlicht.chat.staff import StaffError
from nachtlicht.cli import content, evaluate, keeping, service, talks
from nachtlicht.cli.run import RunError
from nachtlicht.content.assess import AssessError, ParseError
from nachtlicht.content.measure import BarsError, SetError
from nachtlicht.content.publish import PublishError
from nachtlicht.content.train import TrainingError
from nachtlicht.encoder import ClassifierError, EncoderError
from nachtlicht.release import ReleaseError
from nachtlicht.replay import ReplayError
from nachtlicht.risk import RiskRulesError
from nachtlicht.settings import SettingsError
from nachtlicht.store import (
    ArchiveError,
    BackupError,
    DatabaseUrlError,
    MasterKeyError,
    MigrationError,
    RotationError,
    StoreError,
)
from nachtlicht.web.serve import ServeError

KNOWN = (
    ArchiveError,
    AssessError,
    BackupError,
    BarsError,
    ClassifierError,
    EncoderError,
    ParseError,
    ReplayError,
    DatabaseUrlError,
    MasterKeyError,
    MigrationError,
    PublishError,
    ReleaseError,
    RiskRulesError,
    RotationError,
    RunError,
    ServeError,
    SetError,
    SettingsError,
    StaffError,
    StoreError,
    TrainingError,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="nachtlicht")
def cli() -> None:
    """Nachtlicht: a bot that answers at night, and a human when there is risk.

    Start everything with `make run`. Editors use check, train, publish and rollback; operators
    run, migrate, invite, forget, backup, restore and rotate-key. Settings are read from the
    environment (README.md).
    """


for command in (
    *service.COMMANDS,
    *keeping.COMMANDS,
    *content.COMMANDS,
    *talks.COMMANDS,
    *evaluate.COMMANDS,
):
    cli.add_command(command)


def main() -> None:
    """Run the command; a known failure is one sentence on standard error and exit 1."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except KeyboardInterrupt:
        sys.exit(130)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except KNOWN as error:
        click.echo(f"nachtlicht: {error}", err=True)
        sys.exit(1)
