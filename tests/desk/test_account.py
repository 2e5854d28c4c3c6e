"""Signing in by password and code, and what is one's own on 我的登录."""

from __future__ import annotations

import asyncio
import html
import logging
import re
from pathlib import Path
from typing import Any

import pyotp
import pytest
from argon2 import PasswordHasher
from office import START, Office, Visitor
from sqlalchemy import text

from bot.demo import seed
from bot.sweeping import sweep
from bot.web.desk import passwords
from bot.web.desk.devices import device_of
from bot.web.desk.proving import Proving
from bot.web.desk.words_account import Wrong
from bot.web.room.photos import PhotoFolder
from bot.web.room.service import WebRoom
from intake.people import Grant, Person, PersonId, Role
from storage.accounts import LOCKED_FOR, MOST_FAILURES, Account
from storage.sessions import IDLE, LONGEST, Sessions
from storage.store import Store, Tx

GOOD = "梧桐树下第三张凳子空着"
OTHER = "春天的风筝飞过三号楼"
CHEN: PersonId = "web:demo-chen"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes of tests take no time."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(1, 8, 1))


async def with_password(office: Office, name: str = "chen", login: str = "chen") -> Visitor:
    """A persona at the desk who has set login and password."""
    visitor = await office.sits(name)
    status, page = await visitor.post("/desk/me/password", login=login, new=GOOD, again=GOOD)
    assert (status, "设好了" in page) == (200, True)
    return visitor


async def comes(
    office: Office, login: str = "chen", password: str = GOOD, code: str = "", **more: str
) -> tuple[bool, str]:
    """Somebody at the door: whether they are in, and what they see."""
    visitor = office.person()
    status, page = await visitor.post(
        "/desk/sign-in", login=login, password=password, code=code, **more
    )
    assert status == (200 if "/desk/sign-out" in page else 401)
    return status == 200, page


async def account(office: Office) -> Account:
    found = await office.store.read(lambda tx: tx.accounts.of(CHEN))
    assert found is not None
    return found


async def enrolled(office: Office, chen: Visitor) -> pyotp.TOTP:
    """Chen with two-step codes; the code of now is used up."""
    await chen.post("/desk/me/codes/begin", password=GOOD)
    totp = pyotp.TOTP((await account(office)).secret or "")
    _, page = await chen.post("/desk/me/codes/confirm", code=totp.at(office.now))
    assert "两步验证开好了" in page
    return totp


# At the door


async def test_one_sets_a_password_and_comes_in_by_it(office: Office) -> None:
    await with_password(office, login=" Ｃhen ")
    for login, password in (("chen", GOOD), ("CHEN ", GOOD), ("ｃｈｅｎ", GOOD)):
        assert (await comes(office, login, password))[0], login
    assert not (await comes(office, "chen", GOOD + " "))[0]


async def test_full_width_signs_are_the_plain_ones(office: Office) -> None:
    chen = await office.sits("chen")
    await chen.post("/desk/me/password", login="chen", new="Tree-1357924", again="Tree-1357924")
    assert (await comes(office, "chen", "Ｔｒｅｅ－１３５７９２４"))[0]


async def test_one_goes_on_to_where_one_wanted(office: Office) -> None:
    await with_password(office)
    for to, landed in (
        ("/desk/me", "/desk/me"),
        ("//evil.example", "/desk"),
        ("/desk/\r\nX:y", "/desk"),
    ):
        visitor = office.person()
        async with visitor.session.post(
            office.url + "/desk/sign-in",
            data={"login": "chen", "password": GOOD, "to": to},
            headers={"Origin": office.url},
            allow_redirects=False,
        ) as got:
            assert (got.status, got.headers["Location"]) == (303, landed)


async def test_all_that_is_wrong_is_one_sentence(office: Office) -> None:
    await with_password(office)
    pages = [
        re.sub(r'name="login" value="[^"]*"', "", (await comes(office, login, password))[1])
        for login, password in (
            ("chen", "falsch"),
            ("nobody", GOOD),
            ("", ""),
            ("chen", "x" * 9999),
        )
    ]
    assert Wrong.SIGN_IN in pages[0]
    assert set(pages) == {pages[0]}


