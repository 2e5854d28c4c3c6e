"""我的网格今天: danger first, what is due, what is new, what to look at on the way."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from office import GROUP, START, Office, as_read
from statements import statements

from intake.grids import ChatRef
from intake.lifecycle import State
from intake.taxonomy import Level
from storage.store import Tx

HOUR = timedelta(hours=1)
OLD = START - 50 * HOUR


def parts(page: str) -> dict[str, list[str]]:
    """The cases of each part, in order."""
    found: dict[str, list[str]] = {}
    for section in re.findall(r'<section class="day".*?</section>', page, re.DOTALL):
        name = re.search(r'aria-labelledby="(\w+)"', section)
        assert name is not None
        found[name[1]] = re.findall(r'<a class="body" href="/desk/case/([^"]+)"', section)
    return found


async def test_each_case_once_and_danger_first(office: Office) -> None:
    chen = await office.sits("chen")
    answered = {"opened_at": OLD, "responded_at": OLD}
    danger = await office.case(emergency="E01", level=Level.A, resolve_due=START + 24 * HOUR)
    late = await office.case(opened_at=OLD, respond_due=START - HOUR)
    tonight = await office.case(**answered, resolve_due=START + 13 * HOUR)  # 23:00
    await office.case(**answered, resolve_due=START + 15 * HOUR)  # tomorrow
    since = await office.case(opened_at=START - 15 * HOUR, respond_due=START + 30 * HOUR)  # 19:00
    await office.case(opened_at=START - 17 * HOUR, respond_due=START + 30 * HOUR)  # 17:00
    done = await office.case(
        opened_at=OLD, state=State.TO_RATE, done_words="换了灯", place="小花园"
    )
    await office.case("MZ11", opened_at=OLD, state=State.TO_RATE)  # private: no stop on the way
    wish = await office.case("HZ01", state=State.REVIEW, said="想请人搬个柜子", opened_at=OLD)
    await office.case(state=State.CLOSED)
    status, page = await chen.get("/desk/today")
    assert status == 200
    assert parts(page) == {
        "danger": [danger.id],
        "late": [late.id],
        "due": [tonight.id],
        "new": [since.id],
        "round": [done.id],
        "wishes": [wish.id],
    }
    assert "小花园" in page
    assert await chen.landed("/desk") == "/desk/today", "it is the worker's first page"


async def test_a_quiet_day(office: Office) -> None:
    chen = await office.sits("chen")
    _, page = await chen.get("/desk/today")
    assert parts(page) == {}
    assert "今天没有到期的事" in page
    assert "值班网格员 小陈 → 值班调度" in page
    assert 'href="/desk/field"' in page


async def test_only_what_one_may_see_and_of_private_cases_no_words(office: Office) -> None:
    chen, property_ = await office.sits("chen"), await office.sits("property")
    secret = await office.case("MZ11", said="睡不着想找人说说", place="5栋", title="民政")
    nasty = "<script>alert(1)</script>"
    plain = await office.case(said=nasty, place=nasty, opened_at=START - HOUR)
    _, page = await chen.get("/desk/today")
    shown = [id for part in parts(page).values() for id in part]
    assert set(shown) == {secret.id, plain.id}
    assert "私密" in page
    for words in ("睡不着", "5栋", "<script>alert"):
        assert words not in page, words
    _, page = await property_.get("/desk/today")
    assert secret.id not in page
    assert "心理疏导" not in page
    status, _ = await (await office.sits("sun")).get("/desk/today")
    assert status == 403
    assert await office.store.read(lambda tx: tx.audit.latest()) == []


async def test_what_everybody_should_know(office: Office) -> None:
    chen = await office.sits("chen")
    await office.case("GY01", said="整片停电了", voices=9, opened_at=OLD, respond_due=START + HOUR)

    def silence(tx: Tx) -> None:
        chat = tx.chats.get(GROUP)
        assert chat is not None
        tx.chats.save([replace(chat, silent_until=START + HOUR)])

    await office.store.write(silence)
    _, page = await chen.get("/desk/today")
    assert "9 人在等，还剩1小时" in page
    assert "我安静到今天11:00" in as_read(page)


async def test_it_costs_the_same_number_of_queries_however_much_there_is(office: Office) -> None:
    chen = await office.sits("chen")
    counts = []
    await chen.get("/desk/today")  # from here on only what changed is read
    for many in (1, 40):
        for _ in range(many):
            await office.case(taken_by="web:demo-chen", respond_due=START + HOUR)
        with statements() as seen:
            status, page = await chen.get("/desk/today")
        assert status == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
    _, page = await chen.get("/desk/today")
    assert len(parts(page)["due"]) == 30
    assert "还有更多" in page
    assert "30+" in page


async def test_another_channel_is_no_round(office: Office) -> None:
    chen = await office.sits("chen")
    await office.case(opened_at=START - HOUR, chat=ChatRef("fields", "1"))
    _, page = await chen.get("/desk/today")
    assert "巡查发现" not in page
    await office.case(opened_at=START - HOUR, chat=ChatRef("field", "2"))
    _, page = await chen.get("/desk/today")
    assert "今天巡查发现 1 件，当场办好 0 件" in page
