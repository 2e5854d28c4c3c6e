"""A person can always steer."""

from __future__ import annotations

from town import GROUP, STAFF, Town

from intake.lifecycle import State
from storage.store import Store


def examples(store: Store) -> list[tuple[str | None, str, str]]:
    rows = store.read_now(lambda tx: tx.examples.all())
    return [(row.example.read_as, row.example.label, row.example.source) for row in rows]


async def test_not_a_case_withdraws_and_teaches(town: Town) -> None:
    wang = town.person("王阿姨")
    await wang.says("3栋楼下路灯又不亮了")
    posts = await wang.says("不是报事")
    assert any("撤了" in p.text for p in posts if p.chat == GROUP)
    assert town.case().state is State.WITHDRAWN
    assert examples(town.store) == [("SZ03", "chat", "not_request")]


async def test_only_reporter_or_moderator_takes_back(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    posts = await town.person("小赵").presses("不是报事")
    assert "报事人自己" in posts[0].text
    assert town.case().is_open
    await town.person("孙姐").presses("不是报事")
    assert town.case().state is State.WITHDRAWN


async def test_replying_makes_a_case_of_any_line_for_its_author(town: Town) -> None:
    wang, zhou = town.person("王阿姨"), town.person("周楼长")
    assert await wang.says("哎 我们那边晚上走路要打手电咯") is not None
    before = len(town.cases())
    if before == 0:
        posts = await zhou.says("#报事", reply_to=wang.last_message)
        assert any("DEMO-1-1" in p.text for p in posts if p.chat == GROUP)
    case = town.case()
    assert case.reporter == "town:王阿姨"
    assert "手电" in case.said


async def test_forced_case_with_its_own_words(town: Town) -> None:
    posts = await town.person("李叔").says("#报事 老榕树那边石凳松了，怕摔到小孩")
    assert any("DEMO-1-1" in p.text for p in posts if p.chat == GROUP)
    assert town.case().place is not None


async def test_moderator_corrects_by_tapping_and_the_department_changes(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    opened = town.case().opened_at
    sun = town.person("孙姐")
    await sun.presses("改类")
    await sun.presses("其他类")
    await sun.presses("交通出行与停车")
    posts = await sun.presses("红绿灯故障配时")
    case = town.case()
    assert case.item == "JT04"
    assert case.lead == "JJDD"
    assert case.opened_at == opened
    assert any("更正" in p.text and "交警大队" in p.text for p in posts if p.chat == GROUP)
    assert examples(town.store) == [("SZ03", "JT04", "button")]


async def test_two_taps_suffice_where_the_right_item_was_a_guess(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    sun = town.person("孙姐")
    (question,) = await sun.presses("改类")
    second = town.case().guesses[1]
    button = next(b for b in question.buttons if b.data.endswith(second))
    await sun.presses(button.label, question)
    assert town.case().item == second


async def test_a_resident_may_not_correct(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    posts = await town.person("小赵").presses("改类")
    assert "负责的人" in posts[0].text


async def test_quiet_for_an_hour(town: Town) -> None:
    wang = town.person("王阿姨")
    posts = await wang.says("呼应 安静")
    assert "安静到" in posts[0].text
    posts = await wang.says("3栋楼下路灯又不亮了")
    assert [p for p in posts if p.chat == GROUP] == []
    assert [p for p in posts if p.chat == STAFF]
    posts = await town.wait(hours=1, minutes=1)
    assert any("DEMO-1-1" in text for text in town.said_in(GROUP))


async def test_one_word_reaches_a_person(town: Town) -> None:
    posts = await town.person("王阿姨").says("人工")
    assert any("想找人说话" in p.text for p in posts if p.chat == STAFF)
    assert any("叫网格员" in p.text for p in posts if p.chat == GROUP)


async def test_forget_me_is_honoured(town: Town) -> None:
    wang = town.person("王阿姨")
    await wang.says("别记我")
    assert await wang.says("3栋楼下路灯又不亮了") == []
    await wang.says("记我")
    assert await wang.says("3栋楼下路灯又不亮了") != []


async def test_erase_me_reaches_a_person_who_does_it(town: Town) -> None:
    wang = town.person("王阿姨")
    await wang.opens_private_talk("g-DEMO-1")
    await wang.says("3栋楼下路灯又不亮了")
    posts = await wang.says("删我", wang.alone)
    assert any("15 个工作日" in p.text for p in posts if p.chat == wang.alone)
    assert any("要求删除自己的记录（1 件）" in p.text for p in posts if p.chat == STAFF)