async def test_what_was_typed_is_kept_and_harmless(office: Office) -> None:
    status, page = await office.person().post(
        "/desk/sign-in", login='"><b>x', password="geheimes Wort", to='/desk/"><i>'
    )
    assert status == 401
    assert html.escape('"><b>x').replace("&quot;", "&#34;") in page
    assert "<b>x" not in page
    assert "<i>" not in page
    assert "geheimes Wort" not in page


@pytest.mark.parametrize("login", ["chen", "nobody"])
async def test_nobodys_login_takes_the_same_work(
    office: Office, login: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await with_password(office)
    hashed: list[str] = []
    works = 0
    write = office.store.write

    class Counting:
        def verify(self, kept: str, password: str) -> bool:
            hashed.append(kept.rpartition("$")[0].rpartition("$")[0])
            return PasswordHasher(1, 8, 1).verify(kept, password)

    async def counted(*work: Any, **more: Any) -> Any:
        nonlocal works
        works += 1
        return await write(*work, **more)

    monkeypatch.setattr(passwords, "_HASHER", Counting())
    monkeypatch.setattr(office.store, "write", counted)
    await comes(office, login, "falsch falsch")
    assert (len(hashed), works) == (1, 1)


async def test_the_hash_of_nobody_costs_what_a_real_one_costs() -> None:
    hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
    assert not hasher.check_needs_rehash(passwords._NOBODYS)
    assert not await passwords.Passwords().matches(None, "")


async def test_former_staff_do_not_come_in(office: Office) -> None:
    await with_password(office)
    (grant,) = (await office.store.read(lambda tx: tx.people.many([CHEN])))[CHEN].grants
    await office.store.write(lambda tx: tx.people.revoke(CHEN, grant))
    in_, page = await comes(office)
    assert (in_, Wrong.SIGN_IN in page) == (False, True)
    assert await office.store.read(lambda tx: tx.sessions.of_person(CHEN, office.now)) != []


async def test_one_address_does_not_try_for_ever(office: Office) -> None:
    stranger = office.person()
    for _ in range(20):
        assert (await stranger.post("/desk/sign-in", login="a", password="b"))[0] == 401
    status, page = await stranger.post("/desk/sign-in", login="mine", password="b")
    assert (status, "歇一会儿" in page, 'value="mine"' in page) == (429, True, True)
    form, headers = {"login": "a", "password": "b"}, {"Origin": office.url}
    tries = [("192.0.2.1", 401), ("6.6.6.6, 192.0.2.2", 401), ("", 429)]
    tries += [(f"2001:db8:1:2::{n}", 401) for n in range(20)] + [("2001:db8:1:2:9::9", 429)]
    for address, expected in tries:
        sent = headers | ({"X-Forwarded-For": address} if address else {})
        async with stranger.session.post(
            office.url + "/desk/sign-in", data=form, headers=sent
        ) as got:
            assert got.status == expected, address
    office.later(seconds=15)
    assert (await stranger.post("/desk/sign-in", login="a", password="b"))[0] == 401


async def test_other_sites_cannot_sign_anybody_in(office: Office) -> None:
    await with_password(office)
    visitor = office.person()
    status, _ = await visitor.post(
        "/desk/sign-in", origin="http://evil.example", login="chen", password=GOOD
    )
    assert status == 403
    assert (await visitor.landed("/desk")).startswith("/desk/sign-in")


# Lock-out


async def test_five_wrong_tries_lock_for_a_quarter_of_an_hour(office: Office) -> None:
    await with_password(office)
    for _ in range(MOST_FAILURES):
        assert not (await comes(office, password="falsch"))[0]
    in_, page = await comes(office)
    assert (in_, Wrong.SIGN_IN in page) == (False, True), "not even with the right one"
    office.now += LOCKED_FOR
    assert (await comes(office))[0]


async def test_a_right_try_clears_the_count(office: Office) -> None:
    await with_password(office)
    for _ in range(2):
        for _ in range(MOST_FAILURES - 1):
            await comes(office, password="falsch")
        assert (await comes(office))[0]


async def test_a_lock_is_not_drawn_out_by_more_tries(office: Office) -> None:
    await with_password(office)
    for _ in range(MOST_FAILURES):
        await comes(office, password="falsch")
    office.later(minutes=14)
    for _ in range(MOST_FAILURES):
        await comes(office, password="falsch")
    office.later(minutes=1)
    assert (await comes(office))[0]


async def test_strangers_at_the_door_lock_out_nobody_who_sits_inside(office: Office) -> None:
    chen = await with_password(office)
    for _ in range(MOST_FAILURES):
        await comes(office, password="falsch")
    form = {"login": "chen", "old": GOOD, "new": OTHER, "again": OTHER}
    status, page = await chen.post("/desk/me/password", **form)
    assert (status, Wrong.OLD in page) == (200, False)
    in_, page = await comes(office, password=OTHER)
    assert (in_, Wrong.SIGN_IN in page) == (False, True), "the door stays shut, with one answer"
    office.now += LOCKED_FOR
    assert (await comes(office, password=OTHER))[0]


async def test_guessing_inside_locks_inside(office: Office) -> None:
    chen = await with_password(office)
    for _ in range(MOST_FAILURES):
        status, page = await chen.post("/desk/me/codes/begin", password="falsch")
        assert (status, Wrong.OLD in page) == (400, True)
    assert (await chen.post("/desk/me/codes/begin", password=GOOD))[0] == 400
    assert (await comes(office))[0], "the door has its own count"
    assert (await chen.post("/desk/me/codes/begin", password=GOOD))[0] == 400, "and frees nobody"
    assert (await account(office)).secret is None
    office.now += LOCKED_FOR
    assert (await chen.post("/desk/me/codes/begin", password=GOOD))[0] == 200


async def test_two_processes_count_together(shared_url: str) -> None:
    with Store.open(shared_url, "one") as one, Store.open(shared_url, "two") as two:
        await one.write(lambda tx: seed(tx, START))
        hashed = PasswordHasher(1, 8, 1).hash(GOOD)
        await one.write(lambda tx: tx.accounts.save(CHEN, "chen", hashed, START))
        doors = [Proving(store, lambda: START) for store in (one, two)]
        for n in range(MOST_FAILURES - 1):
            assert await doors[n % 2].by_login("chen", "falsch", "") is None
        assert await doors[0].by_login("chen", GOOD, "") == CHEN
        tries = [door.by_login("chen", "falsch", "") for door in doors for _ in range(6)]
        assert await asyncio.gather(*tries) == [None] * 12
        assert [await door.by_login("chen", GOOD, "") for door in doors] == [None, None]
        kept = await two.read(lambda tx: tx.accounts.of(CHEN))
        assert kept is not None
        assert (kept.failures, kept.locked_until) == (0, START + LOCKED_FOR)


# Login and password


async def test_the_old_password_is_needed(office: Office) -> None:
    chen = await with_password(office)
    for old in ("", "falsch"):
        form = {"login": "neu", "old": old, "new": OTHER, "again": OTHER}
        status, page = await chen.post("/desk/me/password", **form)
        assert (status, Wrong.OLD in page, 'value="neu"' in page) == (400, True, True)
    assert (await account(office)).login == "chen"
    _, page = await chen.post("/desk/me/password", login="chen", old=GOOD, new=OTHER, again=OTHER)
    assert "密码换好了" in page
    assert [(await comes(office, password=word))[0] for word in (GOOD, OTHER)] == [False, True]


async def test_the_login_alone_may_change(office: Office) -> None:
    chen = await with_password(office)
    _, page = await chen.post("/desk/me/password", login="小陈-桥头", old=GOOD)
    assert "保存好了" in page
    assert [(await comes(office, login))[0] for login in ("chen", "小陈-桥头")] == [False, True]


async def test_a_new_password_ends_the_other_sessions_and_links(office: Office) -> None:
    chen = await with_password(office)
    office.later(minutes=1)
    phone = await office.sits("chen")
    sun = await office.sits("sun")
    await office.store.write(lambda tx: tx.sessions.make_link("t" * 30, CHEN, office.now))
    await phone.post("/desk/me/password", login="chen", old=GOOD, new=OTHER, again=OTHER)
    assert (await chen.landed("/desk/me")).startswith("/desk/sign-in")
    assert await phone.landed("/desk/me") == "/desk/me"
    assert await sun.landed("/desk/me") == "/desk/me"
    assert (await office.person().post("/desk/in/" + "t" * 30))[0] == 404


@pytest.mark.parametrize(
    ("login", "new", "again", "wrong"),
    [
        ("chen", "", "", Wrong.MISSING),
        ("chen", "kurz", "kurz", Wrong.SHORT),
        ("chen", "x" * 201, "x" * 201, Wrong.LONG),
        ("xiaochen-桥头", "XiaoChen-桥头", "XiaoChen-桥头", Wrong.LIKE_LOGIN),
        ("xiaochen-桥头", "xiaochen-桥头99", "xiaochen-桥头99", Wrong.LIKE_LOGIN),
        ("chen", "1234567890", "1234567890", Wrong.COMMON),
        ("chen", "Password123", "Password123", Wrong.COMMON),
        ("chen", "111111111111", "111111111111", Wrong.COMMON),
        ("chen", GOOD, OTHER, Wrong.AGAIN),
        ("c", GOOD, GOOD, Wrong.LOGIN),
        ("<b>chen</b>", GOOD, GOOD, Wrong.LOGIN),
        ("a b", GOOD, GOOD, Wrong.LOGIN),
    ],
)
async def test_what_cannot_be_a_login_or_password(
    office: Office, login: str, new: str, again: str, wrong: str
) -> None:
    chen = await office.sits("chen")
    status, page = await chen.post("/desk/me/password", login=login, new=new, again=again)
    assert (status, wrong in page) == (400, True)
    assert f'value="{html.escape(login)}"' in page
    assert "<b>chen" not in page
    assert not new or new == login.casefold() or new not in page, "no password comes back"


async def test_a_login_is_one_persons(office: Office) -> None:
    await with_password(office)
    sun = await office.sits("sun")
    status, page = await sun.post("/desk/me/password", login="Chen", new=OTHER, again=OTHER)
    assert (status, Wrong.TAKEN in page) == (400, True)
    assert (await comes(office))[0]


async def test_who_sets_a_first_password_twice_at_once_sets_one(office: Office) -> None:
    chen, again = await office.sits("chen"), await office.sits("chen")
    answers = await asyncio.gather(
        chen.post("/desk/me/password", login="chen", new=GOOD, again=GOOD),
        again.post("/desk/me/password", login="chen", new=OTHER, again=OTHER),
    )
    assert sum("设好了" in page for _, page in answers) == 1
    # 401: the first was through before the second was let in, and ends all other sessions.
    assert all(status in (200, 400, 401) for status, _ in answers)


# Two-step codes


async def test_codes_are_set_up_by_picture_and_one_code(office: Office) -> None:
    chen = await with_password(office)
    assert await chen.landed("/desk/me/codes") == "/desk/me"
    status, page = await chen.post("/desk/me/codes/begin", password=GOOD)
    secret = (await account(office)).secret or ""
    assert (status, " ".join(re.findall("....", secret)) in page) == (200, True)
    async with chen.session.get(office.url + "/desk/me/codes/qr.svg") as got:
        drawn = await got.text()
        assert (got.status, got.content_type) == (200, "image/svg+xml")
        assert got.headers["Cache-Control"] == "no-store"
    assert drawn.startswith("<svg")
    assert "style" not in drawn
    assert (await comes(office))[0], "nothing is asked for yet"
    status, page = await chen.post("/desk/me/codes/confirm", code="000000")
    assert (status, Wrong.CODE in page) == (400, True)
    totp = pyotp.TOTP(secret)
    _, page = await chen.post("/desk/me/codes/confirm", code=f" {totp.at(office.now)} ")
    assert "两步验证开好了" in page
    for path in ("/desk/me", "/desk/me/codes", "/desk/me/codes/qr.svg"):
        _, page = await chen.get(path)
        assert secret not in page.replace(" ", "")
    assert (await chen.get("/desk/me/codes/qr.svg"))[0] == 404
    assert not (await comes(office))[0], "now it is"


async def test_a_code_is_good_once_and_for_about_now(office: Office) -> None:
    chen = await with_password(office)
    totp = await enrolled(office, chen)
    assert not (await comes(office, code=totp.at(office.now)))[0], "it set the codes up"
    office.later(minutes=2)
    for steps, good in ((-2, False), (2, False), (0, True), (0, False), (-1, False), (1, True)):
        in_, _ = await comes(office, code=totp.at(office.now, counter_offset=steps))
        assert in_ is good, steps


async def test_one_code_used_by_two_at_once_lets_one_in(office: Office) -> None:
    chen = await with_password(office)
    totp = await enrolled(office, chen)
    office.later(minutes=2)
    both = await asyncio.gather(*(comes(office, code=totp.at(office.now)) for _ in range(2)))
    assert sorted(in_ for in_, _ in both) == [False, True]


async def test_wrong_codes_lock_too(office: Office) -> None:
    chen = await with_password(office)
    totp = await enrolled(office, chen)
    office.later(minutes=2)
    for code in ("", "1", "abcdef", "１２３４５６", "0000000"):
        in_, page = await comes(office, code=code)
        assert (in_, Wrong.SIGN_IN in page) == (False, True)
    assert not (await comes(office, code=totp.at(office.now)))[0]


async def test_codes_end_by_password(office: Office) -> None:
    chen = await with_password(office)
    await enrolled(office, chen)
    await chen.post("/desk/me/codes/begin", password=GOOD)
    assert (await account(office)).two_step, "beginning anew takes nothing away"
    await chen.post("/desk/me/codes/cancel")
    assert (await chen.post("/desk/me/codes/end", password="falsch"))[0] == 400
    assert (await account(office)).two_step
    _, page = await chen.post("/desk/me/codes/end", password=GOOD)
    assert "两步验证关掉了" in page
    assert (await comes(office))[0]


async def test_codes_need_a_password_first(office: Office) -> None:
    chen = await office.sits("chen")
    assert "先设好账号和密码" in (await chen.get("/desk/me"))[1]
    assert (await chen.post("/desk/me/codes/begin", password=""))[0] == 400
    await with_password(office)
    chen = await office.sits("chen")
    await chen.post("/desk/me/codes/begin", password=GOOD)
    assert "开了一半" in (await chen.get("/desk/me"))[1]
    await chen.post("/desk/me/codes/cancel")
    assert (await account(office)).secret is None


# Sessions


async def test_one_sees_and_ends_ones_sessions(office: Office) -> None:
    first = await office.sits("chen")
    others = []
    for _ in range(2):
        office.later(minutes=5)
        others.append(await office.sits("chen"))
    sun = await office.sits("sun")
    _, page = await first.get("/desk/me")
    assert (page.count("最近用过"), page.count("这台设备")) == (3, 1)
    begun = re.findall(r'name="began" value="(\d[^"]+)"', page)
    assert len(begun) == 2, "one's own is ended by signing out"
    assert "已经退出" in (await first.post("/desk/me/sessions", began=html.unescape(begun[0])))[1]
    still = [(await one.landed("/desk/me")) == "/desk/me" for one in (first, *others)]
    assert still == [True, True, False], "the last used stands first"
    await others[0].post("/desk/me/sessions", began="others")
    assert (await first.landed("/desk/me")).startswith("/desk/sign-in")
    assert await others[0].landed("/desk/me") == "/desk/me"
    assert await sun.landed("/desk/me") == "/desk/me"


async def test_nobody_ends_anothers_session(office: Office) -> None:
    chen, sun = await office.sits("chen"), await office.sits("sun")
    for began in (office.now.isoformat(), "others", "nothing", ""):
        await sun.post("/desk/me/sessions", began=began)
    assert await chen.landed("/desk/me") == "/desk/me"
    assert await sun.landed("/desk/me") == "/desk/me", "nor their own by its name"


_BY_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ("", ""),
        ("curl/8", "设备 · 浏览器"),
        (
            f"Mozilla/5.0 (Linux; Android 13; M2102J2SC) {_BY_WEBKIT} Chrome/107.0 Mobile Safari/537.36 "
            "XWEB/5117 MicroMessenger/8.0.32 NetType/WIFI",
            "手机 · 微信",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1",
            "手机 · Safari",
        ),
        (f"Mozilla/5.0 (iPad; CPU OS 17_0) {_BY_WEBKIT} Mobile Safari/604.1", "平板 · Safari"),
        (f"Mozilla/5.0 (Linux; Android 12; Tab) {_BY_WEBKIT} Chrome/107.0", "平板 · Chrome"),
        (f"Mozilla/5.0 (Windows NT 10.0) {_BY_WEBKIT} Chrome/120.0 Edg/120.0", "电脑 · Edge"),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0",
            "电脑 · Firefox",
        ),
        (
            f"Mozilla/5.0 (Linux; Android 12; HarmonyOS) {_BY_WEBKIT} HuaweiBrowser/14 Mobile",
            "手机 · 华为浏览器",
        ),
    ],
)
def test_a_browser_in_short_words(says: str, words: str) -> None:
    assert device_of(says) == words


