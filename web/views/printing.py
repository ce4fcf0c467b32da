"""Prints a page: the template, the values, the frame around them, in the language of whoever asked.

One environment for each language, made once, so that a sentence is looked up without asking the request.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from flask import Response, current_app
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.identity import csrf_token
from web.bundles import Bundles
from web.pages import TEMPLATES, equip
from web.presentation import LANGUAGES, catalogue
from web.views import frame

EXTENSION = "wenze.pages"


class Press:
    """The templates of an application, ready in every language."""

    def __init__(self, bundles: Bundles) -> None:
        self._bundles = bundles

    @cached_property
    def environments(self) -> dict[str, Environment]:
        """By language of the page."""
        return {language: self._environment(language) for language in LANGUAGES}

    def _environment(self, language: str) -> Environment:
        made = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n"],
            auto_reload=False,
        )
        words = catalogue(language)
        made.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]
        equip(made, self._bundles)
        made.globals["csrf_token"] = csrf_token
        return made


def show(template: str, page: Any, *, status: int = 200, place: str = "") -> Response:
    """A page as the answer to the current request.

    Args:
        page: the value that the template names in its first line.
        place: endpoint of the place in the main navigation that the page belongs to; that of the request unless given.
    """
    press: Press = current_app.extensions[EXTENSION]
    around = frame.frame(place)
    text = (
        press.environments[around.language].get_template(template).render(frame=around, say=frame.wording(), page=page)
    )
    response = Response(text, status=status, mimetype="text/html")
    response.headers["Content-Language"] = LANGUAGES[around.language]
    return response
