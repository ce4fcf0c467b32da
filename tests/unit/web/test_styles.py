"""What the style sheets and scripts may hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import web
from web.bundles import BUILT, Bundles

ASSETS = Path(web.__file__).parent / "assets"
SHEETS = sorted((ASSETS / "styles").glob("*.css"))
TOKEN_SHEETS = {"tokens.css", "dark.css", "print.css"}


def test_the_main_sheet_stays_small():
    assert (BUILT / Path(Bundles.read("").style)).stat().st_size <= 25_000


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_colours_are_named_in_the_token_sheets_only(sheet):
    if sheet.name not in TOKEN_SHEETS:
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?![\w-]*\s*[,{])", plain(sheet)) == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_old_browsers_understand_it(sheet):
    text = plain(sheet)
    assert not re.search(r"@layer|@container|:has\(|color-mix|^\s*&", text, re.MULTILINE)


def test_every_token_that_is_used_exists():
    defined = set(re.findall(r"(--[\w-]+):", plain(ASSETS / "styles/tokens.css")))
    used = {name for sheet in SHEETS for name in re.findall(r"var\((--[\w-]+)\)", plain(sheet))}
    assert used - defined == set()


def test_the_dark_gives_other_values_to_tokens_that_exist():
    defined = set(re.findall(r"(--[\w-]+):", plain(ASSETS / "styles/tokens.css")))
    dark = set(re.findall(r"(--[\w-]+):", plain(ASSETS / "styles/dark.css")))
    assert dark <= defined


def test_text_is_never_made_faint_by_opacity():
    found = [sheet.name for sheet in SHEETS if re.search(r"opacity: (?!1\b|0\b)", plain(sheet))]
    assert found == []


@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        ("--ink", "--paper", 7),
        ("--ink-2", "--surface", 7),
        ("--ink-3", "--paper", 4.5),
        ("--ink-3", "--sunk", 4.5),
        ("--brand", "--surface", 4.5),
        ("--brand", "--brand-tint", 4.5),
        ("--on-brand", "--brand", 4.5),
        ("--red", "--red-tint", 4.5),
        ("--on-red", "--red-fill", 4.5),
        ("--on-amber", "--amber", 4.5),
        ("--on-yellow", "--yellow", 4.5),
        ("--green", "--green-tint", 4.5),
        ("--pause", "--pause-tint", 4.5),
        ("--control", "--paper", 3),
        ("--yellow-line", "--surface", 3),
        ("--focus", "--paper", 3),
    ],
)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_stands_out_from_its_ground(ink, ground, least, dark):
    values = tokens(dark=dark)
    assert contrast(values[ink], values[ground]) >= least


def plain(sheet: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)


def tokens(*, dark: bool) -> dict[str, str]:
    sheets = ["tokens.css", "dark.css"] if dark else ["tokens.css"]
    return {
        name: value
        for sheet in sheets
        for name, value in re.findall(r"(--[\w-]+):\s*(#[0-9a-f]{3,6});", plain(ASSETS / "styles" / sheet))
    }


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, relative luminance."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
