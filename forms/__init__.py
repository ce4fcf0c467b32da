"""What a person is asked, and what the authority issues: form definitions and their compiler.

Form definitions (`F-*.json`) and code lists (`lists/*.json`) are data; the modules read them, show them and read
answers. May never know a database, a request or a diagram; reads no clock, and repeats no answer in a message.
`docs/forms.md` describes the vocabulary.
"""

from forms.components import Field, Form, Option, Prose, Rows, Section
from forms.definitions import load
from forms.errors import ChoicesMissing, Finding, FormsError, FormsRefused, InvalidAnswers, Problem
from forms.lists import load_lists
from forms.outlines import Outline, answered, outline, typed
from forms.posts import parse_form_post
from forms.reading import Reading, read

__all__ = [
    "ChoicesMissing",
    "Field",
    "Finding",
    "Form",
    "FormsError",
    "FormsRefused",
    "InvalidAnswers",
    "Option",
    "Outline",
    "Problem",
    "Prose",
    "Reading",
    "Rows",
    "Section",
    "answered",
    "load",
    "load_lists",
    "outline",
    "parse_form_post",
    "read",
    "typed",
]
