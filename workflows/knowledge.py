"""What a release knows of the variables of its diagrams: the answers of its forms, and what a proceeding begins with.

The engine holds every expression against it when the release is loaded. May never know a case.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.known import ANY, INTEGER, NUMBER, TEXT, TRUTH, Known
from engine.variable_checks import World
from forms import Form
from forms.components import Routed

BEGINS = {"parties": Known(kind="list", member=TEXT), "case_id": TEXT}
"""What `casework` gives the first proceeding of a case."""
TOLD = {"reason": TEXT, "by": TEXT}
"""What a message told by a person carries beside the answers of its form: see `casework.act_on_case`."""


def world(forms: Mapping[str, Form], *, begins: bool) -> World:
    """What is known of the variables of a process.

    Args:
        begins: whether a case begins with it: of any other process it is not known what it is given.
    """
    answers = {key: {name: _known(variable) for name, variable in form.routing.items()} for key, form in forms.items()}
    return World(forms=answers, told=TOLD, given=BEGINS if begins else None)


def _known(variable: Routed) -> Known:
    if variable.kind == "rows":
        fields = {column.name: _known(column) for column in variable.columns}
        return Known(kind="list", member=Known(kind="map", fields=fields))
    codes = frozenset(value for value in variable.values if isinstance(value, str))
    text = Known(kind="text", values=codes or None)
    kinds = {
        "bool": TRUTH,
        "int": INTEGER,
        "double": NUMBER,
        "string": text,
        "list<string>": Known(kind="list", member=text),
    }
    return kinds.get(variable.type, ANY)
