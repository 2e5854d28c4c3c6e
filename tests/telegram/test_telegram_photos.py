"""Photos from Telegram: fetched after their message was decided, through the same door as all photos, and
never at the cost of the message. The other side is a real server on loopback that may do anything."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image

from bot.channels.telegram import TelegramChannel, channel
from bot.channels.telegram.photos import path_of, photo_of
from bot.fetching import PhotoFetcher
from bot.web.room.photos import MOST_BYTES, PhotoFolder
from intake.cases import Gathering, Line, LineRole
from intake.commands import Said
from intake.facts import Changes
from intake.grids import ChatRef, MessageRef
from storage.records import InboxRow
from storage.store import Store

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
TOKEN = "123:abc"
CHAT = ChatRef("telegram", "-100")
REF = MessageRef(CHAT, "7")
SIZES = [
    {"file_id": "small", "width": 90, "height": 60, "file_size": 900},
    {"file_id": "large", "width": 900, "height": 600, "file_size": 90_000},
    {"file_id": "huge", "width": 9000, "height": 6000, "file_size": MOST_BYTES + 1},
]


def jpeg() -> bytes:
    image, out = Image.new("RGB", (900, 600), "red"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "王阿姨家"
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


@dataclass
class Files:
    """The Bot API's two ways to a file, and what was asked of them."""

    body: bytes = field(default_factory=jpeg)
    found: Any = field(
        default_factory=lambda: {"ok": True, "result": {"file_path": "photos/a.jpg"}}
    )
    status: int = 200
    slow: float = 0.0
    asked: list[str] = field(default_factory=list)

    async def get_file(self, request: web.Request) -> web.Response:
        self.asked.append(request.query["file_id"])
        await asyncio.sleep(self.slow)
        return web.json_response(self.found)

    async def file(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        return web.Response(body=self.body, status=self.status)


@dataclass
class Post:
    """A channel with a fetcher, a store and a folder behind it."""

    files: Files
    store: Store
    folder: Path
    fetcher: PhotoFetcher

    async def comes(self, payload: dict[str, Any] | None = None) -> None:
        message = payload or {"message": {"message_id": 7, "photo": SIZES}}
        row = InboxRow(1, "telegram", "1", str(CHAT), message, NOW)
        self.fetcher.see(row, said())
        await self.fetcher.settled()

    @property
    def held(self) -> bool:
        return REF in self.store.read_now(lambda tx: tx.photos.held([REF]))

    @property
    def names(self) -> list[Path]:
        return sorted(self.folder.glob("*")) if self.folder.exists() else []

    def keep(self, **changes: Any) -> None:
        self.store.write_now(lambda tx: tx.desk.save(Changes(**changes), [], NOW))


def said() -> Said:
    from intake.commands import Sender

    return Said(CHAT, "7", Sender("tg:1", "王阿姨"), "", NOW, False, None, ("photo",))


@pytest_asyncio.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    files, app = Files(), web.Application()
    routes: list[tuple[str, Callable[[web.Request], Awaitable[web.Response]]]] = [
        (f"/bot{TOKEN}/getFile", files.get_file),
        (f"/file/bot{TOKEN}/{{path:.+}}", files.file),
    ]
    for path, handler in routes:
        app.router.add_route("*", path, handler)
    server = TestServer(app)
    await server.start_server(access_log=None)
    telegram = TelegramChannel(TOKEN, api=str(server.make_url("")).rstrip("/"))
    store, folder = Store.open("sqlite://", "photos"), tmp_path / "uploads"
    fetcher = PhotoFetcher(telegram, store, PhotoFolder(folder), lambda: NOW)
    made = Post(files, store, folder, fetcher)
    begun = Gathering(CHAT, "tg:1", ("",), ("7",), ("photo",), None, NOW, NOW)
    made.keep(gatherings={(CHAT, "tg:1"): begun})
    yield made
    await fetcher.close()
    await telegram.close()
    await server.close()
    store.close()


async def test_the_largest_that_fits_is_kept_made_anew(post: Post) -> None:
    await post.comes()
    assert post.files.asked == ["large", f"/file/bot{TOKEN}/photos/a.jpg"]
    assert post.held
    (name,) = post.names
    with Image.open(name) as image:
        assert image.size == (900, 600)
        assert not dict(image.getexif())
    await post.comes()
    assert len(post.files.asked) == 2, "fetched once"


async def test_of_a_cases_line_it_is_fetched(post: Post) -> None:
    line = Line("D-1", CHAT, "7", "tg:1", LineRole.SUPPLEMENT, "", ("photo",), NOW)
    post.keep(gatherings={(CHAT, "tg:1"): None}, lines=[line])
    await post.comes()
    assert post.held


async def test_of_chatter_nothing_is_fetched(post: Post) -> None:
    post.keep(gatherings={(CHAT, "tg:1"): None})
    await post.comes()
    assert (post.files.asked, post.held, post.names) == ([], False, [])


FAILURES: list[tuple[str, dict[str, Any]]] = [
    ("the server refuses", {"found": {"ok": False, "error_code": 400, "description": "no"}}),
    ("no path", {"found": {"ok": True, "result": {}}}),
    ("another result", {"found": {"ok": True, "result": ["photos/a.jpg"]}}),
    ("up and away", {"found": {"ok": True, "result": {"file_path": "../getMe"}}}),
    ("to another server", {"found": {"ok": True, "result": {"file_path": "//evil.example/a"}}}),
    ("no JSON object", {"found": []}),
    ("the file is gone", {"status": 404}),
    ("the server is ill", {"status": 500}),
    ("a redirect", {"status": 302}),
    ("no photo at all", {"body": b"<html>"}),
    ("nothing", {"body": b""}),
    ("too large, whatever was said", {"body": b"x" * (MOST_BYTES + 1)}),
    ("too slow", {"slow": 2.0}),
]


@pytest.mark.parametrize(("name", "changed"), FAILURES, ids=[row[0] for row in FAILURES])
async def test_what_cannot_be_had_costs_nothing(
    post: Post, name: str, changed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "PICTURE_PATIENCE", 0.5)
    for key, value in changed.items():
        setattr(post.files, key, value)
    await post.comes()
    assert (post.held, post.names) == (False, [])


async def test_withdrawn_meanwhile_it_is_not_kept(post: Post) -> None:
    post.files.slow = 0.2
    coming = asyncio.create_task(post.comes())
    await asyncio.sleep(0.1)
    post.keep(gatherings={(CHAT, "tg:1"): None})
    await coming
    assert (post.held, post.names) == (False, [])


PAYLOADS: list[tuple[Any, str | None]] = [
    ({"photo": SIZES}, "large"),
    ({"photo": [{"file_id": "only"}]}, "only"),
    ({"document": {"file_id": "d", "mime_type": "image/png", "file_size": 9}}, "d"),
    ({"document": {"file_id": "d", "mime_type": "application/pdf"}}, None),
    ({"photo": [{"file_id": 7}, {"file_id": ""}, "x", None]}, None),
    ({"photo": "x"}, None),
    ({"photo": [{"file_id": "x" * 301}]}, None),
    ({}, None),
    ("x", None),
]


@pytest.mark.parametrize(("message", "wanted"), PAYLOADS)
def test_which_photo_is_asked_for(message: Any, wanted: str | None) -> None:
    assert photo_of({"message": message}, MOST_BYTES) == wanted
    assert photo_of({"edited_message": message}, MOST_BYTES) == wanted


@pytest.mark.parametrize(
    "path", ["../a", "a/../b", "/etc/passwd", "http://x/a", "a//b", "a?b", "", "a\n", None, 7, ".a"]
)
def test_what_is_no_path_leads_nowhere(path: object) -> None:
    assert path_of({"file_path": path}) is None
