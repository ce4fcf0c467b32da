"""One installation, one server and one browser for each module; each test brings its own case and its own people's windows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browsers import chromium
from tests.databases import Maker
from tests.journeys.bureau import PARTS, Bureau
from tests.journeys.premises import BEGINNING, CHEAP, KEYS, LAW
from tests.journeys.visitors import Visitor
from wenze.application import create_app
from wenze.clock import MovableClock
from wenze.serving import Server
from wenze.settings import Settings

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


class Window:
    """One person's browser: it is signed in as them, and lists whatever the page complained about."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context, self.address = context, address
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: object) -> None:
        kind, text = getattr(message, "type", ""), getattr(message, "text", "")
        # A page that answers with a mistake is loaded with its status, which the browser notes.
        if kind in ("error", "warning") and "Failed to load resource" not in text:
            self.complaints.append(text)

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def sign_in(self, login: str, password: str = Visitor.password) -> Page:
        self.open("/sign-in")
        self.page.get_by_label("用户名").fill(login)
        self.page.get_by_label("密码", exact=True).fill(password)
        self.page.get_by_role("button", name="登录").click()
        return self.page


Windows = Callable[..., Window]


@pytest.fixture
def window(browser: Browser, address: str) -> Iterator[Windows]:
    """Opens a window for a part of the stories; nobody's without one."""
    opened: list[BrowserContext] = []

    def open_(part: str = "", *, narrow: bool = False, script: bool = True) -> Window:
        context = browser.new_context(viewport=NARROW if narrow else WIDE, locale="zh-CN", java_script_enabled=script)
        context.set_default_timeout(10_000)
        opened.append(context)
        found = Window(context, address)
        if part:
            found.sign_in(PARTS[part])
        return found

    yield open_
    for context in opened:
        context.close()


@pytest.fixture(scope="module")
def clock() -> MovableClock:
    return MovableClock(BEGINNING)


@pytest.fixture(scope="module")
def bureau(
    built_on_sqlite: tuple[Maker, str], clock: MovableClock, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bureau]:
    maker, original = built_on_sqlite
    url = maker.copy(original)
    settings = Settings(
        instance=tmp_path_factory.mktemp("browsed"), database=url, port=0, sign_in_by_address="1000 per minute", **KEYS
    )
    application = create_app(settings, clock=clock, passwords=CHEAP, releases=LAW)
    yield Bureau(application, clock)
    application.close()
    maker.drop(url)


@pytest.fixture(scope="module")
def address(bureau: Bureau) -> Iterator[str]:
    with Server(bureau.application) as server:
        yield server.address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started
