"""问答卡: a question to which somebody keeps the answer; everything else goes to the window."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from town import GRID, GROUP, ZONE, Town

from intake.answer_cards import AnswerCard
from intake.cases import Timer, TimerKind, timer_key

POLICE = AnswerCard(
    "c1",
    ("派出所礼拜六上班吗", "派出所周日上班吗", "派出所周末开门吗"),
    "派出所户籍窗口周六上午九点到十二点有人，周日不开",
    "派出所门口的告示",
    ("C",),
    datetime(2026, 12, 31, 0, 0, tzinfo=ZONE),
    "town:小陈",
    datetime(2026, 11, 20, 9, 0, tzinfo=ZONE),
)
PERMIT = replace(
    POLICE,
    id="c2",
    wordings=("居住证在哪里办", "居住证怎么办"),
    answer="居住证在社区服务中心二楼办",
    source="来穗局网站",
)


def keep(town: Town, *cards: AnswerCard) -> None:
    def work(tx: Any) -> None:
        for card in cards:
            tx.answers.save_card(card)

    town.store.write_now(work)


async def heard(town: Town, name: str, text: str) -> list[str]:
    return [post.text for post in await town.person(name).says(text) if post.chat == GROUP]


async def test_a_question_is_answered_with_source_and_day(town: Town) -> None:
    keep(town, POLICE, PERMIT)
    assert await heard(town, "王阿姨", "派出所礼拜六上班吗") == [
        "派出所户籍窗口周六上午九点到十二点有人，周日不开。（派出所门口的告示，11月20日核对）"
        "没答到就点“没答到”，转给窗口的人。"
    ]
    (said,) = await heard(town, "何伯", "居住证边度办")
    assert "二楼" in said
    assert town.cases() == []


async def test_alone_too_and_quoting_whom_it_answers(town: Town) -> None:
    keep(town, POLICE)
    wang = town.person("王阿姨")
    await wang.opens_private_talk(f"g-{GRID}")
    (post,) = await wang.says("派出所周末开门吗", wang.alone)
    assert "九点到十二点" in post.text
    assert (post.chat, post.reply_to) == (wang.alone, wang.last_message)


async def test_what_its_keeper_keeps_out_of_the_group_is_said_alone(town: Town) -> None:
    relief = replace(
        POLICE, id="c3", wordings=("低保怎么申请",), answer="带身份证到社区办", aloud=False
    )
    keep(town, relief)
    wang, li = town.person("王阿姨"), town.person("李叔")
    await wang.opens_private_talk(f"g-{GRID}")
    (post,) = await wang.says("低保怎么申请")
    assert (post.chat, "带身份证" in post.text) == (wang.alone, True)
    posts = await li.says("低保怎么申请")
    assert not any("带身份证" in post.text for post in posts), "nobody can tell him alone"
    assert town.case().reporter == "town:李叔"


async def test_what_no_card_answers_goes_to_the_window_as_always(town: Town) -> None:
    keep(town, POLICE, PERMIT)
    for number, (name, text) in enumerate(
        [
            ("王阿姨", "社保窗口礼拜六开不开门"),
            ("李叔", "高龄津贴怎么申请"),
            ("小周", "医保怎么交"),
        ],
        1,
    ):
        await town.person(name).says(text)
        assert len(town.cases()) == number, text


async def test_it_did_not_answer_by_button(town: Town) -> None:
    keep(town, PERMIT)
    wang = town.person("王阿姨")
    (said,) = await wang.says("请问居住证在哪里办")
    await town.person("李叔").presses("没答到", said)
    assert town.cases() == []
    await wang.presses("没答到", said)
    case = town.case()
    assert (case.item, case.reporter) == ("ZW01", "town:王阿姨")
    assert case.said == "请问居住证在哪里办"
    assert case.resolve_due is not None
    await wang.presses("没答到", said)
    assert len(town.cases()) == 1


async def test_it_did_not_answer_by_word_even_where_the_gate_had_not_heard_a_call(
    town: Town,
) -> None:
    keep(town, POLICE)
    wang = town.person("王阿姨")
    await wang.says("派出所礼拜六上班吗")
    await town.person("李叔").says("没答到")
    assert town.cases() == []
    posts = await wang.says("没答到")
    assert any(town.case().id in post.text for post in posts)
    assert town.case().said == "派出所礼拜六上班吗"


async def test_what_went_to_the_window_shows_no_more_than_it_would_have_at_once(town: Town) -> None:
    keep(town, POLICE, PERMIT)
    wang, li = town.person("王阿姨"), town.person("李叔")
    await wang.says("请问居住证在哪里办")
    await wang.presses("没答到")
    await li.says("居住证丢了在哪里补")
    first, second = town.case(1), town.case(2)
    assert (first.item, first.visibility) == (second.item, second.visibility)
    assert not any("居住证" in text for text in town.said_in(GROUP) if "DEMO-1-" in text)


async def test_neighbours_and_staff_who_know_are_left_alone(town: Town) -> None:
    keep(town, POLICE)
    wang, li = town.person("王阿姨"), town.person("李叔")
    await wang.says("有人去过派出所没有啊，我想问问")
    asked = wang.last_message
    for text in ("派出所礼拜六上班的，我上周去过", "派出所礼拜六上班"):
        assert await li.says(text) == [], text
    assert await li.says("派出所礼拜六上班吗？我也想知道", reply_to=asked) == []
    assert not any(
        "九点" in post.text for post in await town.person("小陈").says("派出所礼拜六上班吗")
    )


async def test_an_expired_or_ended_card_answers_nothing(town: Town) -> None:
    keep(
        town, replace(POLICE, expires_at=town.now + timedelta(hours=1)), replace(PERMIT, ended=True)
    )
    assert len(await heard(town, "王阿姨", "派出所周末开门吗")) == 1
    town.now += timedelta(hours=2)
    assert not any("九点" in text for text in await heard(town, "李叔", "派出所周末开门吗"))
    await town.person("李叔").says("居住证在哪里办")
    assert any(case.item == "ZW01" for case in town.cases())


async def test_a_card_of_elsewhere_answers_nothing_here(town: Town) -> None:
    keep(town, replace(POLICE, scopes=("OTHER",)))
    assert not any("九点" in text for text in await heard(town, "王阿姨", "派出所礼拜六上班吗"))
    assert town.case().item == "ZW03", "it goes to the window"


async def test_the_keeper_is_reminded_a_week_before_it_expires(town: Town) -> None:
    keep(town, POLICE)
    due = POLICE.expires_at - timedelta(days=7)
    timer = Timer(timer_key(TimerKind.CARD, "c1"), TimerKind.CARD, "c1", due)
    town.store.write_now(lambda tx: tx.timers.set([timer]))
    posts = await town.wait(days=40)
    assert [(post.chat.chat, post.text) for post in posts] == [
        (
            "p-小陈",
            "问答卡「派出所礼拜六上班吗」12月31日到期，过了就不再用它回街坊。"
            "请到工作台看一眼，还对就续上。",
        )
    ]


async def test_a_danger_in_a_question_is_a_danger(town: Town) -> None:
    keep(town, replace(POLICE, wordings=("电梯困人了怎么办",)))
    await town.person("王阿姨").says("电梯困人了怎么办")
    assert town.case().emergency == "E09"
