"""The unit of work: the only place in the house that commits.

A verb runs in one transaction and is committed once, whole or not at all. May never know HTTP, and never swallows an error:
what a verb refuses is refused to the caller, after it has been entered in the ledger.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from api.database import Database
from workflows import ledger
from workflows.acting import Acting, Actor
from workflows.errors import CaseworkError, Refused
from workflows.protection import Vault
from workflows.releases import Releases

T = TypeVar("T")

ATTEMPTS = 5
"""How often a transaction is tried that the database broke off in favour of another one."""

SERIALIZATION_FAILURE, DEADLOCK = "40001", "40P01"


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for an act, when, and under which request: what a verb needs to know of its caller."""

    by: Actor
    now: datetime
    request: str = ""
    on_behalf_of: str | None = None


class UnitOfWork:
    """Runs verbs, each in one transaction."""

    def __init__(self, database: Database, releases: Releases, vault: Vault) -> None:
        self._database = database
        self._releases = releases
        self._vault = vault

    def run(
        self,
        verb: Callable[[Acting], T],
        asking: Asking,
        *,
        instead: Callable[[], T | None] | None = None,
    ) -> T:
        """Run a verb and commit it.

        Args:
            verb: does the work in the session it is given; may run again from the start, with a fresh session, when the
                database broke the transaction off in favour of another one.
            instead: asked when the verb gives up: an answer that was given to this very request before. With one, nothing
                is refused, even if the act itself was what took the matter out of the caller's sight.

        Raises:
            Refused: nothing of the work is done; the refusal is entered in the ledger.
        """
        try:
            return self._persist(verb, asking)
        except CaseworkError as error:
            answer = instead() if instead is not None else None
            if answer is not None:
                return answer
            if isinstance(error, Refused):
                self._persist(partial(ledger.record_refusal, refused=error), asking)
            raise

    def _persist(self, verb: Callable[[Acting], T], asking: Asking) -> T:
        for attempt in range(1, ATTEMPTS):
            try:
                return self._once(verb, asking)
            except DBAPIError as error:
                if not broken_off(error):
                    raise
                # Two that met once meet again at once, unless each waits a time of its own.
                time.sleep(random.uniform(0.0, 0.02) * attempt)  # noqa: S311 - not a secret
        return self._once(verb, asking)

    def _once(self, verb: Callable[[Acting], T], asking: Asking) -> T:
        with self._database.turn_to_write(), self._database.writing() as session:
            result = verb(self._acting(session, asking))
            session.commit()
            return result

    def _acting(self, session: Session, asking: Asking) -> Acting:
        return Acting(
            session=session,
            now=asking.now,
            by=asking.by,
            releases=self._releases,
            vault=self._vault,
            request=asking.request,
            on_behalf_of=asking.on_behalf_of,
        )


def broken_off(error: DBAPIError) -> bool:
    """Whether the database gave this transaction up in favour of another one, so that trying again is right."""
    return getattr(error.orig, "sqlstate", None) in (SERIALIZATION_FAILURE, DEADLOCK)
