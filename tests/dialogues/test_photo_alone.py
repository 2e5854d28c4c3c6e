"""A photo without a word: evidence of an open case, or one question and a place in the queue."""

from __future__ import annotations

from datetime import timedelta

from town import GROUP, STAFF, Neighbour, Town

from intake.cases import LineRole
from intake.grids import ChatRef
from intake.lifecycle import State
from intake.notices import Post
from intake.reading import Triage
from intake.taxonomy import Visibility
from storage.room_records import Photo


async def shows(person: Neighbour, chat: ChatRef = GROUP, *, held: bool = True) -> list[Post]:
    """Send a photo alone; `held`: it can be looked at."""
    posts = await person.says("", chat, media=("photo",))
    if held:
        town, name = person.town, f"{int(person.last_message[1:]):032x}.jpg"
        photo = Photo(name, 800, 600)
        now, message = town.clock(), person.last_message
        town.store.write_now(lambda tx: tx.photos.add(chat, message, [photo], now))
    return posts


async def test_it_joins_the_open_case_hours_later(town: Town) -> None:
    wang = town.person("王阿姨")
    await wang.says("3栋楼下路灯又不亮了")
    await town.wait(hours=5)
    posts = await shows(wang)
    assert [post for post in posts if post.chat == GROUP] == []
    assert any("照片" in post.text for post in posts if post.chat == STAFF)
    lines = town.store.read_now(lambda tx: tx.cases.lines("DEMO-1-1"))
    assert [line.role for line in lines] == [LineRole.OPENED, LineRole.SUPPLEMENT]
    await town.wait(minutes=5)
    assert len(town.cases()) == 1


async def test_another_ones_photo_does_not_join(town: Town) -> None:
    await town.person("王阿姨").says("3栋楼下路灯又不亮了")
    await town.wait(minutes=10)
    await shows(town.person("李叔"))
    await town.wait(minutes=2)
    assert len(town.store.read_now(lambda tx: tx.cases.lines("DEMO-1-1"))) == 1
    assert (town.case(2).said, town.case(2).reporter) == ("", "town:李叔")


async def test_alone_it_gets_one_question_and_a_place_in_the_queue(town: Town) -> None:
    wang = town.person("王阿姨")
    assert await shows(wang) == [], "words may follow"
    first = wang.last_message
    await town.wait(seconds=30)
    await shows(wang)
    posts = await town.wait(seconds=61)
    (asked,) = [post for post in posts if post.chat == GROUP]
    assert "一句话说说是什么事、在哪儿" in asked.text
    assert asked.reply_to == first
    case = town.case()
    assert (case.state, case.triage, case.item) == (State.TO_CONFIRM, Triage.HUMAN, None)
    assert (case.visibility, case.said) == (Visibility.MASKED, "")
    assert any(case.id in post.text for post in posts if post.chat == STAFF)
    lines = town.store.read_now(lambda tx: tx.cases.lines(case.id))
    assert [line.role for line in lines] == [LineRole.OPENED, LineRole.SUPPLEMENT]
    await shows(wang)
    posts = await town.wait(minutes=5)
    assert [post for post in posts if post.chat == GROUP] == [], "asked once"
    assert len(town.cases()) == 1


async def test_the_answer_makes_it_a_case_like_any_other(town: Town) -> None:
    wang = town.person("王阿姨")
    await shows(wang)
    await town.wait(minutes=2)
    waited = town.case()
    posts = await wang.says("3栋楼下路灯不亮了")
    case = town.case()
    assert (len(town.cases()), case.item, case.place) == (1, "SZ03", "3栋楼下")
    assert (case.state, case.visibility) == (State.DISPATCHED, Visibility.GROUP)
    assert (case.opened_at, case.said) == (waited.opened_at, "3栋楼下路灯不亮了")
    dues = [waited.respond_due, case.respond_due]
    assert None not in dues
    assert dues[1] <= dues[0], "nothing gets later by having been asked"  # type: ignore[operator]
    assert [case.id in post.text for post in posts if post.chat == GROUP] == [True]


async def test_words_that_follow_at_once_are_the_case(town: Town) -> None:
    wang = town.person("王阿姨")
    await shows(wang)
    await town.wait(seconds=20)
    await wang.says("3栋楼下路灯不亮了")
    await town.wait(minutes=5)
    assert [case.item for case in town.cases()] == ["SZ03"]


async def test_what_cannot_be_looked_at_is_forgotten(town: Town) -> None:
    await shows(town.person("王阿姨"), held=False)
    assert await town.wait(minutes=5) == []
    assert town.cases() == []


async def test_staffs_photo_and_stickers_open_nothing(town: Town) -> None:
    await shows(town.person("小陈"))
    await town.person("李叔").says("", media=("sticker",))
    await town.wait(minutes=5)
    assert town.cases() == []


async def test_withdrawn_in_time_it_asks_nothing(town: Town) -> None:
    wang = town.person("王阿姨")
    await shows(wang)
    message = wang.last_message
    town.store.write_now(lambda tx: tx.photos.drop(GROUP, message))
    await wang.takes_back(message)
    assert await town.wait(minutes=5) == []
    assert town.cases() == []


async def test_a_person_who_looked_says_what_it_is(town: Town) -> None:
    """孙姐 sees the photo and presses; it teaches no words, since there are none."""
    wang, sun = town.person("王阿姨"), town.person("孙姐")
    await shows(wang)
    await town.wait(minutes=2)
    await sun.presses("其他类")
    await sun.presses("市政设施与园林水务")
    await sun.presses("路灯不亮")
    case = town.case()
    assert (case.item, case.state) == ("SZ03", State.DISPATCHED)
    assert town.store.read_now(lambda tx: tx.examples.all()) == []


async def test_a_day_later_words_are_a_new_case(town: Town) -> None:
    wang = town.person("王阿姨")
    await shows(wang)
    await town.wait(hours=25)
    await wang.says("3栋楼下路灯不亮了")
    assert [case.item for case in town.cases()] == [None, "SZ03"]
    assert town.case(2).opened_at - town.case(1).opened_at >= timedelta(hours=24)
