"""A sign-in that expires in the middle of a form: nothing typed is lost, nobody else does it."""

from __future__ import annotations

import html
import io
import re
from html.parser import HTMLParser

import aiohttp
import pytest
from argon2 import PasswordHasher
from office import Office, Visitor

from bot.web.desk import passwords
from bot.web.desk.kept import AGAIN, MOST_FIELDS, MOST_SIGNS, WAS, own_form
from intake.lifecycle import State
from storage.sessions import IDLE

TYPED = "换了新灯泡，已经亮了 <b>真的</b>"
GOOD = "梧桐树下第三张凳子空着"
NAME = "/desk/town/at/DEMO-1/invite"


class _Form(HTMLParser):
    """The first form of a page that is not the one for signing out: where it goes and what is in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action, self.fields, self.files, self._in = "", [], [], False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.action and given.get("action") != "/desk/sign-out":
            self.action, self._in = given.get("action", ""), True
        elif tag == "input" and self._in and given.get("type") == "hidden":
            self.fields.append((given["name"], given["value"]))
        elif tag == "input" and self._in and given.get("type") == "file":
            self.files.append(given["name"])

    def handle_endtag(self, tag: str) -> None:
        self._in = self._in and tag != "form"


async def sends(visitor: Visitor, path: str, fields: list[tuple[str, str]]) -> tuple[int, str, str]:
    """Status, page, and where one came to stand."""
    url = visitor.office.url
    async with visitor.session.post(
        url + path, data=fields, headers={"Origin": url, "Referer": f"{url}/desk/town"}
    ) as got:
        return got.status, await got.text(), got.url.path_qs


async def expired(office: Office, name: str = "chen") -> Visitor:
    visitor = await office.sits(name)
    office.now += IDLE
    office.later(minutes=1)
    return visitor


async def signs_in(visitor: Visitor, page: str, person: str) -> tuple[int, str, str]:
    form = _Form(page)
    assert form.action == "/desk/sign-in/again"
    fields = [*form.fields, ("person", f"web:demo-{person}")]
    return await sends(visitor, form.action, fields)


async def case_in_hand(office: Office) -> str:
    case = await office.case(state=State.WORKING, taken_by="web:demo-chen")
    return case.id


async def state(office: Office, id: str) -> State:
    case = await office.store.read(lambda tx: tx.cases.get(id))
    assert case is not None
    return case.state


# -- the same person --------------------------------------------------------------------------------


async def test_what_was_typed_goes_on_after_signing_in_again(office: Office) -> None:
    id = await case_in_hand(office)
    chen = await expired(office)
    status, page, _ = await sends(
        chen, f"/desk/case/{id}/finish", [("version", "1"), ("words", TYPED)]
    )
    assert (status, "写的还在" in page, html.escape(TYPED) in page) == (401, True, True)
    assert "<b>真的" not in page
    status, page, _ = await signs_in(chen, page, "chen")
    assert (status, "继续刚才的操作" in page, html.escape(TYPED) in page) == (200, True, True)
    assert await state(office, id) is State.WORKING, "signing in does nothing by itself"
    form = _Form(page)
    status, page, landed = await sends(chen, form.action, form.fields)
    assert (status, landed.startswith(f"/desk/case/{id}")) == (200, True)
    assert await state(office, id) is not State.WORKING
    entries = await office.store.read(lambda tx: tx.cases.entries(id))
    assert any(entry.words == TYPED for entry in entries)


async def test_it_goes_on_once(office: Office) -> None:
    street = await expired(office, "street")
    _, page, _ = await sends(street, NAME, [("role", "grid_worker"), ("note", "给小李")])
    _, page, _ = await signs_in(street, page, "street")
    form = _Form(page)
    status, page, _ = await sends(street, form.action, form.fields)
    assert (status, "/start/i-" in page) == (200, True)
    status, page, _ = await sends(street, form.action, form.fields)
    assert (status, "没有再交一次" in page, "给小李" in page) == (409, True, True)
    looks = await office.store.read(lambda tx: tx.audit.latest())
    assert [look.why for look in looks] == ["网格员，给小李"]


async def test_with_a_password_and_a_wrong_one_first(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(1, 8, 1))
    chen = await office.sits("chen")
    await chen.post("/desk/me/password", login="chen", new=GOOD, again=GOOD)
    office.now += IDLE
    office.later(minutes=1)
    id = await case_in_hand(office)
    _, page, _ = await sends(
        chen, f"/desk/case/{id}/report", [("version", "1"), ("words", "到现场看了\r\n灯座坏了")]
    )
    form = _Form(page)
    wrong = [*form.fields, ("login", "chen"), ("password", "错的错的错的错的错的"), ("code", "")]
    status, page, _ = await sends(chen, form.action, wrong)
    assert (status, "密码或验证码不对" in page, "灯座坏了" in page) == (401, True, True)
    assert 'value="chen"' in page
    assert "错的错的" not in page, "a password is never shown again"
    form = _Form(page)
    right = [*form.fields, ("login", "chen"), ("password", GOOD), ("code", "")]
    status, page, _ = await sends(chen, form.action, right)
    assert (status, "继续刚才的操作" in page, GOOD in page) == (200, True, False)
    form = _Form(page)
    await sends(chen, form.action, form.fields)
    entries = await office.store.read(lambda tx: tx.cases.entries(id))
    assert "灯座坏了" in entries[-1].words


async def test_whoever_signed_in_by_a_link_in_another_window_comes_back(office: Office) -> None:
    chen = await expired(office)
    id = await case_in_hand(office)
    _, page, _ = await sends(
        chen, f"/desk/case/{id}/report", [("version", "1"), ("words", "正在路上")]
    )
    look = [*_Form(page).fields, ("do", "look")]
    status, page, _ = await sends(chen, "/desk/sign-in/again", look)
    assert (status, "还没有登录好" in page, "正在路上" in page) == (401, True, True)
    await office.store.write(
        lambda tx: tx.sessions.make_link("t" * 30, "web:demo-chen", office.now)
    )
    await chen.post(f"/desk/in/{'t' * 30}")
    status, page, _ = await sends(chen, "/desk/sign-in/again", look)
    assert (status, "继续刚才的操作" in page) == (200, True)


async def test_a_press_without_words_goes_on_too(office: Office) -> None:
    case = await office.case()
    chen = await expired(office)
    status, page, _ = await sends(chen, f"/desk/case/{case.id}/take", [("version", "1")])
    assert (status, "您刚才写的" in page) == (401, False)
    _, page, _ = await signs_in(chen, page, "chen")
    form = _Form(page)
    await sends(chen, form.action, form.fields)
    assert await state(office, case.id) is State.SIGNED


async def test_what_was_changed_meanwhile_is_still_seen(office: Office) -> None:
    """Going on is a form like any other: version and rights are asked as ever."""
    id = await case_in_hand(office)
    chen = await expired(office)
    _, page, _ = await sends(chen, f"/desk/case/{id}/report", [("version", "0"), ("words", TYPED)])
    _, page, _ = await signs_in(chen, page, "chen")
    form = _Form(page)
    status, page, _ = await sends(chen, form.action, form.fields)
    assert (status, "刚刚有人动过" in page, html.escape(TYPED) in page) == (409, True, True)


# -- somebody else ----------------------------------------------------------------------------------


async def test_somebody_else_sees_nothing_of_it(office: Office) -> None:
    id = await case_in_hand(office)
    chen = await expired(office)
    _, page, _ = await sends(chen, f"/desk/case/{id}/finish", [("version", "1"), ("words", TYPED)])
    status, page, landed = await signs_in(chen, page, "sun")
    assert (status, "孙姐" in page, "真的" in page) == (200, True, False)
    assert not landed.startswith("/desk/sign-in")
    assert await state(office, id) is State.WORKING


async def test_somebody_else_in_another_window_goes_on_with_nothing(office: Office) -> None:
    chen = await expired(office)
    id = await case_in_hand(office)
    _, held, _ = await sends(chen, f"/desk/case/{id}/finish", [("version", "1"), ("words", TYPED)])
    _, ready, _ = await signs_in(chen, held, "chen")
    await chen.post("/desk/demo", person="web:demo-sun")
    _, page, _ = await sends(chen, "/desk/sign-in/again", [*_Form(held).fields, ("do", "look")])
    assert ("孙姐" in page, "真的" in page) == (True, False), "not by asking again"
    form = _Form(ready)
    status, page, _ = await sends(chen, form.action, form.fields)
    assert (status, "没有再交一次" in page) == (409, True), "not by the button of before"
    assert await state(office, id) is State.WORKING


async def test_who_typed_is_not_known(office: Office) -> None:
    """A browser that forgot: what was typed is shown to be copied, and goes on for nobody."""
    stranger = office.person()
    status, page, _ = await sends(stranger, NAME, [("role", "street"), ("note", "给<i>小李")])
    assert (status, "给&lt;i&gt;小李" in page, "请先登录" in page) == (401, True, True)
    assert "/desk/sign-in/again" not in page
    assert 'href="/desk/sign-in?to=%2Fdesk%2Ftown"' in page
    forged = [("to", NAME), ("who", ""), ("k.note", "给小李"), ("person", "web:demo-street")]
    _, page, landed = await sends(stranger, "/desk/sign-in/again", forged)
    assert ("继续刚才的操作" in page, landed.startswith("/desk/sign-in")) == (False, False)


async def test_the_mark_opens_nothing(office: Office) -> None:
    chen = await office.sits("chen")
    jar = {c.key: c.value for c in chen.session.cookie_jar}
    assert "chen" not in jar[WAS]
    thief = office.person()
    thief.session.cookie_jar.update_cookies({WAS: jar[WAS], AGAIN: "x"})
    assert (await thief.landed("/desk")).startswith("/desk/sign-in")


# -- hostile ----------------------------------------------------------------------------------------


async def test_other_sites_begin_nothing(office: Office) -> None:
    chen = await expired(office)
    for path in (NAME, "/desk/sign-in/again"):
        status, page = await chen.post(path, origin="http://evil.example", note="骗您的话")
        assert (status, "骗您的话" in page) == (403, False)


@pytest.mark.parametrize(
    "to",
    [
        "",
        "//evil.example/desk/x",
        "https://evil.example/desk/x",
        "/desk/../evil",
        "/desk/x/..%2f/.",
        "/desk\\evil",
        "javascript:alert(1)",
        "/r/abc",
        "/desk",
        "/desk/sign-out",
        "/desk/sign-in/again",
        "/desk/demo",
        "/desk/in/abc",
        "/desk/x\r\nSet-Cookie: a=b",
        "http://[",
    ],
)
async def test_it_leads_nowhere_else(to: str) -> None:
    assert own_form(to) == ""


async def test_a_forged_way_on_leads_nowhere(office: Office) -> None:
    chen = await expired(office)
    _, page, _ = await sends(chen, NAME, [("note", "给小李")])
    fields = [(n, "//evil.example/desk/" if n == "to" else v) for n, v in _Form(page).fields]
    _, page, _ = await sends(chen, "/desk/sign-in/again", [*fields, ("person", "web:demo-chen")])
    assert ("evil" in page, "继续刚才的操作" in page) == (False, False)


async def test_hostile_names_of_fields(office: Office) -> None:
    chen = await expired(office)
    evil = [
        ('"><script>alert(1)</script>', '"><img src=x onerror=alert(2)>写'),
        ("to", "//evil.example"),
        ("who", "x"),
        ("do", "look"),
        ("person", "web:demo-admin"),
        ("login", "骗"),
        ("k.words", "一层"),
        ("k.k.words", "两层"),
        ("", "没有名字"),
        ("words", "甲"),
        ("words", "乙"),
    ]
    status, page, _ = await sends(chen, "/desk/case/DEMO-1-9/report", evil)
    assert (status, "<script>alert" in page, "<img" in page) == (401, False, False)
    _, page, _ = await signs_in(chen, page, "chen")
    assert ("<script>alert" in page, "<img" in page) == (False, False)
    form = _Form(page)
    assert form.fields == evil, "as they were, in order, and nothing of ours among them"
    assert form.action.startswith("/desk/case/DEMO-1-9/report?once_again=")


async def test_passwords_and_codes_are_never_kept(office: Office) -> None:
    chen = await expired(office)
    for path, fields in (
        (
            "/desk/me/password",
            [("login", "老陈"), ("old", "秘一"), ("new", "秘二"), ("again", "秘三")],
        ),
        ("/desk/me/codes/end", [("password", "秘四")]),
        ("/desk/me/codes/confirm", [("code", "秘五")]),
        ("/desk/x", [("apiToken", "秘六"), ("my_secret", "秘七"), ("Password2", "秘八")]),
    ):
        status, page, _ = await sends(chen, path, fields)
        assert (status, "秘" in page.replace("密码", "")) == (
            401 if "/x" not in path else 404,
            False,
        )
        if status == 401:
            assert "不会留下来" in page
            assert "/desk/sign-in/again" not in page, "it would not be what was typed"


async def test_a_huge_form_is_told_to_be_too_much(office: Office) -> None:
    chen = await expired(office)
    for fields in (
        [("note", "a" * (MOST_SIGNS + 1))],
        [("a", "b")] * (MOST_FIELDS + 1),
        [("n" * 101, "b")],
    ):
        status, page, _ = await sends(chen, NAME, fields)
        assert (status, "放不下" in page, len(page) < 20_000) == (401, True, True)
    huge = io.BytesIO(b"note=" + b"a" * 3_000_000)
    headers = {"Origin": office.url, "Content-Type": "application/x-www-form-urlencoded"}
    async with chen.session.post(office.url + NAME, data=huge, headers=headers) as got:
        assert (got.status, "放不下" in await got.text()) == (401, True)


async def test_what_the_desk_takes_is_kept_whole(office: Office) -> None:
    chen = await expired(office)
    text = "字" * 30_000
    _, page, _ = await sends(chen, NAME, [("note", text)])
    assert ("k.note", text) in _Form(page).fields


async def test_files_are_to_be_chosen_again(office: Office) -> None:
    admin = await expired(office, "admin")
    form = aiohttp.FormData()
    form.add_field("text", "写在旁边的话")
    form.add_field("do", "look")
    form.add_field("file", io.BytesIO(b"secret bytes"), filename="<b>grids.csv")
    url = office.url
    async with admin.session.post(
        url + "/desk/town/import", data=form, headers={"Origin": url}
    ) as got:
        status, page = got.status, await got.text()
    assert (status, "secret bytes" in page, "<b>grids" in page) == (401, False, False)
    assert "文件要重新选一次：" in page
    _, page, _ = await signs_in(admin, page, "admin")
    ready = _Form(page)
    assert ready.files == ["file"]
    assert 'enctype="multipart/form-data"' in page
    assert dict(ready.fields) == {"text": "写在旁边的话", "do": "look"}


async def test_what_is_no_form_is_refused_as_ever(office: Office) -> None:
    chen = await expired(office)
    url = office.url
    for data, type in (
        (b"{}", "application/json"),
        (b"\xff=\xfe", "application/x-www-form-urlencoded"),
        (b"a=b", "application/x-www-form-urlencoded; charset=nonsense"),
        (b"broken", "multipart/form-data"),
        (b"broken", "multipart/form-data; boundary=x"),
    ):
        async with chen.session.post(
            url + NAME, data=data, headers={"Origin": url, "Content-Type": type}
        ) as got:
            page = await got.text()
            assert (got.status, "请先登录" in page) == (401, True), type


async def test_nothing_is_kept_on_the_server(office: Office) -> None:
    chen = await expired(office)
    _, page, _ = await sends(chen, NAME, [("note", "只在浏览器里")])
    await signs_in(chen, page, "chen")
    looks = await office.store.read(lambda tx: tx.audit.latest())
    assert looks == []
    assert re.search(
        r"no-store", (await chen.session.get(office.url + "/desk/me")).headers["Cache-Control"]
    )
