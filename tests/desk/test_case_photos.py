"""The photos of a case: who sees them, what is kept of a look, and when they go."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from office import GROUP, START, Office, Visitor
from photo_files import jpeg
from PIL import Image
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.sweeping import sweep
from bot.web.room.service import WebRoom
from intake.cases import Case, Line, LineRole
from intake.facts import Changes
from intake.grids import ChatRef, MessageRef
from intake.lifecycle import State
from intake.people import Grant, Role
from intake.taxonomy import Visibility
from storage.room_records import Photo

NASTY = '<img src=x onerror="alert(1)">'


async def hang(office: Office, *lines: Line) -> None:
    await office.store.write(lambda tx: tx.desk.save(Changes(lines=list(lines)), [], office.now))


def line(case: Case, message: str, **more: object) -> Line:
    made = Line(
        case.id, GROUP, message, "web:demo-wang", LineRole.OPENED, "灯不亮", ("photo",), START
    )
    return replace(made, **more)  # type: ignore[arg-type]


async def photo(office: Office, message: str, chat: ChatRef = GROUP) -> Photo:
    """A photo that came with a message."""
    assert office.photos is not None
    kept = await office.photos.keep(jpeg((900, 600)))
    await office.store.write(lambda tx: tx.photos.add(chat, message, [kept], office.now))
    return kept


async def told_with_photo(office: Office, **more: object) -> tuple[Case, str]:
    """A case whose first line has a photo, and the path of the photo."""
    case = await office.case(**more)
    await hang(office, line(case, f"m-{case.id}"))
    kept = await photo(office, f"m-{case.id}")
    return case, f"/desk/case/{case.id}/photo/{kept.name}"


async def status_of(visitor: Visitor, path: str) -> int:
    async with visitor.session.get(visitor.office.url + path) as got:
        await got.read()
        return got.status


def swept(office: Office) -> WebRoom:
    assert office.photos is not None
    return WebRoom(office.store, office.photos, lambda: office.now)


async def test_the_page_shows_small_ones_that_lead_to_the_whole(office: Office) -> None:
    case, path = await told_with_photo(office)
    later = START + timedelta(hours=1)
    chen_says = {"sender": "web:demo-chen", "role": LineRole.REPORT_BACK, "at": later}
    await hang(office, line(case, "done", **chen_says))
    after = await photo(office, "done")
    chen = await office.sits("chen")
    status, page = await chen.get(f"/desk/case/{case.id}")
    assert status == 200
    shown = re.findall(r'<a href="([^"]+/photo/[^"]+)"><img src="\1/small"', page)
    assert shown == [path, f"/desk/case/{case.id}/photo/{after.name}"]
    assert "第 1 张照片，共 2 张：报事人，报事。点开看大图" in page
    assert "第 2 张照片，共 2 张：小陈，回话。点开看大图" in page
    assert "没有取到这里来" not in page
    for there, longest in ((path, 900), (f"{path}/small", 320)):
        async with chen.session.get(office.url + there) as got:
            assert got.status == 200
            assert got.headers["Content-Type"] == "image/jpeg"
            assert got.headers["Cache-Control"] == "no-store"
            assert got.headers["X-Content-Type-Options"] == "nosniff"
            assert got.headers["Cross-Origin-Resource-Policy"] == "same-origin"
            with Image.open(io.BytesIO(await got.read())) as image:
                assert max(image.size) == longest
                assert not dict(image.getexif())


async def test_a_photo_asks_the_same_sight_as_its_case(office: Office) -> None:
    case, path = await told_with_photo(office)
    other, _ = await told_with_photo(office, grid="DEMO-2")
    stranger = office.person()
    assert (await stranger.landed(path)).startswith("/desk/sign-in")
    for name, expected in (("chen", 200), ("street", 200), ("auditor", 403), ("admin", 403)):
        visitor = await office.sits(name)
        for there in (path, f"{path}/small"):
            assert await status_of(visitor, there) == expected, name
    hidden, secret = await told_with_photo(office, visibility=Visibility.PRIVATE)
    neighbour = await office.sits("property")
    assert await status_of(neighbour, f"/desk/case/{hidden.id}") == 404
    chen = await office.sits("chen")
    elsewhere = path.replace(case.id, other.id)
    nowhere = (elsewhere, path.replace(case.id, "DEMO-1-99"), path[:-5], f"{path}%00", f"{path}x")
    for there in nowhere:
        assert await status_of(chen, there) == 404, there
    for there in (secret, f"{secret}/small", secret.replace(hidden.id, case.id)):
        assert await status_of(neighbour, there) == 404


async def test_a_whole_picture_of_a_private_case_is_a_look_on_record(office: Office) -> None:
    case, path = await told_with_photo(office, visibility=Visibility.PRIVATE)
    chen, property_ = await office.sits("chen"), await office.sits("property")
    assert await status_of(property_, path) == 404
    await chen.get(f"/desk/case/{case.id}")
    assert await status_of(chen, f"{path}/small") == 200
    assert await status_of(chen, path) == 200
    looks = await office.store.read(lambda tx: tx.audit.of_case(case.id))
    assert [(look.person, look.what) for look in looks] == [
        ("web:demo-chen", "look"),
        ("web:demo-chen", "photo"),
    ]
    _, page = await (await office.sits("auditor")).get("/desk/records")
    assert "看过照片" in page
    public, there = await told_with_photo(office)
    assert await status_of(chen, there) == 200
    assert await office.store.read(lambda tx: tx.audit.of_case(public.id)) == []


async def test_a_withdrawn_line_takes_its_photos_along(office: Office) -> None:
    case, path = await told_with_photo(office)
    chen = await office.sits("chen")
    ref = MessageRef(GROUP, f"m-{case.id}")
    await office.store.write(lambda tx: tx.cases.unsay([ref]))
    _, page = await chen.get(f"/desk/case/{case.id}")
    assert "/photo/" not in page
    assert await status_of(chen, path) == 404
    await sweep(office.store, swept(office), office.now)
    assert office.photos is not None
    assert office.photos.path(path.rpartition("/")[2]) is None


async def test_photos_go_with_the_words_of_their_line_and_not_before(office: Office) -> None:
    case, path = await told_with_photo(office)
    alone = await office.case()
    await hang(office, line(alone, "only", text=""))
    bare = await photo(office, "only")
    room, name = swept(office), path.rpartition("/")[2]
    assert office.photos is not None
    office.later(days=90)
    await sweep(office.store, room, office.now)
    assert office.photos.path(name) is not None, "the room forgets it, the case does not"
    office.later(seconds=1)
    await sweep(office.store, room, office.now)
    assert office.photos.path(name) is None
    assert office.photos.path(bare.name) is None, "nor does a photo without words stay"
    (left,) = await office.store.read(lambda tx: tx.cases.lines(alone.id))
    assert left.media == ()
    assert await office.store.read(lambda tx: tx.photos.names()) == set()
    chen = await office.sits("chen")
    assert await status_of(chen, path) == 404
    assert await status_of(chen, f"/desk/case/{case.id}") == 200


async def test_what_no_case_took_up_goes_after_a_week(office: Office) -> None:
    case = await office.case()
    assert office.photos is not None
    kept = await photo(office, "chat")
    office.later(days=7)
    await sweep(office.store, swept(office), office.now)
    assert office.photos.path(kept.name) is not None
    await hang(office, line(case, "chat", at=office.now))
    office.later(seconds=1)
    await sweep(office.store, swept(office), office.now)
    assert office.photos.path(kept.name) is not None, "taken up at last"
    late = await photo(office, "more chat")
    office.later(days=7, seconds=1)
    await sweep(office.store, swept(office), office.now)
    assert office.photos.path(late.name) is None


@pytest.mark.parametrize("state", [State.DISPATCHED, State.MERGED])
async def test_a_file_that_is_gone_is_a_sentence(office: Office, state: State) -> None:
    case, path = await told_with_photo(office, state=state)
    assert office.photos is not None
    office.photos.delete([path.rpartition("/")[2]])
    chen = await office.sits("chen")
    for there in (path, f"{path}/small"):
        status, page = await chen.get(there)
        assert (status, "没有找到这张照片" in page) == (404, True)
    assert await status_of(chen, f"/desk/case/{case.id}") == 200


async def test_of_other_groups_the_page_says_that_photos_stayed_there(office: Office) -> None:
    case = await office.case()
    far = ChatRef("telegram", "-100")
    await hang(office, line(case, "1", chat=far, media=("photo", "photo", "location"), text=""))
    chen = await office.sits("chen")
    _, page = await chen.get(f"/desk/case/{case.id}")
    assert "附 照片 ×2、位置" in page
    assert "没有取到这里来" in page
    plain = await office.case()
    await hang(office, line(plain, "2", chat=far, media=("location",)))
    _, page = await chen.get(f"/desk/case/{plain.id}")
    assert "没有取到这里来" not in page


async def test_a_name_with_html_in_it_stays_a_name(office: Office) -> None:
    case, _ = await told_with_photo(office, place=NASTY)
    id = "web:demo-chen"
    people = await office.store.read(lambda tx: tx.people.many([id]))
    await office.store.write(lambda tx: tx.people.save([replace(people[id], name=NASTY)], START))
    await hang(office, line(case, "x", sender=id, role=LineRole.REPORT_BACK))
    await photo(office, "x")
    _, page = await (await office.sits("chen")).get(f"/desk/case/{case.id}")
    assert NASTY not in page
    assert "&lt;img src=x" in page


async def merged(office: Office, main: Case, **more: object) -> tuple[Case, str]:
    """A case told with a photo and merged into `main`, and the path of the photo at its own address."""
    case, path = await told_with_photo(office, state=State.MERGED, merged_into=main.id, **more)
    return case, path


async def test_photos_of_merged_cases_stand_under_their_own_headings(office: Office) -> None:
    """王阿姨 and 李叔 each sent a photo of the same lamp; 小陈 has both before him."""
    main, own = await told_with_photo(office)
    later = START + timedelta(minutes=5)
    twin, path = await merged(office, main, said="三栋灯灭了", opened_at=later)
    await hang(office, line(twin, "m2", text="还是黑的", at=later))
    other, third = await merged(office, main, grid="DEMO-2")
    chen = await office.sits("chen")
    _, page = await chen.get(f"/desk/case/{main.id}")
    top, came = page.split('class="came"', 1)
    assert (own in top, path in top, path in came, own in came) == (True, False, True, False)
    assert f"来自 {twin.id}</a></h3>" in came
    assert "还是黑的" in came
    assert "第 1 张照片，共 1 张：报事人，报事。点开看大图" in came
    for there in (path, f"{path}/small"):
        assert await status_of(chen, there) == 200
    assert third in page
    grant = Grant(Role.GRID_WORKER, "DEMO-1")
    await office.store.write(
        lambda tx: tx.people.grant("web:demo-lin", grant, "system", office.now)
    )
    lin = await office.sits("lin")
    _, page = await lin.get(f"/desk/case/{main.id}")
    assert (path in page, third in page, other.id in page) == (True, False, False)
    assert "另有 1 件并进来" in page
    assert await status_of(lin, third) == 404


async def test_a_private_cases_photo_is_on_nobodys_page_but_theirs(office: Office) -> None:
    main, _ = await told_with_photo(office)
    hidden, path = await merged(office, main, visibility=Visibility.PRIVATE)
    property_, chen = await office.sits("property"), await office.sits("chen")
    _, page = await property_.get(f"/desk/case/{main.id}")
    assert (path in page, hidden.id in page, "来自" in page) == (False, False, False)
    assert await status_of(property_, path) == 404
    assert await office.store.read(lambda tx: tx.audit.of_case(hidden.id)) == []
    _, page = await chen.get(f"/desk/case/{main.id}")
    assert path in page
    looks = await office.store.read(lambda tx: tx.audit.of_case(hidden.id))
    assert [(look.person, look.what) for look in looks] == [("web:demo-chen", "look")]


async def test_a_photo_of_a_line_on_both_cases_stands_once_with_each(office: Office) -> None:
    main, own = await told_with_photo(office)
    part = await office.case(state=State.MERGED, merged_into=main.id)
    await hang(office, line(part, f"m-{main.id}"))
    _, page = await (await office.sits("chen")).get(f"/desk/case/{main.id}")
    assert page.count(f'<a href="{own}">') == 1
    assert page.count(f'<a href="{own.replace(main.id, part.id)}">') == 1


async def test_as_many_queries_for_many_merged_as_for_one(office: Office) -> None:
    main, _ = await told_with_photo(office)
    chen = await office.sits("chen")
    asked: list[str] = []

    def count(*args: Any) -> None:
        asked.append(args[2])

    async def look() -> int:
        asked.clear()
        _, page = await chen.get(f"/desk/case/{main.id}")
        assert '/small"' in page
        return len(asked)

    await merged(office, main)
    await look()
    event.listen(Engine, "before_cursor_execute", count)
    try:
        few = await look()
        for _ in range(5):
            await merged(office, main)
        await look()
        assert await look() == few
    finally:
        event.remove(Engine, "before_cursor_execute", count)


async def test_as_many_queries_for_many_photos_as_for_one(office: Office) -> None:
    case, _ = await told_with_photo(office)
    some = [line(case, f"p{n}", at=START + timedelta(seconds=n)) for n in range(12)]
    await hang(office, *some)
    for one in some:
        await photo(office, one.message)
    found = await office.store.read(lambda tx: tx.photos.of_case(case.id))
    assert sum(map(len, found.values())) == 13
    _, page = await (await office.sits("chen")).get(f"/desk/case/{case.id}")
    assert page.count('/small"') == 13
