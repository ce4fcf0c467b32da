"""Where the things of a case are, for those who handle it and for its party."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from web.page_values import Link
from web.presentation import Wording


@dataclass(frozen=True, slots=True)
class OfCase:
    """Addresses of a case, for those who may open its file."""

    case_id: str

    @staticmethod
    def root(say: Wording) -> Link:
        """The list it stands in."""
        return Link(label=say.phrase("案件"), href=url_for("pages.cases.listed"))

    def crumbs(self, say: Wording, number: str, name: str) -> tuple[Link, ...]:
        """The way to a page below the file."""
        return self.root(say), Link(label=number, href=self.page()), Link(label=name, href="", current=True)

    def page(self, *, order: str | None = None, beyond: int | None = None) -> str:
        """The file itself; with the order of its timeline, and where that goes on."""
        return url_for("pages.cases.show", case_id=self.case_id, order=order, beyond=beyond)

    def task(self, task_id: str) -> str:
        """One task."""
        return url_for("pages.tasks.show", task_id=task_id)

    def limit(self, clock_id: str) -> str:
        """The count of a limit."""
        return url_for("pages.cases.limit", case_id=self.case_id, clock_id=clock_id)

    def limit_act(self, clock_id: str, act: str) -> str:
        """Asking for something to be done to a limit."""
        return url_for("pages.limit_acts.ask", case_id=self.case_id, clock_id=clock_id, act=act)

    def evidence(self, evidence_id: str) -> str:
        """The content of an item."""
        return url_for("pages.evidence.read", evidence_id=evidence_id)

    def hand_in(self) -> str:
        """Handing in a file."""
        return url_for("pages.evidence.hand_in", case_id=self.case_id)

    def protected(self, value_id: str) -> str:
        """Opening a sealed value."""
        return url_for("pages.protected.ask", case_id=self.case_id, value_id=value_id)

    def diagram(self, process: str) -> str:
        """The XML of a process, with the policy of the case."""
        return url_for("cases.diagram", case_id=self.case_id, process=process)

    def action(self, action: str) -> str:
        """Telling the procedure something from outside its tasks."""
        return url_for("pages.actions.ask", case_id=self.case_id, action=action)

    def account(self, party_id: str) -> str:
        """Saying which account is a party's."""
        return url_for("pages.parties.ask", case_id=self.case_id, party_id=party_id)


@dataclass(frozen=True, slots=True)
class OfMatter:
    """Addresses of a matter, for its party."""

    case_id: str

    @staticmethod
    def root(say: Wording) -> Link:
        """The list it stands in."""
        return Link(label=say.phrase("我的案件"), href=url_for("pages.matters.listed"))

    def crumbs(self, say: Wording, number: str, name: str) -> tuple[Link, ...]:
        """The way to a page below the matter."""
        return self.root(say), Link(label=number, href=self.page()), Link(label=name, href="", current=True)

    def page(self) -> str:
        """The matter itself."""
        return url_for("pages.matters.show", case_id=self.case_id)

    def task(self, task_id: str) -> str:
        """One's own task."""
        return url_for("pages.tasks.show", task_id=task_id)

    def limit(self, clock_id: str) -> str:
        """The count of one's own limit."""
        return url_for("pages.matters.limit", case_id=self.case_id, clock_id=clock_id)

    def evidence(self, evidence_id: str) -> str:
        """The content of an item one has handed in."""
        return url_for("pages.evidence.read", evidence_id=evidence_id)

    def hand_in(self) -> str:
        """Handing in a file."""
        return url_for("pages.evidence.hand_in", case_id=self.case_id)

    def action(self, action: str) -> str:
        """An application."""
        return url_for("pages.actions.ask", case_id=self.case_id, action=action)

    def receipt(self, number: int) -> str:
        """The receipt of one of one's own acts."""
        return url_for("pages.matters.receipt", case_id=self.case_id, number=number)
