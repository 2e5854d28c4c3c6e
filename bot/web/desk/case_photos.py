"""The pictures of a case.

The law of this file: a picture asks the same sight as its case, every time, and no browser keeps it. Of a
private case a whole picture is a look on record; the small ones stand on the page of the case, which alone
knows their names and whose look is on record already.
"""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate
from bot.web.desk.words_case import Wrong
from bot.web.room.photos import PhotoFolder
from intake.cases import Case
from intake.taxonomy import Visibility
from storage.records import Look
from storage.tx import Tx

_JPEG = {"Content-Type": "image/jpeg", "Content-Disposition": 'inline; filename="photo.jpg"'}


class CasePhotos:
    """`/desk/case/…/photo/…` and the same made small. Without a folder there are none."""

    menu: Sequence[tuple[str, str, Gate]] = ()

    def __init__(self, guard: DeskGuard, folder: PhotoFolder | None) -> None:
        self._guard = guard
        self._folder = folder

    def routes(self) -> list[DeskRoute]:
        return [
            DeskRoute("GET", "/desk/case/{id}/photo/{name}", Gate.CASES, self.whole),
            DeskRoute("GET", "/desk/case/{id}/photo/{name}/small", Gate.CASES, self.small),
        ]

    async def whole(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        case, name = await self._found(request, here)
        path = self._folder.path(name) if self._folder else None
        if path is None:
            raise DeskRefusal(Wrong.NO_PHOTO, 404)
        if case.visibility is Visibility.PRIVATE:
            look = Look(case.id, here.person.id, "photo", None, self._guard.clock())
            await self._guard.store.write(lambda tx: tx.audit.add([look]))
        return web.FileResponse(path, headers=_JPEG)

    async def small(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        _, name = await self._found(request, here)
        data = await self._folder.thumbnail(name) if self._folder else None
        if data is None:
            raise DeskRefusal(Wrong.NO_PHOTO, 404)
        return web.Response(body=data, headers=_JPEG)

    async def _found(self, request: web.Request, here: AtDesk) -> tuple[Case, str]:
        """The case that is asked for and the name of a photo of it."""
        id, name = request.match_info["id"], request.match_info["name"]

        def look(tx: Tx) -> Case | None:
            case = tx.cases.get(id)
            seen = case is not None and here.sight.sees(case)
            return case if seen and tx.photos.belongs(name, id) else None

        case = await self._guard.store.read(look)
        if case is None:
            raise DeskRefusal(Wrong.NO_PHOTO, 404)
        return case, name
