"""协办、吹哨、上报 on the desk: the page of a case and the queue of whoever is asked."""

from __future__ import annotations

import re
from typing import Any

import pytest
from office import Office, as_read, posts, press, stored

from intake.cases import Case, TimerKind
from intake.joint_parts import Outcome
from intake.lifecycle import State
from intake.taxonomy import Tier, Visibility

FRIDAY = "2026-11-27"
WHAT = "先把灯下的杂物清走"


async def led_by_hw(office: Office, **more: Any) -> Case:
    """环卫所 leads it; 老吴 of 规划建设部 has nothing to do with it yet."""
    return await office.case(lead="HW", **more)


async def test_chen_asks_wu_answers_in_the_queue_and_nobody_outside_hears(office: Office) -> None:
    chen, wu, case = await office.sits("chen"), await office.sits("wu"), await led_by_hw(office)
    assert (await wu.get(f"/desk/case/{case.id}"))[0] == 404
    status, page = await press(chen, case, "ask-joint", to="JS", day=FRIDAY, words=WHAT)
    assert (status, "已请他们协办" in page, WHAT in page) == (200, True, True)
    assert "规划建设部：先把灯下的杂物清走（11月27日前）" in page, "the timeline"
    assert any(text.startswith("【协办】") for text in await posts(office, case, "staff"))
    _, queue = await wu.get("/desk/cases", scope="joint")
    assert (case.id in queue, "请协办 · 还剩3天" in queue) == (True, True)
    status, page = await wu.get(f"/desk/case/{case.id}")
    assert (status, 'id="act-finish-joint"' in page) == (200, True)
    assert not re.search('id="act-(finish|report|hand-back|send|end-parts)"', page)
    status, page = await press(wu, case, "finish-joint", words="已处理")
    assert (status, "空话不能算数" in page) == (400, True)
    status, page = await press(wu, case, "finish-joint", words="杂物清走了，装了三车")
    assert (status, "已告诉牵头的" in page) == (200, True)
    (part,) = (await stored(office, case)).parts
    assert (part.outcome, part.answer) == (Outcome.DONE, "杂物清走了，装了三车")
    assert (await press(wu, case, "finish-joint", words="再来一次就好了"))[0] == 403
    _, queue = await wu.get("/desk/cases", scope="joint")
    assert case.id not in queue
    assert await posts(office, case, "group") == []


async def test_a_joint_department_does_not_close_it(office: Office) -> None:
    chen, wu, case = await office.sits("chen"), await office.sits("wu"), await led_by_hw(office)
    await press(chen, case, "ask-joint", to="JS", day=FRIDAY, words=WHAT)
    for act in ("finish", "report", "take", "hand-back"):
        status, _ = await press(wu, case, act, words="换了灯头，试过亮了", choice="1", to="ZF")
        assert status == 403
    assert (await stored(office, case)).state is State.DISPATCHED


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"words": WHAT, "day": FRIDAY}, "还没说该归谁"),
        ({"words": WHAT, "day": FRIDAY, "place": "火星办"}, "没有叫“火星办”的单位"),
        ({"words": WHAT, "day": FRIDAY, "to": "HW"}, "环卫所就是牵头的"),
        ({"words": " ", "day": FRIDAY, "to": "JS"}, "请写一句，短一点就行"),
        ({"words": WHAT, "day": "2026-11-23", "to": "JS"}, "最晚到12月24日"),
        ({"words": WHAT, "day": "后天", "to": "JS"}, "请选一个日子"),
        ({"words": WHAT, "day": "2027-11-23", "to": "JS"}, "最晚到12月24日"),
        ({"words": "长" * 101, "day": FRIDAY, "to": "JS"}, "100 字以内"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    office: Office, form: dict[str, str], sentence: str
) -> None:
    chen, case = await office.sits("chen"), await led_by_hw(office, co=("JS",))
    status, page = await press(chen, case, "ask-joint", **form)
    assert (status, sentence in as_read(page)) == (400, True)
    back = page[page.index('id="act-ask-joint"') :]
    assert back.startswith('id="act-ask-joint" class="act" open')
    assert form["words"].strip() in back
    if form.get("to") == "JS":
        assert re.search(r'type="checkbox" name="to" value="JS" checked', back)
    assert (await stored(office, case)).parts == ()


async def test_several_at_once_and_not_more_than_eight(office: Office) -> None:
    chen, case = await office.sits("chen"), await led_by_hw(office)
    many = "建设部、执法队、水务、供电、供水、燃气公司、民政、交警"
    status, _ = await press(chen, case, "ask-joint", place=many, day=FRIDAY, words=WHAT)
    assert (status, len((await stored(office, case)).open_parts)) == (200, 8)
    status, page = await press(chen, case, "ask-joint", place="教育局", day=FRIDAY, words=WHAT)
    assert (status, "最多叫 8 家" in page, "教育局" in page) == (400, True, True)


async def test_the_lead_finishes_only_after_saying_that_it_does_not_wait(office: Office) -> None:
    street, case = await office.sits("street"), await led_by_hw(office)
    await press(street, case, "ask-joint", to="JS", day=FRIDAY, words=WHAT)
    words = "换了灯头，试过亮了"
    status, page = await press(street, case, "finish", words=words)
    assert (status, "规划建设部还没回话，要先说清楚等不等" in page, words in page) == (
        400,
        True,
        True,
    )
    assert 'name="choice" value="不等"' in page
    status, _ = await press(street, case, "finish", words=words, choice="不等")
    now = await stored(office, case)
    assert (status, now.state, now.parts[0].outcome) == (200, State.TO_RATE, Outcome.ENDED)


