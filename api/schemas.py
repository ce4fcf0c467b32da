"""Schemas of what is sent and answered: strict on the way in, documented on the way out. May never hold a rule of a form:
the questions of a task are artefacts, checked by `forms`.
"""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, fields, validate

from api.bodies import EXACT
from api.paging import MOST, USUAL

ID = r"^[0-9a-f]{32}$"


class Strict(Schema):
    """What may be sent: these fields and no others."""

    class Meta:
        unknown = RAISE


def text(most: int, *, least: int = 1, about: str = "", example: str | None = None, **more: Any) -> fields.String:
    """A text of `least` to `most` characters. Required unless told otherwise."""
    more.setdefault("required", True)
    size = validate.Length(min=least or None, max=most, error=f"text_length {least} {most}")
    return fields.String(validate=size, metadata=_metadata(about, example), **more)


def identifier(about: str = "", **more: Any) -> fields.String:
    """An id of ours. Required unless told otherwise."""
    more.setdefault("required", True)
    return fields.String(validate=validate.Regexp(ID, error="not_id"), metadata=_metadata(about, "0" * 32), **more)


def whole(
    low: int = 0, high: int = EXACT, *, about: str = "", example: int | None = None, **more: Any
) -> fields.Integer:
    """A whole number from `low` to `high`. Required unless told otherwise."""
    more.setdefault("required", True)
    bounds = validate.Range(min=low, max=high, error=f"number_range {low} {high}")
    return fields.Integer(strict=True, validate=bounds, metadata=_metadata(about, example), **more)


def version() -> fields.Integer:
    """The version the caller has read."""
    about = "The version you have read; `If-Match` says the same."
    return whole(1, 2**31 - 1, about=about, required=False, load_default=None, example=1)


class PageQuery(Strict):
    """Which page of a list."""

    limit = fields.Integer(
        load_default=USUAL,
        validate=validate.Range(min=1, max=MOST, error=f"number_range 1 {MOST}"),
        metadata={"description": "Lines on the page."},
    )
    after = fields.String(load_default=None, metadata={"description": "`next` of the page before."})


class FieldProblem(Schema):
    """One field to put right."""

    path = fields.String(required=True, metadata={"description": "Which field: `answers.facts`."})
    code = fields.String(required=True, metadata={"description": "Stable code."})
    message = fields.String(required=True, metadata={"description": "What to do, in the language asked for."})


class ProblemDocument(Schema):
    """What went wrong, as RFC 9457 writes it. `code` is stable; the rest is for people."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True)
    instance = fields.String(required=True)
    detail = fields.String()
    errors = fields.List(fields.Nested(FieldProblem))
    facts = fields.Dict(keys=fields.String())


def _metadata(about: str, example: Any) -> dict[str, Any]:
    return {key: value for key, value in (("description", about), ("example", example)) if value not in ("", None)}
