"""随手报: what a grid worker finds on the round, told on a phone, reported or settled at once."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest_asyncio
from office import START, Office, Visitor, opened
from PIL import Image

from bot.channels.base import Channel
from bot.channels.field import FieldChannel, talk, told
from bot.counting import Counters
from bot.lanes import LaneWorker
from bot.settings import Settings
from bot.surroundings import Live, surroundings
from bot.web.desk.field import FieldDoor
from bot.web.desk.words_field import BECAME, SAID, SETTLED, WORDS_LIMIT, Wrong
from bot.web.desk.words_photos import PhotoWrong
from bot.web.room.photos import PhotoFolder
from intake.cases import Case, LineRole
from intake.commands import Form, Said, Sender
from intake.facts import Changes
from intake.lifecycle import Action, State
from intake.taxonomy import Visibility
from nlp.reader import Reader
from storage.recall import all_cases
from storage.room import RoomRepository
from storage.store import Store

SOFA = "楼道堆了旧沙发，挡住半边路"
MOVED = "已劝说挪走，路通了"
CHEN = "web:demo-chen"


@dataclass
class Round:
    """The desk with a lane worker behind it, which works when the story says so."""

    office: Office
    worker: LaneWorker
    photos: PhotoFolder
    folder: Path

    async def settle(self) -> None:
        while await self.worker.work_once():
            pass

    async def cases(self) -> list[Case]:
        return await self.office.store.read(all_cases)

    async def posts(self) -> list[tuple[str, str]]:
        """What was said so far: template and chat."""
        every = await self.office.store.read(lambda tx: tx.outbox.every())
        return [(one.post.template, str(one.post.chat)) for one in every]


@dataclass
class Told:
    """What came of telling something: the page, and where it stands."""

    status: int
    page: str
    at: str


@pytest_asyncio.fixture
async def round_(store: Store, reader: Reader, tmp_path: Path) -> AsyncIterator[Round]:
    photos = PhotoFolder(tmp_path / "photos")
    door = FieldDoor(photos, patience=timedelta(0))
    async with opened(store, field=door) as office:
        channels: dict[str, Channel] = {"field": FieldChannel()}
        live = Live(store, surroundings(Settings(quiet_hours=""), channels))
        await live.refresh()
        worker = LaneWorker(store, reader, office.rules, live, lambda: office.now, Counters())
        yield Round(office, worker, photos, tmp_path / "photos")


def once_of(page: str) -> str:
    found = re.search(r'name="once" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def kept_of(page: str) -> list[str]:
    return re.findall(r'name="kept" value="([^"]+)"', page)


async def tells(
    visitor: Visitor, what: str, photos: list[bytes] | None = None, **form: str | list[str]
) -> Told:
    """Fill in the form and press one of the two buttons."""
    if "once" not in form:
        form["once"] = once_of((await visitor.get("/desk/field"))[1])
    filled: dict[str, str | list[str]] = {"grid": "DEMO-1", "words": SOFA, "place": "3栋2单元"}
    filled |= form | {"what": what}
    data = aiohttp.FormData(default_to_multipart=True)
    for name, value in filled.items():
        for one in value if isinstance(value, list) else [value]:
            data.add_field(name, one)
    for number, photo in enumerate(photos or []):
        data.add_field("photo", photo, filename=f"{number}.jpg", content_type="image/jpeg")
    url, headers = visitor.office.url + "/desk/field", {"Origin": visitor.office.url}
    async with visitor.session.post(url, data=data, headers=headers) as got:
        return Told(got.status, await got.text(), got.url.path)


def a_photo(colour: str = "red", size: int = 64) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (size, size), colour).save(out, "JPEG")
    return out.getvalue()


async def test_what_is_told_opens_a_case_as_if_said(round_: Round) -> None:
    chen = await round_.office.sits("chen")
    status, form = await chen.get("/desk/field")
    assert status == 200
    assert 'value="老榕树"' in form, "the grid's own places are offered"
    assert re.search(r'value="DEMO-1" selected', form), "one's own grid is preselected"
    sent = await tells(chen, "report")
    assert sent.status == 200
    assert SAID["waiting"] in sent.page
    assert 'http-equiv="refresh"' in sent.page
    await round_.settle()
    _, page = await chen.get(sent.at)
    (case,) = await round_.cases()
    assert (case.grid, case.place, case.reporter) == ("DEMO-1", "3栋2单元", CHEN)
    assert case.said == f"3栋2单元，{SOFA}"
    assert case.found_on_patrol
    assert not case.settled
    assert case.is_open
    assert case.resolve_due is not None
    for words in (BECAME[LineRole.OPENED], case.id, SAID["wrong"], f"/desk/case/{case.id}#act-set"):
        assert words in page, words
    assert "refresh" not in page
    assert ("staff_case", "web:DEMO-1-staff") in await round_.posts(), "staff are told as always"
    status, page = await chen.get(f"/desk/case/{case.id}")
    assert 'id="act-set"' in page


async def test_found_and_fixed_is_opened_and_closed_in_one_step_and_nobody_is_bothered(
    round_: Round,
) -> None:
    chen = await round_.office.sits("chen")
    sent = await tells(chen, "settle", done=MOVED)
    await round_.settle()
    _, page = await chen.get(sent.at)
    (case,) = await round_.cases()
    assert (case.state, case.settled) == (State.CLOSED, True)
    assert (case.done_words, case.done_by, case.done_at) == (MOVED, CHEN, round_.office.now)
    assert (case.respond_due, case.resolve_due, case.score) == (None, None, None)
    assert SETTLED in page
    assert await round_.posts() == []
    store = round_.office.store
    (entry,) = await store.read(lambda tx: tx.cases.entries(case.id))
    assert (entry.action, entry.actor, entry.words) == (Action.SETTLE, CHEN, MOVED)
    assert await store.read(lambda tx: tx.timers.of_subject(case.id)) == []
    status, page = await chen.get(f"/desk/case/{case.id}")
    assert status == 200
    assert "自行处置" in page
    assert MOVED in page
    _, page = await chen.get("/desk/today")
    assert "今天巡查发现 1 件，当场办好 1 件" in page


async def test_what_was_settled_may_be_called_by_its_right_name(round_: Round) -> None:
    chen = await round_.office.sits("chen")
    await tells(chen, "settle", done=MOVED)
    await round_.settle()
    (case,) = await round_.cases()
    item = "SZ03" if case.item != "SZ03" else "SZ04"
    _, page = await chen.get(f"/desk/case/{case.id}")
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    status, page = await chen.post(
        f"/desk/case/{case.id}/set", version=version[1], choice="", other=item
    )
    assert status == 200
    (case,) = await round_.cases()
    assert (case.item, case.state, case.resolve_due, case.done_by) == (
        item,
        State.CLOSED,
        None,
        CHEN,
    )
    assert "更正事项" in page
    assert await round_.posts() == []
    examples = await round_.office.store.read(lambda tx: tx.examples.waiting())
    assert [one.example.label for one in examples] == [item], "the model learns from it"


async def test_pressed_twice_it_is_one(round_: Round) -> None:
    chen = await round_.office.sits("chen")
    once = once_of((await chen.get("/desk/field"))[1])
    first = await tells(chen, "report", [a_photo()], once=once)
    second = await tells(chen, "report", [a_photo()], once=once)
    await round_.settle()
    third = await tells(chen, "report", [a_photo()], once=once)
    assert first.at == second.at == third.at
    assert len(await round_.cases()) == 1
    assert len(list(round_.folder.glob("*.jpg"))) == 1, "the photos of a repeat are not kept"
    other = await tells(chen, "report", words="井盖松了", place="小花园", once=once)
    assert other.at != first.at, "other words are something else"


async def test_what_neighbours_told_already_is_done_and_its_reporter_asked(round_: Round) -> None:
    office = round_.office
    chen = await office.sits("chen")
    words = "路灯不亮了"
    known = await office.case("SZ03", said=f"3栋楼下{words}", place="3栋楼下")
    sent = await tells(chen, "report", words=words, place="3栋楼下")
    await round_.settle()
    _, page = await chen.get(sent.at)
    assert BECAME[LineRole.SUPPLEMENT] in page
    (case,) = await round_.cases()
    assert (case.id, case.voices) == (known.id, 1), "staff are no further neighbour"
    sent = await tells(chen, "settle", words=words, place="3栋楼下", done="换了灯泡，亮了")
    await round_.settle()
    _, page = await chen.get(sent.at)
    assert BECAME[LineRole.REPORT_BACK] in page
    (case,) = await round_.cases()
    assert (case.state, case.done_by) == (State.TO_RATE, CHEN)
    assert not case.settled
    assert ("please_rate", "web:p-web:demo-wang") in await round_.posts()


async def test_danger_alerts_and_where_it_is_over_staff_still_look(round_: Round) -> None:
    chen = await round_.office.sits("chen")
    sent = await tells(chen, "report", words="电动车充电着火了，冒烟", place="5栋车棚")
    await round_.settle()
    _, page = await chen.get(sent.at)
    (case,) = await round_.cases()
    assert case.emergency == "E01"
    assert "先打 119" in page
    assert "alert" in [template for template, _ in await round_.posts()]
    before = len(await round_.posts())
    await tells(
        chen,
        "settle",
        words="垃圾桶着火了",
        place="9栋楼道",
        done="用灭火器扑灭了，看了十分钟没复燃",
    )
    await round_.settle()
    newest = next(one for one in await round_.cases() if one.place == "9栋楼道")
    assert newest.emergency is not None
    assert newest.state is State.CLOSED
    assert (await round_.posts())[before:] == [("staff_update", "web:DEMO-1-staff")]


async def test_a_danger_that_is_known_gets_the_words_and_no_further_voice(round_: Round) -> None:
    wang, chen = await round_.office.sits("property"), await round_.office.sits("chen")
    await tells(wang, "report", words="电动车充电着火了，冒烟", place="5栋车棚")
    await round_.settle()
    before = await round_.posts()
    sent = await tells(chen, "report", words="车棚的火还没灭，烟更大了，着火了", place="5栋车棚")
    await round_.settle()
    _, page = await chen.get(sent.at)
    assert BECAME[LineRole.SUPPLEMENT] in page
    assert "先打 119" in page
    (case,) = await round_.cases()
    assert case.voices == 1, "staff are no further neighbour"
    store = round_.office.store
    assert CHEN not in {
        one.person for one in await store.read(lambda tx: tx.cases.followers(case.id))
    }
    new = (await round_.posts())[len(before) :]
    assert new == [("staff_supplement", "web:DEMO-1-staff")], "staff hear the words, nobody else"


async def test_nobody_rates_what_they_did_themselves(round_: Round) -> None:
    office = round_.office
    chen = await office.sits("chen")
    await tells(chen, "report")
    await round_.settle()
    (case,) = await round_.cases()
    await chen.post(f"/desk/case/{case.id}/finish", version=str(case.version), words=MOVED)
    (case,) = await round_.cases()
    assert (case.state, case.settled) == (State.TO_RATE, True)
    assert "please_rate" not in [template for template, _ in await round_.posts()]


async def test_photos_are_kept_anew_and_on_record(round_: Round) -> None:
    chen = await round_.office.sits("chen")
    sent = await tells(chen, "report", [a_photo("red"), a_photo("green"), a_photo("blue")])
    await round_.settle()
    assert sent.status == 200
    (case,) = await round_.cases()
    store = round_.office.store
    (line,) = await store.read(lambda tx: tx.cases.lines(case.id))
    assert line.media == ("photo", "photo", "photo")
    names = {file.name for file in round_.folder.glob("*.jpg")}
    known = await store.read(lambda tx: tx.photos.names())
    assert len(names) == 3
    assert names == known
    round_.office.later(days=2)
    gone = await store.write(lambda tx: RoomRepository(tx.connection).purge(round_.office.now))
    assert gone == [], "they are no unsent uploads"


async def test_a_wrong_photo_loses_nothing(round_: Round) -> None:
    chen = await round_.office.sits("chen")
    once = once_of((await chen.get("/desk/field"))[1])
    sent = await tells(chen, "report", [a_photo(), b"GIF89a<script>"], once=once)
    assert (sent.status, PhotoWrong.UNREADABLE in sent.page) == (400, True)
    assert SOFA in sent.page
    (kept,) = kept_of(sent.page)
    four = [a_photo(colour) for colour in ("red", "green", "blue", "white")]
    sent = await tells(chen, "report", four, once=once, kept=[kept])
    assert (sent.status, PhotoWrong.TOO_MANY in sent.page) == (400, True)
    assert len(kept_of(sent.page)) == 3
    assert 'type="file"' not in sent.page, "there is no room for more"
    stolen = ["0" * 32 + ".jpg:1:1", "../../etc/passwd:1:1", "<b>:1:1"]
    sent = await tells(chen, "report", once=once, kept=[*kept_of(sent.page), *stolen])
    assert sent.status == 200
    await round_.settle()
    (case,) = await round_.cases()
    (line,) = await round_.office.store.read(lambda tx: tx.cases.lines(case.id))
    assert len(line.media) == 3


async def test_sent_then_back_then_other_words_is_another_thing_with_the_same_photo(
    round_: Round,
) -> None:
    chen = await round_.office.sits("chen")
    once = once_of((await chen.get("/desk/field"))[1])
    sent = await tells(chen, "report", [a_photo(), b"GIF89a<script>"], once=once)
    (kept,) = kept_of(sent.page)
    assert (await tells(chen, "report", once=once, kept=[kept, kept])).status == 200
    other = await tells(chen, "report", once=once, kept=[kept], words="小花园的井盖松了", place="")
    assert other.status == 200, "the browser's button led back to the form that was sent"
    await round_.settle()
    cases = await round_.cases()
    assert len(cases) == 2
    store = round_.office.store
    for case in cases:
        photos = await store.read(lambda tx, id=case.id: tx.photos.of_case(id))
        assert [len(some) for some in photos.values()] == [1], "a photo that is named twice is one"
    again = await tells(chen, "report", once=once, kept=[kept], words="小花园的井盖松了", place="")
    assert again.at == other.at
    names = {file.name for file in round_.folder.glob("*.jpg")}
    unsent = kept.partition(":")[0]
    assert names - {unsent} == await store.read(lambda tx: tx.photos.names()), (
        "a repeat leaves none"
    )


async def test_who_is_too_fast_has_no_photo_read_and_keeps_the_words(round_: Round) -> None:
    chen = await round_.office.sits("chen")
    for number in range(20):
        assert (await tells(chen, "report", words=f"井盖松了{number}")).status == 200
    sent = await tells(chen, "report", [a_photo(), b"GIF89a<script>"], words="井盖又松了")
    assert (sent.status, Wrong.TOO_FAST in sent.page) == (400, True)
    assert "井盖又松了" in sent.page
    assert kept_of(sent.page) == []
    assert list(round_.folder.glob("*.jpg")) == []


async def test_a_form_that_breaks_off_or_swells_is_a_page_with_a_sentence(round_: Round) -> None:
    chen = await round_.office.sits("chen")
    url = round_.office.url
    headers = {"Origin": url, "Content-Type": "multipart/form-data; boundary=b"}
    torn = f'--b\r\nContent-Disposition: form-data; name="words"\r\n\r\n{SOFA}\r\n--b\r\nX'
    async with chen.session.post(f"{url}/desk/field", data=torn.encode(), headers=headers) as got:
        page = await got.text()
        assert (got.status, PhotoWrong.BROKEN in page, SOFA in page) == (400, True, True)
    sent = await tells(chen, "report", words="长" * 20_000)
    assert (sent.status, Wrong.TOO_MUCH in sent.page) == (413, True)


async def test_what_is_wrong_is_said_and_what_was_typed_is_kept(round_: Round) -> None:
    office = round_.office
    chen, sun, wu = await office.sits("chen"), await office.sits("sun"), await office.sits("wu")
    nasty = "<script>alert(1)</script>\"'&"
    for form, sentence in (
        ({"words": ""}, Wrong.WORDS),
        ({"words": " …！ "}, Wrong.WORDS),
        ({"words": "长" * (WORDS_LIMIT + 1)}, Wrong.WORDS_LONG),
        ({"place": "远" * 41}, Wrong.PLACE_LONG),
        ({"grid": "DEMO-9"}, Wrong.GRID),
        ({"grid": nasty}, Wrong.GRID),
        ({"what": "nothing"}, Wrong.WHICH),
        ({"what": "settle", "done": ""}, Wrong.DONE),
        ({"what": "settle", "done": "已处理，谢谢"}, Wrong.DONE),
        ({"what": "settle", "done": "长" * 201}, Wrong.DONE_LONG),
    ):
        what = form.pop("what", "report")
        sent = await tells(chen, what, words=form.pop("words", nasty), **form)
        assert (sent.status, sentence in sent.page) == (400, True), (form, sentence)
        assert "<script>alert" not in sent.page
    status, _ = await chen.post("/desk/field", words="没有分段的表单", grid="DEMO-1", what="report")
    assert status == 200, "a form without photos may come plainly"
    status, page = await chen.post("/desk/field", origin="https://evil.example", words=SOFA)
    assert (status, await round_.cases()) == (403, [])
    for other in (sun, wu):
        status, page = await other.get("/desk/field")
        assert (status, "您的岗位看不到这一页" in page) == (403, True)
    status, page = await chen.get("/desk/field", grid="DEMO-2", place=nasty)
    assert re.search(r'value="DEMO-2" selected', page)
    assert "<script>alert" not in page


async def test_one_reads_only_what_one_told(round_: Round) -> None:
    office = round_.office
    chen, property_ = await office.sits("chen"), await office.sits("property")
    sent = await tells(chen, "report")
    await round_.settle()
    (case,) = await round_.cases()
    status, page = await property_.get(sent.at)
    assert case.id not in page
    status, page = await chen.get("/desk/field/said/nothing")
    assert (status, Wrong.NOT_FOUND in page) == (404, True)


async def test_of_a_private_thing_the_page_has_no_words(round_: Round) -> None:
    property_ = await round_.office.sits("property")
    sent = await tells(property_, "report", words="有居民情绪低落，想找心理老师聊聊", place="5栋")
    await round_.settle()
    _, page = await property_.get(sent.at)
    (case,) = await round_.cases()
    assert case.visibility is Visibility.PRIVATE
    assert SAID["gone"] in page
    assert f"/desk/case/{case.id}" not in page
    assert "情绪" not in page


async def test_too_fast_is_too_fast(round_: Round) -> None:
    chen = await round_.office.sits("chen")
    for number in range(20):
        assert (await tells(chen, "report", words=f"井盖松了{number}")).status == 200
    sent = await tells(chen, "report", words="井盖又松了")
    assert (sent.status, Wrong.TOO_FAST in sent.page) == (400, True)
    assert "井盖又松了" in sent.page


def test_the_channel_reads_what_it_wrote_and_nothing_else() -> None:
    channel, sender = FieldChannel(), Sender("web:demo-chen", "小陈")
    form = Form("DEMO-1", "3栋", patrol=True, done=MOVED)
    payload = told("abc", sender, SOFA, form, ("1.jpg",))
    said = channel.read(payload, START)
    assert isinstance(said, Said)
    assert (said.form, said.media, said.chat) == (form, ("photo",), talk("abc"))
    for broken in ({}, {"type": "other"}, payload | {"text": ""}, payload | {"media": "photo"}):
        assert channel.read(broken, START) is None


async def test_what_is_wrong_stands_at_its_field_and_has_the_focus(round_: Round) -> None:
    chen = await round_.office.sits("chen")
    for name, wrong, what, form in (
        ("words", Wrong.WORDS, "report", {"words": "！！"}),
        ("place", Wrong.PLACE_LONG, "report", {"place": "长" * 41}),
        ("done", Wrong.DONE, "settle", {"done": "好了"}),
    ):
        page = (await tells(chen, what, **form)).page
        field = re.search(rf'<(?:input|textarea)[^>]* name="{name}"[^>]*>', page)
        assert field is not None
        assert "autofocus" in field[0], name
        assert "wrong" in field[0], name
        assert page.index(field[0]) < page.index(f'id="wrong">{wrong}'), name
        assert page.count("autofocus") == 1, name


async def test_what_nobody_has_looked_at_is_not_called_sent(round_: Round) -> None:
    chen = await round_.office.sits("chen")
    sent = await tells(chen, "report")
    await round_.settle()
    (case,) = await round_.cases()
    waiting = replace(case, state=State.TO_CONFIRM)
    await round_.office.store.write(
        lambda tx: tx.desk.save(
            Changes(cases={case.id: waiting}, versions={case.id: case.version}),
            [],
            round_.office.now,
        )
    )
    page = (await chen.get(sent.at))[1]
    assert "先请调度看一眼，多半归" in page
    assert f"<dt>{SAID['department']}</dt>" not in page
