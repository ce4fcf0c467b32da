"""Every page with invented values, as files to look at.

`python -m tests.unit.web.gallery FOLDER`, then open index.html. With `--serve PORT` the folder is served under the
security policy of the product, which is how the pictures are taken.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tests.unit.web import samples
from web.bundles import BUILT, Bundles
from web.page_values import Frame
from web.pages import TEMPLATES, equip
from web.presentation import catalogue
from wenze.envelope import CONTENT_SECURITY


@dataclass(frozen=True)
class Exhibit:
    """One page in one state."""

    name: str
    template: str
    frame: Frame
    page: Any

    @property
    def language(self) -> str:
        return self.frame.language


def exhibits() -> Iterator[Exhibit]:
    """Every page in every state, in both languages."""
    for language in ("zh", "en"):
        staff, out = samples.staff(language), samples.outside(language, signed_in=False)
        inside = samples.outside(language, signed_in=True)
        yield Exhibit(f"signin-{language}", "signin.html", out, samples.sign_in())
        yield Exhibit(f"signin-wrong-{language}", "signin.html", out, samples.sign_in(wrong=True))
        yield Exhibit(f"desk-{language}", "desk.html", staff, samples.desk())
        yield Exhibit(f"desk-dark-{language}", "desk.html", samples.staff(language, "dark"), samples.desk())
        yield Exhibit(
            f"desk-empty-{language}",
            "desk.html",
            samples.staff(language, notes=samples.every_note()),
            samples.empty_desk(),
        )
        yield Exhibit(f"task-{language}", "task.html", staff, samples.task_page(language))
        yield Exhibit(
            f"task-dark-{language}", "task.html", samples.staff(language, "dark"), samples.task_page(language)
        )
        yield Exhibit(f"task-wrong-{language}", "task.html", staff, samples.task_page(language, wrong=True))
        yield Exhibit(f"task-unclaimed-{language}", "task.html", staff, samples.task_page(language, unclaimed=True))
        for state, card in (
            ("late", samples.late_deadline()),
            ("suspended", samples.suspended_deadline()),
            ("long", samples.long_deadline()),
        ):
            yield Exhibit(f"task-{state}-{language}", "task.html", staff, samples.waiting_page(language, card))
        yield Exhibit(f"task-done-{language}", "task.html", staff, samples.finished_page())
        yield Exhibit(f"task-to-sign-{language}", "task.html", staff, samples.to_sign_page())
        yield Exhibit(f"sure-{language}", "confirm.html", staff, samples.sure_page())
        yield Exhibit(f"resume-{language}", "resume.html", inside, samples.resume())
        yield Exhibit(f"case-{language}", "case.html", staff, samples.case_page())
        yield Exhibit(f"case-dark-{language}", "case.html", samples.staff(language, "dark"), samples.case_page())
        yield Exhibit(f"confirm-{language}", "confirm.html", staff, samples.confirm_page(language))
        yield Exhibit(f"respondent-{language}", "respondent_case.html", inside, samples.respondent())
        yield Exhibit(f"cases-{language}", "cases.html", staff, samples.cases())
        yield Exhibit(f"cases-none-{language}", "cases.html", staff, samples.cases(found=False))
        yield Exhibit(f"limit-{language}", "limit.html", staff, samples.limit_page(samples.deadline()))
        yield Exhibit(f"upload-{language}", "upload.html", inside, samples.upload_page())
        yield Exhibit(f"upload-wrong-{language}", "upload.html", staff, samples.upload_page(wrong=True))
        yield Exhibit(f"ask-{language}", "ask.html", inside, samples.ask_page(language))
        yield Exhibit(f"ask-wrong-{language}", "ask.html", staff, samples.ask_page(language, wrong=True))
        yield Exhibit(f"opened-{language}", "opened.html", staff, samples.opened())
        yield Exhibit(f"notices-{language}", "notices.html", staff, samples.notices())
        yield Exhibit(f"notices-none-{language}", "notices.html", staff, samples.notices(some=False))
        yield Exhibit(f"matters-{language}", "matters.html", inside, samples.matters())
        yield Exhibit(f"receipt-{language}", "receipt.html", inside, samples.receipt())
        for status in (403, 404, 405, 409, 413, 422, 429, 500, 503):
            yield Exhibit(f"error-{status}-{language}", "error.html", staff, samples.error(status))


def bundles() -> Bundles:
    """What the build made, under the address the gallery gives it."""
    return Bundles.read("built/")


@cache
def environment(language: str) -> Environment:
    """Templates as Flask has them: autoescape, gettext, a token."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, extensions=["jinja2.ext.i18n"]
    )
    words = catalogue(language)
    made.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]
    equip(made, bundles())
    made.globals["csrf_token"] = lambda: "token"
    return made


def render(exhibit: Exhibit) -> str:
    """One page as HTML."""
    template = environment(exhibit.language).get_template(exhibit.template)
    page = exhibit.page if exhibit.language == "zh" else samples.in_english(exhibit.page)
    return template.render(frame=exhibit.frame, say=samples.wording(exhibit.language), page=page)


def build(folder: Path) -> list[str]:
    """Write every page, the diagram and what the pages load. Returns the names."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(BUILT, folder / "built", dirs_exist_ok=True)
    shutil.copy(Path(__file__).with_name("sample.bpmn"), folder)
    names = []
    for exhibit in exhibits():
        (folder / f"{exhibit.name}.html").write_text(render(exhibit), encoding="utf-8")
        names.append(exhibit.name)
    links = "".join(f'<li><a href="{name}.html">{name}</a></li>' for name in names)
    (folder / "index.html").write_text(f"<!doctype html><title>Gallery</title><ul>{links}</ul>", encoding="utf-8")
    return names


class _Guarded(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", CONTENT_SECURITY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the gallery is looked at, not audited."""


def serve(folder: Path, port: int = 0) -> ThreadingHTTPServer:
    """A server on this machine only; the caller runs it and ends it."""
    return ThreadingHTTPServer(("127.0.0.1", port), partial(_Guarded, directory=str(folder)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--serve", type=int, metavar="PORT")
    given = parser.parse_args()
    print(f"{len(build(given.folder))} pages in {given.folder}")
    if given.serve:
        serve(given.folder, given.serve).serve_forever()
