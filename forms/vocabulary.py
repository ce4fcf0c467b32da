"""The words a form may be written in: a subset of the form-js schema, and what we added to it (`docs/forms.md`).

Nothing outside these tables is accepted, and nothing in them is ignored.
"""

from __future__ import annotations

from collections.abc import Mapping

VOCABULARY = "urn:wenze:form:1"
MAX_COMPONENTS = 200
MAX_ROWS = 500
MAX_LINE, MAX_LINES = 5_000, 20_000
MAX_PROSE = 5_000

SOURCES = ("persons", "parties", "evidence", "deadlines", "deadline_rules")
"""What a reference may point to; a part after a colon narrows it: `persons:investigator`, `evidence:admitted`."""

PREFILLS = ("today", "party", "decision_no", "served_at")
"""What a page may fill in beforehand: the day, the party that the task is about, and of the decision that was served on
whoever answers its number and its day."""

_RESERVED_WORDS = """
as break const continue else false for function if import in let loop namespace null package return true var void while
bool bytes double duration dyn int list map null_type string timestamp type uint has matches size vars
"""
RESERVED = frozenset(_RESERVED_WORDS.split())
"""Names that an expression cannot use as a variable: words of CEL, its types and functions, the map of variables."""

_SHOWN = {"type", "shown_when"}
_ASKED = _SHOWN | {"key", "label", "description", "validate", "required_when", "routing", "protected", "sensitive"}
_CHOICE = _ASKED | {"values", "valuesKey", "properties", "suggestion", "differs_from"}
ATTRIBUTES: Mapping[str, frozenset[str]] = {
    name: frozenset(attributes)
    for name, attributes in {
        "textfield": _ASKED | {"defaultValue", "pattern_message", "differs_from", "prefill"},
        "textarea": _ASKED | {"defaultValue", "prefill"},
        "number": _ASKED | {"defaultValue", "decimalDigits", "money", "prefill"},
        "datetime": _ASKED | {"subtype", "not_before", "not_after", "end_of", "prefill"},
        "select": _CHOICE | {"defaultValue", "prefill"},
        "radio": _CHOICE | {"defaultValue", "prefill"},
        "checklist": _CHOICE | {"min_items", "max_items"},
        "taglist": _CHOICE | {"min_items", "max_items"},
        "checkbox": _ASKED,
        "filepicker": _ASKED | {"multiple", "properties", "min_items", "max_items"},
        "group": _SHOWN | {"label", "description", "components"},
        "dynamiclist": _SHOWN
        | {"path", "label", "description", "components", "validate", "required_when", "routing", "protected"}
        | {"min_items", "max_items", "distinct", "covers"},
        "text": _SHOWN | {"text"},
    }.items()
}
"""Every attribute that a component may have, by its type."""

VALIDATION: Mapping[str, frozenset[str]] = {
    "textfield": frozenset({"required", "minLength", "maxLength", "pattern"}),
    "textarea": frozenset({"required", "minLength", "maxLength"}),
    "number": frozenset({"required", "min", "max"}),
}
"""What `validate` may hold where it is more than `required`."""