async def test_the_page_says_who_one_is(office: Office) -> None:
    _, page = await (await office.sits("chen")).get("/desk/me")
    assert "网格员" in page
    assert "桥头社区" in page
    _, page = await (await office.sits("wu")).get("/desk/me")
    assert "部门经办" in page
    department = office.rules.taxonomy.departments
    assert any(one.name in page for one in department.values())


async def test_names_with_html_in_them_are_only_names(office: Office) -> None:
    evil = Person("web:demo-evil", '<script>"x"</script>')
    grants = [Grant(Role.MODERATOR, "<i>nowhere</i>"), Grant(Role.DEPARTMENT, "<u>none</u>")]

    await office.store.write(lambda tx: tx.people.save([evil], office.now))
    for grant in grants:
        await office.store.write(
            lambda tx, grant=grant: tx.people.grant(evil.id, grant, "test", office.now)
        )
    visitor = await office.sits("evil")
    status, page = await visitor.get("/desk/me", done="<b>done</b>")
    assert status == 200
    assert "&lt;script&gt;" in page
    for tag in ("<script>", "<i>", "<u>", "<b>done"):
        assert tag not in page


# What must not be seen


async def test_no_hash_token_or_secret_stands_in_any_page(office: Office) -> None:
    chen = await with_password(office)
    office.later(minutes=1)
    phone = await office.sits("chen")
    totp = await enrolled(office, chen)
    kept = await account(office)
    sessions = await office.store.read(lambda tx: tx.sessions.of_person(CHEN, office.now))
    cookies = [cookie.value for one in (chen, phone) for cookie in one.session.cookie_jar]
    secret = [kept.password_hash, totp.secret, *(one.id for one in sessions), *cookies, GOOD]
    assert len(secret) == 9
    pages = [
        (await chen.get("/desk/me"))[1],
        (await chen.get("/desk/me/codes"))[1],
        (await chen.post("/desk/me/password", login="chen", old="falsch", new=GOOD, again=GOOD))[1],
        (await chen.post("/desk/me/codes/end", password="falsch"))[1],
        (await comes(office, password="falsch"))[1],
    ]
    for page in pages:
        squeezed = page.replace(" ", "")
        assert not [one for one in secret if one in squeezed or one[:16] in squeezed]
    assert all(one not in repr(kept) for one in secret)


