"""What every request of the report pages goes through.

The law of this file: nobody signs in here. A change is taken only from our own pages; every refusal is a
page with one sentence and where else to turn; no search engine keeps any of it.
"""

from __future__ import annotations

import logging
import math
from typing import Any

from aiohttp import web

from bot.web.assets import Assets
from bot.web.photo_form import words_of
from bot.web.report.words import FRAME, Refused
from bot.web.room.guard import Handler
from bot.web.room.refusals import Forbidden, Refusal, TooFast
from bot.web.site import SECURITY_HEADERS, Site
from bot.web.templating import templates

log = logging.getLogger(__name__)


class ReportGuard:
    """Wraps handlers and renders `templates/report/…`."""

    def __init__(self, site: Site, assets: Assets) -> None:
        self.site = site
        self._jinja = templates()
        self._jinja.globals.update(frame=FRAME, base=assets.base)

    def wrap(self, handler: Handler) -> Handler:
        """Refusals become a page; security headers everywhere."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                self._check_origin(request)
                response = await handler(request)
            except Refusal as refusal:
                response = self.sorry(refusal)
            except (web.HTTPException, ConnectionError):
                raise
            except Exception:
                # The path carries a token: it stays out of the log.
                log.exception("a request of the report pages failed")
                response = self.page("sorry.html", 500, error=Refused.BROKEN)
            response.headers.update(SECURITY_HEADERS)
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
            return response

        return guarded

    def page(self, name: str, status: int = 200, **values: Any) -> web.Response:
        text = self._jinja.get_template(f"report/{name}").render(**values)
        return web.Response(text=text, status=status, content_type="text/html")

    def sorry(self, refusal: Refusal) -> web.Response:
        response = self.page("sorry.html", refusal.status, error=str(refusal))
        return with_wait(response, refusal)

    def _check_origin(self, request: web.Request) -> None:
        if request.method in ("GET", "HEAD"):
            return
        if not self.site.is_ours(request.headers.get("Origin"), request):
            raise Forbidden(Refused.ORIGIN)


def with_wait(response: web.Response, refusal: Refusal) -> web.Response:
    """The answer with how long to wait, where the refusal says."""
    if isinstance(refusal, TooFast) and refusal.wait is not None:
        response.headers["Retry-After"] = str(math.ceil(refusal.wait))
    return response


async def form_of(request: web.Request) -> dict[str, str]:
    """The fields of a form without files, the first of each name. Raises Refusal 413 for more than 32 KiB."""
    return dict(reversed(await words_of(request, Refused.TOO_BIG)))
