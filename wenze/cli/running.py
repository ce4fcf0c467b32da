"""Commands that keep the application running: everything at once, or the web and the clock apart."""

from __future__ import annotations

import signal
import threading

import click

from wenze import law, logs, schema
from wenze.application import Application, create_app
from wenze.clock import Ticker
from wenze.demo import seed
from wenze.serving import Server
from wenze.settings import Settings, described
from workflows.errors import NotPossible


def opened() -> Application:
    """The application by the settings of the environment, its tables as this version wants them.

    Raises:
        NotPossible: the database is of another version.
    """
    application = create_app(Settings.read())
    present, newest = schema.present(application.ground.database.engine), schema.newest()
    if present != newest:
        raise NotPossible(f"The database is at revision {present}, this version needs {newest}: run `wenze up`.")
    return application


@click.command()
@click.option(
    "--demo", is_flag=True, help="首次启动时建立演示机关与账号 · Make a demo organ with accounts at first start."
)
def up(demo: bool) -> None:
    """一个进程运行全部：升级数据库、装载规程、网页与时钟。

    Run everything in one process: migrate the database, load the procedures, serve the web and the clock.

    Example: WENZE_PORT=8080 wenze up --demo
    """
    settings = Settings.read()
    logs.configure(settings.log, settings.log_level)
    application = create_app(settings)
    server = Server(application)
    ground = application.ground
    schema.upgrade(ground.database.engine)
    name, new = law.publish(ground, law.read(settings.law), ground.clock.now())
    click.echo(f"规程 {name} {'已装载' if new else '已在库'} · Procedures {name} {'loaded' if new else 'known'}")
    if demo:
        # What the demo's people do over HTTP to open its cases is nothing for the log of this installation.
        logs.configure(settings.log, "error")
        for line in seed.furnish(application, server.address):
            click.echo(line)
        logs.configure(settings.log, settings.log_level)
    ticker = Ticker(application.sweeper, seconds=settings.clock_seconds)
    ticker.start()
    click.echo(f"已启动 · Serving at {server.address}")
    try:
        server.serve()
    finally:
        ticker.stop()


@click.command()
def serve() -> None:
    """只运行网页与接口；数据库须已升级，时钟另行运行。

    Serve the web and the API only. The database must be up to date; the clock runs elsewhere.

    Example: WENZE_DATABASE=postgresql://wenze@db/wenze wenze serve
    """
    application = _begun()
    server = Server(application)
    click.echo(f"已启动 · Serving at {server.address}")
    server.serve()


@click.command()
@click.option("--once", is_flag=True, help="只巡查一遍 · Sweep once and leave.")
def clock(once: bool) -> None:
    """只运行时钟：到期即处理。多个节点可同时运行。

    Run the clock only. Any number of nodes may run it at once on PostgreSQL.

    Example: wenze clock --once
    """
    application = _begun()
    if once:
        swept = application.sweeper.sweep()
        click.echo(f"{swept.acts} acts in {swept.cases} cases, {swept.stalled} stalled, {swept.seconds:.3f} s")
        return
    ticker = Ticker(application.sweeper, seconds=application.settings.clock_seconds)
    ticker.start()
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    told.wait()
    ticker.stop()


@click.command()
def settings() -> None:
    """列出所有设置及其默认值。

    List every setting with its default.

    Example: wenze settings
    """
    for name, default, about in described():
        click.echo(f"{name:28} {default or '-':34} {about}")


def _begun() -> Application:
    found = Settings.read()
    logs.configure(found.log, found.log_level)
    return opened()


COMMANDS = (up, serve, clock, settings)