async def test_what_is_not_needed_any_more_is_taken_back(office: Office) -> None:
    street, case = await office.sits("street"), await led_by_hw(office)
    await press(street, case, "ask-joint", to="JS", day=FRIDAY, words=WHAT)
    _, page = await street.get(f"/desk/case/{case.id}")
    assert 'name="choice" value="joint:JS"' in page
    status, page = await press(street, case, "end-parts", choice="joint:JS")
    assert (status, "不等了，已告诉他们" in page) == (200, True)
    assert (await press(street, case, "end-parts", choice="joint:JS"))[0] == 409
    assert (await press(street, case, "end-parts", choice="nonsense"))[0] in (400, 409)


async def test_a_private_case_is_shown_to_whoever_is_asked_and_each_look_is_kept(
    office: Office,
) -> None:
    street, wu = await office.sits("street"), await office.sits("wu")
    case = await led_by_hw(office, visibility=Visibility.PRIVATE)
    await press(street, case, "ask-joint", to="JS", day=FRIDAY, words=WHAT)
    assert (await wu.get(f"/desk/case/{case.id}"))[0] == 200
    looks = await office.store.read(lambda tx: tx.audit.of_case(case.id))
    assert "web:demo-wu" in {look.person for look in looks}
    status, page = await press(wu, case, "decline-joint", words="这不是我们的管线")
    assert (status, f"of={case.id}" in page or "已告诉牵头的" in page) == (200, True)
    assert (await wu.get(f"/desk/case/{case.id}"))[0] == 404, "whoever cannot help sees it no more"


async def test_the_street_whistles_wu_reports_in_with_one_press(office: Office) -> None:
    street, wu, chen = [await office.sits(name) for name in ("street", "wu", "chen")]
    case = await led_by_hw(office)
    assert (await press(chen, case, "whistle", to="JS", words="来看看"))[0] == 403
    status, page = await press(street, case, "whistle", to="JS", place="执法队", words="灯杆要倒")
    assert (status, "吹哨了" in page, 'value="whistle"' in page) == (200, True, True)
    timers = await office.store.read(lambda tx: tx.timers.of_subject(case.id))
    assert TimerKind.JOINT in {timer.kind for timer in timers}
    _, queue = await wu.get("/desk/cases", scope="joint")
    assert "请报到 · 还剩24小时" in queue or "请报到 · 还剩1天" in queue
    status, page = await press(wu, case, "report-in")
    assert (status, "报到了" in page) == (200, True)
    came, open_ = (await stored(office, case)).parts
    assert (came.answered_at, open_.outcome) == (office.now, None)
    _, page = await street.get(f"/desk/case/{case.id}")
    assert "已报到" in page
    assert "还没报到" in page
    assert (await press(wu, case, "report-in"))[0] in (403, 409), "twice does nothing"
    await press(street, case, "end-parts", choice="whistle")
    assert (await stored(office, case)).open_parts == ()


async def test_handed_up_it_stands_before_the_district(office: Office) -> None:
    chen, street, district = [await office.sits(name) for name in ("chen", "street", "district")]
    case = await led_by_hw(office)
    status, page = await press(chen, case, "hand-up", words="要动主干管网")
    assert (status, "等区中心定" in page) == (200, True)
    _, page = await street.get(f"/desk/case/{case.id}")
    assert "等区中心定归谁：要动主干管网" in page
    assert 'id="act-send"' not in page
    assert (await press(street, case, "send", to="JS", words="我来定"))[0] == 403
    _, queue = await district.get("/desk/cases", scope="up")
    assert (case.id in queue, "等区里定" in queue) == (True, True)
    _, page = await district.get(f"/desk/case/{case.id}")
    assert 'id="act-send-down"' in page
    assert "街道说超出权限，请您定" in page
    status, _ = await press(district, case, "send", place="水务局", words="主干管网归区里")
    now = await stored(office, case)
    assert (status, now.lead, now.state, now.open_parts) == (200, "SW", State.DISPATCHED, ())
    _, queue = await district.get("/desk/cases", scope="up")
    assert case.id not in queue


async def test_sent_back_down_it_is_the_streets_again(office: Office) -> None:
    chen, district, case = (
        await office.sits("chen"),
        await office.sits("district"),
        await led_by_hw(office),
    )
    await press(chen, case, "hand-up", words="要动主干管网")
    assert (await press(district, case, "send-down", words=" "))[0] == 400
    status, page = await press(district, case, "send-down", words="支线归街道，区里给配件")
    assert (status, "退回街道了" in page, "支线归街道" in page) == (200, True, True)
    now = await stored(office, case)
    assert (now.lead, now.state, now.open_parts) == ("HW", State.DISPATCHED, ())


async def test_the_tiers_go_on_with_words(office: Office) -> None:
    chen, case = await office.sits("chen"), await led_by_hw(office, tier=Tier.MEMBER)
    assert (await press(chen, case, "pass-on", words=" "))[0] == 400
    status, page = await press(chen, case, "pass-on", words="去劝过两回，劝不动")
    assert (status, "网格先调解：去劝过两回，劝不动" in page) == (200, True)
    await press(chen, case, "pass-on", words="调解不成")
    assert (await stored(office, case)).tier is Tier.DEPARTMENT
    assert (await press(chen, case, "pass-on", words="再往下"))[0] == 409
