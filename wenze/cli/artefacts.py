"""The command that checks artefacts on disk."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path

import click

from wenze.checking import check as findings_in


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出 · Print JSON.")
@click.option("--lang", type=click.Choice(("zh", "en")), default="zh", show_default=True, help="语言 · Language.")
def check(files: tuple[Path, ...], as_json: bool, lang: str) -> None:
    """检查流程图、决策表、表单、日历、期限目录；目录则作为一个版本整体检查。

    Check diagrams, tables, forms, calendars and catalogues; a folder is checked as a whole release. One finding a line;
    exit 1 with findings that are more than notes.

    Example: wenze check bpmn/liability/li_main.bpmn --lang en
    """
    found = findings_in(files)
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(finding) for finding in found], ensure_ascii=False, indent=2))
    else:
        for finding in found:
            click.echo(finding.sentence(lang))
    if not all(finding.warning for finding in found):
        sys.exit(1)


COMMANDS = (check,)
