"""A group is bound by a word that is said in it."""

from __future__ import annotations

from datetime import datetime, timedelta

from town import DEPARTMENT, GRID, GROUP, Town

from bot.binding import LASTS, Offer, new_word, offer
from intake.grids import ChatRef, Grid, Purpose
from intake.people import Grant, Person, Role
from storage.tx import Tx

NEW = ChatRef("town", "new")


def offered(town: Town, grid: str = GRID, purpose: Purpose = Purpose.RESIDENTS) -> str:
    word, now = new_word(), town.clock()
    town.store.write_now(lambda tx: administers(tx, grid, now))
    made = Offer(grid, purpose, None, "北门群", "town:管理员", now + LASTS)
    town.store.write_now(lambda tx: offer(tx, word, made, now))
    return word


def administers(tx: Tx, grid: str, now: datetime) -> None:
    tx.people.save([Person("town:管理员", "管理员")], now)
    tx.people.grant("town:管理员", Grant(Role.ADMIN, grid), "test", now)


async def test_the_word_binds_once(town: Town) -> None:
    word = offered(town)
    stranger = town.person("路人")
    assert await stranger.says("大家好", NEW) == [], "nobody listens there yet"
    (post,) = await stranger.says(f" ＃绑定：{word.upper()} ", NEW)
    assert (post.chat, "第一网格" in post.text) == (NEW, True)
    chat = town.store.read_now(lambda tx: tx.chats.get(NEW))
    assert chat is not None
    assert (chat.grid, chat.purpose, chat.title) == (GRID, Purpose.RESIDENTS, "北门群")
    (look,) = town.store.read_now(lambda tx: tx.audit.latest())
    assert (look.case, look.person, look.what) == (GRID, "town:管理员", "bind")
    assert look.why == "town:new，居民群 北门群"
    (post,) = await stranger.says(f"#绑定 {word}", ChatRef("town", "other"))
    assert "不对或过期" in post.text
    assert await stranger.says("3栋楼下路灯不亮", NEW), "from now on it is heard"


async def test_a_word_that_is_over_binds_nothing(town: Town) -> None:
    word = offered(town)
    town.now += LASTS + timedelta(seconds=1)
    (post,) = await town.person("路人").says(f"#绑定 {word}", NEW)
    assert "不对或过期" in post.text
    assert town.store.read_now(lambda tx: tx.chats.get(NEW)) is None


async def test_a_word_is_worth_what_its_maker_may_still_do(town: Town) -> None:
    word = offered(town)
    town.store.write_now(lambda tx: tx.people.revoke("town:管理员", Grant(Role.ADMIN, GRID)))
    (post,) = await town.person("路人").says(f"#绑定 {word}", NEW)
    assert "不对或过期" in post.text
    assert town.store.read_now(lambda tx: tx.chats.get(NEW)) is None


async def test_a_group_of_another_grid_stays_there(town: Town) -> None:
    town.store.write_now(
        lambda tx: tx.grids.add([Grid("DEMO-9", "第九网格", ("D", "S", "C", "DEMO-9"))])
    )
    word = offered(town, "DEMO-9", Purpose.STAFF)
    (post,) = await town.person("路人").says(f"#绑定 {word}", GROUP)
    assert "这个群已经绑好了" in post.text
    chat = town.store.read_now(lambda tx: tx.chats.get(GROUP))
    assert chat is not None
    assert (chat.grid, chat.purpose) == (GRID, Purpose.RESIDENTS)
    (post,) = await town.person("路人").says(f"#绑定 {word}", NEW)
    assert "第九网格" in post.text, "the word is still good elsewhere"


async def test_alone_and_among_other_words_it_is_no_word(town: Town) -> None:
    word = offered(town)
    chen = town.person("小陈")
    await chen.says(f"#绑定 {word}", chen.alone)
    await chen.says(f"口令是 #绑定 {word} 吗", NEW)
    await chen.says("#绑定 太短", NEW)
    assert town.store.read_now(lambda tx: tx.chats.get(NEW)) is None
    assert town.store.read_now(lambda tx: tx.chats.get(chen.alone)) is None


async def test_a_word_never_turns_a_group_into_another_one(town: Town) -> None:
    lin = town.person("路人")
    for chat, purpose in ((GROUP, Purpose.STAFF), (DEPARTMENT, Purpose.RESIDENTS)):
        before = town.store.read_now(lambda tx, at=chat: tx.chats.get(at))
        word = offered(town, purpose=purpose)
        (post,) = await lin.says(f"#绑定 {word}", chat)
        assert "这个群已经绑好了" in post.text
        assert town.store.read_now(lambda tx, at=chat: tx.chats.get(at)) == before
    (post,) = await lin.says(f"#绑定 {word}", NEW)
    assert "第一网格" in post.text, "the word is still good for a new group"


async def test_a_word_for_what_a_group_is_already_gives_it_its_name(town: Town) -> None:
    word = offered(town)
    (post,) = await town.person("路人").says(f"#绑定 {word}", GROUP)
    assert "第一网格" in post.text
    chat = town.store.read_now(lambda tx: tx.chats.get(GROUP))
    assert chat is not None
    assert (chat.purpose, chat.title) == (Purpose.RESIDENTS, "北门群")
