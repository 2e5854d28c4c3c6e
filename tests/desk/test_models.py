"""The versions of the model on the desk: looking, promoting, going back."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from office import Office, Visitor, opened

from bot.learning import Material, compare
from bot.retraining import want
from bot.settings import Settings
from bot.versions import ModelHome
from bot.web.desk.words_models import FIGURES, MOVES, TRAINING
from intake.cases import Example
from intake.drifting import Move
from intake.people import Grant, Role
from intake.reading import Triage
from nlp.figures import Confusion, Figure
from nlp.model import ARRAYS, MANIFEST
from nlp.report import ROWS, Report
from storage.records import Look
from storage.store import Store

SUN = "web:demo-sun"


@pytest.fixture
def home(material: Material, tmp_path: Path) -> ModelHome:
    """Two versions: the older is in use, the newer waits."""
    found = ModelHome(Settings(home=tmp_path), material)
    for name in ("first", "second"):
        shutil.copytree(material.built, found.shelf.folder / name)
    found.shelf.promote("first")
    return found


@pytest_asyncio.fixture
async def desk(store: Store, home: ModelHome) -> AsyncIterator[Office]:
    async with opened(store, models=home) as running:
        yield running


async def settled(visitor: Visitor, path: str) -> str:
    """The page when it looks again no more."""
    for _ in range(2400):
        status, page = await visitor.get(path)
        assert status == 200, page
        if 'http-equiv="refresh"' not in page:
            return page
        await asyncio.sleep(0.05)
    raise AssertionError("it never came to an end")


async def looks(office: Office) -> list[Look]:
    return await office.store.read(lambda tx: tx.audit.of_models(10))


async def test_one_version_and_nothing_learned(
    store: Store, material: Material, tmp_path: Path
) -> None:
    home = ModelHome(Settings(home=tmp_path), material)
    async with opened(store, models=home) as office:
        for name in ("admin", "sun"):
            visitor = await office.sits(name)
            status, page = await visitor.get("/desk/models")
            assert (status, page.count("随程序来的一版"), "现在只有这一版" in page) == (
                200,
                2,
                True,
            )
            for shown in ("没有等着学的", "这两段时间还没有什么事可比", "还没有换过"):
                assert shown in page, shown
            assert "换上这一版" not in page
            assert "退回上一版" not in page
        admin = await office.sits("admin")
        status, page = await admin.get("/desk/models/built-in/rollback")
        assert (status, "前面没有可退的" in page) == (409, True)
        status, page = await admin.get("/desk/models/built-in/promote")
        assert (status, "已经在用" in page) == (409, True)


async def test_without_models_the_page_says_so(office: Office) -> None:
    admin = await office.sits("admin")
    status, page = await admin.get("/desk/models")
    assert (status, "没有接上模型" in page) == (200, True)
    assert (await admin.get("/desk/models/first"))[0] == 404
    assert (await admin.post("/desk/models/first/promote"))[0] == 404


async def test_promoting_asks_first_compares_and_is_on_record(
    desk: Office, home: ModelHome
) -> None:
    admin = await desk.sits("admin")
    _, page = await admin.get("/desk/models")
    assert page.index("first") < page.index("second"), "the one in use stands first"
    assert 'href="/desk/models/second/promote"' in page
    status, page = await admin.get("/desk/models/second/promote")
    assert (status, "换上 second？" in page, 'name="instead" value="first"' in page) == (
        200,
        True,
        True,
    )
    assert home.shelf.in_use() == "first"
    status, page = await admin.post("/desk/models/second/promote", instead="first")
    assert (status, "正在按规则比" in page) == (200, True)
    status, said = await admin.post("/desk/models/second/promote", instead="first")
    assert (status, "有人正在换模型" in said) == (409, True)
    page = await settled(admin, "/desk/models/second")
    assert home.shelf.in_use() == "second"
    assert "换上之前比过了，不差" in page
    (look,) = await looks(desk)
    assert (look.case, look.person, look.what) == ("model second", "web:demo-admin", "promote")
    _, page = await admin.get("/desk/models")
    assert "管理员：换上 <b>second</b>" in page
    auditor = await desk.sits("auditor")
    assert "换上模型" in (await auditor.get("/desk/records"))[1]


async def test_going_back_asks_first_and_is_on_record(desk: Office, home: ModelHome) -> None:
    home.shelf.promote("second")
    admin = await desk.sits("admin")
    _, page = await admin.get("/desk/models")
    assert 'href="/desk/models/second/rollback"' in page
    _, page = await admin.get("/desk/models/second/rollback")
    assert "退回到 first？" in page
    assert home.shelf.in_use() == "second"
    status, page = await admin.post("/desk/models/second/rollback", instead="first")
    assert (status, "退回了" in page, home.shelf.in_use()) == (200, True, "first")
    assert "从这一版退回 <b>second</b>" in page
    status, page = await admin.post("/desk/models/second/rollback", instead="first")
    assert (status, "刚刚有人换过模型" in page) == (409, True), "pressed twice"
    status, page = await admin.post("/desk/models/first/rollback", instead="first")
    assert (status, home.shelf.in_use()) == (409, "first"), "drawn before somebody else went back"


async def test_who_decided_on_another_one_decides_again(desk: Office, home: ModelHome) -> None:
    shutil.copytree(home.material.built, home.shelf.folder / "third")
    admin = await desk.sits("admin")
    home.shelf.promote("third")
    for instead in ({"instead": "first"}, {}):
        status, page = await admin.post("/desk/models/second/promote", **instead)
        assert (status, "刚刚有人换过模型" in page, home.shelf.in_use()) == (409, True, "third")
    assert await looks(desk) == []


async def test_scores_stand_beside_the_former_ones(desk: Office, home: ModelHome) -> None:
    home.shelf.promote("second")
    sun = await desk.sits("sun")
    status, page = await sun.get("/desk/models/second")
    assert (status, "正在量这一版" in page) == (200, True)
    page = await settled(sun, "/desk/models/second")
    for shown in (
        "对照的是first",
        "市政设施与园林水务",
        "底线",
        "一样",
        "大类对照表",
        FIGURES["item_top3"],
    ):
        assert shown in page, shown
    assert "换上这一版" not in page
    assert "退回上一版" not in page, "moderators look"
    status, page = await sun.get("/desk/models/first")
    assert "对照的是second" in page
    assert len(list((home.settings.home / "measured").glob("*.json"))) == 1, "the same files"


async def test_a_card_says_how_many_targets_are_missed_and_which(
    desk: Office, home: ModelHome
) -> None:
    sun = await desk.sits("sun")
    page = await settled(sun, f"/desk/models/{home.shelf.in_use()}")
    rows = re.findall(r'class="(good|bad)">[✓✗] (?:达到|没达到)</span>', page)
    missed = rows.count("bad")
    assert rows
    told = f"{len(rows)} 项目标里 {missed} 项没达到" if missed else f"{len(rows)} 项目标都达到了"
    assert (told in page) == bool(missed)
    _, page = await sun.get("/desk/models")
    serving = page.split('<li class="card serving">')[1].split('<p class="row">')[0]
    assert told in serving
    assert serving.count("<li>") == missed


async def test_why_the_rule_refuses_in_words(desk: Office, home: ModelHome, vandal: Path) -> None:
    shutil.copytree(vandal, home.shelf.folder / "vandal")
    admin = await desk.sits("admin")
    await admin.post("/desk/models/vandal/promote", instead="first")
    page = await settled(admin, "/desk/models/vandal")
    assert home.shelf.in_use() == "first"
    assert "规则不让换上，在用的不变" in page
    assert re.search(
        r"市政设施与园林水务：[\d.]+ 分，跌破底线 [\d.]+ 分（在用的那一版是 [\d.]+ 分）", page
    )
    (look,) = await looks(desk)
    assert (look.what, "falls through the floor" in (look.why or "")) == ("refuse", True)
    _, page = await admin.get("/desk/models")
    assert "规则不让换" in page
    assert "管理员：想换，规则不让" in page


async def test_what_cannot_be_used_is_said_and_changes_nothing(
    desk: Office, home: ModelHome
) -> None:
    broken = home.shelf.folder / "broken"
    shutil.copytree(home.material.built, broken)
    (broken / ARRAYS).write_bytes((broken / ARRAYS).read_bytes()[:1000])
    admin = await desk.sits("admin")
    page = await settled(admin, "/desk/models/broken")
    assert "这一版量不了" in page
    await admin.post("/desk/models/broken/promote", instead="first")
    page = await settled(admin, "/desk/models/broken")
    assert "这一版用不了，在用的不变" in page
    (broken / MANIFEST).write_text("<b>{", encoding="utf-8")
    _, page = await admin.get("/desk/models")
    assert "读不出来" in page
    page = await settled(admin, "/desk/models/broken")
    assert "<b>{" not in page
    assert home.shelf.in_use() == "first"


async def test_only_those_who_configure_change_it(desk: Office, home: ModelHome) -> None:
    for name in ("sun", "chen", "street"):
        visitor = await desk.sits(name)
        _, page = await visitor.get("/desk/models")
        assert "换上这一版" not in page
        for path in ("second/promote", "first/rollback"):
            assert (await visitor.get(f"/desk/models/{path}"))[0] == 403
            assert (await visitor.post(f"/desk/models/{path}", instead="first"))[0] == 403
    assert home.shelf.in_use() == "first"


async def test_who_configures_one_grid_does_not_change_the_model_of_all(
    desk: Office, home: ModelHome
) -> None:
    grant = Grant(Role.ADMIN, "DEMO-1")
    await desk.store.write(lambda tx: tx.people.grant("web:demo-sun", grant, "test", desk.now))
    sun = await desk.sits("sun")
    _, page = await sun.get("/desk/models")
    assert "换上这一版" not in page
    for path in ("second/promote", "first/rollback"):
        assert (await sun.get(f"/desk/models/{path}"))[0] == 403
        assert (await sun.post(f"/desk/models/{path}", instead="first"))[0] == 403
    assert home.shelf.in_use() == "first"


async def test_names_that_are_none(desk: Office, home: ModelHome) -> None:
    admin = await desk.sits("admin")
    for name in ("nothing", "%2E%2E", "..%2Ffirst", "history", "promoted", "%3Cb%3E"):
        assert (await admin.get(f"/desk/models/{name}"))[0] == 404, name
        assert (await admin.post(f"/desk/models/{name}/promote", instead="first"))[0] == 404, name
    odd = "<i>odd"
    shutil.copytree(home.material.built, home.shelf.folder / odd)
    _, page = await admin.get("/desk/models")
    assert "&lt;i&gt;odd" in page
    assert odd not in page
    assert "/desk/models/%3Ci%3Eodd" in page


async def test_a_configured_model_is_not_changed_here(
    store: Store, material: Material, tmp_path: Path
) -> None:
    home = ModelHome(Settings(home=tmp_path, model=material.built), material)
    shutil.copytree(material.built, home.shelf.folder / "first")
    async with opened(store, models=home) as office:
        admin = await office.sits("admin")
        _, page = await admin.get("/desk/models")
        assert "设置里指定的一版" in page
        assert "HUYING_MODEL" in page
        assert "换上这一版" not in page
        status, page = await admin.post("/desk/models/first/promote", instead="configured")
        assert (status, "去掉这项设置" in page) == (409, True)


async def test_lessons_that_wait_and_the_training_of_the_night(desk: Office) -> None:
    case = await desk.case()
    some = [
        Example(case.id, "路灯坏了", "SZ04", "SZ03", SUN, "desk", desk.now),
        Example(case.id, "电梯停了", "SZ03", "WY01", "web:demo-wang", "button", desk.now),
    ]
    await desk.store.write(lambda tx: (tx.examples.add(some), want(tx, desk.now)))
    sun = await desk.sits("sun")
    _, page = await sun.get("/desk/models")
    assert "1 条会学，还没学；1 条等第二个人看" in page
    assert TRAINING["wanted"] in page


async def test_drift_counts_what_one_sees_and_tells_what_is_more_than_chance(desk: Office) -> None:
    grant = Grant(Role.MODERATOR, "DEMO-1")
    for number in range(40):
        long_ago = desk.now - timedelta(days=40)
        await desk.case("SZ03", opened_at=long_ago)
        sure = Triage.HUMAN if number < 30 else Triage.AUTO
        await desk.case("SZ03", opened_at=desk.now - timedelta(days=1), triage=sure)
    for _ in range(5):
        await desk.case("WY01", "DEMO-2", opened_at=desk.now - timedelta(days=1))
    await desk.case("GY04", opened_at=desk.now - timedelta(days=1))
    old = (await desk.store.read(lambda tx: tx.people.many([SUN])))[SUN].grants
    await desk.store.write(
        lambda tx: (
            [tx.people.revoke(SUN, one) for one in old],
            tx.people.grant(SUN, grant, "x", desk.now),
        )
    )
    sun, admin = await desk.sits("sun"), await desk.sits("admin")
    _, page = await sun.get("/desk/models")
    assert MOVES[Move("human", True)] in page
    assert "75%" in page
    assert "另有 1 个大类" in page
    assert "物业与小区管理" not in page
    assert "只算您能看到的事" in page
    _, page = await admin.get("/desk/models")
    assert "物业与小区管理" in page
    assert "全部网格合在一起算" in page


def test_a_report_comes_back_as_it_was_kept() -> None:
    figures = {row.key: Figure(0.5, 0.25, 0.75, 8) for row in ROWS[:3]}
    report = Report(
        figures,
        {"writer": {"h1": Figure(0.5, 0.25, 0.75, 8)}},
        {"SZ": 0.875},
        Confusion(("SZ", "WY"), ((3, 1), (0, 4))),
        [("SZ03", "WY01", 1)],
        {"SZ": "市政"},
    )
    kept = json.loads(json.dumps(report.as_json()))
    assert Report.from_json(kept, {"SZ": "市政"}) == report


def test_every_figure_that_is_shown_is_measured() -> None:
    assert set(FIGURES) <= {row.key for row in ROWS}


def test_a_comparison_keeps_what_it_measured(home: ModelHome) -> None:
    compare(home.settings, home.material, "second")
    folder = home.shelf.folder / "second"
    assert folder in home.measured.all([folder, home.shelf.folder / "nowhere"])
