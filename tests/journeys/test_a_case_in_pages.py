"""A whole case, from the filing to the review, by people who only read pages and fill in their forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.journeys.bureau import PARTS, Bureau, Casefile
from tests.journeys.readers import Reader, words
from wenze.application import Application
from wenze.clock import MovableClock

SAID = {
    "zh": {
        "claim": "签收",
        "sign": "会签",
        "sure": "确定提交？",
        "submit": "确定提交",
        "done": "已提交",
        "signed": "您已会签",
    },
    "en": {
        "claim": "Claim",
        "sign": "Sign",
        "sure": ": submit?",
        "submit": "Submit",
        "done": "is submitted",
        "signed": "You have",
    },
}
"""What the pages say at the places where a person looks."""


class PageBureau(Bureau):
    """The same organ; what is completed and signed is completed and signed in pages, in one language."""

    def __init__(self, application: Application, clock: MovableClock, language: str) -> None:
        super().__init__(application, clock)
        self.language, self.said = language, SAID[language]
        self._readers: dict[str, Reader] = {}
        self.asked_once_more: list[str] = []
        self.leaks: set[str] = set()

    def reader(self, part: str) -> Reader:
        if part not in self._readers:
            made = Reader(self.application, PARTS[part], language=self.language)
            made.after = self._look
            self._readers[part] = made
        return self._readers[part]

    def _look(self, reader: Reader) -> None:
        if self.language == "en":
            self.leaks.update(reader.chinese_on_an_english_page())

    def complete(self, node: str, by: str, answers: Mapping[str, Any] | None = None) -> dict[str, Any]:
        reader = self.reader(by).open("/desk").open(f"/tasks/{self.task(node, by)['id']}")
        if self.said["claim"] in [words(button) for button in reader.page.iter("button")]:
            reader.submit(button=self.said["claim"])
        written = as_written(answers or {})
        for key, rows in (answers or {}).items():
            while isinstance(rows, list) and rows and isinstance(rows[0], dict) and shown(reader, key) < len(rows):
                reader.submit(press=f"add-row={key}:{shown(reader, key)}")
        reader.submit(written)
        assert reader.errors() == {}, (node, reader.errors())
        if reader.heading.endswith(self.said["sure"]):
            self.asked_once_more.append(node)
            reader.submit(button=self.said["submit"], press="confirmed=1")
        assert self.said["done"] in reader.text, (node, reader.text[:400])
        return {}

    def sign(self, node: str, by: str) -> dict[str, Any]:
        reader = self.reader(by).open(f"/tasks/{self.task(node, by)['id']}")
        reader.submit(button=self.said["sign"])
        assert self.said["signed"] in reader.text, reader.text[:400]
        return {}


def test_a_case_goes_from_the_clue_to_its_review_in_pages(bureau: PageBureau) -> None:
    story = Casefile(bureau).opened().accepted().inquired().filed().investigated()
    story.determined().noticed().defended().found_lawful().resolved().decided().served()
    story.appealed().reviewed()

    standing = {party["name"]: party["standing"] for party in bureau.file()["parties"]}
    assert standing["执法员未"] == "maintained"
    assert bureau.asked_once_more == [
        "notify_party", "state_defence", "decide_outcome", "serve_decision", "decide_review", "serve_review",
    ]  # fmt: skip
    assert bureau.leaks == set()


def as_written(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as a person writes them into the fields of a form."""
    written: dict[str, Any] = {}
    for key, value in answers.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for number, row in enumerate(value):
                written |= {f"{key}-{number}-{column}": typed(each) for column, each in row.items()}
        else:
            written[key] = typed(value)
    return {key: value for key, value in written.items() if value not in (None, [])}


def typed(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and len(value) > 16 and value[10:11] == "T":
        return value[:16]
    return [str(each) for each in value] if isinstance(value, list) else None if value is None else str(value)


def shown(reader: Reader, key: str) -> int:
    """How many rows of a group stand on the page."""
    return len(reader.page.xpath("//ul[@data-rows=$key]/li", key=key))


@pytest.fixture(params=["zh", "en"])
def bureau(request: pytest.FixtureRequest, application: Application, clock: MovableClock) -> PageBureau:
    return PageBureau(application, clock, request.param)