async def test_no_hash_token_or_secret_stands_in_a_log(
    office: Office, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    chen = await with_password(office)
    totp = await enrolled(office, chen)
    office.later(minutes=2)
    await comes(office, code=totp.at(office.now))
    await comes(office, password="falsch falsch")
    kept = await account(office)

    def broken(*_: object) -> None:
        raise RuntimeError("the database is gone")

    monkeypatch.setattr(Sessions, "use_link", broken)
    assert (await office.person().post("/desk/in/a-token-of-a-link"))[0] == 500
    # `huying serve` keeps no access log; this server of the tests does.
    lines = [record for record in caplog.records if record.name != "aiohttp.access"]
    logged = "\n".join(map(logging.Formatter().format, lines))
    assert "the database is gone" in logged
    for secret in (GOOD, "falsch falsch", kept.password_hash, totp.secret, "a-token-of-a-link"):
        assert secret not in logged


async def test_a_statement_that_fails_does_not_tell_what_was_bound(store: Store) -> None:
    def work(tx: Tx) -> None:
        tx.connection.execute(text("SELECT * FROM no_such_table WHERE a = :a"), {"a": "geheim"})

    with pytest.raises(Exception, match="no_such_table") as raised:
        await store.write(work)
    assert "geheim" not in str(raised.value)


async def test_what_is_over_is_swept(office: Office, tmp_path: Path) -> None:
    room = WebRoom(office.store, PhotoFolder(tmp_path), lambda: office.now)
    await office.sits("chen")
    await office.store.write(lambda tx: tx.sessions.make_link("t" * 30, CHEN, office.now))
    office.now += IDLE
    await sweep(office.store, room, office.now)
    assert await office.store.write(lambda tx: tx.sessions.end(CHEN)) == 1, "still good"
    await office.sits("chen")
    office.now += LONGEST * 2
    await sweep(office.store, room, office.now)
    assert await office.store.write(lambda tx: tx.sessions.end(CHEN)) == 0
    assert await office.store.write(lambda tx: tx.sessions.forget(office.now)) == 0
