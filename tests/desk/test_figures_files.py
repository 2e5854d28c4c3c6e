"""Files and pictures of the figures: nothing in them runs, nothing in them tells too much."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from office import Office, Visitor
from PIL import Image
from test_figures import town

from bot import fonts
from bot.web.desk import drawing, figures_list
from bot.web.desk.sheet import begins_a_formula
from bot.web.desk.words_figures import AskedWrong, PictureRefused
from bot.web.desk.workbook import Page, book
from intake.lifecycle import State

HOSTILE = (
    '=HYPERLINK("http://evil.example","x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\tcmd",
    "\r=1",
    "  =1+1",
    "＝1+1",
    "\u3000=1",
    "http://evil.example",
    "0123",
    "<b>老王</b>",
    "坏\x00\x0b字",
)


async def raw(visitor: Visitor, path: str, **query: str) -> tuple[int, str, bytes]:
    async with visitor.session.get(visitor.office.url + path, params=query) as got:
        return got.status, got.content_type, await got.read()


async def taken(visitor: Visitor, **form: str) -> tuple[int, str, bytes]:
    """A list of cases as a file."""
    url = visitor.office.url
    wanted = {"span": "month", "as": "xlsx"} | form
    async with visitor.session.post(
        f"{url}/desk/figures/cases", data=wanted, headers={"Origin": url}
    ) as got:
        return got.status, got.content_type, await got.read()


def cells(made: bytes, sheet: str) -> list[list[Any]]:
    opened = openpyxl.load_workbook(io.BytesIO(made))
    return [[cell.value for cell in row] for row in opened[sheet].iter_rows()]


def rows(text: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.decode().removeprefix("\ufeff"))))


def test_hostile_words_stay_words_in_excel() -> None:
    made = book([Page("=坏[名]:*?/\\'字" * 5, ("=1",), [(words,) for words in HOSTILE])])
    sheet = openpyxl.load_workbook(io.BytesIO(made)).worksheets[0]
    read = [sheet.cell(row, 1) for row in range(2, len(HOSTILE) + 2)]
    assert {cell.data_type for cell in read} == {"s"}
    assert all(cell.hyperlink is None for cell in read)
    for cell, words in zip(read, HOSTILE, strict=True):
        assert cell.quotePrefix is begins_a_formula(words)
        shown = str(cell.value).replace("_x000D_", "\r")  # Excel reads this as a carriage return
        assert shown == words.replace("\x00", "").replace("\x0b", "")


def test_long_words_are_cut_and_not_lost() -> None:
    made = book([Page("长", ("名",), [("字" * 40_000,)])])
    assert cells(made, "长")[1][0] == "字" * 32_000


async def test_the_list_is_safe_to_open(office: Office) -> None:
    for title in HOSTILE:
        await office.case("SZ03", title=title, said="电话13800000000")
    street = await office.sits("street")
    status, kind, made = await taken(street)
    assert (status, kind.rpartition(".")[2]) == (200, "sheet")
    head, *listed = cells(made, "清单")
    assert len(listed) == len(HOSTILE)
    titles = [row[head.index("标题")] for row in listed]
    assert HOSTILE[0] in titles, "as words"
    status, kind, text = await taken(street, **{"as": "csv"})
    assert (status, kind) == (200, "text/csv")
    for row in rows(text)[1:]:
        assert not any(begins_a_formula(cell) for cell in row), row
    for made in (text, json.dumps(listed, default=str, ensure_ascii=False).encode()):
        assert b"13800000000" not in made, "the words as said stay here"
        assert b"demo-wang" not in made


async def test_private_cases_come_only_when_asked_for_and_on_record(office: Office) -> None:
    open_one = await office.case("SZ03")
    secret = await office.case("MZ11", title="家里的事", place="9栋")
    street = await office.sits("street")
    _, _, text = await taken(street, **{"as": "csv"})
    assert open_one.id in text.decode()
    assert secret.id not in text.decode()
    assert await office.store.read(lambda tx: tx.audit.of_case(secret.id)) == []

    _, _, text = await taken(street, private="1", **{"as": "csv"})
    row = next(row for row in rows(text) if row[0] == secret.id)
    assert "家里的事" not in row
    assert "9栋" not in row
    (look,) = await office.store.read(lambda tx: tx.audit.of_case(secret.id))
    assert (look.person, look.what) == ("web:demo-street", "export cases")

    noted = await office.store.read(lambda tx: tx.audit.latest())
    assert sum(look.case == "DEMO-C" and look.what == "export cases" for look in noted) == 2
    auditor = await office.sits("auditor")
    _, page = await auditor.get("/desk/records")
    assert "下载清单" in page
    assert "其中私密 1 件" in page


async def test_who_may_not_see_private_cases_takes_none(office: Office) -> None:
    secret = await office.case("MZ11")
    await office.case("SZ03")
    property_ = await office.sits("property")
    _, _, text = await taken(property_, private="1", **{"as": "csv"})
    assert secret.id not in text.decode()
    assert await office.store.read(lambda tx: tx.audit.of_case(secret.id)) == []


async def test_too_many_cases_are_refused_with_a_sentence(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures_list, "MOST_LISTED", 2)
    for _ in range(3):
        await office.case("SZ03")
    street = await office.sits("street")
    status, _, page = await taken(street, span="own", **{"from": "2026-11-23", "to": "2026-11-24"})
    assert status == 400
    assert AskedWrong.TOO_MANY.format(most=2) in page.decode()
    assert 'value="2026-11-23"' in page.decode(), "what was typed is kept"
    assert await office.store.read(lambda tx: tx.audit.latest()) == []


@pytest.mark.parametrize(
    "form", [{"as": "pdf"}, {"part": "DEMO-9"}, {"span": "own"}, {"span": "own", "from": "x\x00"}]
)
async def test_bad_forms_are_answered_with_a_page(office: Office, form: dict[str, str]) -> None:
    street = await office.sits("street")
    status, kind, _ = await taken(street, **form)
    assert (status, kind) == (400, "text/html")


async def test_the_tables_can_be_taken_away(office: Office) -> None:
    await town(office)
    street = await office.sits("street")
    _, _, text = await raw(street, "/desk/figures.csv", span="month")
    told = rows(text)
    assert told[0][:3] == ["表", "名称", "新报"]
    assert ["眼下", "在办", "6"] in told
    assert ["眼下", "超时", "3"] in told
    total = next(row for row in told if row[0] == "总的情况")
    assert total[2:13] == ["8", "2", "5", "2", "4", "3", "4", "1", "2", "1", "4"]
    others = [row for row in told if row[1] == "其他"]
    assert others
    assert all(int(row[2]) >= 3 for row in others)

    status, _, made = await raw(street, "/desk/figures.xlsx", span="month")
    assert status == 200
    in_excel = cells(made, "数字")
    assert next(row for row in in_excel if row[0] == "总的情况")[2:5] == [8, 2, 5]
    assert cells(made, "怎么算的")


async def test_a_picture_of_the_week(office: Office) -> None:
    if fonts.find_font() is None:
        pytest.skip("no Chinese font")
    await town(office)
    street = await office.sits("street")
    before = time.perf_counter()
    status, kind, made = await raw(street, "/desk/figures/picture.png")
    first = time.perf_counter() - before
    assert (status, kind) == (200, "image/png")
    picture = Image.open(io.BytesIO(made))
    assert picture.width == 1080
    before = time.perf_counter()
    assert (await raw(street, "/desk/figures/picture.png"))[2] == made
    assert time.perf_counter() - before < first / 2, "the same is not drawn again"


async def test_a_picture_never_counts_private_cases(office: Office) -> None:
    for _ in range(5):
        await office.case("MZ11")
    street = await office.sits("street")
    status, _, page = await raw(street, "/desk/figures/picture.png")
    assert status == 404
    assert PictureRefused.NOTHING in page.decode()


async def test_without_a_chinese_font_there_is_a_sentence_and_no_picture(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "NotoSansCJK-Regular.ttc").write_bytes(b"no font at all")
    monkeypatch.setattr(fonts, "system_folders", lambda: [tmp_path, tmp_path / "none"])
    assert fonts.find_font() is None, "its name alone is not believed"
    await office.case("SZ03")
    street = await office.sits("street")
    status, _, page = await raw(street, "/desk/figures/picture.png")
    assert status == 503
    assert PictureRefused.NO_FONT in page.decode()
    assert (await raw(street, "/desk/figures"))[0] == 200


def test_a_latin_font_is_none_and_a_named_folder_comes_first(tmp_path: Path) -> None:
    found = fonts.find_font()
    if found is None:
        pytest.skip("no Chinese font")
    assert fonts.find_font(elsewhere=[tmp_path]) is None
    assert fonts.find_font(found.folder, elsewhere=[tmp_path]) == found
    latin = [file for folder in fonts.system_folders() for file in folder.rglob("DejaVuSans.ttf")]
    for file in latin:
        (tmp_path / "wqy-hei.ttf").write_bytes(file.read_bytes())
        assert fonts.find_font(elsewhere=[tmp_path]) is None


async def test_charts_come_with_the_script_that_draws_them(office: Office) -> None:
    chen = await office.sits("chen")
    status, _, answer = await raw(chen, "/desk/figures/charts")
    assert status == 200
    told = json.loads(answer)
    assert {"day", "hour", "category", "rates"} <= told["charts"].keys()
    assert "http" not in json.dumps(told).replace("https://vega.github.io/schema/", "")
    async with chen.session.get(office.url + told["script"]) as got:
        assert got.content_type == "text/javascript"
        assert "immutable" in got.headers["Cache-Control"]
        assert "vegaEmbed" in await got.text()
    assert (await raw(chen, "/desk/figures/charts/000000000000.js"))[0] == 404
    assert (await raw(chen, "/desk/figures/charts/..%2Fx"))[0] == 404


async def test_drawing_leaves_the_server_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """vl-convert holds Python's lock; a server that drew itself would stand still."""
    monkeypatch.setattr(drawing, "_scripts", [])
    longest, last = 0.0, time.perf_counter()

    async def tick() -> None:
        nonlocal longest, last
        while True:
            await asyncio.sleep(0.01)
            now = time.perf_counter()
            longest, last = max(longest, now - last), now

    ticking = asyncio.create_task(tick())
    began = time.perf_counter()
    await drawing.Drawing().script()
    took = time.perf_counter() - began
    ticking.cancel()
    assert longest < max(0.5, took / 3)


async def test_a_drawing_that_fails_is_a_sentence(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if fonts.find_font() is None:
        pytest.skip("no Chinese font")
    broken = tmp_path / "child.py"
    broken.write_text("raise SystemExit(3)")
    monkeypatch.setattr(drawing, "_CHILD", broken)
    await office.case("SZ03", state=State.SIGNED, opened_at=office.now - timedelta(minutes=5))
    street = await office.sits("street")
    status, _, page = await raw(street, "/desk/figures/picture.png")
    assert status == 503
    assert PictureRefused.FAILED in page.decode()
