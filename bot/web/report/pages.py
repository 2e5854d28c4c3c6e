"""The form behind a code, and the progress page.

The law of this file: everything is a form and a redirect. A mistake is said in one sentence above the
form, and what was typed stays in it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta, tzinfo
from functools import partial
from urllib.parse import quote

from aiohttp import web

from bot.web.addresses import address_of
from bot.web.photo_form import NotWritten, Sent, Terms, sent_of
from bot.web.report.guard import ReportGuard, form_of, with_wait
from bot.web.report.service import MOST_MESSAGES, Reports, Writing, new_mark
from bot.web.report.telling import Teller
from bot.web.report.words import (
    FORM,
    MOST_PHOTOS,
    PHOTO_MEGABYTES,
    PHOTOS,
    PLACE_LIMIT,
    PROGRESS,
    SCORES,
    WORDS_LIMIT,
    Refused,
    soon,
)
from bot.web.room.guard import Guard as RoomGuard
from bot.web.room.photos import PhotoFolder
from bot.web.room.refusals import NotFound, Refusal, TooFast
from bot.web.room.text import clean
from bot.web.site import go_to
from intake.commands import Sender
from intake.taxonomy import Taxonomy
from storage.report_pages import Progress
from storage.room_records import Member

_TERMS = Terms(
    most=MOST_PHOTOS,
    too_many=Refused.PHOTOS_TOO_MANY,
    too_big=Refused.PHOTO_TOO_BIG,
    unreadable=Refused.PHOTO_UNREADABLE,
    broken=Refused.BROKEN_FORM,
    too_long=Refused.TOO_BIG,
)
_JPEG = {"Content-Type": "image/jpeg", "Content-Disposition": 'inline; filename="photo.jpg"'}
_SOON = timedelta(minutes=2)
_REFRESH, _REFRESH_LATER = 3, 6
_BUTTONS: dict[str, Callable[[str, str], str]] = {
    "score": lambda case, score: f"ok:{case}:{score}",
    "bad": lambda case, _: f"bad:{case}",
    "pick": lambda case, item: f"pick:{case}:{item}",
}


class Pages:
    """`/r/{code}` and `/p/{token}`."""

    def __init__(
        self,
        guard: ReportGuard,
        reports: Reports,
        room: RoomGuard,
        taxonomy: Taxonomy,
        zone: tzinfo,
    ) -> None:
        self._guard = guard
        self._reports = reports
        self._room = room
        self._taxonomy = taxonomy
        self._zone = zone

    def routes(self) -> list[web.RouteDef]:
        wrap = self._guard.wrap
        return [
            web.get("/r/{code}", wrap(self.form)),
            web.post("/r/{code}", wrap(self.report)),
            web.get("/p/{token}", wrap(self.progress)),
            web.post("/p/{token}/add", wrap(self.add)),
            web.post("/p/{token}/press", wrap(self.press)),
            web.get("/p/{token}/{step:add|press}", wrap(self.back)),
            web.get("/p/{token}/photo/{name}", wrap(self.photo)),
            web.get("/p/{token}/photo/{name}/small", wrap(self.small)),
        ]

    # The form

    async def form(self, request: web.Request) -> web.StreamResponse:
        return await self._form(request, None, None)

    async def report(self, request: web.Request) -> web.StreamResponse:
        code, remote = _code(request), address_of(request)
        await self._reports.code(code)  # so that nothing is read behind a code that is none
        async with self._sent(request, code) as sent:
            writing = _writing(sent.fields)
            anonymous = sent.fields.get("told") == "nobody"
            try:
                _check(writing, Refused.EMPTY, sent.refusal)
                member = None if anonymous else await self._room.visitor(request)
                sender = Sender(member.person, member.nickname) if member else None
                token, sent.used = await self._reports.report(
                    code, writing, sender, remote, sent.photos
                )
            except (NotWritten, TooFast) as refusal:
                again = sent.with_photos
                return await self._form(request, writing, refusal, anonymous=anonymous, again=again)
        return _see(token)

    def _sent(self, request: web.Request, there: str) -> AbstractAsyncContextManager[Sent]:
        may_send = partial(self._reports.may_send_photo, there, address_of(request))
        return sent_of(request, self._room.room.photos, _TERMS, may_send)

    async def _form(
        self,
        request: web.Request,
        typed: Writing | None,
        refusal: Refusal | None,
        *,
        anonymous: bool = False,
        again: bool = False,
    ) -> web.StreamResponse:
        code, grid = await self._reports.code(_code(request))
        member: Member | None = await self._room.visitor(request)
        response = self._guard.page(
            "form.html",
            refusal.status if refusal else 200,
            words=FORM,
            code=code,
            grid=grid,
            member=member,
            anonymous=anonymous,
            typed=typed or Writing("", code.place, new_mark()),
            most_words=WORDS_LIMIT,
            most_place=PLACE_LIMIT,
            error=_sentence(refusal),
            photos=PHOTOS,
            most_photos=MOST_PHOTOS,
            photo_megabytes=PHOTO_MEGABYTES,
            again=again,
        )
        return with_wait(response, refusal) if refusal else response

    # The progress page

    async def back(self, request: web.Request) -> web.StreamResponse:
        """A telephone opened the address of a form that came back anew."""
        return _see(request.match_info["token"])

    async def progress(self, request: web.Request) -> web.StreamResponse:
        token = request.match_info["token"]
        found = await self._reports.progress(token)
        if found.waiting:
            return self._waiting(found)
        return self._progress(token, found)

    async def photo(self, request: web.Request) -> web.StreamResponse:
        """A photo of the work, to whoever may read its words."""
        folder, name = await self._shown_photo(request)
        path = folder.path(name)
        if path is None:
            raise NotFound(Refused.NO_PHOTO)
        return web.FileResponse(path, headers=_JPEG)

    async def small(self, request: web.Request) -> web.StreamResponse:
        folder, name = await self._shown_photo(request)
        data = await folder.thumbnail(name)
        if data is None:
            raise NotFound(Refused.NO_PHOTO)
        return web.Response(body=data, headers=_JPEG)

    async def _shown_photo(self, request: web.Request) -> tuple[PhotoFolder, str]:
        """Where photos lie and the name of one that the page shows. Raises NotFound."""
        found = await self._reports.progress(request.match_info["token"])
        teller = Teller(self._taxonomy, self._zone, self._reports.now())
        name, folder = request.match_info["name"], self._room.room.photos
        if folder is None or not any(name in case.work for case in teller.tell(found)):
            raise NotFound(Refused.NO_PHOTO)
        return folder, name

    async def add(self, request: web.Request) -> web.StreamResponse:
        token = request.match_info["token"]
        await self._reports.progress(token)  # so that nothing is read behind a link that is none
        async with self._sent(request, token) as sent:
            writing = _writing(sent.fields)
            try:
                _check(writing, Refused.EMPTY_MORE, sent.refusal)
                remote = address_of(request)
                sent.used = await self._reports.add(token, writing, remote, sent.photos)
            except (NotWritten, TooFast) as refusal:
                found = await self._reports.progress(token)
                return self._progress(token, found, writing, refusal, again=sent.with_photos)
        return _see(token)

    async def press(self, request: web.Request) -> web.StreamResponse:
        token = request.match_info["token"]
        fields = await form_of(request)
        case = fields.get("case", "")
        name = next((name for name in _BUTTONS if name in fields), None)
        if name is None or ":" in case:
            raise Refusal(Refused.NO_CHOICE)
        argument = fields[name].replace(":", "")[:20]
        try:
            data = _BUTTONS[name](case, argument)
            await self._reports.press(token, case, data, address_of(request))
        except TooFast as refusal:
            found = await self._reports.progress(token)
            return self._progress(token, found, refusal=refusal)
        return _see(token)

    def _waiting(self, found: Progress) -> web.StreamResponse:
        """Looks again by itself, by its script or else by being loaded anew; there is nothing to type here
        that a new page could take away."""
        young = self._reports.now() - found.page.made_at < _SOON
        first = len(found.page.messages) == 1 and not found.cases
        return self._guard.page(
            "waiting.html",
            words=PROGRESS,
            first=first,
            refresh=_REFRESH if young else _REFRESH_LATER,
        )

    def _progress(
        self,
        token: str,
        found: Progress,
        typed: Writing | None = None,
        refusal: Refusal | None = None,
        *,
        again: bool = False,
    ) -> web.StreamResponse:
        teller = Teller(self._taxonomy, self._zone, self._reports.now())
        told = teller.tell(found)
        room_left = len(found.page.messages) < MOST_MESSAGES
        response = self._guard.page(
            "progress.html",
            refusal.status if refusal else 200,
            words=PROGRESS,
            scores=SCORES,
            token=token,
            told=told,
            may_add=room_left and any(case.may_add for case in told),
            typed=typed or Writing("", "", new_mark()),
            most_words=WORDS_LIMIT,
            error=_sentence(refusal),
            photos=PHOTOS,
            most_photos=MOST_PHOTOS,
            photo_megabytes=PHOTO_MEGABYTES,
            again=again,
        )
        return with_wait(response, refusal) if refusal else response


def _code(request: web.Request) -> str:
    return request.match_info["code"].lower()


def _writing(fields: dict[str, str]) -> Writing:
    place = " ".join(clean(fields.get("place", "")).split())
    return Writing(clean(fields.get("words", "")), place, fields.get("once", "")[:64])


def _check(writing: Writing, empty: str, refusal: Refusal | None) -> None:
    """What is wrong with what was sent; `refusal` is what was wrong with its photos."""
    if refusal is not None:
        raise refusal
    if not any(unicodedata.category(c)[0] in "LN" for c in writing.words):
        raise NotWritten(empty)
    if len(writing.words) > WORDS_LIMIT:
        raise NotWritten(Refused.TOO_LONG)
    if len(writing.place) > PLACE_LIMIT:
        raise NotWritten(Refused.PLACE_LONG)


def _sentence(refusal: Refusal | None) -> str:
    if isinstance(refusal, TooFast):
        return Refused.TOO_FAST.format(wait=soon(refusal.wait or 0))
    return str(refusal) if refusal else ""


def _see(token: str) -> web.Response:
    return go_to(f"/p/{quote(token, safe='')}")
