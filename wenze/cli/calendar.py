"""Commands about calendars: what counts, entering and approving, counting the open limits anew."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from api import accounts
from api.unit_of_work import Asking
from engine.periods import ZONE
from wenze.application import Application
from wenze.cli.running import opened
from workflows import almanac, people
from workflows.acting import Acting
from workflows.releases import Law

T = TypeVar("T")
WHO = click.option("--by", "login", required=True, help="系统管理员的登录名 · Login of the administrator.")


@click.group()
def calendar() -> None:
    """日历：年份、录入、批准、重新计算期限。

    Calendars: the years, entering, approving, counting limits anew.

    Example: wenze calendar list
    """


@calendar.command("list")
def listed() -> None:
    """列出各年份与录入的日历。

    List the years that count, and what was entered.

    Example: wenze calendar list
    """
    application = opened()
    with application.ground.database.reading() as session:
        law = application.ground.releases.current(session, application.ground.clock.now().astimezone(ZONE).date())
        for year in almanac.years(law.calendar):
            source = "；".join(notice.number or notice.title.zh for notice in year.notices)
            click.echo(f"{year.year}  {year.state:10} {year.days_off:3} {year.make_up:3}  {source}")
        for entry in almanac.entries(session):
            done = entry.recount
            progress = (
                f"  {done['looked_at']}/{done['total']}, {done['moved']} moved, {done['held']} held" if done else ""
            )
            click.echo(f"{entry.id}  {entry.year}  {entry.state:9} {entry.number or entry.source.zh}{progress}")


@calendar.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@WHO
@click.option("--unit", help="只适用于该机关（ID）· Id of the one organ it is for.")
def enter(file: Path, login: str, unit: str | None) -> None:
    """录入一个日历文件；另一名系统管理员批准后生效。

    Enter a calendar file (`state: published` or `state: addition`). It counts when another administrator approves it.

    Example: wenze calendar import cn-2027.yaml --by admin
    """

    def work(acting: Acting, law: Law) -> str:
        content = file.read_text("utf-8")
        return almanac.enter(acting, law.roles, law.calendar, content, unit_id=unit).id

    click.echo(_do(opened(), login, work))


@calendar.command("approve")
@click.argument("entry")
@WHO
def approve(entry: str, login: str) -> None:
    """批准他人录入的日历，并随即重新计算涉及的期限。

    Approve a calendar that somebody else entered, and count the limits that touch it anew.

    Example: wenze calendar approve 01a2962421807b9c960f95d25040e255 --by admin2
    """
    application = opened()
    _do(application, login, lambda acting, law: almanac.approve(acting, law.roles, entry, law.calendar).id)
    _recount(application)


@calendar.command("recount")
def recount() -> None:
    """继续未完成的重新计算；时钟也会自行进行。

    Go on with counting limits anew where it stopped. The clock does so by itself as well.

    Example: wenze calendar recount
    """
    _recount(opened())


def _recount(application: Application) -> None:
    for done in application.sweeper.recounting():
        click.echo(f"{done.year}  {done.looked_at}/{done.total}, {done.moved} moved, {done.held} held")


def _do(application: Application, login: str, work: Callable[[Acting, Law], T]) -> T:
    """Act as an administrator: who enters and who approves stands in the ledger by name."""
    ground = application.ground
    now, request = ground.clock.now(), f"console-{secrets.token_hex(4)}"

    with ground.database.reading() as session:
        actor = people.actor(session, accounts.of_login(session, login).person_id)

    def verb(acting: Acting) -> T:
        return work(acting, acting.law())

    return ground.unit_of_work.run(verb, Asking(by=actor, now=now, request=request))


COMMANDS = (calendar,)
