"""Commands that count: when a limit ends."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import click

from engine.errors import EngineError
from wenze import due as counting
from workflows.errors import CaseworkError

EXAMPLES = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("rule", required=False)
@click.option("--from", "start", metavar="WHEN", help="起算日或时刻 · The day or moment it runs from.")
@click.option("--until", metavar="WHEN", help="与之比较的日期 · A day to compare with.")
@click.option(
    "--profile", metavar="KEY", help="规则包 · The profile of a jurisdiction; that of the release unless given."
)
@click.option(
    "--suspend",
    multiple=True,
    metavar="A..B",
    help="中止的时段，两端都不计；可写事由 GROUND:A..B · A span in which the clock stands, both days included.",
)
@click.option(
    "--exclude",
    multiple=True,
    metavar="A..B",
    help="不计入的时段，如 appraisal:A..B · A span that does not count, both days included.",
)
@click.option(
    "--extend", multiple=True, type=int, metavar="N", help="批准延长的长度 · An extension granted, by so much."
)
@click.option("--vectors", type=EXAMPLES, metavar="FILE", help="算例文件 · A file of worked examples.")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出 · Print JSON.")
@click.option("--lang", type=click.Choice(("zh", "en")), default="zh", show_default=True, help="语言 · Language.")
def due(
    rule: str | None,
    start: str | None,
    until: str | None,
    profile: str | None,
    suspend: tuple[str, ...],
    exclude: tuple[str, ...],
    extend: tuple[int, ...],
    vectors: Path | None,
    as_json: bool,
    lang: Literal["zh", "en"],
) -> None:
    """期限何时届满，为什么；或逐一核对算例。

    When a limit ends, and why; or whether a file of worked examples comes out as it says (exit 1 if not).

    Example: wenze due CM-SEIZE --from 2026-09-25 --exclude appraisal:2026-10-08..2026-10-14 --extend 30
    """
    try:
        if vectors is not None:
            lines, passed, all_of_them = counting.run_vectors(vectors, language=lang)
        elif rule and start:
            lines = counting.due_lines(
                rule, start, until=until, language=lang, as_json=as_json, profile=profile,
                suspended=suspend, excluded=exclude, extended=extend,
            )  # fmt: skip
            passed = all_of_them = 0
        else:
            raise click.UsageError("give a rule with --from, or --vectors")
    except (counting.VectorsRefused, EngineError, CaseworkError) as refused:
        raise click.ClickException(counting.sentence(refused, lang)) from refused
    for line in lines:
        click.echo(line)
    if passed != all_of_them:
        sys.exit(1)


COMMANDS = (due,)
