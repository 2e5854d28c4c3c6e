"""A neighbourhood teaches the bot its own names."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from town import DEPARTMENT, GRID, GROUP, STAFF, VOLUNTEERS, Town

from bot import demo
from bot.channels import web
from bot.runtime import Runtime, running, utc_now
from bot.settings import Settings
from bot.web.room.demo import residents_room, staff_room
from intake.commands import Sender
from intake.naming import EVERYWHERE, MOST_NAMES, Naming, Sort
from intake.people import Grant, Person, Role
from nlp.reader import Reader
from storage.recall import all_cases
from storage.records import Arrival, Look
from storage.store import Store, Tx


def places(town: Town) -> tuple[str, ...]:
    grid = town.store.read_now(lambda tx: tx.grids.get(GRID))
    assert grid is not None
    return grid.places


def words(town: Town) -> tuple[str, ...]:
    return town.store.read_now(lambda tx: tx.words.of([GRID])).get(GRID, ())


def record(town: Town) -> list[tuple[str, str, str | None]]:
    looks: list[Look] = town.store.read_now(lambda tx: tx.audit.of_case(GRID))
    return [(look.person, look.what, look.why) for look in looks]


async def test_a_place_named_in_the_staff_chat_is_known_in_the_very_next_message(
    town: Town,
) -> None:
    wang, sun = town.person("王阿姨"), town.person("孙姐")
    await wang.says("猫儿岗盏路灯唔着好几日啦")
    assert town.case().place != "猫儿岗"
    (post,) = await sun.says("#地名 猫儿岗、石龙仔", STAFF)
    assert (post.chat, post.text) == (STAFF, "记下了：猫儿岗、石龙仔，从下一句话起就认得。")
    await town.person("李叔").says("石龍仔後面條渠塞咗，臭到死")
    assert town.case(2).place == "石龍仔後面"
    await town.person("张姐").says("猫儿岗有个井盖没了，好危险")
    assert town.case(3).place == "猫儿岗"


async def test_a_bare_name_is_a_lead_in_at_once(town: Town) -> None:
    await town.person("小陈").says("#地名 石龙仔", STAFF)
    wang = town.person("王阿姨")
    assert await wang.says("石龙仔") == []
    town.now += timedelta(seconds=20)
    await wang.says("路灯又不亮了")
    assert town.case().place == "石龙仔"


async def test_names_are_listed_and_removed(town: Town) -> None:
    sun = town.person("孙姐")
    (post,) = await sun.says("#地名", STAFF)
    assert post.text.startswith("第一网格的地名（1 个）：老榕树。")
    await sun.says("#地名 三角地", STAFF)
    (post,) = await sun.says("＃刪地名 三角地，番薯地", STAFF)
    assert post.text == "删了：三角地。这里没有：番薯地。"
    assert places(town) == ("老榕树",)
    await sun.says("#删地名 老榕樹", STAFF)
    (post,) = await sun.says("#地名", STAFF)
    assert post.text == "第一网格还没有自己的地名。要加就写“#地名 老榕树头”。"
    assert places(town) == ()


async def test_saying_it_again_changes_nothing(town: Town) -> None:
    sun, chen = town.person("孙姐"), town.person("小陈")
    await sun.says("#地名 老榕树头、老榕樹頭 老榕树头", STAFF)
    before = town.store.read_now(lambda tx: tx.settings.stamp())
    (post,) = await chen.says("#地名：老榕樹頭", STAFF)
    assert post.text == "本来就有：老榕树头。"
    await sun.says("#词 穗康碼", STAFF)
    (post,) = await chen.says("#词 穗康码", STAFF)
    assert post.text == "本来就有：穗康码。"
    assert (places(town), words(town)) == (("老榕树", "老榕树头"), ("穗康码",))
    assert town.store.read_now(lambda tx: tx.settings.stamp()) == before
    assert [what for _, what, _ in record(town)] == ["add place", "add word"]


async def test_words_wait_for_the_next_training(town: Town) -> None:
    sun = town.person("孙姐")
    before = town.reader.read(["穗康码扫不出来"])
    (post,) = await sun.says("#词 穗康码、禾虫", STAFF)
    assert post.text == "记下了：穗康码、禾虫，下次训练以后就认得。"
    assert town.reader.read(["穗康码扫不出来"]) == before
    (post,) = await sun.says("#词", STAFF)
    assert "（2 个）：禾虫、穗康码。" in post.text
    (post,) = await sun.says("#删词 禾虫、打冷", STAFF)
    assert post.text == "删了：禾虫，下次训练以后不再算一个词。这里没有：打冷。"
    assert words(town) == ("穗康码",)


async def test_words_for_all_grids_are_shown_and_stay(town: Town) -> None:
    everywhere = Naming(EVERYWHERE, Sort.WORD, ("打冷",), (), "cli", town.clock())
    town.store.write_now(lambda tx: tx.words.apply(everywhere))
    sun = town.person("孙姐")
    (post,) = await sun.says("#词 打冷", STAFF)
    assert post.text == "本来就有：打冷。"
    (post,) = await sun.says("#删词 打冷", STAFF)
    assert post.text == "这里没有：打冷。"
    (post,) = await sun.says("#词", STAFF)
    assert post.text.endswith("各网格通用：打冷。")


async def test_a_moderator_may_do_it_alone_with_the_bot(town: Town) -> None:
    sun = town.person("孙姐")
    (post,) = await sun.says("#地名 石龙仔", sun.alone)
    assert (post.chat, post.text) == (sun.alone, "记下了：石龙仔，从下一句话起就认得。")
    assert places(town) == ("老榕树", "石龙仔")


async def test_an_administrator_may_too(town: Town) -> None:
    def work(tx: Tx) -> None:
        tx.people.save([Person("town:主任", "主任")], town.clock())
        tx.people.grant("town:主任", Grant(Role.ADMIN, "D"), "test", town.clock())

    town.store.write_now(work)
    await town.person("主任").says("#词 飞线充电", STAFF)
    assert words(town) == ("飞线充电",)


@pytest.mark.parametrize(
    "text", ["#地名 石龙仔", "#地名", "#删地名 老榕树", "#词 穗康码", "#删词 x"]
)
async def test_said_by_others_or_elsewhere_these_are_words_like_others(
    town: Town, text: str
) -> None:
    """Residents anywhere; staff in a group that is not their own."""
    wang, wu, sun = town.person("王阿姨"), town.person("老吴"), town.person("孙姐")
    lin = town.person("林书记")
    said = [
        *await wang.says(text, GROUP),
        *await wang.says(text, wang.alone),
        *await wang.says(text, STAFF),
        *await sun.says(text, GROUP),
        *await sun.says(text, VOLUNTEERS),
        *await wu.says(text, DEPARTMENT),
        *await wu.says(text, STAFF),
        *await lin.says(text, STAFF),
    ]
    assert (places(town), words(town), record(town)) == (("老榕树",), (), [])
    assert not [post for post in said if post.template.startswith("staff_name")]


REFUSED = [
    ("#地名 老", "“老”不行：要 2 到 12 个汉字、字母或数字，不能全是数字。"),
    ("#地名 12345", "“12345”不行：要 2 到 12 个汉字、字母或数字，不能全是数字。"),
    (
        "#地名 一二三四五六七八九十甲乙丙丁",
        "“一二三四五六七八九十甲乙”不行：要 2 到 12 个汉字、字母或数字，不能全是数字。",
    ),
    ("#地名 (^_^)", "“(^_^)”不行：要 2 到 12 个汉字、字母或数字，不能全是数字。"),
    ("#地名 电梯", "“电梯”太常用，会认错，请写得更具体，例如“老榕树头”。"),
    (
        "#地名 電梯、石龙仔",
        "记下了：石龙仔，从下一句话起就认得。“電梯”太常用，会认错，请写得更具体，例如“老榕树头”。",
    ),
    ("#地名 13800138000", "有一处像是个人信息，不能记。"),
    ("#地名 3栋2单元501", "有一处像是个人信息，不能记。"),
    ("#词 师傅", "“师傅”是常用词，早就认识，不用加。"),
    ("#词 B座", "“B座”不行：要 2 到 12 个汉字。"),
    ("#词 打冷=宵夜", "“打冷=宵夜”不行：要 2 到 12 个汉字。"),
]


@pytest.mark.parametrize(("text", "answer"), REFUSED)
async def test_what_cannot_be_a_name_is_refused_kindly(town: Town, text: str, answer: str) -> None:
    (post,) = await town.person("孙姐").says(text, STAFF)
    assert post.text == answer
    assert set(places(town)) <= {"老榕树", "石龙仔"}
    assert words(town) == ()


async def test_a_grid_has_only_so_many(town: Town) -> None:
    full = tuple(f"{n}号石狮" for n in range(MOST_NAMES - 1))
    town.store.write_now(lambda tx: tx.grids.set_places(GRID, full))
    (post,) = await town.person("孙姐").says("#地名 石龙仔、三角地", STAFF)
    assert post.text == (
        "记下了：石龙仔，从下一句话起就认得。“三角地”放不下了：最多 200 个，先删几个不用的。"
    )
    assert len(places(town)) == MOST_NAMES


async def test_every_change_is_on_record(town: Town) -> None:
    sun, chen = town.person("孙姐"), town.person("小陈")
    await sun.says("#地名 石龙仔、三角地", STAFF)
    await chen.says("#词 穗康码", STAFF)
    await chen.says("#删地名 三角地", STAFF)
    assert record(town) == [
        ("town:孙姐", "add place", "石龙仔、三角地"),
        ("town:小陈", "add word", "穗康码"),
        ("town:小陈", "remove place", "三角地"),
    ]


async def test_a_change_that_was_edited_counts_as_it_now_reads(town: Town) -> None:
    sun = town.person("孙姐")
    await sun.says("#地名 石龙", STAFF)
    await sun.says("#地名 石龙仔", STAFF, edits=sun.last_message)
    assert places(town) == ("老榕树", "石龙", "石龙仔")


async def test_a_running_server_reads_the_very_next_line_with_them(
    reader: Reader, tmp_path: Path
) -> None:
    """The real runtime: the lane worker takes up the new name before its next batch."""
    sun, wang = Sender("web:demo-sun", "孙姐"), Sender("web:demo-wang", "王阿姨")
    with Store.open("sqlite://", "server") as store:
        store.write_now(lambda tx: demo.seed(tx, utc_now()))
        async with running(Settings(home=tmp_path), store, reader, doors=False) as runtime:
            await _hears(runtime, staff_room(GRID), sun, "#地名 石龙仔")
            await _hears(runtime, residents_room(GRID), wang, "石龙仔路灯又不亮了")
            (case,) = await store.read(all_cases)
    assert case.place == "石龙仔"


async def _hears(runtime: Runtime, room: str, sender: Sender, text: str) -> None:
    """A line comes in at the door, and is decided."""
    payload = web.said(room, False, f"m-{text}", sender, text, utc_now())
    await runtime.store.append([Arrival("web", text, f"web:{room}", payload, utc_now())])
    runtime.wake()
    async with asyncio.timeout(20):
        while await runtime.store.read(lambda tx: tx.inbox.pending()):
            await asyncio.sleep(0.01)
