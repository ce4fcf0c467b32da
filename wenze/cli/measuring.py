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

    Measure on this machine; where a database is needed, one is made and removed again. Without a name, list what can be measured.

    Example: wenze bench api --json
    """
    if context.invoked_subcommand is None:
        for name in sorted(bench.commands):
            click.echo(name)


_as_json = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出 · Print one JSON object.")


def _place(command: Command) -> Command:
    """The options of every measure that works in a database."""
    for option in (
        _as_json,
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


@bench.command("step")
@click.option("--rounds", type=click.IntRange(20), default=3_000, show_default=True, help="轮数 · Rounds of each loop.")
@click.option("--chain", type=click.IntRange(20), default=5_000, show_default=True, help="任务数 · Tasks in a row.")
@_as_json
def step(as_json: bool, rounds: int, chain: int) -> None:
    """长案件中的一步，与年轻案件比较。

    Take one step of a diagram after very many, beside the library alone on the same diagrams, as far as it gets.

    Example: wenze bench step --json
    """
    from wenze.bench import step as measure

    _print(measure.run(_tell, rounds=rounds, chain=chain), as_json)


@bench.command("due")
@click.option("--limits", type=click.IntRange(1), default=20_000, show_default=True, help="期限数 · How many limits.")
@_as_json
def due(limits: int, as_json: bool) -> None:
    """计算期限届满日并逐日说明。

    Count when limits of 90 working days, 90 days and 6 months end, and explain every day: the engine alone.

    Example: wenze bench due --json
    """
    from wenze.bench import due as measure

    _print(measure.run(_tell, limits=limits), as_json)


@bench.command("load")
@click.option("--loads", type=click.IntRange(1), default=40, show_default=True, help="次数 · How often each is loaded.")
@_as_json
def load(as_json: bool, loads: int) -> None:
    """读入并校验 200 个节点的程序图和随附的程序图。

    Read and validate diagrams of 200 nodes, and the shipped ones with all that they call.

    Example: wenze bench load --json
    """
    from wenze.bench import load as measure
    from wenze.settings import SHIPPED_LAW

    _print(measure.run(_tell, SHIPPED_LAW, loads=loads), as_json)


def _show(
    run: Callable[..., dict[str, Any]], as_json: bool, database: str | None, folder: Path | None, **how: Any
) -> None:
    # Imported here: no other command needs what a measure needs.
    from wenze import logs
    from wenze.bench._place import scratch

    logs.configure("text", "error")
    with scratch(database, folder) as place:
        result = run(place, _tell, **how)
    _print(result, as_json)


def _tell(line: str) -> None:
    click.echo(line, err=True)


def _print(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False, indent=2))
        return
    for name, value in result.items():
        if isinstance(value, dict):
            _print({f"{name} {key}": inner for key, inner in value.items()}, as_json)
            continue
        for each in value if isinstance(value, list) else [value]:
            click.echo(f"{name:32} {each}")


COMMANDS = (bench,)
