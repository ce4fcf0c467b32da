"""What the templates need of their environment, with or without Flask.

Every page gets `frame`, `say` and `page`; the environment gives `bundles` and the few functions below. `csrf_token` and
`gettext` come from whoever serves the page.
"""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment

from web import day_count, form_view, pictures
from web.bundles import Bundles

TEMPLATES = Path(__file__).parent / "templates"


def equip(environment: Environment, bundles: Bundles) -> None:
    """Give an environment what the templates call. Autoescape must be on and `jinja2.ext.i18n` loaded, newstyle."""
    environment.globals.update(
        bundles=bundles,
        day_rows=day_count.rows,
        form_parts=form_view.parts,
        form_problems=form_view.problems,
        limits_picture=pictures.limits_picture,
    )
    environment.trim_blocks = False
    environment.lstrip_blocks = True
