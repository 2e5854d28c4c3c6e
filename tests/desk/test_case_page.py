"""The page of a case: what it shows, what it offers, and what becomes of a form."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from office import GROUP, START, Office, Visitor, as_read, stored

from intake.cases import Case, Entry, Follower, Line, LineRole
from intake.facts import Changes
from intake.grids import ChatRef
from intake.lifecycle import Action, State
from intake.reading import Triage
from intake.taxonomy import Level, Visibility

NASTY = "<script>alert(1)</script>"


def offered(page: str) -> list[str]:
    return re.findall(r'<form method="post" action="/desk/case/[^/"]+/([a-z-]+)"', page)


async def press(
    visitor: Visitor, case: Case, act: str, number: int | None = 1, **form: str
) -> tuple[int, str]:
    version = {} if number is None else {"version": str(number)}
    return await visitor.post(f"/desk/case/{case.id}/{act}", **(version | form))


async def hang(office: Office, case: Case, **more) -> None:  # type: ignore[no-untyped-def]
    await office.store.write(lambda tx: tx.desk.save(Changes(**more), [], office.now))


async def test_what_the_page_tells(office: Office) -> None:
    case = await office.case(voices=3, provisional=True, returns=1)
    merged = await office.case(state=State.MERGED, merged_into=case.id)
    lines = [
        Line(case.id, GROUP, "1", "web:demo-wang", LineRole.OPENED, "灯不亮", ("photo",), START),
        Line(case.id, GROUP, "2", "web:x", LineRole.PLUS_ONE, "我这也是", (), START),
        Line(case.id, GROUP, "3", "web:demo-chen", LineRole.REPORT_BACK, "", (), START),
    ]
    entries = [
        Entry(case.id, 1, START, Action.DISPATCH, None, "ZF", "accepted", "dispatched"),
        Entry(case.id, 2, START, Action.CORRECT, "web:demo-sun", "SZ04 → SZ03", "x", "x"),
        Entry(case.id, 3, START, Action.SUPPLEMENT, "web:demo-wang", "还是不亮", "x", "x"),
    ]
    follower = Follower(case.id, "web:x", GROUP)
    await hang(office, case, lines=lines, entries=entries, followers=[follower])
    chen = await office.sits("chen")
    status, page = await chen.get(f"/desk/case/{case.id}")
    assert status == 200
    taxonomy = office.rules.taxonomy
    for words in (
        case.id,
        "已派单",
        taxonomy.items["SZ03"].name,
        taxonomy.departments[case.lead or ""].name,
        "3栋楼下路灯不亮",
        "还剩4小时",
        "还剩3天",
        "暂定",
        "另有 1 位街坊在等消息",
        "退回过 1 次",
        "附 照片",
        "原话已清除",
        "报事人",
        "街坊",
        "综合行政执法队",
        f"{taxonomy.items['SZ04'].name} → {taxonomy.items['SZ03'].name}",
        "孙姐",
        merged.id,
    ):
        assert words in page, words
    assert "王阿姨" not in page
    assert "web:demo-wang" not in page
    _, page = await chen.get(f"/desk/case/{merged.id}")
    assert f'已并入 <a href="/desk/case/{case.id}">' in page
    assert offered(page) == []


async def test_a_case_from_taking_to_done(office: Office) -> None:
    chen, case = await office.sits("chen"), await office.case()
    page_of = f"/desk/case/{case.id}"
    _, page = await chen.get(page_of)
    assert offered(page) == [
        *("take", "report", "finish", "set", "send", "ask-joint", "hand-up"),
        *("hand-back", "not-a-case", "reject"),
    ]
    status, page = await press(chen, case, "take")
    assert (status, "已由您接手" in page) == (200, True)
    acts = ["report", "finish", "set", "send", "ask-joint", "hand-up"]
    waits = ["pause", "ask-time", "hand-back", "not-a-case"]
    assert offered(page) == [*acts, *waits]
    status, page = await press(chen, case, "report", 2, words="师傅下午到")
    assert (status, "进展已发出" in page, "师傅下午到" in page) == (200, True, True)
    status, page = await press(chen, case, "finish", 3, words="换了新灯泡，亮了")
    assert (status, "已请报事人评价" in page) == (200, True)
    assert offered(page) == []
    assert (await stored(office, case)).done_words == "换了新灯泡，亮了"
    async with chen.session.get(office.url + page_of, params={"done": NASTY}) as got:
        assert NASTY not in await got.text()


async def test_nothing_typed_is_lost_when_somebody_was_faster(office: Office) -> None:
    chen, street, case = await office.sits("chen"), await office.sits("street"), await office.case()
    await press(street, case, "take")
    status, page = await press(chen, case, "report", 1, words="我<b>写了半天")
    assert (status, "刚刚有人动过" in page) == (409, True)
    assert "我&lt;b&gt;写了半天</textarea>" in page
    assert 'name="version" value="2"' in page
    status, page = await press(chen, case, "report", 2, words="我写了半天")
    assert (status, "进展已发出" in page) == (200, True)
    await press(street, case, "finish", 3, words="换了新灯泡，亮了")
    status, page = await press(chen, case, "finish", 3, words="我也换了一个")
    assert status == 409
    assert "现在做不了" in page
    assert "我也换了一个</textarea>" in page, "the words stay though the act is gone"


async def test_words_that_say_nothing_and_too_many(office: Office) -> None:
    chen, case = await office.sits("chen"), await office.case()
    for act, words in (("report", " "), ("finish", "已转相关部门"), ("reject", "")):
        status, page = await press(chen, case, act, words=words)
        assert (status, "空话不能算数" in page) == (400, True)
        assert f"{words.strip()}</textarea>" in page
    status, page = await press(chen, case, "report", words="长" * 501)
    assert (status, "500 字以内" in page, "长" * 501 in page) == (400, True, True)
    status, page = await press(chen, case, "report", number=None, words="师傅下午到")
    assert (status, "请再交一次" in page, "师傅下午到</textarea>" in page) == (400, True, True)
    status, page = await press(chen, case, "report", usual="已联系师傅，今天上门")
    assert status == 200, "without scripts a usual sentence is chosen"
    entries = await office.store.read(lambda tx: tx.cases.entries(case.id))
    assert [entry.words for entry in entries] == ["已联系师傅，今天上门"]


async def test_handing_back_and_correcting_need_a_choice(office: Office) -> None:
    chen, case = await office.sits("chen"), await office.case()
    for act in ("hand-back", "set"):
        for choice in ("", "nonsense"):
            status, page = await press(chen, case, act, choice=choice)
            assert (status, "请先选一项" in page) == (400, True)
    assert (await stored(office, case)).version == 1
    status, page = await press(chen, case, "set", choice="SZ04", other="GY04")
    assert (status, "事项改好了" in page) == (200, True)
    now = await stored(office, case)
    assert now.item == "GY04", "what was picked from all goes before the guess"
    status, page = await press(chen, case, "hand-back", now.version, choice="2", to="HW")
    assert (status, "已退回" in page, "权属不清" in page) == (200, True, True)


async def test_what_goes_out_of_sight_ends_in_the_queue(office: Office) -> None:
    property_ = await office.sits("property")
    wu, case = await office.sits("wu"), await office.case()
    people = await office.store.read(lambda tx: tx.people.many(["web:demo-wu"]))
    (grant,) = people["web:demo-wu"].grants
    own = replace(office.draft("SZ03", "DEMO-2"), lead="XX", co=(), taken_by="web:demo-wu")
    assert grant.scope not in own.departments
    await hang(office, own, cases={own.id: own})
    status, _ = await wu.get(f"/desk/case/{own.id}")
    assert status == 200, "it is in their hands"
    street = await office.sits("street")
    secret = await office.case("SZ03", state=State.TO_CONFIRM, triage=Triage.HUMAN)
    status, page = await press(street, secret, "set", choice="", other="MZ11")
    assert (status, "事项改好了" in as_read(page)) == (200, True)
    assert (await property_.get(f"/desk/case/{secret.id}"))[0] == 404
    status, page = await property_.get("/desk/cases", done="set", of=case.id)
    assert f"{case.id} 事项改好了。现在不归您管了。" in as_read(page)
    assert NASTY not in (await property_.get("/desk/cases", done="set", of=NASTY))[1]


async def test_a_wish_is_published_in_few_words(office: Office) -> None:
    sun = await office.sits("sun")
    case = await office.case("HZ01", state=State.REVIEW, said="想要一副老花镜")
    _, page = await sun.get(f"/desk/case/{case.id}")
    assert "publish" in offered(page)
    assert "想要一副老花镜</textarea>" in page
    status, page = await press(sun, case, "publish", words="愿" * 61)
    assert (status, "60 字以内" in page) == (400, True)
    status, page = await press(sun, case, "publish", words="想要一副300度的老花镜")
    assert (status, "等街坊认领" in page) == (200, True)
    assert (await stored(office, case)).published == "想要一副300度的老花镜"


async def test_an_alarm_is_answered_once_or_called_false(office: Office) -> None:
    chen = await office.sits("chen")
    fire = await office.case("AQ01", emergency="E01", level=Level.A, alert=1)
    _, page = await chen.get(f"/desk/case/{fire.id}")
    assert "先打 119" in page
    assert offered(page)[0] == "answer"
    assert "take" not in offered(page), "one button is enough"
    _, page = await press(chen, fire, "answer")
    assert "警情由您处理" in page
    assert "answer" not in offered(page)
    _, page = await press(chen, fire, "false-alarm", 2)
    assert "按误报撤回了" in page


async def test_a_look_at_a_private_case_is_on_record(office: Office) -> None:
    chen, property_ = await office.sits("chen"), await office.sits("property")
    auditor = await office.sits("auditor")
    secret = await office.case("MZ11", said="睡不着想找人说说")
    status, page = await chen.get(f"/desk/case/{secret.id}")
    assert (status, "睡不着" in page, "谁看过" in page) == (200, True, True)
    status, page = await property_.get(f"/desk/case/{secret.id}")
    assert (status, "没有找到这件事" in page, "睡不着" in page) == (404, True, False)
    status, page = await press(property_, secret, "report", words="想知道是谁")
    assert (status, "睡不着" in page) == (404, False)
    assert (await auditor.get(f"/desk/case/{secret.id}"))[0] == 403
    await press(chen, secret, "take")
    looks = await office.store.read(lambda tx: tx.audit.latest())
    assert {look.person for look in looks} == {"web:demo-chen"}
    assert [look.what for look in looks] == ["look", "take", "look"]


async def test_the_page_learns_that_somebody_else_changed_it(office: Office) -> None:
    chen, property_ = await office.sits("chen"), await office.sits("property")
    secret = await office.case("MZ11")
    news = f"/desk/case/{secret.id}/news"
    assert await chen.get(news, at="1") == (200, '{"new": 0, "changed": false}')
    await press(chen, secret, "take")
    assert await chen.get(news, at="1") == (200, '{"new": 0, "changed": true}')
    assert await chen.get(news, at="2") == (200, '{"new": 0, "changed": false}')
    assert (await property_.get(news))[0] == 404
    looks = await office.store.read(lambda tx: tx.audit.latest())
    assert [look.what for look in looks] == ["look", "take"], "a number is no look"


async def test_html_in_words_and_names_stays_text(office: Office) -> None:
    chen = await office.sits("chen")
    case = replace(office.draft("SZ03", "DEMO-1", said=NASTY), place=NASTY, title=NASTY, item=None)
    await hang(office, case, cases={case.id: case})
    line = Line(case.id, GROUP, "1", "web:demo-wang", LineRole.OPENED, NASTY, (NASTY,), START)
    entry = Entry(case.id, 1, START, Action.REPORT, "web:demo-chen", NASTY, NASTY, "")
    people = await office.store.read(lambda tx: tx.people.many(["web:demo-chen"]))
    named = replace(people["web:demo-chen"], name=NASTY)
    await hang(office, case, lines=[line], entries=[entry], people={named.id: named})
    status, page = await chen.get(f"/desk/case/{case.id}")
    assert (status, NASTY in page, "&lt;script&gt;" in page) == (200, False, True)
    assert (await chen.get("/desk/case/<b>x"))[0] == 404


@pytest.mark.parametrize(
    ("visibility", "words"),
    [
        (Visibility.GROUP, "街坊看得到"),
        (Visibility.MASKED, "只有工作人员看得到"),
        (Visibility.PRIVATE, "只发给报事人"),
    ],
)
async def test_who_will_hear_it_stands_at_the_field(
    office: Office, visibility: Visibility, words: str
) -> None:
    chen, case = await office.sits("chen"), await office.case(visibility=visibility)
    assert words in (await chen.get(f"/desk/case/{case.id}"))[1]


async def test_bad_addresses(office: Office) -> None:
    chen, case = await office.sits("chen"), await office.case()
    assert (await chen.post(f"/desk/case/{case.id}/explode", version="1"))[0] == 404
    assert (await chen.post("/desk/case/DEMO-1-99/take", version="1"))[0] == 404
    assert await chen.landed(f"/desk/case/{case.id}/take") == f"/desk/case/{case.id}"
    assert await chen.landed("/desk/cases/many") == "/desk/cases"
    for version in ("", "-1", "x", "9" * 30, "٣"):
        status, page = await press(chen, case, "take", None, version=version)
        assert (status, "请再交一次" in page) == (400, True), version


async def test_what_was_told_by_a_code_or_on_a_round_is_in_no_group(office: Office) -> None:
    chen = await office.sits("chen")
    for channel, said in (("qr", "扫码报的"), ("field", "随手报的")):
        case = await office.case(chat=ChatRef(channel, "a1"), said="灯不亮")
        _, page = await chen.get(f"/desk/case/{case.id}")
        for words in (said, "报的原话", "报事人会知道有人接手了", "这句话报事人看得到"):
            assert words in page, words
        assert "群里" not in page


async def test_what_was_not_fixed_says_so(office: Office) -> None:
    again = await office.case(reopened=1, done_words="换了灯泡")
    chen = await office.sits("chen")
    assert "上次办了什么（没好）" in (await chen.get(f"/desk/case/{again.id}"))[1]
    assert "没好·重办" in (await chen.get("/desk/cases"))[1]
