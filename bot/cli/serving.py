"""`serve`, `worker`, `demo`: what runs until it is stopped."""

from __future__ import annotations

import asyncio
import signal
import sys

import click
from aiohttp import web

from bot.cli.errors import UserError
from bot.cli.neighbourhood import seed_demo_data
from bot.cli.opening import process_name, ready_database, settings_with_home
from bot.demo import GRIDS
from bot.places import BUILT_MODEL, model_folder
from bot.reloading import Serving, load_serving
from bot.runtime import Runtime, running
from bot.server import make_app
from bot.settings import Settings
from bot.taxonomy_file import load_taxonomy
from nlp.model import ModelError
from storage.store import Store


@click.command()
def serve() -> None:
    """Serve pages, doors and workers until stopped. Never trains."""
    settings = settings_with_home()
    _serve(settings)


@click.command()
def demo() -> None:
    """Train if there is no model, seed the demo neighbourhood, and serve."""
    settings = settings_with_home()
    if not (model_folder(settings) / "manifest.json").exists():
        from bot.cli.models import train_from_corpus

        click.echo("There is no model yet: training one from training_data (about two minutes) …")
        train_from_corpus(BUILT_MODEL)
    seed_demo_data(settings)
    _serve(settings)


@click.command()
def worker() -> None:
    """One more worker on the same PostgreSQL: no doors, no pages."""
    settings = settings_with_home()
    if not settings.database_url.startswith("postgresql"):
        raise UserError(
            "HUYING_DATABASE: a worker needs postgresql+psycopg://…; SQLite has one process"
        )
    serving = _load_model(settings)
    url = ready_database(settings)
    with process_name(settings) as owner, Store.open(url, owner) as store:
        asyncio.run(_work(settings, store, serving))


def _load_model(settings: Settings) -> Serving:
    """The model to serve with; where the promoted one cannot be used, the one before it."""
    try:
        return load_serving(settings, load_taxonomy())
    except ModelError as error:
        raise UserError(str(error)) from None


def _serve(settings: Settings) -> None:
    serving = _load_model(settings)
    url = ready_database(settings)
    with process_name(settings) as owner, Store.open(url, owner) as store:
        asyncio.run(_serve_with(settings, store, serving))


async def _serve_with(settings: Settings, store: Store, serving: Serving) -> None:
    stop = _stop_event()
    has_demo = await store.read(lambda tx: tx.grids.get(GRIDS[0]) is not None)
    async with running(settings, store, serving.reader, serving=serving) as runtime:
        app = make_app(runtime, demo=has_demo)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=5)
        await runner.setup()
        try:
            site = web.TCPSite(runner, settings.host, settings.port)
            try:
                await site.start()
            except OSError as error:
                raise UserError(
                    f"HUYING_LISTEN: cannot listen on {settings.listen} ({error.strerror}); "
                    "choose another port or stop what uses it"
                ) from None
            click.echo(f"Huying 呼应 is ready on {settings.base_url}")
            sys.stdout.flush()
            await _until(stop, runtime)
        finally:
            await runner.cleanup()


async def _work(settings: Settings, store: Store, serving: Serving) -> None:
    stop = _stop_event()
    async with running(settings, store, serving.reader, doors=False, serving=serving) as runtime:
        click.echo("Huying worker is ready")
        sys.stdout.flush()
        await _until(stop, runtime)


async def _until(stop: asyncio.Event, runtime: Runtime) -> None:
    """Until asked to stop, or until a loop has died, which must not go unseen."""
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([stopping, *runtime.tasks], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    for task in runtime.tasks:
        if task.done() and not task.cancelled() and (error := task.exception()):
            raise error


def _stop_event() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop
