"""What can go wrong in the casework: one small tree. The docstring of an error is its sentence; its facts are its fields.

May never know HTTP.
"""

from __future__ import annotations

from typing import Any


class CaseworkError(Exception):
    """The act could not be done."""

    code = "casework_error"

    def __init__(self, message: str | None = None, **facts: Any) -> None:
        """`facts` are plain values that a translated sentence or a client needs."""
        self.facts = facts
        super().__init__(message or (type(self).__doc__ or "").strip().splitlines()[0])


class NotFound(CaseworkError):
    """There is no such thing, or you may not know of it."""

    code = "not_found"


class Refused(CaseworkError):
    """The act is refused; the refusal is recorded."""

    code = "refused"
    told: CaseworkError | None = None
    """What is told instead, where whoever asked may not know this much."""


class NotAllowed(Refused):
    """You may not do this."""

    code = "not_allowed"


class ConflictOfInterest(NotAllowed):
    """You already have a part in this case that excludes this one."""

    code = "conflict_of_interest"


class Stale(Refused):
    """Somebody changed this since you read it."""

    code = "stale_version"


class NotOpen(Refused):
    """The task is no longer open."""

    code = "task_not_open"


class NotPossible(Refused):
    """The procedure does not allow this now."""

    code = "not_possible"


class NotMovable(Refused):
    """The procedure cannot be moved to that release faithfully."""

    code = "not_movable"

    def __init__(self, findings: tuple[Any, ...], **facts: Any) -> None:
        """`findings`: each obstacle, with its place, reason and remedy in both languages."""
        self.findings = findings
        lines = [f"{finding.element}: {finding.why}" for finding in findings]
        super().__init__(" ".join([(type(self).__doc__ or "").strip(), *lines]), **facts)


class InvalidInput(Refused):
    """Some answers need to be put right."""

    code = "invalid_input"

    def __init__(self, problems: tuple[Any, ...] = (), message: str | None = None, **facts: Any) -> None:
        """`problems`: one for each field, with `path`, `code` and `message` {zh, en}."""
        self.problems = problems
        said = message or (type(self).__doc__ or "").strip()
        where = ", ".join(f"{place}: {problem.code}" for place, problem in zip(self.places, problems, strict=True))
        super().__init__(f"{said} {where}".strip(), **facts)

    @property
    def places(self) -> tuple[str, ...]:
        """Where each problem is, for the record: a name that nobody asked for is not repeated there, it may be anything."""
        return tuple(
            ".".join([*problem.path.split(".")[:-1], "…"]) if problem.code == "unknown_field" else problem.path
            for problem in self.problems
        )


class ArtefactsRefused(CaseworkError):
    """The artefacts of the release cannot be carried out faithfully."""

    code = "artefacts_refused"

    def __init__(self, findings: tuple[Any, ...]) -> None:
        self.findings = findings
        lines = [f"{f.source}:{f.line or '?'} {f.element}: {f.why} {f.remedy}" for f in findings]
        super().__init__("\n".join(lines))


class LedgerBroken(CaseworkError):
    """The ledger does not verify."""

    code = "ledger_broken"


class ProtectionMissing(CaseworkError):
    """A protected value cannot be sealed or opened with the key at hand."""

    code = "protection_missing"
