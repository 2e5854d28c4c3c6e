"""The web server: pages, doors, health.

The law of this file: routes are put together here and nowhere else; what they do stands with their
parts.
"""

from __future__ import annotations

from aiohttp import web
from prometheus_client import generate_latest

from bot.channels.telegram import webhook_routes
from bot.inviting import INVITE
from bot.learning import Material
from bot.own_file import OwnFile
from bot.pictures import PictureFolder
from bot.places import pictures_folder
from bot.runtime import Door, Runtime
from bot.versions import ModelHome
from bot.vouching import usable
from bot.web.compressed import AS_IT_CAME, refuse_compressed
from bot.web.desk.acts import Acts
from bot.web.desk.field import FieldDoor
from bot.web.desk.routes import Means, add_desk
from bot.web.report.routes import add_report
from bot.web.report.service import Reports
from bot.web.room.pages import MayStart
from bot.web.room.routes import web_routes
from bot.web.site import Site


def make_app(runtime: Runtime, *, demo: bool) -> web.Application:
    """The application; it answers as long as `runtime` runs."""
    app = web.Application(
        client_max_size=16 * 1024 * 1024,
        middlewares=[refuse_compressed],
        handler_args=AS_IT_CAME,
    )
    settings = runtime.settings
    app.add_routes([web.get("/health", _health), *_probes(runtime)])
    site = Site(settings.public_url or None, demo and settings.loopback, settings.base_url)
    web_routes(
        app,
        runtime.room,
        site,
        timezone=settings.timezone,
        may_start=_open_invitations(runtime),
        own=OwnFile(runtime.store, runtime.rules.taxonomy, settings.zone, runtime.clock),
    )
    acts = Acts(runtime.store, runtime.rules, runtime.live, runtime.clock, runtime.sender.wake.set)
    photos = runtime.room.photos
    means = Means(
        reader=lambda: runtime.worker.reader,
        photos=photos,
        field=FieldDoor(photos, runtime.wake),
        renamed=runtime.live.refresh,
        models=ModelHome(settings, Material(runtime.rules.taxonomy)),
        fonts=settings.fonts,
        pictures=PictureFolder(pictures_folder(settings)),
    )
    desk = add_desk(app, acts, site, settings.zone, means)
    app.on_startup.append(desk.live.warm)
    reports = Reports(runtime.store, runtime.clock, runtime.wake)
    add_report(app, reports, runtime.room, site, runtime.rules)
    if runtime.telegram is not None and settings.telegram_secret is not None:
        app.add_routes(
            webhook_routes(
                Door(runtime),
                secret=settings.telegram_secret.get_secret_value(),
                now=runtime.clock,
                overloaded=runtime.backlog,
            )
        )

    return app


def _open_invitations(runtime: Runtime) -> MayStart:
    """A link into the private talk is good for strangers only with an invitation that still holds."""

    async def may_start(parameter: str) -> bool:
        if not parameter.startswith(INVITE):
            return False
        token, now = parameter.removeprefix(INVITE), runtime.clock()
        return await runtime.store.read(lambda tx: usable(tx, token, now))

    return may_start


async def _health(request: web.Request) -> web.Response:
    return web.json_response({"ok": True})


def _probes(runtime: Runtime) -> list[web.RouteDef]:
    async def ready(request: web.Request) -> web.Response:
        reasons = runtime.is_alive()
        try:
            await runtime.store.read(lambda tx: tx.settings.stamp())
        except Exception as error:
            reasons.append(f"the database does not answer ({type(error).__name__})")
        body = {"ready": not reasons, "reasons": reasons}
        return web.json_response(body, status=503 if reasons else 200)

    async def metrics(request: web.Request) -> web.Response:
        counters = runtime.counters
        now = runtime.clock()
        figures = await runtime.store.read(lambda tx: tx.figures.read(now))
        counters.inbox_pending.set(figures.inbox_pending)
        counters.outbox_pending.set(figures.outbox_pending)
        body = generate_latest(counters.registry)
        return web.Response(body=body, content_type="text/plain", charset="utf-8")

    return [web.get("/ready", ready), web.get("/metrics", metrics)]
