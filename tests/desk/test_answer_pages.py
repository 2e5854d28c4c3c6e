"""问答卡 on the desk: written, checked and ended by staff, with source and end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from office import GROUP, START, Office

from bot.web.desk.words_answers import ANSWERS, Wrong
from intake.answer_cards import AnswerCard
from intake.bulletins import Asked
from intake.reading import Triage

PATH = "/desk/answers"
FORM = {
    "wordings": "派出所礼拜六上班吗\n派出所周日上班吗\n\n派出所礼拜六上班吗",
    "answer": "周六上午九点到十二点有人",
    "source": "派出所门口的告示",
    "expires": "2026-12-31",
    "scope": "DEMO-1",
    "aloud": "yes",
}


async def cards(office: Office) -> list[AnswerCard]:
    return await office.store.read(lambda tx: tx.answers.cards(START))


async def test_a_grid_worker_writes_one_and_tries_it(office: Office) -> None:
    chen = await office.sits("chen")
    assert (await chen.get(f"{PATH}/new"))[0] == 200
    status, page = await chen.post(f"{PATH}/new", **FORM)
    assert (status, ANSWERS["done_kept"] in page) == (200, True)
    key = {"key": "0123456789abcdef"}
    assert (await chen.post(f"{PATH}/new", **(FORM | key)))[0] == 200
    assert (await chen.post(f"{PATH}/new", **(FORM | key)))[0] == 200
    assert len(await cards(office)) == 2, "pressed twice it is one more and not two"
    await chen.post(f"{PATH}/{key['key']}/end")
    card = next(one for one in await cards(office) if not one.ended)
    assert card.wordings == ("派出所礼拜六上班吗", "派出所周日上班吗")
    assert (card.keeper, card.scopes, card.aloud) == ("web:demo-chen", ("DEMO-1",), True)
    assert card.expires_at.isoformat() == "2026-12-31T16:00:00+00:00", "the end of that day"
    assert "12月31日到期" in page.replace('<span class="number">', "").replace("</span>", "")
    timers = await office.store.read(lambda tx: tx.timers.of_subject(card.id))
    assert [timer.due for timer in timers] == [card.expires_at - timedelta(days=7)]
    _, page = await chen.get(PATH, **{"try": "请问派出所周六开门吗"})
    assert ANSWERS["tried"].format(answer=card.answer) in page
    _, page = await chen.get(PATH, **{"try": "社保窗口周六开门吗"})
    assert ANSWERS["tried_none"] in page
    *_, look = await office.store.read(lambda tx: tx.audit.latest())
    assert (look.case, look.what) == ("DEMO-1", "answer card")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"wordings": " \n"}, Wrong.WORDINGS.format(most=12, long=60)),
        ({"wordings": "\n".join(f"{n}号怎么走" for n in range(13))}, "最多 12 种"),
        ({"wordings": "派" * 61}, "不超过 60 个字"),
        ({"wordings": "在哪里"}, Wrong.UNCLEAR.format(wording="在哪里")),
        ({"answer": ""}, Wrong.ANSWER.format(most=300)),
        ({"source": ""}, Wrong.SOURCE.format(most=40)),
        ({"expires": ""}, Wrong.EXPIRES.format(days=400)),
        ({"expires": "2026-11-24"}, Wrong.EXPIRES.format(days=400)),
        ({"expires": "2036-01-01"}, Wrong.EXPIRES.format(days=400)),
        ({"expires": "0001-01-01"}, Wrong.EXPIRES.format(days=400)),
        ({"scope": "DEMO-D"}, Wrong.SCOPE),
    ],
)
async def test_bad_input_says_what_to_do_and_keeps_what_was_typed(
    office: Office, change: dict[str, str], sentence: str
) -> None:
    chen = await office.sits("chen")
    status, page = await chen.post(f"{PATH}/new", **(FORM | change))
    assert (status, sentence in page) == (400, True)
    assert change.keys() == {"answer"} or "周六上午九点到十二点有人" in page
    assert await cards(office) == []


async def test_two_cards_for_one_question_are_refused(office: Office) -> None:
    chen = await office.sits("chen")
    await chen.post(f"{PATH}/new", **FORM)
    other = FORM | {"wordings": "派出所星期六开不开门", "answer": "周六不上班"}
    status, page = await chen.post(f"{PATH}/new", **other)
    said = Wrong.TWICE.format(wording="派出所星期六开不开门", answer=FORM["answer"])
    assert (status, said in page) == (400, True)
    status, _ = await chen.post(f"{PATH}/new", **(other | {"wordings": "派出所国庆上班吗"}))
    assert status == 200


async def test_checked_again_it_goes_on_and_whoever_checked_keeps_it(office: Office) -> None:
    chen = await office.sits("chen")
    await chen.post(f"{PATH}/new", **(FORM | {"expires": "2026-11-28"}))
    (card,) = await cards(office)
    _, page = await chen.get(PATH)
    assert ANSWERS["soon"] in page
    assert await office.store.read(lambda tx: tx.timers.of_subject(card.id)) == []
    office.later(days=10)
    sun = await office.sits("sun")
    _, page = await sun.get(PATH)
    assert ANSWERS["expired"] in page
    _, page = await sun.get(f"{PATH}/{card.id}")
    assert 'value="2026-11-28"' in page
    longer = FORM | {"expires": "2027-05-01"}
    status, page = await sun.post(f"{PATH}/{card.id}", **longer)
    assert (status, Wrong.STALE in page) == (409, True), "an older form writes nothing over"
    await sun.post(f"{PATH}/{card.id}", **longer, seen=card.checked_at.isoformat())
    (card,) = await cards(office)
    assert (card.keeper, card.checked_at) == ("web:demo-sun", office.now)
    assert len(await office.store.read(lambda tx: tx.timers.of_subject(card.id))) == 1


async def test_ended_it_is_gone_and_its_reminder_too(office: Office) -> None:
    chen = await office.sits("chen")
    await chen.post(f"{PATH}/new", **FORM)
    (card,) = await cards(office)
    _, page = await chen.post(f"{PATH}/{card.id}/end")
    assert ANSWERS["done_ended"] in page
    assert await office.store.read(lambda tx: tx.timers.of_subject(card.id)) == []
    assert (await chen.post(f"{PATH}/{card.id}/end"))[0] == 404
    assert (await chen.get(f"{PATH}/{card.id}"))[0] == 404


async def test_whom_it_answered_is_counted_and_not_named(office: Office) -> None:
    chen = await office.sits("chen")
    await chen.post(f"{PATH}/new", **FORM)
    (card,) = await cards(office)
    some = [
        Asked(
            card.id,
            f"web:{name}",
            "DEMO-1",
            GROUP,
            name,
            "派出所",
            None,
            ("ZW01:0.600",),
            Triage.AUTO,
            START,
            missed,
        )
        for name, missed in (("王阿姨", True), ("李叔", False))
    ]
    await office.store.write(lambda tx: tx.answers.save_asked(some))
    _, page = await chen.get(PATH)
    assert ANSWERS["told"].format(n=2) + ANSWERS["missed"].format(n=1) in page
    assert "王阿姨" not in page
