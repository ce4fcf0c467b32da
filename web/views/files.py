"""What the build made, as files: the same bytes for everybody, kept by browsers for a year because their names hold a hash."""

from __future__ import annotations

from flask import Blueprint, Response, send_from_directory
from werkzeug.exceptions import NotFound

from api.identity import open_to
from web.bundles import BUILT

blueprint = Blueprint("files", __name__)
YEAR = 365 * 24 * 3600
SERVED = (".js", ".css", ".svg")
"""Not the list of what was built, which is for us."""


@blueprint.get("/static/built/<name>")
@open_to("everybody")
def built(name: str) -> Response:
    """One file of the build."""
    if not name.endswith(SERVED):
        raise NotFound()
    response = send_from_directory(BUILT, name, max_age=YEAR)
    response.cache_control.public = True
    response.cache_control.immutable = True
    return response
