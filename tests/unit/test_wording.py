"""Every sentence: there is one for each template, it is short, says something, and names no reporter."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest
from unit_samples import NOW, REPORTER, ZONE, a_case, a_desk, taxonomy

from bot.wording.parts import QUOTE_LIMIT, Setting, day, quote, when
from bot.wording.sentences import SENTENCES, render
from intake.acknowledging import ack_extras, case_params, public_params
from intake.lifecycle import CaseKind, State
from intake.reading import Triage
from intake.taxonomy import Visibility
from intake.templates import Template

ITEMS, EMERGENCIES = taxonomy().items, taxonomy().emergencies
SETTING = Setting(NOW, ZONE, lambda parameter: f"https://t.me/huying_bot?start={parameter}")
LATER = (NOW + timedelta(days=3, hours=7)).isoformat()

FULL = {
    "case": "DEMO-1-1234",
    "visibility": "group",
    "title": "市政设施",
    "item": "路灯不亮或损坏",
    "item_code": "SZ03",
    "department": "规划建设部",
    "place": "3栋2单元楼下",
    "said": "3栋2单元楼下的路灯又不亮了,晚上老人出来散步看不见路,摔了怎么办",
    "level": "B",
    "state": "working",
    "respond_due": LATER,
    "resolve_due": LATER,
    "voices": "12",
    "call": "119",
    "emergency": "E01",
    "at": NOW.isoformat(),
    "who": "值班网格员",
    "option_1": "路灯不亮或损坏",
    "option_2": "楼道照明损坏",
    "words": "换了灯头,试过亮了",
    "score": "5",
    "opened_at": NOW.isoformat(),
    "checked_at": NOW.isoformat(),
    "starts_at": NOW.isoformat(),
    "ends_at": LATER,
    "expires_at": LATER,
    "subject": "停水",
    "answer": "周六上午九点到十二点有人值班",
    "source": "派出所门口的告示",
    "question": "派出所礼拜六上班吗",
    "until": LATER,
    "what": "phone",
    "wish_words": "想要一辆旧轮椅",
    "area": "第一网格",
    "count": "1",
    "cases": "DEMO-1-1 路灯不亮",
    "rows": '[{"case": "DEMO-1-1", "item": "路灯不亮", "words": "换了灯头", "what": "progress"}]',
    "link": "c-DEMO-1-1",
    "action": "finish",
    "name": "小陈",
    "scope": "第一网格",
    "role": "网格员",
    "whom": "环卫所",
    "anyway": "不等",
    "reason": "已经用过了",
    "absent": "小陈",
    "stand_in": "孙姐",
    "first": "11月25日",
    "last": "11月27日",
    "by": REPORTER,
    "reporter": REPORTER,
    "alone": "1",
    "old": "规划建设部",
    "new": "住房和城乡建设局",
}
FOR_STAFF = {
    Template.ALERT_TAKEN,
    Template.STAFF_LOOK,
    Template.WISH_CLAIMED_STAFF,
    Template.WISH_OFFERED_STAFF,
    Template.STAFF_UPDATE,
    Template.STAFF_HUMAN,
    Template.STAFF_ERASE,
    Template.STAFF_ASKS_TIME,
    Template.STAFF_LEFT,
    Template.STAFF_MOVED,
    Template.STAFF_JOINT,
    Template.STAFF_WHISTLE,
    Template.STAFF_BEYOND,
    Template.STAFF_ASKS_PAUSE,
    Template.STAFF_SUPERVISED,
    Template.STAFF_WATCHED,
}
"""Sentences for those at work, who have to know whom to ring up."""

# domain.md §3: what officials write instead of saying something.
EMPTY_PHRASES = (
    *(
        "高度重视",
        "已转相关部门",
        "相关部门",
        "有关部门",
        "望知悉",
        "请知悉",
        "敬请谅解",
        "请您理解",
    ),
    *(
        "尽快",
        "第一时间",
        "积极协调",
        "妥善处理",
        "收到请回复",
        "@所有人",
        "根据相关规定",
        "依法依规",
    ),
)


@pytest.mark.parametrize("template", Template)
def test_every_template_has_a_sentence(template: Template) -> None:
    for params in ({**FULL}, {"case": "DEMO-1-1", **_needed(template)}):
        sentence = render(template, params, SETTING)
        assert len(sentence) > 3
        assert "{" not in sentence
        assert "None" not in sentence


def _needed(template: Template) -> dict[str, str]:
    """What a sentence cannot do without; the desk always gives it."""
    return {
        name: FULL[name]
        for name in (
            *("item", "said", "department", "level", "call", "at", "wish_words", "area", "by"),
            *("checked_at", "opened_at", "until", "voices", "reporter", "link", "what"),
            *("title", "words", "absent", "stand_in", "first", "last", "rows"),
            *("whom", "anyway", "cases"),
        )
    }


def test_there_is_no_sentence_without_a_template() -> None:
    assert set(SENTENCES) == set(Template)


@pytest.mark.parametrize("template", Template)
def test_no_sentence_says_nothing(template: Template) -> None:
    for visibility in Visibility:
        sentence = render(template, FULL | {"visibility": visibility.value}, SETTING)
        assert not [phrase for phrase in EMPTY_PHRASES if phrase in sentence]


@pytest.mark.parametrize("template", sorted(set(Template) - FOR_STAFF))
def test_no_sentence_for_neighbours_names_who_reported(template: Template) -> None:
    assert REPORTER not in render(template, FULL, SETTING)


ACKS = [template for template in Template if template.value.startswith("ack_")]
EXTRAS: list[dict[str, str]] = [{}, {"warn": "1"}]


@pytest.mark.parametrize(("code", "extra"), list(product(ITEMS, EXTRAS)))
def test_an_acknowledgement_fits_in_a_glance(code: str, extra: dict[str, str]) -> None:
    """At most 110 characters, whatever the item, even with a long number and long words."""
    item = ITEMS[code]
    desk = a_desk()
    case = a_case(
        id="DATANG-07-1234",
        place=None,
        item=code,
        category=item.category,
        lead=item.lead,
        said="很长的话" * 40,
        visibility=item.visibility,
        guesses=(code, "SZ03", "WY01"),
        respond_due=NOW + timedelta(days=3),
        kind=CaseKind.WISH if item.is_wish else CaseKind.REQUEST,
    )
    for triage, state in ((Triage.AUTO, State.DISPATCHED), (Triage.ASK, State.TO_CONFIRM)):
        desk.facts.cases[case.id] = asked = replace(case, triage=triage, state=state)
        params = case_params(desk, asked) | ack_extras(desk, asked) | extra | {"alone": "1"}
        for template in ACKS:
            sentence = render(template, params, SETTING)
            assert len(sentence) <= 110, f"{len(sentence)}: {sentence}"


@pytest.mark.parametrize("template", ACKS)
def test_an_acknowledgement_says_the_number(template: Template) -> None:
    assert FULL["case"] in render(template, FULL, SETTING)


def test_an_acknowledgement_says_what_who_and_by_when() -> None:
    sentence = render(Template.ACK_SURE, FULL, SETTING)
    for wanted in ("3栋2单元楼下", FULL["item"], FULL["department"], "前给您回话", "周五"):
        assert wanted in sentence


@pytest.mark.parametrize("code", EMERGENCIES)
def test_an_alarm_says_which_number_to_call(code: str) -> None:
    call = EMERGENCIES[code].call
    params = FULL | {"emergency": code, "call": call}
    template = Template.ALARM if EMERGENCIES[code].group_reply else Template.ALARM_PRIVATE
    assert call in render(template, params, SETTING)


def test_gas_is_answered_with_what_not_to_touch() -> None:
    sentence = render(Template.ALARM, FULL | {"emergency": "E02"}, SETTING)
    for wanted in ("别开关电器", "别点火", "室外"):
        assert wanted in sentence


def test_who_is_locked_in_a_lift_is_not_told_to_leave_it() -> None:
    call = EMERGENCIES["E09"].call
    sentence = render(Template.ALARM, FULL | {"emergency": "E09", "call": call}, SETTING)
    assert sentence.startswith("DEMO-1-1234 有人困在电梯里：别扒门，按轿厢里的铃，打 96333")
    assert "已通知值班网格员" in sentence
    assert "离开" not in sentence


@pytest.mark.parametrize("code", ["E03", "E06", "E07", "E08", "E12", "E19", "E20"])
def test_nobody_is_sent_away_who_must_stay(code: str) -> None:
    params = FULL | {"emergency": code, "call": EMERGENCIES[code].call}
    assert "人先离开危险处" not in render(Template.ALARM, params, SETTING)


def test_nobody_is_said_to_be_hurt_where_a_wire_hangs() -> None:
    sentence = render(Template.ALARM, FULL | {"emergency": "E08"}, SETTING)
    assert sentence.startswith("DEMO-1-1234 小心触电：离电线远一点")


def test_who_is_ill_is_not_moved_and_who_burns_leaves() -> None:
    assert "别搬动人" in render(Template.ALARM, FULL | {"emergency": "E03"}, SETTING)
    fire = render(Template.ALARM, FULL | {"emergency": "E01"}, SETTING)
    assert "情况紧急，请先打 119，人先离开危险处。" in fire


@pytest.mark.parametrize("template", [Template.STAFF_JOINT, Template.STAFF_WHISTLE])
def test_who_rings_for_others_is_not_asked_to_answer_for_them(template: Template) -> None:
    params = FULL | {"whom": "环卫所", "due": LATER, "by": "老吴", "unreached": "1"}
    sentence = render(template, params, SETTING)
    assert "请打电话告诉他们" in sentence
    assert "回复" not in sentence, "a reply of the grid's own staff would be told to neighbours"


def test_what_nobody_has_looked_at_is_in_nobodys_hands() -> None:
    params = FULL | {"state": State.TO_CONFIRM.value}
    said = "DEMO-1-1234 还在等人看，{due}前给您回话。已经催了一声。"
    assert render(Template.STATE_NOW, params, SETTING) == said.format(due=when(LATER, SETTING))
    late = params | {"respond_due": (NOW - timedelta(hours=1)).isoformat()}
    told = render(Template.STATE_NOW, late, SETTING)
    assert told == "DEMO-1-1234 还在等人看。已经催了一声。"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.DISPATCHED, "已派给规划建设部，还没人接手，{due}前办结。已经替您催了一声。"),
        (State.SIGNED, "有人接手了，{due}前办结。已经替您催了一声。"),
        (State.WORKING, "正在办，{due}前办结。已经替您催了一声。"),
        (State.TO_RATE, "处理好了。要是没好，回“没好”就重新办。"),
        (State.REJECTED, "这件不归网格办。还有疑问回“人工”。"),
        (State.WITHDRAWN, "已经撤了。要报，再说一句就行。"),
    ],
)
def test_how_it_stands_is_said_in_plain_words(state: State, said: str) -> None:
    params = {"case": "DEMO-1-7", "item": "路灯不亮", "department": "规划建设部"}
    params |= {"state": state.value, "resolve_due": LATER}
    told = render(Template.STATE_NOW, params, SETTING)
    assert told == "DEMO-1-7 路灯不亮：" + said.format(due=when(LATER, SETTING))


def test_a_limit_that_has_passed_is_promised_no_more() -> None:
    params = {"case": "DEMO-1-7", "item": "路灯不亮", "state": State.WORKING.value}
    params |= {"resolve_due": (NOW - timedelta(hours=1)).isoformat()}
    told = render(Template.STATE_NOW, params, SETTING)
    assert told == "DEMO-1-7 路灯不亮：正在办，过了说好的时间，还没办完。已经替您催了一声。"


@pytest.mark.parametrize(
    ("days", "said"), [(0, "今天"), (1, "明天"), (4, "周六（11月28日）"), (20, "12月14日")]
)
def test_a_day_is_said_whole(days: int, said: str) -> None:
    assert day((NOW + timedelta(days=days)).isoformat(), SETTING) == said


NOT_OF_A_MASKED_CASE = {Template.PRIVATE_NEUTRAL, Template.HELP, Template.ALARM}
"""Sentences without parameters of a case, or for staff, or for those in danger."""


@pytest.mark.parametrize("template", Template)
def test_masked_matters_show_neither_words_nor_place_nor_item(template: Template) -> None:
    desk = a_desk()
    case = desk.add_case(a_case(visibility=Visibility.MASKED, said="隔壁老李家暴", place="3栋201"))
    params = public_params(desk, case)
    if template in NOT_OF_A_MASKED_CASE or template.value.startswith(("staff_", "alert", "wish_")):
        return
    try:
        sentence = render(template, params, SETTING)
    except KeyError:
        return  # this sentence is never said of a masked case
    hidden = ("隔壁老李家暴", "3栋201", taxonomy().items["SZ03"].name)
    assert not [words for words in hidden if words in sentence]


def test_the_neutral_line_of_a_private_matter_names_neither_case_nor_matter() -> None:
    sentence = render(Template.PRIVATE_NEUTRAL, {"link": "c-DEMO-1-1"}, SETTING)
    assert sentence.count("DEMO-1-1") == 1, "only in the link"
    bare = render(Template.PRIVATE_NEUTRAL, {"link": "c-DEMO-1-1"}, Setting(NOW, ZONE))
    assert "DEMO-1-1" not in bare


# Now is 2026-11-24 10:00, a 二.
TIMES = [
    ("2026-11-24 18:30", "今天18:30"),
    ("2026-11-24 09:05", "今天9:05"),
    ("2026-11-25 00:00", "明天0:00"),
    ("2026-11-26 23:59", "后天23:59"),
    ("2026-11-27 09:00", "周五(11月27日)9:00"),
    ("2026-11-30 18:00", "周一(11月30日)18:00"),
    ("2026-12-01 09:00", "12月1日"),
    ("2026-12-31 09:00", "12月31日"),
    ("2026-11-23 17:00", "11月23日17:00"),
    ("2026-11-01 17:00", "11月1日"),
]


@pytest.mark.parametrize(("moment", "words"), TIMES)
def test_times_as_people_say_them(moment: str, words: str) -> None:
    iso = datetime.fromisoformat(moment).replace(tzinfo=ZONE).isoformat()
    said = when(iso, SETTING)
    assert said.translate({0xFF08: "(", 0xFF09: ")"}) == words


def test_a_time_in_another_zone_is_told_in_the_neighbourhoods() -> None:
    assert when("2026-11-24T10:30:00+00:00", SETTING) == "今天18:30"
    assert when("", SETTING) == ""


def test_a_quote_is_one_short_line() -> None:
    assert quote("灯\n坏  了") == "「灯 坏 了」"
    assert len(quote("长" * 200)) == QUOTE_LIMIT + 3


JOINED = [
    ({}, "路灯不亮或损坏（3栋2单元楼下）这件 DEMO-1-1234 已在办"),
    ({"place": ""}, "路灯不亮或损坏这件 DEMO-1-1234 已在办"),
    ({"state": "to_confirm"}, "3栋2单元楼下这件 DEMO-1-1234 已在办"),
    ({"state": "to_confirm", "place": ""}, "这件事 DEMO-1-1234 已在办"),
    ({"visibility": "masked"}, "这件事 DEMO-1-1234 已在办"),
    ({"visibility": "private"}, "这件事 DEMO-1-1234 已在办"),
]


@pytest.mark.parametrize(("change", "begins"), JOINED)
def test_who_joins_hears_what_was_joined(change: dict[str, str], begins: str) -> None:
    told = render(Template.JOINED, FULL | change, SETTING)
    assert told.startswith(begins)
    assert "晚上老人" not in told, "not in the first neighbour's words"
