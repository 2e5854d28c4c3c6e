"""A scanned code, a form, a case, and how it goes."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from kiosk import GROUP, START, Kiosk, Phone, opened, value

from bot.web.desk.guard import AtDesk
from bot.web.report.service import ReportLimits
from bot.web.room.limits import Pace
from intake.acts import Act, Given
from intake.cases import Case, LineRole
from intake.lifecycle import State
from intake.sight import sight_of
from intake.taxonomy import Visibility
from nlp.reader import Reader
from storage.sessions import Session
from storage.store import Store

LAMP = "楼道的灯不亮了，三天了"


async def does(
    kiosk: Kiosk, case: Case, what: Act, words: str = "", place: str = "", who: str = "chen"
) -> None:
    """小陈 does something on the desk."""
    id = f"web:demo-{who}"
    people, grids = await kiosk.store.read(lambda tx: (tx.people.many([id]), tx.grids.all()))
    session = Session("s", id, kiosk.now, kiosk.now, None)
    here = AtDesk(people[id], session, sight_of(people[id], grids))
    await kiosk.acts.do(here, case.id, None, what, Given("1", words, place))


async def the_case(kiosk: Kiosk) -> Case:
    (case,) = await kiosk.cases()
    return case


async def group_heard(kiosk: Kiosk) -> list[str]:
    return [sent.post.text for sent in await kiosk.posts() if sent.post.chat == GROUP]


async def test_a_report_becomes_a_case_and_its_page_tells_how_it_goes(kiosk: Kiosk) -> None:
    code, phone = await kiosk.code("3栋2单元"), kiosk.person()
    status, form = await phone.get(f"/r/{code}")
    assert (status, value(form, "place")) == (200, "3栋2单元")
    assert form.index('<a href="tel:119">119</a>') < form.index("<form"), "whom to call comes first"
    status, page = await phone.post(
        f"/r/{code}", words=LAMP, place="3栋2单元", once=value(form, "once")
    )
    assert status == 200
    assert phone.at.startswith("/p/")
    assert "正在登记" in page
    assert 'http-equiv="refresh" content="3"' in page
    page = await phone.again()
    case = await the_case(kiosk)
    assert (case.grid, case.place, case.said) == ("DEMO-1", "3栋2单元", f"3栋2单元，{LAMP}")
    assert case.id in page
    assert "refresh" not in page
    assert re.search(r"<button[^>]* hidden data-copies[^>]*>复制链接</button>", page)
    await does(kiosk, case, Act.TAKE)
    await does(kiosk, case, Act.REPORT, "灯泡在路上，下午到")
    page = await phone.again()
    assert "有人接手了" in page
    assert "进展：灯泡在路上，下午到" in page
    assert "小陈" not in page
    await does(kiosk, case, Act.FINISH, "换了新灯泡，试过亮了")
    page = await phone.again()
    assert "处理好了：换了新灯泡，试过亮了" in page
    assert page.index("<p>处理好了：换了新灯泡，试过亮了</p>") < page.index("办得怎么样")
    page = await phone.presses(case.id, score="5")
    assert "您评了 5 分" in page
    case = await the_case(kiosk)
    assert (case.state, case.score) == (State.CLOSED, 5)
    assert await group_heard(kiosk) == [], "told alone, nothing goes to a group"


async def test_who_it_was_sent_to_and_fro_is_not_the_neighbours_trouble(kiosk: Kiosk) -> None:
    code, phone = await kiosk.code("3栋2单元"), kiosk.person()
    await phone.reports(code, LAMP)
    await phone.again()
    case = await the_case(kiosk)
    await does(kiosk, case, Act.TAKE)
    await does(kiosk, case, Act.SEND, "路面的归环卫", "HW")
    await does(kiosk, case, Act.HAND_BACK, place="ZF")
    await does(kiosk, case, Act.SEND, "该城管", "ZF")
    await does(kiosk, case, Act.HAND_UP, "要动主干管网，街道没有权限")
    page = await phone.again()
    assert page.count("正在确定承办单位") == 2, "how it stands, and the last step"
    for word in ("环卫所", "执法队", "物业", "管网", "权限"):
        assert word not in page
    await does(kiosk, case, Act.SEND, "主干管网归区里", "SW", "district")
    page = await phone.again()
    assert (page.count("派给"), "派给水务局" in page) == (1, True)
    assert "正在确定" not in page
    assert "环卫所" not in page
    assert await group_heard(kiosk) == []


async def test_not_fixed_reopens(kiosk: Kiosk) -> None:
    phone = kiosk.person()
    await phone.reports(await kiosk.code(), "电梯坏了，按了没反应")
    case = await the_case(kiosk)
    await does(kiosk, case, Act.FINISH, "重启了控制柜，运行正常")
    await phone.again()
    page = await phone.presses(case.id, bad="1")
    assert "没好，重新办" in page
    assert "抱歉没办好，已重新派人。" in page
    assert (await the_case(kiosk)).reopened == 1


async def test_whatever_stands_on_the_form_is_a_call(kiosk: Kiosk) -> None:
    for number, words in enumerate(("1", "人工", "别记我", "DEMO-1-1 已修好", "哈哈", "#报事")):
        await kiosk.person().reports(await kiosk.code("甲" * (number + 1)), words)
        assert len(await kiosk.cases()) == number + 1, words
    people = await kiosk.store.read(lambda tx: tx.people.many(c.reporter for c in tx_cases(tx)))
    assert not any(person.opted_out for person in people.values())


def tx_cases(tx: object) -> list[Case]:
    from storage.recall import all_cases

    return all_cases(tx)  # type: ignore[arg-type]


async def test_danger_alarms_the_people_on_duty(kiosk: Kiosk) -> None:
    phone = kiosk.person()
    page = await phone.reports(await kiosk.code("5栋"), "着火了，好大烟，快来人")
    assert "119" in page
    assert 'role="alert"' in page
    case = await the_case(kiosk)
    assert case.emergency is not None
    alerts = [s.post.chat.chat for s in await kiosk.posts() if s.post.template == "alert"]
    assert "p-web:demo-chen" in alerts
    page = await phone.adds("楼下停着好多电动车")
    assert "楼下停着好多电动车" in page


async def test_two_who_report_the_same_make_one_case_with_two_voices(kiosk: Kiosk) -> None:
    code, first, second = await kiosk.code("6栋"), kiosk.person(), kiosk.person()
    await first.reports(code, "电梯坏了，按了没反应")
    case = await the_case(kiosk)
    page = await second.reports(code, "电梯坏了，按了没反应")
    assert (await the_case(kiosk)).voices == 2
    assert "一共 2 位街坊" in page
    await does(kiosk, case, Act.REPORT, "已到6栋502张阿姨家门口看过")
    await does(kiosk, case, Act.FINISH, "换了按钮，试过正常")
    page = await second.again()
    assert "处理好了" in page
    assert "张阿姨" not in page, "what was said to the reporter alone stays there"
    assert "办得怎么样" not in page
    await second.presses(case.id, score="1")
    assert (await the_case(kiosk)).score is None, "only the reporter rates"
    assert "张阿姨" in await first.again()


async def test_words_added_later_belong_to_the_case(kiosk: Kiosk) -> None:
    phone = kiosk.person()
    await phone.reports(await kiosk.code(), LAMP)
    case = await the_case(kiosk)
    kiosk.now += timedelta(days=2)
    page = await phone.adds("还有电梯口那一盏也坏了，我的电话13800138000")
    assert "电梯口那一盏" in page
    assert "13800138000" not in page
    assert len(await kiosk.cases()) == 1
    lines = await kiosk.store.read(lambda tx: tx.cases.lines(case.id))
    assert [line.role for line in lines] == [LineRole.OPENED, LineRole.SUPPLEMENT]
    told = [s.post.text for s in await kiosk.posts() if s.post.template == "staff_supplement"]
    assert any("电梯口那一盏" in text for text in told)


async def test_nothing_leads_from_a_case_to_who_reported_it(kiosk: Kiosk) -> None:
    phone, code = kiosk.person(), await kiosk.code()
    await phone.reports(code, LAMP)
    first = phone.at.removeprefix("/p/")
    await phone.reports(code, "垃圾堆在门口没人清，臭死了")
    one, other = await kiosk.cases()
    assert one.reporter != other.reporter
    assert one.chat != other.chat
    assert one.reporter.startswith("qr:")
    rows = await kiosk.store.read(
        lambda tx: tx.connection.exec_driver_sql("SELECT * FROM report_pages").all()
    )
    assert not any(first in str(row) for row in rows), "the token itself is nowhere"


async def test_sent_twice_it_is_one_report(kiosk: Kiosk) -> None:
    phone, code = kiosk.person(), await kiosk.code()
    _, form = await phone.get(f"/r/{code}")
    filled = {"once": value(form, "once"), "place": "", "words": LAMP}
    await phone.post(f"/r/{code}", **filled)
    there = phone.at
    await phone.post(f"/r/{code}", **filled)
    assert phone.at == there
    await phone.again()
    assert len(await kiosk.cases()) == 1
    await phone.post(f"/r/{code}", **(filled | {"words": "井盖翘起来了"}))
    assert phone.at != there, "another matter, written after going back, is not swallowed"
    await phone.again()
    assert len(await kiosk.cases()) == 2


async def test_html_in_words_stays_words(kiosk: Kiosk) -> None:
    phone = kiosk.person()
    evil = '<script>alert("x")</script> 路灯<b>不亮</b>'
    page = await phone.reports(await kiosk.code('<img src=x onerror="y">'), evil)
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    _, form = await phone.get(f"/r/{await kiosk.code('<i>楼</i>')}")
    assert "<i>" not in form


async def test_bad_input_is_said_and_what_was_typed_is_kept(kiosk: Kiosk) -> None:
    phone, code = kiosk.person(), await kiosk.code()
    for words in ("", "   ", "。。。", "\u200b"):
        status, page = await phone.post(f"/r/{code}", words=words, place="小花园<")
        assert (status, "还没写出了什么事" in page) == (400, True)
        assert value(page, "place") == "小花园&lt;"
    status, page = await phone.post(f"/r/{code}", words="灯" * 501)
    assert (status, "灯" * 501 in page, "最多 500 个字" in page) == (400, True, True)
    status, page = await phone.post(f"/r/{code}", words="灯不亮", place="楼" * 61)
    assert (status, "灯不亮" in page, "地点最多" in page) == (400, True, True)
    status, page = await phone.post(f"/r/{code}", words="灯" * 20_000)
    assert (status, "字太多" in page) == (413, True)
    status, page = await phone.post(f"/r/{code}", origin="https://evil.example", words=LAMP)
    assert (status, "已拦下" in page) == (403, True)
    assert await kiosk.cases() == []


async def test_codes_and_links_that_lead_nowhere(kiosk: Kiosk) -> None:
    phone, code = kiosk.person(), await kiosk.code()
    await kiosk.store.write(lambda tx: tx.report_codes.revoke(code, kiosk.now))
    for status, page in (await phone.get(f"/r/{code}"), await phone.post(f"/r/{code}", words="灯")):
        assert (status, "已经停用" in page, "12345" in page) == (410, True, True)
    status, page = await phone.get("/r/nothing")
    assert (status, "没有这个二维码" in page) == (404, True)
    assert (await phone.post("/r/nothing", words="灯不亮"))[0] == 404
    for path in ("/p/nothing", "/p/%00", "/p/" + "x" * 500):
        status, page = await phone.get(path)
        assert (status, "没有找到这个进度页" in page) == (404, True)
        assert (await phone.post(f"{path}/add", words="灯不亮"))[0] == 404
        assert (await phone.post(f"{path}/press", case="DEMO-1-1", score="5"))[0] == 404


async def test_a_link_reaches_its_own_case_only(kiosk: Kiosk) -> None:
    one, other, code = kiosk.person(), kiosk.person(), await kiosk.code()
    await one.reports(code, LAMP)
    await other.reports(code, "垃圾堆在门口没人清，臭死了")
    mine, theirs = sorted(await kiosk.cases(), key=lambda case: case.number)
    page = await one.again()
    assert theirs.id not in page
    for case in (theirs.id, "DEMO-9-9", "a:b"):
        status, _ = await one.post(f"{one.at}/press", case=case, bad="1")
        assert status in (400, 404)
        one.at = one.at.removesuffix("/press")
    assert mine.id in page
    status, page = await one.post(f"{one.at}/press", case=mine.id)
    assert (status, "请点一个按钮" in page) == (400, True)


@pytest.mark.parametrize("words", ["最近情绪低落，晚上睡不着，想找人说说话"])
async def test_a_private_matter_is_told_on_its_own_page_only(kiosk: Kiosk, words: str) -> None:
    phone, other = kiosk.person(), kiosk.person()
    code = await kiosk.code("")
    page = await phone.reports(code, words)
    case = await the_case(kiosk)
    assert case.visibility is Visibility.PRIVATE
    assert words in page
    assert "只告诉您" in page
    assert "情绪" not in page.split("</title>")[0], "not in the browser's history"
    page = await other.reports(code, words)
    assert len(await kiosk.cases()) == 2
    assert case.id not in page
    assert await group_heard(kiosk) == []


async def test_who_is_known_in_the_web_room_may_report_as_themselves(kiosk: Kiosk) -> None:
    phone, code = kiosk.person(), await kiosk.code(grid="DEMO-2")
    token = await kiosk.room.new_token("web:demo-wang")
    phone.session.cookie_jar.update_cookies({"huying_room": token})
    _, form = await phone.get(f"/r/{code}")
    assert "王阿姨" in form
    page = await phone.reports(code, LAMP, told="me")
    case = await the_case(kiosk)
    assert (case.reporter, case.grid) == ("web:demo-wang", "DEMO-2")
    assert "王阿姨" not in page
    await does(kiosk, case, Act.FINISH, "换了新灯泡，试过亮了")
    asked = [s.post for s in await kiosk.posts() if s.post.template == "please_rate"]
    assert [str(post.chat) for post in asked] == ["web:p-web:demo-wang"]
    await phone.again()
    await phone.presses(case.id, score="4")
    assert (await the_case(kiosk)).score == 4
    await phone.reports(code, "垃圾堆在门口没人清，臭死了", told="nobody")
    newest = max(await kiosk.cases(), key=lambda case: case.number)
    assert newest.reporter.startswith("qr:")


async def test_too_many_reports_are_asked_to_wait(
    store: Store, reader: Reader, tmp_path: Path
) -> None:
    limits = ReportLimits(Pace(3, 60.0), Pace(5, 600.0), Pace(1, 30.0))
    async with opened(store, reader, tmp_path, limits) as kiosk:
        phone, code = kiosk.person(), await kiosk.code()
        for number in range(3):
            await phone.post(f"/r/{code}", words=f"第{number}盏灯不亮")
        status, page = await phone.post(f"/r/{code}", words="第四盏灯不亮")
        assert (status, "一下子报得太多" in page, "第四盏灯不亮" in page) == (429, True, True)
        kiosk.now = START + timedelta(minutes=10)
        await phone.post(f"/r/{code}", words="第四盏灯不亮")
        await phone.post(f"/r/{code}", words="第五盏灯不亮")
        assert phone.at.startswith("/p/")
        progress: str = phone.at
        await spent(phone, code)
        phone.at = progress
        await phone.again()
        assert (await phone.post(f"{progress}/add", words="补充一句话"))[0] == 200
        status, page = await phone.post(f"{progress}/add", words="再补充一句")
        assert (status, "再补充一句" in page) == (429, True)


async def spent(phone: Phone, code: str) -> None:
    """A code that was used too often is refused, from whatever address; one is left."""
    url = f"{phone.kiosk.url}/r/{code}"
    for address, expected in (("203.0.113.9", 200), ("203.0.113.10", 429), ("2001:db8::1", 429)):
        headers = {"Origin": phone.kiosk.url, "X-Forwarded-For": f"evil, {address}"}
        async with phone.session.post(url, data={"words": "灯坏了"}, headers=headers) as got:
            assert got.status == expected
            assert expected == 200 or int(got.headers["Retry-After"]) > 0


async def test_every_answer_carries_the_security_headers(kiosk: Kiosk) -> None:
    phone = kiosk.person()
    code = await kiosk.code()
    await phone.reports(code, LAMP)
    for path in (f"/r/{code}", phone.at, "/p/nothing"):
        async with phone.session.get(kiosk.url + path) as got:
            assert "default-src 'none'" in got.headers["Content-Security-Policy"]
            assert got.headers["Cache-Control"] == "no-store"
            assert got.headers["X-Robots-Tag"] == "noindex, nofollow"
            page = await got.text()
            scripts = page.count("<script")
            assert scripts == page.count('<script type="module" src="/report/static/') <= 2
            assert "style=" not in page


async def test_old_progress_pages_are_forgotten(kiosk: Kiosk) -> None:
    phone = kiosk.person()
    await phone.reports(await kiosk.code(), LAMP)
    later = kiosk.now + timedelta(days=366)
    assert await kiosk.store.write(lambda tx: tx.report_pages.forget(kiosk.now)) == 0
    assert await kiosk.store.write(lambda tx: tx.report_pages.forget(later)) == 1
    assert (await phone.get(phone.at))[0] == 404
