"""Who acts, when, and on what: handed to every verb. May never read a clock, a request or a setting itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from engine.periods import local_day

if TYPE_CHECKING:
    from workflows.protection import Vault
    from workflows.releases import Law, Releases


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person at the moment of acting, with the roles read at that moment; or the clock."""

    person_id: str | None
    name: str
    unit_id: str | None = None
    roles: frozenset[tuple[str, str]] = frozenset()
    """Pairs of role and unit id."""

    @property
    def queues(self) -> tuple[str, ...]:
        """Keys of the groups this person belongs to, in a stable order."""
        return tuple(sorted(queue(role, unit) for role, unit in self.roles))

    def holds(self, roles: Iterable[str], unit_id: str | None = None) -> bool:
        """Whether this person holds one of the roles, in that unit if one is named."""
        wanted = set(roles)
        return any(role in wanted and (unit_id is None or unit == unit_id) for role, unit in self.roles)


CLOCK = Actor(person_id=None, name="系统时钟")
"""Signs what happens because a limit passed."""


def queue(role: str, unit_id: str) -> str:
    """The key of the group of all who hold `role` in `unit_id`."""
    return f"{role}@{unit_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """What a verb needs from outside: the open session, the moment, the person, the law in force, the vault."""

    session: Session
    now: datetime
    by: Actor
    releases: Releases
    vault: Vault
    request: str = ""
    """Id of the request or sweep, for the ledger and the log."""
    on_behalf_of: str | None = field(default=None)

    @property
    def today(self) -> date:
        """The day of the act, where limits are counted."""
        return local_day(self.now)

    def law(self) -> Law:
        """The release in force at the moment of the act.

        Raises:
            NotFound: none is in force yet.
        """
        return self.releases.current(self.session, self.today)
