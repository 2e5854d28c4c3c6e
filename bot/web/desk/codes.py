"""Codes to be printed and hung up: making, revoking, pictures, poster.

The law of this file: somebody makes and sees codes of the grids that they reach, and of no others. A code
is short and of signs that nobody mixes up, so that it can be typed from the poster.
"""

from __future__ import annotations

import io
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import segno
from aiohttp import web

from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate, form_of
from bot.web.desk.words_codes import CODES, PLACE_LIMIT, POSTER, Refused
from bot.web.room.text import clean
from bot.web.site import go_to
from storage.report_codes import ReportCode
from storage.tx import Tx

_SIGNS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
_LENGTH: Final = 8
_ONLY_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0", "::"})


@dataclass(frozen=True, slots=True)
class _Typed:
    """What was typed into the form, to be shown again with what is wrong."""

    grid: str = ""
    place: str = ""
    error: str = ""


class Codes:
    """`/desk/codes`: the list and the form; below it each code's poster and pictures."""

    menu: Sequence[tuple[str, str, Gate]] = (("/desk/codes", CODES["menu"], Gate.CASES),)

    def __init__(self, guard: DeskGuard) -> None:
        self._guard = guard
        self._store = guard.store

    def routes(self) -> list[DeskRoute]:
        one = "/desk/codes/{code}"
        return [
            DeskRoute("GET", "/desk/codes", Gate.CASES, self.page),
            DeskRoute("POST", "/desk/codes", Gate.CASES, self.make),
            DeskRoute("GET", one, Gate.CASES, self.poster),
            DeskRoute("POST", f"{one}/revoke", Gate.CASES, self.revoke),
            DeskRoute("GET", f"{one}/qr.svg", Gate.CASES, self.svg),
            DeskRoute("GET", f"{one}/qr.png", Gate.CASES, self.png),
        ]

    async def page(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        return await self._page(request, here, _Typed())

    async def make(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        form = await form_of(request)
        grid, place = str(form.get("grid", "")), " ".join(clean(str(form.get("place", ""))).split())
        if grid not in here.sight.grids:
            return await self._page(request, here, _Typed(grid, place, Refused.NO_GRID))
        if len(place) > PLACE_LIMIT:
            return await self._page(request, here, _Typed(grid, place, Refused.PLACE_LONG))
        code = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
        made = ReportCode(code, grid, place, here.person.id, self._guard.clock())
        await self._store.write(lambda tx: tx.report_codes.add(made))
        return go_to(f"/desk/codes#{code}")

    async def poster(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        found, name = await self._known(request, here)
        address = self._address(request, found)
        return self._guard.frame.page(
            "poster.html", here=here, at="/desk/codes", words=POSTER, code=found, grid=name,
            address=address,
        )  # fmt: skip

    async def revoke(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        found, _ = await self._known(request, here)
        now = self._guard.clock()
        await self._store.write(lambda tx: tx.report_codes.revoke(found.code, now))
        return go_to("/desk/codes")

    async def svg(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        found, _ = await self._known(request, here)
        return self._picture(request, found, "svg", "image/svg+xml")

    async def png(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        found, _ = await self._known(request, here)
        return self._picture(request, found, "png", "image/png")

    def _picture(
        self, request: web.Request, found: ReportCode, kind: str, type: str
    ) -> web.Response:
        """The code at a size good for printing. Error level M stands a scratch or two."""
        made, out = segno.make(self._address(request, found), error="m", micro=False), io.BytesIO()
        size = {"scale": 2, "unit": "mm"} if kind == "svg" else {"scale": 20}
        made.save(out, kind=kind, border=4, light="white", **size)
        name = f'inline; filename="huying-{found.code}.{kind}"'
        headers = {"Content-Disposition": name}
        return web.Response(body=out.getvalue(), content_type=type, headers=headers)

    def _address(self, request: web.Request, found: ReportCode) -> str:
        return f"{self._guard.site.address(request)}/r/{found.code}"

    async def _known(self, request: web.Request, here: AtDesk) -> tuple[ReportCode, str]:
        """The code of the path and the name of its grid. Raises DeskRefusal 404."""
        code = request.match_info["code"]

        def work(tx: Tx) -> tuple[ReportCode, str] | None:
            found = tx.report_codes.get(code)
            grid = tx.grids.get(found.grid) if found else None
            return (found, grid.name) if found and grid else None

        known = await self._store.read(work)
        if known is None or known[0].grid not in here.sight.grids:
            raise DeskRefusal(Refused.NO_CODE, 404)
        return known

    async def _page(self, request: web.Request, here: AtDesk, typed: _Typed) -> web.StreamResponse:
        reached = sorted(here.sight.grids)

        def work(tx: Tx) -> tuple[dict[str, str], list[ReportCode]]:
            names = {grid.id: grid.name for grid in tx.grids.many(reached).values()}
            return names, tx.report_codes.of_grids(reached)

        names, codes = await self._store.read(work)
        address = self._guard.site.address(request)
        return self._guard.frame.page(
            "codes.html",
            400 if typed.error else 200,
            here=here,
            at="/desk/codes",
            words=CODES,
            names=names,
            holding=[code for code in codes if code.revoked_at is None],
            revoked=[code for code in codes if code.revoked_at is not None],
            typed=typed,
            most=PLACE_LIMIT,
            only_here=address if urlsplit(address).hostname in _ONLY_HERE else "",
        )
