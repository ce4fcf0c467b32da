"""Commands that count: when a limit ends."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import click

from wenze import due as counting

EXAMPLES = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("rule", required=False)
@click.option("--from", "start", metavar="WHEN", help="起算日或时刻 · The day or moment it runs from.")
@click.option("--until", metavar="WHEN", help="与之比较的日期 · A day to compare with.")
@click.option("--vectors", type=EXAMPLES, metavar="FILE", help="算例文件 · A file of worked examples.")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出 · Print JSON.")
@click.option("--lang", type=click.Choice(("zh", "en")), default="zh", show_default=True, help="语言 · Language.")
def due(
    rule: str | None,
    start: str | None,
    until: str | None,
    vectors: Path | None,
    as_json: bool,
    lang: Literal["zh", "en"],
) -> None:
    """期限何时届满，为什么；或逐一核对算例。

    When a limit ends, and why; or whether a file of worked examples comes out as it says (exit 1 if not).

    Example: wenze due T-LI-06 --from 2026-09-25
    """
    try:
        if vectors is not None:
            lines, passed, all_of_them = counting.run_vectors(vectors, language=lang)
        elif rule and start:
            lines = counting.due_lines(rule, start, until=until, language=lang, as_json=as_json)
            passed = all_of_them = 0
        else:
            raise click.UsageError("give a rule with --from, or --vectors")
    except counting.VectorsRefused as refused:
        raise click.ClickException(counting.sentence(refused, lang)) from refused
    for line in lines:
        click.echo(line)
    if passed != all_of_them:
        sys.exit(1)


COMMANDS = (due,)
