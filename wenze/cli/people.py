"""Commands about organs, people and their accounts. Whoever may run them on the server is trusted; each is in the ledger."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable
from typing import TypeVar

import click
from sqlalchemy import select

from api import accounts
from api.accounts import Account
from api.unit_of_work import Asking
from wenze.application import Application
from wenze.cli.running import opened
from workflows import people
from workflows.acting import Acting, Actor
from workflows.errors import NotFound, NotPossible
from workflows.records import Membership, Person, Unit
from workflows.roles import Roles

T = TypeVar("T")

CONSOLE = Actor(person_id=None, name="命令行 console")
"""Signs what is done on the command line."""


@click.group()
def unit() -> None:
    """机关与内设机构。

    Organs and their parts.

    Example: wenze unit add 云湖区司法局 --short 云湖
    """


@unit.command("add")
@click.argument("name")
@click.option("--short", required=True, help="案号中的简称 · Short name, as case numbers show it.")
@click.option("--under", help="上级机关的简称 · Short name of the organ it belongs to.")
def add_unit(name: str, short: str, under: str | None) -> None:
    """新建机关。

    Add an organ, or a part of one.

    Example: wenze unit add 法制科 --short 云湖法制 --under 云湖
    """

    def work(acting: Acting) -> str:
        parent = _unit(acting, under).id if under else None
        return people.add_unit(acting, name=name, short_name=short, parent_id=parent).id

    click.echo(_do(opened(), work))


@unit.command("list")
def list_units() -> None:
    """列出所有机关。

    List the organs.

    Example: wenze unit list
    """
    with opened().ground.database.reading() as session:
        for found in session.scalars(select(Unit).order_by(Unit.short_name)):
            click.echo(f"{found.id}  {found.short_name}  {found.name}")


@click.group()
def user() -> None:
    """人员与账号。

    People and their accounts.

    Example: wenze user add zhang.wei --name 张伟 --unit 云湖 --role investigator
    """


@user.command("add")
@click.argument("login")
@click.option("--name", required=True, help="姓名 · Name of the person.")
@click.option("--unit", "short", required=True, help="所在机关的简称 · Short name of their organ.")
@click.option("--post", default="", help="职务 · Their post.")
@click.option("--role", "roles", multiple=True, help="角色，可多次给出 · A role; may be given several times.")
@click.option("--machine", is_flag=True, help="无密码，仅用令牌 · No password: comes in by token only.")
@click.option("--password-stdin", is_flag=True, help="从标准输入读取密码 · Read the password from standard input.")
def add_user(
    login: str, name: str, short: str, post: str, roles: tuple[str, ...], machine: bool, password_stdin: bool
) -> None:
    """新建人员及其账号。未给出密码时生成一个并显示一次。

    Add a person with an account. Without a password one is made and shown this once.

    Example: wenze user add zhang.wei --name 张伟 --unit 云湖 --role investigator
    """
    application = opened()
    password, shown = (None, False) if machine else _password(password_stdin)
    hashed = accounts.new_password(password, application.ground.passwords) if password is not None else None

    def work(acting: Acting) -> None:
        here = _unit(acting, short)
        person = people.add_person(acting, name=name, unit_id=here.id, post=post, roles=roles, known=_roles(acting))
        accounts.add(acting, person_id=person.id, login=login, password=hashed)

    _do(application, work)
    if shown:
        click.echo(f"密码 · Password: {password}")


@user.command("grant")
@click.argument("login")
@click.argument("role")
@click.option("--unit", "short", help="机关简称，默认为本人所在机关 · Organ; their own unless given.")
def grant(login: str, role: str, short: str | None) -> None:
    """授予角色。

    Give a person a role.

    Example: wenze user grant zhang.wei legal_reviewer
    """

    def work(acting: Acting) -> None:
        person, here = _person(acting, login), _unit(acting, short) if short else None
        unit_id = here.id if here is not None else person.unit_id or ""
        people.grant(acting, person_id=person.id, role=role, unit_id=unit_id, known=_roles(acting))

    _do(opened(), work)


@user.command("revoke")
@click.argument("login")
@click.argument("role")
@click.option("--unit", "short", help="机关简称，默认为本人所在机关 · Organ; their own unless given.")
def revoke(login: str, role: str, short: str | None) -> None:
    """收回角色。

    Take a role away.

    Example: wenze user revoke zhang.wei legal_reviewer
    """

    def work(acting: Acting) -> None:
        person, here = _person(acting, login), _unit(acting, short) if short else None
        people.revoke(acting, person_id=person.id, role=role, unit_id=here.id if here else person.unit_id or "")

    _do(opened(), work)


@user.command("password")
@click.argument("login")
@click.option("--password-stdin", is_flag=True, help="从标准输入读取密码 · Read the password from standard input.")
def password(login: str, password_stdin: bool) -> None:
    """重设密码；该账号的所有会话与令牌随即失效。

    Set a password anew. All sessions and tokens of the account end.

    Example: wenze user password zhang.wei
    """
    application = opened()
    chosen, shown = _password(password_stdin)
    hashed = accounts.new_password(chosen, application.ground.passwords)
    _do(application, lambda acting: accounts.set_password(acting, login, hashed))
    if shown:
        click.echo(f"密码 · Password: {chosen}")


@user.command("token")
@click.argument("login")
@click.option("--name", required=True, help="令牌的名称 · A name by which it will be known.")
@click.option("--days", type=click.IntRange(1), default=90, show_default=True, help="有效天数 · Days it lives.")
def token(login: str, name: str, days: int) -> None:
    """生成访问令牌，仅显示一次。

    Make a bearer token, shown this once.

    Example: wenze user token exporter --name nightly --days 30
    """
    application = opened()
    if days > application.ground.token_days:
        raise NotPossible(f"A token lives {application.ground.token_days} days at most.")

    def work(acting: Acting) -> str:
        account = accounts.of_login(acting.session, login)
        return accounts.make_token(acting, account.id, name=name, days=days)[1]

    click.echo(_do(application, work))


@user.command("disable")
@click.argument("login")
def disable(login: str) -> None:
    """停用账号，即刻生效。

    Disable an account, from the next request on.

    Example: wenze user disable zhang.wei
    """
    _do(opened(), lambda acting: accounts.disable(acting, login))


@user.command("enable")
@click.argument("login")
def enable(login: str) -> None:
    """恢复停用的账号。

    Let a disabled account in again.

    Example: wenze user enable zhang.wei
    """
    _do(opened(), lambda acting: accounts.enable(acting, login))


@user.command("list")
def list_users() -> None:
    """列出账号、人员与角色。

    List accounts with their people and roles.

    Example: wenze user list
    """
    with opened().ground.database.reading() as session:
        rows = session.execute(
            select(Account, Person, Unit.short_name)
            .join(Person, Person.id == Account.person_id)
            .outerjoin(Unit, Unit.id == Person.unit_id)
            .order_by(Account.login)
        ).all()
        held: dict[str, list[str]] = {}
        for person_id, role in session.execute(select(Membership.person_id, Membership.role).order_by(Membership.role)):
            held.setdefault(person_id, []).append(role)
    for account, person, short in rows:
        state = " 已停用 disabled" if account.disabled_at else ""
        click.echo(
            f"{account.login:24} {person.name}  {short or '-'}  {','.join(held.get(person.id, [])) or '-'}{state}"
        )


def _do(application: Application, work: Callable[[Acting], T]) -> T:
    ground = application.ground
    asking = Asking(by=CONSOLE, now=ground.clock.now(), request=f"console-{secrets.token_hex(4)}")
    return ground.unit_of_work.run(work, asking)


def _roles(acting: Acting) -> Roles:
    return acting.releases.current(acting.session, acting.now.date()).roles


def _unit(acting: Acting, short: str) -> Unit:
    found = acting.session.scalars(select(Unit).where(Unit.short_name == short)).all()
    if len(found) != 1:
        raise NotFound(f"{'No organ has' if not found else 'Several organs have'} the short name {short}.", unit=short)
    return found[0]


def _person(acting: Acting, login: str) -> Person:
    return acting.session.get_one(Person, accounts.of_login(acting.session, login).person_id)


def _password(from_input: bool) -> tuple[str, bool]:
    """A password, and whether it was made here and must be shown."""
    if from_input:
        return sys.stdin.readline().rstrip("\r\n"), False
    if sys.stdin.isatty():
        return click.prompt("密码 · Password", hide_input=True, confirmation_prompt=True), False
    return secrets.token_urlsafe(12), True


COMMANDS = (unit, user)
