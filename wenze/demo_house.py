"""An invented organ with people and accounts, so that the product can be tried. May never touch a database that has accounts.

All share one password, made for this installation: a password that everybody knows would be a door in every copy.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from sqlalchemy import func, select

from api import accounts
from api.accounts import Account
from api.unit_of_work import Asking
from wenze import instance
from wenze.application import Application
from workflows import people
from workflows.acting import Acting, Actor
from workflows.identifiers import new_id
from workflows.records import Person

ORGAN, SHORT = "云湖区司法局", "云湖"
MAKER = Actor(person_id=None, name="演示数据 demo data")

STAFF: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "clerk": ("林晓雯", "线索登记员", ("intake_clerk",)),
    "supervision": ("赵立新", "执法监督科科长", ("supervision_body",)),
    "filing": ("周国平", "分管副局长", ("approver_filing",)),
    "investigator1": ("陈志远", "执法监督科科员", ("investigator",)),
    "investigator2": ("吴静怡", "执法监督科科员", ("investigator",)),
    "investigator3": ("方文博", "执法监督科科员", ("investigator",)),
    "investigator4": ("蒋雪", "执法监督科科员", ("investigator",)),
    "legal": ("孙明哲", "法制审核员", ("legal_reviewer",)),
    "legal2": ("袁洁", "法制审核员", ("legal_reviewer",)),
    "panel1": ("郑海涛", "副局长", ("panel",)),
    "panel2": ("何秀兰", "副局长", ("panel",)),
    "panel3": ("马建国", "纪检组组长", ("panel",)),
    "decider": ("黄伟民", "局长", ("decider",)),
    "service": ("徐丽", "送达员", ("service_clerk",)),
    "personnel": ("高峰", "人事科科长", ("hr_officer",)),
    "reviewer1": ("罗芳", "复核承办人", ("review_officer",)),
    "reviewer2": ("梁宇", "复核承办人", ("review_officer",)),
    "archivist": ("谢婷", "档案管理员", ("archivist",)),
    "supervisor": ("唐敏", "督办负责人", ("supervisor",)),
    "admin": ("程序", "系统管理员", ("administrator",)),
    "admin2": ("秦岚", "系统管理员", ("administrator",)),
}
"""Login → name, post, roles."""

CONCERNED: Mapping[str, tuple[str, str]] = {"officer": ("王大力", "执法队员")}
"""Login → name, post of people who are concerned by cases and hold no role."""


def furnish(application: Application) -> list[str]:
    """Make the organ, its people and their accounts, if there are no accounts yet.

    Returns:
        Lines for the console: who may sign in, and the password of this installation's demo.
    """
    ground = application.ground
    kept = application.settings.instance / "demo.password"
    if not has_accounts(application):
        password = instance.kept(kept, _password)
        hashed = accounts.new_password(password, ground.passwords)
        asking = Asking(by=MAKER, now=ground.clock.now(), request="demo")
        ground.unit_of_work.run(lambda acting: _build(acting, hashed), asking)
    elif not kept.exists():
        return ["已有账号，未建立演示数据 · There are accounts already; no demo data was made."]
    return _told(kept.read_text(encoding="ascii").strip())


def has_accounts(application: Application) -> bool:
    """Whether anybody can sign in: then nothing of the demo is made."""
    with application.ground.database.reading() as session:
        return bool(session.scalar(select(func.count()).select_from(Account)))


def _build(acting: Acting, hashed: str) -> None:
    known = acting.releases.current(acting.session, acting.now.date()).roles
    organ = people.add_unit(acting, name=ORGAN, short_name=SHORT)
    for login, (name, post, roles) in STAFF.items():
        person = people.add_person(acting, name=name, unit_id=organ.id, post=post, roles=roles, known=known)
        accounts.add(acting, person_id=person.id, login=login, password=hashed)
    for login, (name, post) in CONCERNED.items():
        outsider = Person(id=new_id(acting.now), name=name, post=post, unit_id=organ.id)
        acting.session.add(outsider)
        acting.session.flush()
        accounts.add(acting, person_id=outsider.id, login=login, password=hashed)


def _password() -> str:
    return "-".join(secrets.token_hex(2) for _ in range(3))


def _told(password: str) -> list[str]:
    people_told = {login: (name, post) for login, (name, post, _) in STAFF.items()} | dict(CONCERNED)
    lines = [f"  {login:14} {name}  {post}" for login, (name, post) in people_told.items()]
    return [f"演示账号，密码均为 · Demo accounts, all with the password: {password}", *lines]
