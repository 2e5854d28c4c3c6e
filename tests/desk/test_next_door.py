"""Staff of another grid, another department and another district at every door, with ids that are real."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from office import START, Office, Visitor
from test_gates import all_routes
from test_malformed import Blanks
from test_which_page import waiting

from intake.acts import Act
from intake.answer_cards import AnswerCard
from intake.bulletins import Bulletin, BulletinState
from intake.cases import CallBack
from intake.lifecycle import State
from intake.people import Grant, Person, Role
from intake.taxonomy import Visibility
from storage.schema import metadata
from storage.tx import Tx

SECRET = "暗号九九八"
OTHERS = {
    "next door": Grant(Role.GRID_WORKER, "DEMO-2"),
    "moderator next door": Grant(Role.MODERATOR, "DEMO-2"),
    "another department": Grant(Role.DEPARTMENT, "ZF"),
    "another district": Grant(Role.DISTRICT, "ELSEWHERE"),
    "another administrator": Grant(Role.ADMIN, "ELSEWHERE"),
}
KEPT = (
    *("cases", "entries", "bulletins", "answer_cards", "held", "grids", "areas", "manners"),
    *("departments", "chats", "grants", "duty", "outbox", "covers", "report_codes"),
)
FORM = {
    "version": "1",
    "words": "换了灯头，试过亮了",
    "choice": "parts",
    "place": "ZF",
    "day": "2026-11-26",
    "nature": "thanks",
    "case": "none",
    "how": "none",
    "most": "3",
    "area": "1栋",
    "new": "新名字",
    "into": "ZF",
    "why": "试试",
    "to": "new",
    "id": "NEW-1",
    "name": "新网格",
    "buildings": "3栋",
    "chat": "web:DEMO-1",
    "sure": "1",
    "do": "released",
    "subject": "停水",
    "scope": "DEMO-1",
    "starts": "2026-11-24T10:00",
    "source": "物业",
    "ends": "2026-11-24T20:00",
    "wordings": "居住证在哪里办",
    "answer": "二楼",
    "expires": "2026-12-31",
    "person": "web:demo-chen",
    "role": "grid_worker",
    "item": "SZ04",
}


async def settle(office: Office, grant: Grant) -> dict[str, str]:
    """A private case and all that is announced in DEMO-1, and somebody with this role."""
    case = await office.case(
        state=State.WORKING, visibility=Visibility.PRIVATE, said=SECRET, taken_by="web:demo-wu"
    )
    await office.case(state=State.CLOSED, closed_at=START, call_back=CallBack.DUE, said=SECRET)
    held = await waiting(office, case)
    bulletin = Bulletin(
        *("b1", ("SR01",), ("DEMO-1",), (), SECRET, "物业", START, START + timedelta(hours=8)),
        *(BulletinState.KEPT, "web:demo-chen", START),
    )
    until = START + timedelta(days=60)
    card = AnswerCard(
        *("b1", ("居住证在哪里办",), SECRET, "告示", ("DEMO-1",), until, "web:demo-chen", START)
    )

    def work(tx: Tx) -> None:
        tx.answers.save_bulletins([bulletin, replace(bulletin, id="b2")])
        tx.answers.save_card(card)
        tx.people.save([Person("web:mei", "小梅")], START)
        tx.people.grant("web:mei", grant, "system", START)

    await office.store.write(work)
    return {"case": case.id, "key": held.key}


async def mei(office: Office) -> Visitor:
    visitor = office.person()
    token = "t" * 43

    def work(tx: Tx) -> None:
        tx.sessions.begin(token, "web:mei", "", office.now)

    await office.store.write(work)
    visitor.session.cookie_jar.update_cookies({"huying_desk": token})
    return visitor


async def everything(office: Office) -> dict[str, Any]:
    def work(tx: Tx) -> dict[str, Any]:
        tables = [metadata.tables[name] for name in KEPT if name in metadata.tables]
        return {
            one.name: sorted(map(repr, tx.connection.execute(one.select()).all())) for one in tables
        }

    return await office.store.read(work)


@pytest.mark.parametrize("who", OTHERS)
async def test_nothing_is_read_and_nothing_changes(office: Office, who: str) -> None:
    ids = await settle(office, OTHERS[who])
    visitor, before = await mei(office), await everything(office)
    assert (await visitor.get("/desk"))[0] == 200
    for route in all_routes(office):
        if "sign" in route.path or "demo" in route.path or route.path.startswith("/desk/me"):
            continue
        for node in ("DEMO-1", "JS"):
            for act in Act if "{act}" in route.path else (Act.TAKE,):
                id = "b1" if "bulletins" in route.path or "answers" in route.path else ids["case"]
                blanks = {"id": id, "case": ids["case"], "node": node, "key": ids["key"]}
                path = route.path.format_map(Blanks(blanks | {"act": act.value}))
                ask = visitor.get if route.method == "GET" else visitor.post
                status, page = await ask(path, **(FORM | {"case": ids["case"]}))
                assert status < 500, (route.method, path)
                assert SECRET not in page, (route.method, path)
    now = await everything(office)
    changed = {name: set(now[name]) ^ set(before[name]) for name in now}
    assert {name: rows for name, rows in changed.items() if rows} == {}
