"""Operations a service task may call by name, with plain values in and out.

Pure: an operation computes from what it is given and from the law in force. May never touch a session, a clock or a file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from workflows import catalogue

if TYPE_CHECKING:
    from workflows.releases import Law


def check_limits(law: Law) -> Callable[..., Any]:
    """Judge acts of enforcement against the limits they should have kept."""

    def judge(limits_checked: list[Any]) -> list[Any]:
        """For each {rule_key, start, actual}: the due date, whether it was kept, how late, and by which article."""
        found = []
        for each in limits_checked or ():
            rule = law.catalogue.rule(each["rule_key"], date.fromisoformat(each["start"]))
            actual = date.fromisoformat(each["actual"]) if each.get("actual") else None
            if actual is None:
                due = catalogue.due_for(rule, each["start"], law.calendar)
                found.append({**each, "due": due.due.isoformat(), "in_time": None, **_source(rule)})
                continue
            judgement = catalogue.judge(rule, each["start"], actual, law.calendar)
            found.append(
                {
                    **each,
                    "due": judgement.due.due.isoformat(),
                    "in_time": judgement.in_time,
                    "late_by_days": judgement.late_by_days,
                    "late_by_working_days": judgement.late_by_working_days,
                    "provisional": judgement.due.provisional,
                    **_source(rule),
                }
            )
        return found

    return judge


def _source(rule: catalogue.DeadlineRule) -> dict[str, str]:
    return {
        "name": rule.name.zh,
        "name_en": rule.name.en,
        "article": rule.citation.zh,
        "article_en": rule.citation.en,
        "mark": rule.mark,
    }


OPERATIONS: Mapping[str, Callable[[Law], Callable[..., Any]]] = {"check_limits": check_limits}
"""Name → what gives the operation for the law in force."""


def registered(law: Law) -> Mapping[str, Callable[..., Any]]:
    """All operations, bound to the law a proceeding runs under."""
    return {name: bind(law) for name, bind in OPERATIONS.items()}
