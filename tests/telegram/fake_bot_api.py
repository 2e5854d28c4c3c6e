"""A Bot API server on loopback that behaves as Telegram does, and oddly on request.

The law of this file: one method of `_METHODS` for one method of the Bot API; each request is recorded in
`calls`, in order, before it is answered. Updates are delivered one after the other as Telegram does:
again and again until 200 where a webhook is known, otherwise by getUpdates.

    api.user("王阿姨").says(group, "路灯坏了")     await api.post(group)     api.posts(group)
    api.user("李师傅").presses(post, "接单")        await api.delivered()

Switches: `privacy`, `limits`, `odd[method]`, `repeats`, `hold()` and `release(reverse=True)`.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest_asyncio
from aiohttp import ClientError, ClientSession, web
from fake_world import BOT_ID, BOT_NAME, Chat, Message, User, World

TOKEN = f"{BOT_ID}:fake-token"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_BY_DEFAULT_LEFT_OUT = {"chat_member", "message_reaction", "message_reaction_count"}

Odd = str | Callable[[dict[str, Any]], web.Response]
"""hang, html, html500, garbage, empty, list, null, missing, true, ok_false, error400, error404,
error500 or a function of the parameters."""


@dataclass(frozen=True)
class Call:
    method: str
    params: dict[str, Any]
    at: float


@dataclass(frozen=True)
class Delivery:
    update_id: int
    status: int


@dataclass
class Update:
    id: int
    kind: str
    content: dict[str, Any]

    def json(self) -> dict[str, Any]:
        return {"update_id": self.id, self.kind: self.content}


@dataclass(frozen=True)
class Refuse(Exception):
    """How Telegram says no."""

    code: int
    description: str
    parameters: dict[str, Any] = field(default_factory=dict)


class FakeBotApi:
    """The server; `url` is what HUYING_TELEGRAM_API is set to."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.world = World(clock)
        self.world.tell = self._tell
        self.calls: list[Call] = []
        self.deliveries: list[Delivery] = []
        self.odd: dict[str, Odd] = {}
        self.limits = False
        self.repeats = 1
        self.retry_after = 0.02
        self.webhook: dict[str, Any] = {"url": ""}
        self.url = ""
        self.extra_me: dict[str, Any] = {}
        self._update_ids = itertools.count(100_001)
        self._pending: deque[Update] = deque()
        self._held: list[Update] | None = None
        self._news = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()
        self._posted = asyncio.Condition()
        self._sent_at: dict[int, deque[float]] = defaultdict(deque)
        self._sent_all: deque[float] = deque()
        self._allowed: set[str] | None = None
        self._runner: web.AppRunner | None = None
        self._deliverer: asyncio.Task[None] | None = None

    # — driving it —

    def user(self, name: str) -> User:
        return self.world.user(name)

    def group(self, title: str, by: User | None = None, *, type: str = "supergroup") -> Chat:
        return self.world.group(title, by, type=type)

    def posts(self, chat: Chat) -> Sequence[Message]:
        """What the bot wrote there, oldest first, as it stands now."""
        return self.world.posts(chat)

    async def post(self, chat: Chat, number: int = 1, within: float = 10.0) -> Message:
        """The `number`-th post of the bot in a chat, waited for."""
        async with asyncio.timeout(within), self._posted:
            await self._posted.wait_for(lambda: len(self.posts(chat)) >= number)
        return self.posts(chat)[number - 1]

    async def delivered(self, within: float = 10.0) -> None:
        """Wait until the other side has taken every update."""
        async with asyncio.timeout(within):
            await self._empty.wait()

    def deliver_to(self, url: str, secret: str) -> None:
        """Deliver to a webhook that was not set by setWebhook."""
        self.webhook = {"url": url, "secret_token": secret}
        self._news.set()

    def hold(self) -> None:
        """Keep updates back until `release`."""
        self._held = []

    def release(self, reverse: bool = False) -> None:
        held, self._held = self._held or [], None
        for update in reversed(held) if reverse else held:
            self._queue(update)

    def repeat(self, update_id: int, content: dict[str, Any]) -> None:
        """Deliver an update a second time, as after a lost 200."""
        kind = next(key for key in content if key != "update_id")
        self._queue(Update(update_id, kind, content[kind]))

    def raw(self, kind: str, content: dict[str, Any]) -> int:
        """Deliver any content as an update; its id."""
        update = Update(next(self._update_ids), kind, content)
        self._queue(update)
        return update.id

    def called(self, method: str) -> list[dict[str, Any]]:
        """The parameters of all requests of a method, oldest first."""
        return [call.params for call in self.calls if call.method == method]

    # — the server —

    async def start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        self._deliverer = asyncio.create_task(self._deliver())

    async def stop(self) -> None:
        if self._deliverer:
            self._deliverer.cancel()
            with suppress(asyncio.CancelledError):
                await self._deliverer
        self._news.set()
        if self._runner:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        params = await _params(request)
        self.calls.append(Call(method, params, time.monotonic()))
        if request.match_info["token"] != TOKEN:
            return _no(Refuse(401, "Unauthorized"))
        odd = self.odd.get(method)
        if odd is not None:
            return await _odd(odd, params)
        handler = _METHODS.get(method.lower())
        if handler is None:
            return _no(Refuse(404, "Not Found"))
        try:
            result = handler(self, params)
            if asyncio.iscoroutine(result):
                result = await result
        except Refuse as refusal:
            return _no(refusal)
        async with self._posted:
            self._posted.notify_all()
        return web.json_response({"ok": True, "result": result})

    def _tell(self, kind: str, content: dict[str, Any], chat: Chat) -> None:
        update = Update(next(self._update_ids), kind, content)
        if self._held is not None:
            self._held.append(update)
        else:
            self._queue(update)

    def _queue(self, update: Update) -> None:
        left_out = update.kind in _BY_DEFAULT_LEFT_OUT
        if left_out if self._allowed is None else update.kind not in self._allowed:
            return
        self._pending.extend([update] * self.repeats)
        self._empty.clear()
        self._news.set()

    async def _deliver(self) -> None:
        """By webhook, one after the other, each until it is taken."""
        async with ClientSession() as session:
            while True:
                await self._news.wait()
                if not self._pending or not self.webhook["url"]:
                    self._news.clear()
                    continue
                update = self._pending[0]
                status = await self._post_update(session, update)
                self.deliveries.append(Delivery(update.id, status))
                if status == 200:
                    self._pending.popleft()
                    self._note_if_empty()
                else:
                    await asyncio.sleep(self.retry_after)

    def _note_if_empty(self) -> None:
        if not self._pending:
            self._empty.set()

    async def _post_update(self, session: ClientSession, update: Update) -> int:
        secret = self.webhook.get("secret_token")
        headers = {SECRET_HEADER: secret} if secret else {}
        try:
            async with session.post(
                self.webhook["url"], json=update.json(), headers=headers
            ) as answer:
                return answer.status
        except ClientError:
            return 0

    # — the methods —

    def get_me(self, params: dict[str, Any]) -> dict[str, Any]:
        rights = {"can_join_groups": True, "supports_inline_queries": False}
        reads_all = {"can_read_all_group_messages": not self.world.privacy}
        return self.world.bot_json() | rights | reads_all | self.extra_me

    def send_message(self, params: dict[str, Any]) -> dict[str, Any]:
        chat = self._chat(params)
        text = _text(params)
        rows = _rows(params)
        quoted = self._quoted(chat, params)
        self._count(chat)
        message = chat.add(None, text, quoted)
        message.rows = rows
        return message.json(self.world)

    def send_photo(self, params: dict[str, Any]) -> dict[str, Any]:
        chat = self._chat(params)
        photo, words = params.get("photo"), str(params.get("caption") or "")
        if not isinstance(photo, bytes):
            raise Refuse(400, "Bad Request: there is no photo in the request")
        if len(words) > 1024:
            raise Refuse(400, "Bad Request: message caption is too long")
        quoted = self._quoted(chat, params)
        self._count(chat)
        message = chat.add(None, words, quoted)
        message.rows = _rows(params)
        message.extra = {"photo": photo}
        return message.json(self.world) | {"photo": []}

    def send_document(self, params: dict[str, Any]) -> dict[str, Any]:
        chat = self._chat(params)
        document, words = params.get("document"), str(params.get("caption") or "")
        if not isinstance(document, bytes):
            raise Refuse(400, "Bad Request: there is no document in the request")
        if len(words) > 1024:
            raise Refuse(400, "Bad Request: message caption is too long")
        self._count(chat)
        message = chat.add(None, words, None)
        message.extra = {"document": document}
        return message.json(self.world) | {"document": None}

    def edit_message_text(self, params: dict[str, Any]) -> dict[str, Any]:
        message = self._own_message(params)
        text, rows = _text(params), _rows(params)
        return self._edited(message, text, rows)

    def edit_message_reply_markup(self, params: dict[str, Any]) -> dict[str, Any]:
        message = self._own_message(params)
        return self._edited(message, message.text, _rows(params))

    def answer_callback_query(self, params: dict[str, Any]) -> bool:
        press = str(params.get("callback_query_id"))
        if press not in self.world.open_presses:
            raise Refuse(400, "Bad Request: query is too old and response timeout expired")
        self.world.open_presses.remove(press)
        return True

    def set_message_reaction(self, params: dict[str, Any]) -> bool:
        chat = self._chat(params)
        message = chat.messages.get(int(params.get("message_id", 0)))
        if message is None:
            raise Refuse(400, "Bad Request: message to react not found")
        message.reactions = _json(params.get("reaction")) or []
        return True

    def set_webhook(self, params: dict[str, Any]) -> bool:
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", str(params.get("secret_token") or "")):
            raise Refuse(400, "Bad Request: secret token contains unallowed characters")
        self.webhook = {"url": params.get("url", ""), "secret_token": params.get("secret_token")}
        allowed = _json(params.get("allowed_updates"))
        self._allowed = set(allowed) if allowed else None
        self._news.set()
        return True

    def delete_webhook(self, params: dict[str, Any]) -> bool:
        self.webhook = {"url": ""}
        if params.get("drop_pending_updates") in (True, "true", "True"):
            self._pending.clear()
        return True

    def get_webhook_info(self, params: dict[str, Any]) -> dict[str, Any]:
        return {
            "url": self.webhook["url"],
            "has_custom_certificate": False,
            "pending_update_count": len(self._pending),
        }

    async def get_updates(self, params: dict[str, Any]) -> list[dict[str, Any]]:
        if self.webhook["url"]:
            raise Refuse(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = int(params.get("offset") or 0)
        allowed = _json(params.get("allowed_updates"))
        if allowed:
            self._allowed = set(allowed)
        self._pending = deque(update for update in self._pending if update.id >= offset)
        self._note_if_empty()
        if not self._pending and int(params.get("timeout") or 0):
            self._news.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(int(params["timeout"])):
                    await self._news.wait()
        most = int(params.get("limit") or 100)
        return [update.json() for update in itertools.islice(self._pending, most)]

    def get_chat(self, params: dict[str, Any]) -> dict[str, Any]:
        return self._chat(params).json() | {"accent_color_id": 0, "max_reaction_count": 11}

    def get_chat_member(self, params: dict[str, Any]) -> dict[str, Any]:
        chat = self._chat(params)
        number = int(params.get("user_id", 0))
        if number == BOT_ID:
            status = "administrator" if chat.bot_is_admin else "member"
            return {"status": status, "user": self.world.bot_json()}
        for user in self.world.users.values():
            if user.id == number:
                return {"status": "member", "user": user.json()}
        raise Refuse(400, "Bad Request: user not found")

    def _chat(self, params: dict[str, Any]) -> Chat:
        try:
            chat = self.world.chats[int(params["chat_id"])]
        except (KeyError, ValueError):
            raise Refuse(400, "Bad Request: chat not found") from None
        if chat.moved_to:
            raise Refuse(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                {"migrate_to_chat_id": chat.moved_to.id},
            )
        if not chat.open:
            raise Refuse(403, chat.why)
        return chat

    def _quoted(self, chat: Chat, params: dict[str, Any]) -> Message | None:
        wanted = _json(params.get("reply_parameters")) or {}
        number = int(wanted.get("message_id") or params.get("reply_to_message_id") or 0)
        message = chat.messages.get(number)
        if number and message is None and not wanted.get("allow_sending_without_reply"):
            raise Refuse(400, "Bad Request: message to be replied not found")
        return message

    def _own_message(self, params: dict[str, Any]) -> Message:
        message = self._chat(params).messages.get(int(params.get("message_id") or 0))
        if message is None:
            raise Refuse(400, "Bad Request: message to edit not found")
        if message.sender is not None:
            raise Refuse(400, "Bad Request: message can't be edited")
        return message

    def _edited(
        self, message: Message, text: str, rows: list[list[tuple[str, str]]]
    ) -> dict[str, Any]:
        if (text, rows) == (message.text, message.rows):
            raise Refuse(400, "Bad Request: message is not modified: specified new message content")
        message.text, message.rows = text, rows
        message.edits += 1
        return message.json(self.world)

    def _count(self, chat: Chat) -> None:
        """20 a minute in a group, 30 a second in all."""
        if not self.limits:
            return
        now = self.world.clock()
        checks = [(self._sent_all, 30, 1.0)]
        if chat.id < 0:
            checks.append((self._sent_at[chat.id], 20, 60.0))
        for times, most, span in checks:
            while times and times[0] <= now - span:
                times.popleft()
            if len(times) >= most:
                wait = max(1, int(times[0] + span - now + 0.999))
                words = f"Too Many Requests: retry after {wait}"
                raise Refuse(429, words, {"retry_after": wait})
        for times, _, _ in checks:
            times.append(now)


_METHODS: dict[str, Callable[[FakeBotApi, dict[str, Any]], Any]] = {
    "getme": FakeBotApi.get_me,
    "sendmessage": FakeBotApi.send_message,
    "sendphoto": FakeBotApi.send_photo,
    "senddocument": FakeBotApi.send_document,
    "editmessagetext": FakeBotApi.edit_message_text,
    "editmessagereplymarkup": FakeBotApi.edit_message_reply_markup,
    "answercallbackquery": FakeBotApi.answer_callback_query,
    "setmessagereaction": FakeBotApi.set_message_reaction,
    "setwebhook": FakeBotApi.set_webhook,
    "deletewebhook": FakeBotApi.delete_webhook,
    "getwebhookinfo": FakeBotApi.get_webhook_info,
    "getupdates": FakeBotApi.get_updates,
    "getchat": FakeBotApi.get_chat,
    "getchatmember": FakeBotApi.get_chat_member,
}


async def _params(request: web.Request) -> dict[str, Any]:
    """Query, form and JSON alike, as Telegram takes them."""
    params: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        body = await request.json()
        return params | body if isinstance(body, dict) else params
    form = dict(await request.post())
    for name, value in form.items():
        if isinstance(value, web.FileField):
            with value.file as file:
                form[name] = file.read()
    return params | form


def _json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise Refuse(400, "Bad Request: can't parse JSON object") from None


def _text(params: dict[str, Any]) -> str:
    text = str(params.get("text") or "")
    if not text.strip():
        raise Refuse(400, "Bad Request: message text is empty")
    if len(text.encode("utf-16-le")) // 2 > 4096:
        raise Refuse(400, "Bad Request: message is too long")
    return text


def _rows(params: dict[str, Any]) -> list[list[tuple[str, str]]]:
    markup = _json(params.get("reply_markup")) or {}
    rows = [
        [(str(button["text"]), str(button.get("callback_data", ""))) for button in row]
        for row in markup.get("inline_keyboard", [])
    ]
    if any(len(row) > 8 for row in rows) or sum(map(len, rows)) > 100:
        raise Refuse(400, "Bad Request: reply markup is too long")
    if any(not 1 <= len(data.encode()) <= 64 for row in rows for _, data in row):
        raise Refuse(400, "Bad Request: BUTTON_DATA_INVALID")
    return rows


def _no(refusal: Refuse) -> web.Response:
    body: dict[str, Any] = {
        "ok": False,
        "error_code": refusal.code,
        "description": refusal.description,
    }
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    return web.json_response(body, status=refusal.code)


_ODD: dict[str, tuple[int, str]] = {
    "html": (200, "<html><body>welcome to the hotel</body></html>"),
    "html500": (502, "<html><body>Bad Gateway</body></html>"),
    "garbage": (200, "\x00\x01{{{"),
    "empty": (200, ""),
    "list": (200, "[1, 2]"),
    "null": (200, '{"ok": true, "result": null}'),
    "missing": (200, '{"ok": true}'),
    "true": (200, '{"ok": true, "result": true}'),
    "strange": (200, '{"ok": true, "result": {"message_id": [], "url": 7, "id": "x"}}'),
    "ok_false": (200, '{"ok": false}'),
    "error400": (400, '{"ok": false, "error_code": 400, "description": "Bad Request: no"}'),
    "error404": (404, '{"ok": false, "error_code": 404, "description": "Not Found"}'),
    "error500": (500, '{"ok": false, "error_code": 500, "description": "Internal"}'),
}
ODD_ANSWERS = ("hang", *_ODD)


async def _odd(odd: Odd, params: dict[str, Any]) -> web.Response:
    if callable(odd):
        return odd(params)
    if odd == "hang":
        await asyncio.sleep(3600)
    status, body = _ODD[odd]
    return web.Response(status=status, body=body.encode(), content_type="text/html")


@pytest_asyncio.fixture
async def bot_api() -> AsyncIterator[FakeBotApi]:
    """A running fake Bot API server."""
    api = FakeBotApi()
    await api.start()
    try:
        yield api
    finally:
        await api.stop()


__all__ = ["BOT_NAME", "ODD_ANSWERS", "TOKEN", "FakeBotApi", "bot_api"]
