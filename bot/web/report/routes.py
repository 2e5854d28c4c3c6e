"""Putting the report pages into a server."""

from __future__ import annotations

from aiohttp import web

from bot.web.assets import Assets, shared
from bot.web.report.guard import ReportGuard
from bot.web.report.pages import Pages
from bot.web.report.service import Reports
from bot.web.room.guard import Guard as RoomGuard
from bot.web.room.service import WebRoom
from bot.web.site import Site
from intake.rules import Rules


def add_report(
    app: web.Application, reports: Reports, room: WebRoom, site: Site, rules: Rules
) -> None:
    """Serve `/r/…` and `/p/…` from `app`; whoever is known in `room` may report as themselves."""
    assets = Assets("report", "/report/static", shared("copy.js", "shrink.js"))
    guard = ReportGuard(site, assets)
    pages = Pages(guard, reports, RoomGuard(room, site), rules.taxonomy, rules.zone)
    app.add_routes([*pages.routes(), *assets.routes()])
