"""Somebody who reads pages and fills in their forms, as a browser without script does: only what stands there can be sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lxml import html
from werkzeug.test import TestResponse

from tests.journeys.visitors import Visitor
from wenze.application import Application

HAN = re.compile(r"[\u3400-\u9fff]")
OURS = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
"""What a browser sends from one page of ours to the next."""


class Reader:
    """A browser without script: pages, links, forms."""

    def __init__(
        self,
        application: Application,
        login: str | None = None,
        *,
        language: str = "zh-CN",
        forgiving: bool = False,
    ) -> None:
        """`forgiving`: an error of ours is what is looked for."""
        self._forgiving = forgiving
        self._client = application.flask.test_client()
        self._headers = OURS | {"Accept-Language": language}
        self.answer: TestResponse
        self.after: Callable[[Reader], None] = lambda _: None
        """Looks at every page."""
        if login is not None:
            self.sign_in(login)

    def sign_in(self, login: str, password: str | None = None) -> Reader:
        """Fill in the sign-in page."""
        self.open("/sign-in")
        return self.submit({"name": login, "password": password or Visitor.password})

    def chinese_on_an_english_page(self) -> list[str]:
        """Chinese words that no element marks as Chinese; a list of options and a field cannot be marked in part."""
        found = []
        for element in self.page.iter("*"):
            if any(place.get("lang") == "zh-CN" for place in (element, *element.iterancestors())):
                continue
            own = [element.text or "", *(child.tail or "" for child in element)]
            if element.tag not in ("option", "textarea", "script") and any(HAN.search(text) for text in own):
                found.append(html.tostring(element, encoding="unicode")[:200])
        return found

    def open(self, address: str) -> Reader:
        """Open an address, and follow where it leads."""
        return self._take(self._client.get(address, headers=self._headers, follow_redirects=True))

    # What stands there

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def at(self) -> str:
        """The address we ended up at."""
        return str(self.answer.request.full_path).rstrip("?")

    @property
    def page(self) -> html.HtmlElement:
        return html.document_fromstring(self.answer.get_data(as_text=True))

    @property
    def heading(self) -> str:
        return words(self.page.find(".//h1"))

    @property
    def text(self) -> str:
        """Everything that can be read on the page."""
        return words(self.page.find(".//main"))

    def errors(self) -> dict[str, str]:
        """Id of the field → message, from the summary."""
        links = self.page.xpath("//*[contains(@class, 'error-summary')]//a")
        return {link.get("href", "")[1:]: words(link) for link in links}

    def link(self, label: str) -> str:
        """The address of a link with these words."""
        found = [a.get("href") for a in self.page.iter("a") if words(a).startswith(label)]
        assert found, f"no link {label!r} on {self.at}, but {[words(a) for a in self.page.iter('a')]}"
        return str(found[0])

    def follow(self, label: str) -> Reader:
        return self.open(self.link(label))

    def form(self, button: str = "") -> html.FormElement:
        """The form with a button of these words; without words that of the main part with fields to fill in."""
        forms = list(self.page.iter("form"))
        if button:
            exactly = [form for form in forms if button in self._buttons(form)]
            forms = exactly or [form for form in forms if any(each.startswith(button) for each in self._buttons(form))]
        else:
            forms = [form for form in forms if self._fields(form)]
        assert forms, f"no form with {button or 'fields'} on {self.at}: {self.text[:300]}"
        return forms[0]

    def values(self, button: str = "") -> dict[str, list[str]]:
        """What stands in the fields."""
        found: dict[str, list[str]] = {}
        for name, value in fields(self.form(button)):
            found.setdefault(name, []).append(value)
        return found

    # What can be done

    def submit(self, given: Mapping[str, Any] | None = None, *, button: str = "", press: str = "") -> Reader:
        """Fill in fields by name and send the form: a list fills a group of boxes, an empty text clears a field.

        Args:
            button: words on the button, where it is not the main one.
            press: name and value of a button that has a name, `add-row=facts:1`.
        """
        form = self.form(button)
        sent = [pair for pair in fields(form) if pair[0] not in (given or {})]
        for name, value in (given or {}).items():
            known = {field.get("name") for field in form.iter("input", "select", "textarea")}
            assert name in known, f"{name} is not asked on {self.at}, but {sorted(filter(None, known))}"
            sent += [(name, each) for each in (value if isinstance(value, list) else [value])]
        if press:
            name, _, value = press.partition("=")
            assert form.xpath(".//button[@name=$name and @value=$value]", name=name, value=value), f"no button {press}"
            sent.append((name, value))
        return self.post(form.get("action") or self.at, sent)

    def post(self, address: str, sent: Iterable[tuple[str, str]], **headers: str) -> Reader:
        """Post fields as they are given."""
        data: dict[str, list[str]] = {}
        for name, value in sent:
            data.setdefault(name, []).append(value)
        all_headers = self._headers | {name.replace("_", "-"): value for name, value in headers.items()}
        return self._take(self._client.post(address, data=data, headers=all_headers, follow_redirects=True))

    def _take(self, answer: TestResponse) -> Reader:
        self.answer = answer
        assert self._forgiving or answer.status_code != 500, answer.get_data(as_text=True)
        self.after(self)
        return self

    def _buttons(self, form: html.FormElement) -> list[str]:
        return [words(button) for button in form.iter("button")]

    def _fields(self, form: html.FormElement) -> bool:
        return any(f.get("type") != "hidden" and f.get("name") for f in form.iter("input", "select", "textarea"))


def fields(form: html.FormElement) -> list[tuple[str, str]]:
    """Names and values as a browser would send them: the first line break of a text is the page's own."""
    lines = {field.get("name") for field in form.iter("textarea")}
    return [(name, value.removeprefix("\n") if name in lines else value) for name, value in form.form_values()]


def words(element: html.HtmlElement | None) -> str:
    """The text of an element as one reads it."""
    return " ".join(element.text_content().split()) if element is not None else ""
