"""Open cases of an item that is offered no more: seen everywhere, marked, and put to a moderator."""

from __future__ import annotations

import pytest
from office import Office, as_read
from sqlalchemy import update

from intake.cases import Case
from intake.lifecycle import State
from intake.taxonomy import Retired
from storage.case_tables import cases
from storage.store import Tx


async def of_old_item(office: Office, **more: object) -> Case:
    case = await office.case(**more)

    def work(tx: Tx) -> None:
        tx.connection.execute(update(cases).where(cases.c.id == case.id).values(item="SZ99"))

    await office.store.write(work)
    return case


async def test_its_pages_stand_and_ask_for_another(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    retired = office.rules.taxonomy.retired
    monkeypatch.setitem(retired, "SZ99", Retired("SZ99", "煤气路灯"))  # type: ignore[arg-type]
    case = await of_old_item(office)
    await of_old_item(office, state=State.TO_CONFIRM)
    await of_old_item(office)
    sun = await office.sits("sun")
    _, page = await sun.get(f"/desk/case/{case.id}")
    assert "煤气路灯（已停用）" in page
    assert "已经停用，请在" in page
    for path in ("/desk/review", "/desk/cases", "/desk/figures"):
        status, page = await sun.get(path)
        assert status == 200, path
    assert "煤气路灯（已停用）" in as_read(page), "and figures count it"
    _, page = await sun.get("/desk/cases")
    assert "煤气路灯（已停用）" in page
    status, page = await sun.post(f"/desk/case/{case.id}/set", version="1", choice="SZ04")
    assert status == 200
    found = await office.store.read(lambda tx: tx.cases.get(case.id))
    assert found is not None
    assert found.item == "SZ04"
