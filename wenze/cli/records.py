"""Commands about what is on record: releases, the ledger, the tables."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from sqlalchemy import select

from wenze import law, schema
from wenze.application import create_app
from wenze.checking import check
from wenze.cli.running import opened
from wenze.settings import Settings
from workflows import ledger
from workflows.records import Release


@click.group()
def release() -> None:
    """规程版本。

    Releases of the procedures.

    Example: wenze release list
    """


@release.command("list")
def list_releases() -> None:
    """列出所有规程版本。

    List the releases, the newest first.

    Example: wenze release list
    """
    with opened().ground.database.reading() as session:
        for found in session.scalars(
            select(Release).order_by(Release.effective_from.desc(), Release.published_at.desc())
        ):
            published = found.published_at.isoformat(timespec="seconds")
            click.echo(f"{found.name}  {found.jurisdiction}  {found.effective_from}  {published}  {found.digest[:16]}")


@release.command("publish")
@click.argument("folder", type=click.Path(exists=True, file_okay=False), required=False)
def publish(folder: str | None) -> None:
    """装载目录中的规程，成为一个版本。

    Load the artefacts of a folder (`bpmn/` and `forms/` in it) as a release.

    Example: wenze release publish ./law
    """
    application = opened()
    where = application.settings.law if folder is None else Path(folder)
    ground = application.ground
    name, new = law.publish(ground, law.read(where), ground.clock.now())
    for note in check([where]):
        for language in ("zh", "en"):
            click.echo(note.sentence(language), err=True)
    click.echo(f"{name} {'已装载 loaded' if new else '已在库 known'}")


@click.group("ledger")
def ledger_commands() -> None:
    """台账。

    The ledger.

    Example: wenze ledger verify
    """


@ledger_commands.command("verify")
def verify() -> None:
    """校验每一条台账链。

    Go through every chain of the ledger. Exit 1 if one is broken.

    Example: wenze ledger verify
    """
    broken = entries = chains = 0
    with opened().ground.database.reading() as session:
        for chain in ledger.chains(session):
            found = ledger.verify(session, chain)
            chains, entries = chains + 1, entries + found.entries
            if not found.holds:
                broken += 1
                where = f"{found.broken_at}: " if found.broken_at is not None else ""
                click.echo(f"{chain}: {where}{found.reason}", err=True)
    click.echo(f"{chains - broken} of {chains} chains hold, {entries} entries")
    if broken:
        sys.exit(1)


@click.group()
def database() -> None:
    """数据库表结构。

    The tables of the database.

    Example: wenze database upgrade
    """


@database.command("upgrade")
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """升级表结构。

    Bring the tables up to a revision, the newest unless given.

    Example: wenze database upgrade
    """
    engine = create_app(Settings.read()).ground.database.engine
    schema.upgrade(engine, revision)
    click.echo(schema.present(engine) or "-")


@database.command("downgrade")
@click.argument("revision")
@click.confirmation_option(prompt="会丢失数据，继续吗？ · This loses data. Go on?")
def downgrade(revision: str) -> None:
    """退回表结构；`base` 删除所有表。

    Take the tables back to a revision; `base` removes them all.

    Example: wenze database downgrade base --yes
    """
    engine = create_app(Settings.read()).ground.database.engine
    schema.downgrade(engine, revision)
    click.echo(schema.present(engine) or "-")


@database.command("revise")
@click.argument("message")
def revise(message: str) -> None:
    """由代码与数据库的差异生成新的变更（开发用）。

    Write a revision from what differs between the code and a database at the newest one. For developers.

    Example: wenze database revise "Name the organ of a decision"
    """
    schema.revise(create_app(Settings.read()).ground.database.engine, message)


COMMANDS = (release, ledger_commands, database)
