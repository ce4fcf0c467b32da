"""The command line. Every command says what it does with an example; every error is one line and an exit code.

May never hold what another part could use: a command reads its words, calls one function and prints.
"""

from __future__ import annotations

import sys
from typing import Any

import click
from sqlalchemy.exc import OperationalError

from api.sentences import in_chinese
from engine.errors import EngineError
from wenze.checking import NothingToCheck, told
from wenze.cli import artefacts, calendar, counting, measuring, people, records, running, showing
from wenze.instance import InstanceUnusable
from wenze.law import LawMissing
from wenze.serving import PortTaken
from wenze.settings import SettingsRefused
from workflows.errors import ArtefactsRefused, CaseworkError, InvalidInput

FORESEEN = (
    SettingsRefused,
    InstanceUnusable,
    LawMissing,
    PortTaken,
    NothingToCheck,
    CaseworkError,
    EngineError,
)


class Wenze(click.Group):
    """The command `wenze`: says in one line what went wrong."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; a foreseeable error becomes a line and exit code 1, never a traceback."""
        try:
            return super().invoke(ctx)
        except FORESEEN as error:
            for line in _lines(error):
                click.echo(f"wenze: {line}", err=True)
            sys.exit(1)
        except OperationalError as error:
            click.echo(f"wenze: the database is out of reach: {str(error.orig).strip().splitlines()[0]}", err=True)
            sys.exit(1)


@click.group(cls=Wenze, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="wenze", prog_name="wenze")
def main() -> None:
    """问责：行政执法责任追究工作流引擎。

    Wenze, the accountability workflow engine for administrative enforcement. Settings are environment variables:
    see `wenze settings`.

    Example: wenze up --demo
    """


def _lines(error: Exception) -> list[str]:
    if isinstance(error, SettingsRefused):
        return list(error.findings)
    if isinstance(error, ArtefactsRefused):
        return [told(finding).sentence(language) for finding in error.findings for language in ("zh", "en")]
    if isinstance(error, InvalidInput) and error.problems:
        return [f"{problem.path}: {problem.message['zh']} {problem.message['en']}" for problem in error.problems]
    chinese = in_chinese(str(error))
    return [f"{chinese} {error}" if chinese else str(error)]


for part in (running, showing, people, records, artefacts, calendar, counting, measuring):
    for command in part.COMMANDS:
        main.add_command(command)
