"""What can go wrong with forms and answers. The docstring of an error is its sentence.

May never hold a value that a person typed: problems go into logs, ledgers and answers to strangers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


class FormsError(Exception):
    """The form could not be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing in a form definition or a code list that cannot be carried out faithfully.

    The same shape as a finding of the engine, so that one list can show both.
    """

    source: str
    """Name of the file."""
    line: int | None
    """Line on which the component is named, where it could be found."""
    element: str
    """Key of the component, its place (`components[3]`) where it has no key, or empty for the whole file."""
    name: str
    """Chinese label of the component; empty where it has none."""
    rule: str
    """Stable code of the rule that is broken, such as `unknown-attribute`."""
    why: str
    remedy: str
    why_zh: str
    remedy_zh: str


class FormsRefused(FormsError):
    """The forms cannot be carried out faithfully."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        """`findings`: all of them, in the order of the files."""
        self.findings = findings
        lines = [f"{f.source}:{f.line or '?'} {f.element}: {f.why} {f.remedy}" for f in findings]
        super().__init__("\n".join([(type(self).__doc__ or "").strip(), *lines]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to put right in the answers."""

    path: str
    """Which answer: `facts`, `respondents.0.name`; `…` stands for a name that is no identifier, empty for the whole."""
    code: str
    """Stable code, such as `required` or `too_long`."""
    message: Mapping[str, str]
    """What to do, in `zh` and `en`. Names the question and the limit, never the answer."""


class InvalidAnswers(FormsError):
    """The answers have to be put right."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """`problems`: all of them, in the order of the form."""
        self.problems = problems
        super().__init__(f"{type(self).__doc__} {', '.join(f'{p.path}: {p.code}' for p in problems)}")


class ChoicesMissing(FormsError):
    """The caller did not offer the ids that the form has to choose from."""
