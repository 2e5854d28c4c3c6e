"""What one can do with a scanned code and with a progress link.

The law of this file: a report goes through the same door as a line of chat, in one commit with its progress
page. Each report is a private talk of its own whose names are random, so that two reports of one person
cannot be told to be theirs. The token comes from the form and its words: sent twice, it is one report.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.channels import qr
from bot.web.report.words import SENDER, Refused
from bot.web.room.limits import Buckets, Pace
from bot.web.room.refusals import NotFound, Refusal
from intake.commands import Form, Sender
from intake.grids import ChatRef
from storage.people import token_hash
from storage.records import Arrival
from storage.report_codes import ReportCode
from storage.report_pages import Progress, ReportPage
from storage.room_records import Photo
from storage.store import Store
from storage.tx import Tx

MOST_MESSAGES = 20
"""What one may write on one report, the first words included."""


class Gone(Refusal):
    """A code that was revoked."""

    status, words = 410, Refused.REVOKED


@dataclass(frozen=True, slots=True)
class ReportLimits:
    """Per address, where many phones may stand behind one; per code; per progress page. Photos are counted
    by address, and by code or page."""

    address: Pace = field(default=Pace(10, 30.0))
    code: Pace = field(default=Pace(60, 10.0))
    page: Pace = field(default=Pace(10, 10.0))
    photo: Pace = field(default=Pace(12, 20.0))
    photo_there: Pace = field(default=Pace(60, 10.0))


@dataclass(frozen=True, slots=True)
class Writing:
    """What a page sends: `once` is a random mark that the page was drawn with."""

    words: str
    place: str = ""
    once: str = ""


class Reports:
    """The reports of one process. `on_arrival` is called after each commit that put something into the
    inbox; `clock` gives monotonic seconds."""

    def __init__(
        self,
        store: Store,
        now: Callable[[], datetime],
        on_arrival: Callable[[], None] = lambda: None,
        *,
        limits: ReportLimits | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        limits = limits or ReportLimits()
        self.now = now
        self._store = store
        self._on_arrival = on_arrival
        self._address = Buckets(limits.address, clock)
        self._code = Buckets(limits.code, clock)
        self._page = Buckets(limits.page, clock)
        self._photo = Buckets(limits.photo, clock)
        self._photo_there = Buckets(limits.photo_there, clock)

    async def code(self, code: str) -> tuple[ReportCode, str]:
        """A code and the name of its grid. Raises NotFound, Gone."""

        def work(tx: Tx) -> tuple[ReportCode, str]:
            found = _code(tx, code)
            grid = tx.grids.get(found.grid)
            if grid is None:
                raise NotFound(Refused.NO_CODE)
            return found, grid.name

        return await self._store.read(work)

    def may_send_photo(self, there: str, remote: str) -> None:
        """Whether one more photo is read; `there` is a code or the token of a page. Raises TooFast."""
        self._photo.take(remote)
        self._photo_there.take(token_hash(there))

    async def report(
        self,
        code: str,
        writing: Writing,
        sender: Sender | None,
        remote: str,
        photos: Sequence[Photo] = (),
    ) -> tuple[str, bool]:
        """Write a report, anonymously where there is no sender; the token of its progress page, and whether
        it is new. Raises NotFound, Gone, TooFast."""
        self._address.take(remote)
        self._code.take(code)
        token, message, random = _token(writing), secrets.token_hex(8), secrets.token_hex(8)
        who = sender or Sender(f"{qr.NAME}:{random}", SENDER)
        now = self.now()

        def work(tx: Tx) -> bool:
            found = _code(tx, code)
            chat = ChatRef(qr.NAME, f"{found.grid}:{random}")
            page = ReportPage(token_hash(token), chat, found.grid, who.identity, (message,), now)
            if not tx.report_pages.add(page):
                return False
            form = Form(found.grid, writing.place)
            payload = qr.wrote(chat, message, who, _text(writing), form, None, len(photos))
            tx.inbox.append([_arrival(chat, message, payload, now)])
            tx.photos.add(chat, message, photos, now)
            return True

        new = await self._store.write(work)
        self._on_arrival()
        return token, new

    async def progress(self, token: str) -> Progress:
        """What there is to be read. Raises NotFound."""
        found = await self._store.read(lambda tx: tx.report_pages.progress(token))
        if found is None:
            raise NotFound(Refused.NO_PAGE)
        return found

    async def add(
        self, token: str, writing: Writing, remote: str, photos: Sequence[Photo] = ()
    ) -> bool:
        """Add words to a report; whether they are new. Raises NotFound, TooFast, Refusal where there are too
        many."""
        self._take(token, remote)
        message, now = _token(writing), self.now()

        def work(tx: Tx) -> bool:
            page = _page(tx, token)
            if message in page.messages:
                return False
            if len(page.messages) >= MOST_MESSAGES:
                raise Refusal(Refused.TOO_MANY)
            tx.report_pages.said(page, message)
            sender = Sender(page.sender, SENDER)
            form = Form(page.grid)
            words, about = writing.words, page.messages[0]
            payload = qr.wrote(page.chat, message, sender, words, form, about, len(photos))
            tx.inbox.append([_arrival(page.chat, message, payload, now)])
            tx.photos.add(page.chat, message, photos, now)
            return True

        new = await self._store.write(work)
        self._on_arrival()
        return new

    async def press(self, token: str, case: str, data: str, remote: str) -> None:
        """Press a button (`action:case[:argument]`) about a case of this report. Raises NotFound,
        TooFast."""
        self._take(token, remote)
        press, now = f"press-{secrets.token_hex(8)}", self.now()

        def work(tx: Tx) -> None:
            page = _page(tx, token)
            if case not in tx.report_pages.case_ids(page):
                raise NotFound(Refused.NO_PAGE)
            sender = Sender(page.sender, SENDER)
            payload = qr.pressed(page.chat, page.messages[0], sender, data)
            tx.inbox.append([_arrival(page.chat, press, payload, now)])

        await self._store.write(work)
        self._on_arrival()

    def _take(self, token: str, remote: str) -> None:
        self._address.take(remote)
        self._page.take(token_hash(token))


def new_mark() -> str:
    """A mark for a page that is about to be drawn: 128 random bits."""
    return secrets.token_urlsafe(16)


def _token(writing: Writing) -> str:
    """128 bits that nobody guesses who did not see the page; the same for the same words on it."""
    mark = writing.once if len(writing.once) >= 22 else new_mark()
    whole = "\0".join((mark, writing.words, writing.place)).encode(errors="replace")
    return base64.urlsafe_b64encode(hashlib.sha256(whole).digest()[:16]).decode().rstrip("=")


def _text(writing: Writing) -> str:
    """The words with their place, said once."""
    if not writing.place or writing.place in writing.words:
        return writing.words
    return f"{writing.place}，{writing.words}"


def _code(tx: Tx, code: str) -> ReportCode:
    found = tx.report_codes.get(code)
    if found is None:
        raise NotFound(Refused.NO_CODE)
    if found.revoked_at is not None:
        raise Gone
    return found


def _page(tx: Tx, token: str) -> ReportPage:
    found = tx.report_pages.find(token, lock=True)
    if found is None:
        raise NotFound(Refused.NO_PAGE)
    return found


def _arrival(chat: ChatRef, id: str, payload: dict[str, object], now: datetime) -> Arrival:
    return Arrival(qr.NAME, f"{chat.chat}|{id}", str(chat), payload, now)
