"""Commands that show the product at work."""

from __future__ import annotations

import sys
from typing import Literal

import click

from wenze import logs
from wenze.demo import cases as shipped
from wenze.demo.colleagues import WentWrong
from wenze.demo.show import show
from wenze.demo.telling import Teller, listed
from wenze.demo.verdicts import all_hold


@click.command()
@click.option(
    "--case", "names", multiple=True, metavar="NAME", help="只演示此案，可多次给出 · Only this case; may be repeated."
)
@click.option("--brief", is_flag=True, help="只显示结果，不逐步显示 · What came out, not each step.")
@click.option("--list", "only_list", is_flag=True, help="列出各案 · List the cases.")
@click.option(
    "--lang", "--language", type=click.Choice(("zh", "en")), default="zh", show_default=True, help="语言 · Language."
)
def demo(names: tuple[str, ...], brief: bool, only_list: bool, lang: Literal["zh", "en"]) -> None:
    """把公布的案例从线索办到决定和复核，每一步都经 HTTP 接口。

    Walk published cases from the clue to the decision and its review, every step through the HTTP API of an application
    served by this process in a place of its own. Exit 1 if something does not come out as published.

    Example: wenze demo --case RC-01 --lang en
    """
    unknown = sorted(set(names) - set(shipped.names()))
    if unknown:
        raise click.BadParameter(f"{', '.join(unknown)}; known: {', '.join(shipped.names())}", param_hint="--case")
    cases = [shipped.case(name) for name in names or shipped.names()]
    if only_list:
        for line in listed(cases, lang):
            click.echo(line)
        return
    logs.configure("text", "error")
    try:
        results = show(cases, Teller(lang, click.echo, brief=brief))
    except WentWrong as wrong:
        raise click.ClickException(str(wrong)) from wrong
    if not all_hold(results):
        sys.exit(1)


COMMANDS = (demo,)
