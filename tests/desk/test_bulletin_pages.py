"""通知 on the desk: written, changed and ended by staff; how many asked, and nobody's name."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from office import GROUP, START, Office, as_read

from bot.web.desk.words_bulletins import BULLETINS, Wrong
from intake.bulletins import Asked, Bulletin, BulletinState
from intake.reading import Triage

PATH = "/desk/bulletins"
FORM = {
    "subject": "停水",
    "scope": "DEMO-1",
    "houses": "1-4栋",
    "starts": "2026-11-24T09:00",
    "ends": "2026-11-24T18:00",
    "words": "水管抢修，1-4栋停水，请先存些水",
    "source": "自来水公司",
}


async def kept(office: Office) -> list[Bulletin]:
    return await office.store.read(lambda tx: tx.answers.bulletins(START))


async def ask(office: Office, about: str, *names: str) -> None:
    some = [
        Asked(
            about,
            f"web:{name}",
            "DEMO-1",
            GROUP,
            name,
            "没水了",
            None,
            ("GY01:0.990",),
            Triage.AUTO,
            START,
        )
        for name in names
    ]
    await office.store.write(lambda tx: tx.answers.save_asked(some))


async def said(office: Office) -> list[str]:
    every = await office.store.read(lambda tx: tx.outbox.every())
    return [one.post.text for one in every if one.post.chat == GROUP]


async def test_a_grid_worker_writes_one(office: Office) -> None:
    chen = await office.sits("chen")
    status, page = await chen.get(f"{PATH}/new")
    assert status == 200
    assert "第一网格" in page or "DEMO-1" in page
    status, page = await chen.post(f"{PATH}/new", **FORM)
    assert (status, BULLETINS["done_kept"] in page) == (200, True)
    assert "1、2、3、4栋" in page
    (one,) = await kept(office)
    assert one.items == ("GY01", "GY10")
    assert (one.houses, one.scopes, one.state) == (
        ("1", "2", "3", "4"),
        ("DEMO-1",),
        BulletinState.KEPT,
    )
    timers = await office.store.read(lambda tx: tx.timers.of_subject(one.id))
    assert [timer.due for timer in timers] == [one.ends_at]
    (look,) = await office.store.read(lambda tx: tx.audit.latest())
    assert (look.case, look.person, look.what) == ("DEMO-1", "web:demo-chen", "bulletin")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"subject": ""}, Wrong.SUBJECT),
        ({"subject": "停车"}, Wrong.SUBJECT),
        ({"also": "ZA09"}, Wrong.SUBJECT),
        ({"scope": ""}, Wrong.SCOPE),
        ({"scope": "NOWHERE"}, Wrong.SCOPE),
        ({"houses": "东边那几栋"}, Wrong.HOUSES),
        ({"starts": ""}, Wrong.TIMES),
        ({"ends": "明天"}, Wrong.TIMES),
        ({"ends": "9999-99-99T99:99"}, Wrong.TIMES),
        ({"ends": "2026-11-24T08:00"}, Wrong.ORDER),
        ({"starts": "2026-11-23T08:00", "ends": "2026-11-23T18:00"}, Wrong.ORDER),
        ({"ends": "2027-11-24T08:00"}, Wrong.LONG.format(days=60)),
        ({"words": " "}, Wrong.WORDS.format(most=200)),
        ({"words": "停" * 201}, Wrong.WORDS.format(most=200)),
        ({"source": ""}, Wrong.SOURCE.format(most=40)),
    ],
)
async def test_bad_input_says_what_to_do_and_keeps_what_was_typed(
    office: Office, change: dict[str, str], sentence: str
) -> None:
    chen = await office.sits("chen")
    status, page = await chen.post(f"{PATH}/new", **(FORM | change))
    assert (status, sentence in page) == (400, True)
    if change.keys() != {"source"}:
        assert "自来水公司" in page
    assert await kept(office) == []


async def test_whom_it_answered_is_counted_and_not_named(office: Office) -> None:
    chen = await office.sits("chen")
    await chen.post(f"{PATH}/new", **FORM)
    (one,) = await kept(office)
    await ask(office, one.id, "王阿姨", "李叔", "小周")
    _, page = await chen.get(PATH)
    assert BULLETINS["told"].format(n=3) in page
    assert "王阿姨" not in page


async def test_it_takes_longer_and_those_who_asked_hear_it(office: Office) -> None:
    chen = await office.sits("chen")
    await chen.post(f"{PATH}/new", **FORM)
    (one,) = await kept(office)
    await ask(office, one.id, "王阿姨", "李叔")
    _, page = await chen.get(f"{PATH}/{one.id}")
    assert 'value="2026-11-24T18:00"' in page
    assert "1栋、2栋" in page
    drawn = FORM | {"seen": one.made_at.isoformat()}
    await chen.post(f"{PATH}/{one.id}", **(drawn | {"ends": "2026-11-24T20:00"}))
    assert await said(office) == ["停水的时间改了，现在说到今天20:00。等不了的直接说一声。"]
    _, page = await chen.post(f"{PATH}/{one.id}/end")
    assert BULLETINS["done_ended"] in page
    assert (await said(office))[1].startswith("停水说是提前好了")
    (one,) = await kept(office)
    assert one.state is BulletinState.ENDED
    status, page = await chen.post(f"{PATH}/{one.id}/end")
    assert (status, Wrong.GONE in page) == (404, True)
    assert len(await said(office)) == 2


async def test_what_was_proposed_in_a_group_is_kept_or_dropped(office: Office) -> None:
    later = timedelta(hours=8)
    draft = Bulletin(
        "p1",
        ("GY04",),
        ("DEMO-1",),
        (),
        "明天停电",
        "物业",
        START,
        START + later,
        BulletinState.PROPOSED,
        "web:x",
        START,
    )
    some = [draft, replace(draft, id="p2")]
    await office.store.write(lambda tx: tx.answers.save_bulletins(some))
    chen = await office.sits("chen")
    _, page = await chen.get(PATH)
    assert BULLETINS["proposed"] in page
    form = FORM | {"subject": "停电", "houses": "", "seen": START.isoformat()}
    await chen.post(f"{PATH}/p1", **form)
    _, page = await chen.post(f"{PATH}/p2/end")
    assert BULLETINS["done_dropped"] in page
    states = {one.id: one.state for one in await kept(office)}
    assert states == {"p1": BulletinState.KEPT, "p2": BulletinState.DROPPED}
    assert await said(office) == []


async def test_an_end_that_nobody_named_is_seen_and_changed_here(office: Office) -> None:
    draft = Bulletin(
        "p1",
        ("GY01", "GY10"),
        ("DEMO-1",),
        (),
        "今天停水，什么时候来不知道",
        "物业",
        START,
        START + timedelta(hours=30),
        BulletinState.PROPOSED,
        "web:x",
        START,
        open_end=True,
    )
    await office.store.write(lambda tx: tx.answers.save_bulletins([draft]))
    chen = await office.sits("chen")
    _, page = await chen.get(PATH)
    assert "没说到几时，先用到 明天16:00" in as_read(page)
    _, page = await chen.get(f"{PATH}/p1")
    assert 'value="2026-11-25T16:00"' in page
    ends = "2026-11-24T20:00"
    form = FORM | {"houses": "", "ends": ends, "seen": START.isoformat()}
    status, _ = await chen.post(f"{PATH}/p1", **form)
    assert status == 200
    (one,) = await kept(office)
    assert (one.state, one.open_end) == (BulletinState.KEPT, False), "somebody named it now"
    assert one.ends_at.astimezone(office.rules.zone).strftime("%Y-%m-%dT%H:%M") == ends


async def test_nobody_changes_what_holds_elsewhere_too(office: Office) -> None:
    district = await office.sits("district")
    _, page = await district.get(f"{PATH}/new")
    await district.post(f"{PATH}/new", **(FORM | {"scope": "DEMO-D", "houses": ""}))
    (one,) = await kept(office)
    chen = await office.sits("chen")
    _, page = await chen.get(PATH)
    assert one.words in page
    status, page = await chen.get(f"{PATH}/{one.id}")
    assert (status, Wrong.NOT_YOURS in page) == (403, True)
    status, _ = await chen.post(f"{PATH}/{one.id}/end")
    assert status == 403
    status, page = await chen.post(f"{PATH}/new", **(FORM | {"scope": "DEMO-D"}))
    assert (status, Wrong.SCOPE in page) == (400, True)


async def test_pressed_twice_it_is_one(office: Office) -> None:
    chen = await office.sits("chen")
    _, page = await chen.get(f"{PATH}/new")
    key = re.search(r'name="key" value="(\w+)"', page)
    assert key is not None
    for _ in range(2):
        status, _ = await chen.post(f"{PATH}/new", **FORM, key=key[1])
        assert status == 200
    (one,) = await kept(office)
    assert one.id == key[1]
    await chen.post(f"{PATH}/new", **FORM, key="<script>")
    assert len(await kept(office)) == 2, "what is no key gets one"


async def test_what_somebody_changed_meanwhile_is_not_written_over(office: Office) -> None:
    chen, sun = await office.sits("chen"), await office.sits("sun")
    await chen.post(f"{PATH}/new", **FORM)
    (one,) = await kept(office)
    drawn = FORM | {"seen": one.made_at.isoformat()}
    office.later(minutes=1)
    await sun.post(f"{PATH}/{one.id}", **(drawn | {"words": "改成后半夜停水"}))
    mine = drawn | {"words": "今晚不停了"}
    status, page = await chen.post(f"{PATH}/{one.id}", **mine)
    assert (status, Wrong.STALE in page, "今晚不停了" in page) == (409, True, True)
    assert [one.words for one in await kept(office)] == ["改成后半夜停水"]
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen is not None
    await chen.post(f"{PATH}/{one.id}", **(mine | {"seen": seen[1]}))
    assert [one.words for one in await kept(office)] == ["今晚不停了"], "who has looked may"
