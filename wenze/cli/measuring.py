"""Commands that measure how fast this machine is with this product."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


class Measures(click.Group):
    """A group that names what it does not have in one line."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """The command of a measure.

        Raises:
            ClickException: there is none of this name.
        """
        found = super().get_command(ctx, cmd_name)
        if found is None:
            raise click.ClickException(f"没有测量 {cmd_name} · there is no measure {cmd_name}")
        return found


@click.group(cls=Measures, invoke_without_command=True)
@click.pass_context
def bench(context: click.Context) -> None:
    """测量本机上的速度，不触及现有数据库；不给名称则列出各项测量。

    Measure on this machine, in a database made for it and removed again. Without a name, list what can be measured.

    Example: wenze bench api --json
    """
    if context.invoked_subcommand is None:
        for name in sorted(bench.commands):
            click.echo(name)


def _place(command: Command) -> Command:
    """The options of every measure."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="以 JSON 输出 · Print one JSON object."),
        click.option(
            "--database",
            metavar="URL",
            help="PostgreSQL 地址，在其旁新建数据库；默认 SQLite · "
            "A PostgreSQL database; a new one is made beside it. SQLite unless given.",
        ),
        click.option(
            "--folder",
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            help="文件所在目录，决定所测磁盘 · Where the files go, and so which disk is measured.",
        ),
    ):
        command = option(command)
    return command


@bench.command("api")
@click.option("--completions", type=click.IntRange(1), default=1_000, show_default=True, help="次数 · How many.")
@_place
def api(as_json: bool, database: str | None, folder: Path | None, completions: int) -> None:
    """经 HTTP 办结任务。

    Complete tasks over HTTP, one worker and one client, against a bare route that commits one row of 8 KB.

    Example: wenze bench api --json --database postgresql://postgres@127.0.0.1/postgres
    """
    from wenze.bench import api as measure

    _show(measure.run, as_json, database, folder, completions=completions)


@bench.command("clock")
@click.option("--due", type=click.IntRange(1), default=1_000, show_default=True, help="到期数 · Limits that end.")
@click.option(
    "--open",
    "open_cases",
    type=click.IntRange(1),
    default=100_000,
    show_default=True,
    help="在办数 · Cases open in all.",
)
@click.option(
    "--interval",
    type=click.IntRange(1, 3600),
    default=15,
    show_default=True,
    help="巡查间隔，秒 · Seconds between two sweeps.",
)
@_place
def clock(as_json: bool, database: str | None, folder: Path | None, due: int, open_cases: int, interval: int) -> None:
    """大量在办案件中的到期处理。

    Let limits end while very many are open: what an idle sweep costs, how late the clock is, how many acts a second.

    Example: wenze bench clock --json --interval 5
    """
    from wenze.bench import clock as measure

    if open_cases < due:
        raise click.BadParameter("在办数不得少于到期数 · no fewer can be open than come due", param_hint="--open")
    _show(measure.run, as_json, database, folder, due=due, open_cases=open_cases, interval=interval)


@bench.command("inbox")
@click.option("--tasks", type=click.IntRange(1), default=1_000_000, show_default=True, help="待办数 · Open tasks.")
@click.option("--groups", type=click.IntRange(1), default=50, show_default=True, help="组数 · Groups they wait for.")
@_place
def inbox(as_json: bool, database: str | None, folder: Path | None, tasks: int, groups: int) -> None:
    """大量待办中读取我的待办首页。

    Read the first page of somebody's tasks where very many are open.

    Example: wenze bench inbox --json --tasks 100000
    """
    from wenze.bench import inbox as measure

    _show(measure.run, as_json, database, folder, tasks=tasks, groups=groups)


def _show(
    run: Callable[..., dict[str, Any]], as_json: bool, database: str | None, folder: Path | None, **how: Any
) -> None:
    # Imported here: no other command needs what a measure needs.
    from wenze import logs
    from wenze.bench._place import scratch

    logs.configure("text", "error")
    with scratch(database, folder) as place:
        result = run(place, lambda line: click.echo(line, err=True), **how)
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False, indent=2))
        return
    for name, value in result.items():
        for each in value if isinstance(value, list) else [value]:
            click.echo(f"{name:32} {each}")


COMMANDS = (bench,)
