"""The pages as they are asked for: one small module per subject, each a blueprint beneath `pages`.

A view reads through the worklists, acts through the same verbs and the same unit of work as the API, fills the values of
`web.page_values` and prints them. May never decide who may do what, or what is due when: the casework does, at each
request anew. Every route says to whom it is open.
"""

from __future__ import annotations

from flask import Blueprint, Flask

from web import bundles
from web.views import (
    actions,
    cases,
    clues,
    committing,
    desk,
    entrance,
    evidence,
    faults,
    files,
    limit_acts,
    matters,
    notices,
    parties,
    printing,
    protected,
    tasks,
)

SUBJECTS = (
    files.blueprint,
    entrance.blueprint,
    desk.blueprint,
    tasks.blueprint,
    cases.blueprint,
    clues.blueprint,
    actions.blueprint,
    evidence.blueprint,
    parties.blueprint,
    limit_acts.blueprint,
    protected.blueprint,
    matters.blueprint,
    notices.blueprint,
)
"""Every subject's pages. A new module is added here and, where people are to find it, in `frame.PLACES`."""


def install(app: Flask) -> None:
    """Add the pages to an application, after the API and before its doors are sealed.

    Raises:
        NotBuilt: the pages were not built.
    """
    pages = Blueprint("pages", __name__)
    pages.before_request(committing.refuse_unkeepable)
    for subject in SUBJECTS:
        pages.register_blueprint(subject)
    app.register_blueprint(pages)
    app.extensions[printing.EXTENSION] = printing.Press(bundles.Bundles.read())
    faults.install(app)
