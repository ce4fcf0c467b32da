"""Where the browser finds what the build made: names with their hash, read from the build's manifest.

It may never build anything. A missing build is an error that says how to make one.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

BUILT = Path(__file__).parent / "static" / "built"

STYLE = "web/assets/styles/site.css"
DARK_STYLE = "web/assets/styles/dark.css"
CASE_STYLE = "web/assets/styles/case.css"
RECORD_STYLE = "web/assets/styles/record.css"
OUTSIDE_STYLE = "web/assets/styles/outside.css"
PRINT_STYLE = "web/assets/styles/print.css"
SCRIPT = "web/assets/page.ts"
ICONS = "web/assets/icons.txt"
MARK = "web/assets/mark.svg"


class NotBuilt(RuntimeError):
    """The pages were not built: install the project (`pip install .`, or `pip install -e .` for development)."""


@dataclass(frozen=True, slots=True)
class Bundles:
    """The built files under the address where they are served."""

    address: str
    files: dict[str, str]
    drawn: frozenset[str]
    """Names of the icons in the sprite."""

    @classmethod
    def read(cls, address: str = "/static/built/", *, built: Path = BUILT) -> Bundles:
        """Read the manifest of a build. Raises NotBuilt when there is none."""
        try:
            manifest = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
        except FileNotFoundError as missing:
            raise NotBuilt(NotBuilt.__doc__) from missing
        files = {source: entry["file"] for source, entry in manifest.items()}
        sprite = (built / files[ICONS]).read_text(encoding="utf-8")
        return cls(address, files, frozenset(re.findall(r'<symbol id="([^"]+)"', sprite)))

    def __call__(self, source: str) -> str:
        """The address of what was built from this source."""
        return self.address + self.files[source]

    @property
    def style(self) -> str:
        """The style sheet."""
        return self(STYLE)

    @property
    def dark_style(self) -> str:
        """The dark values of the tokens."""
        return self(DARK_STYLE)

    @property
    def case_style(self) -> str:
        """The style sheet that only case files need."""
        return self(CASE_STYLE)

    @property
    def record_style(self) -> str:
        """The style sheet for what was answered, to be read."""
        return self(RECORD_STYLE)

    @property
    def outside_style(self) -> str:
        """The style sheet of the pages under the white bar."""
        return self(OUTSIDE_STYLE)

    @property
    def print_style(self) -> str:
        """The style sheet for paper."""
        return self(PRINT_STYLE)

    @property
    def script(self) -> str:
        """The script of every page."""
        return self(SCRIPT)

    def icon(self, name: str) -> str:
        """The address of an icon. Raises KeyError for one that was not drawn: a blank would say nothing."""
        if name not in self.drawn:
            raise KeyError(f"no icon {name!r}: add it to {ICONS}")
        return f"{self(ICONS)}#{name}"

    @property
    def mark(self) -> str:
        """The mark, as the browser's icon of the page."""
        return self(MARK)
