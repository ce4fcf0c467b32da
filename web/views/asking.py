"""The small questions that pages ask by themselves: a reason, a colleague. Drawn and posted like any form of the release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from forms.outlines import Choice as ShownChoice
from forms.outlines import Outline, Question
from web.page_values import Filled
from web.presentation import Wording
from workflows.casework import REASON_LIMIT
from workflows.choices import Choice

REASON, PERSON = "reason", "person"


def reason(say: Wording, label: str, hint: str = "") -> Question:
    """Why: a text of some lines that has to be written."""
    return _question(say, REASON, label, hint, kind_is_text=True)


def colleague(say: Wording, label: str, offered: Sequence[Choice], hint: str = "") -> Question:
    """Whom: one of those who may do it."""
    choices = tuple(
        ShownChoice(
            id=f"{PERSON}-{number}", value=each.id, label=f"{say.of(each)}　{each.note}" if each.note else say.of(each)
        )
        for number, each in enumerate(offered, 1)
    )
    return _question(say, PERSON, label, hint, choices=choices)


def line(say: Wording, key: str, label: str, hint: str = "", *, most: int) -> Question:
    """A text of one line that has to be written."""
    return replace(_question(say, key, label, hint), kind="text", max_length=most)


def day(say: Wording, key: str, label: str, hint: str = "") -> Question:
    """A day that has to be named."""
    return replace(_question(say, key, label, hint), kind="date")


def moment(say: Wording, key: str, label: str, hint: str = "") -> Question:
    """A moment that has to be named."""
    return replace(_question(say, key, label, hint), kind="moment")


def number(say: Wording, key: str, label: str, hint: str = "", *, most: int) -> Question:
    """A whole number from one."""
    return replace(_question(say, key, label, hint), kind="number", minimum=1, maximum=most)


def one_of(say: Wording, key: str, label: str, choices: Sequence[ShownChoice], hint: str = "") -> Question:
    """One of some possibilities."""
    return _question(say, key, label, hint, choices=tuple(choices))


def filled(
    action: str,
    questions: Sequence[Question],
    *,
    answers: Mapping[str, str],
    errors: Mapping[str, str],
    version: int | None,
) -> Filled:
    """Such questions as a form, with what was typed and what is wrong with it."""
    return Filled(
        outline=Outline(key="", title="", intro="", blocks=tuple(questions)),
        action=action,
        answers=answers,
        errors=errors,
        expected_version=version,
    )


def _question(
    say: Wording,
    key: str,
    label: str,
    hint: str,
    *,
    kind_is_text: bool = False,
    choices: tuple[ShownChoice, ...] = (),
) -> Question:
    return Question(
        id=key,
        path=key,
        key=key,
        kind="long_text" if kind_is_text else "reference",
        widget="",
        label=label,
        hint=hint,
        presence=say.phrase("必填"),
        required=True,
        condition="",
        shown_when=(),
        multiple=False,
        choices=choices,
        source="",
        max_length=REASON_LIMIT,
        minimum=None,
        maximum=None,
        decimals=0,
        default="",
        prefill="",
        suggestion="",
        protected=False,
        sensitive=False,
    )
