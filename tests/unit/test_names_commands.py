"""`huying places` and `huying words`, over a real database, as somebody types them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from unit_samples import ZONE

from bot.cli.main import run
from bot.dispatch import Surroundings
from bot.surroundings import Live
from intake.grids import ChatRef, Purpose
from intake.naming import Naming, Sort
from storage.records import Look
from storage.store import Store

DEMO = ["老榕树", "小花园", "快递柜", "党群服务中心", "菜鸟驿站", "老年食堂"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUYING_HOME", str(tmp_path))
    monkeypatch.delenv("HUYING_DATABASE", raising=False)
    assert run(["seed-demo"]) == 0
    return tmp_path


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{home / 'huying.db'}", "test") as store:
        yield store


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    capsys.readouterr()
    assert run(arguments) == 0
    return capsys.readouterr().out.splitlines()


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert run(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    (line,) = shown.err.splitlines()
    return line.removeprefix("huying: ")


def test_places_of_a_grid(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "places", "DEMO-1") == DEMO
    assert told(capsys, "places", "DEMO-1", "add", "石龙仔", "三角地、老榕樹") == [
        "added: 石龙仔、三角地",
        "there already: 老榕树",
    ]
    assert told(capsys, "places", "DEMO-1", "list") == [*DEMO, "石龙仔", "三角地"]
    assert told(capsys, "places", "DEMO-2") == DEMO
    assert told(capsys, "places", "DEMO-1", "remove", "石龍仔", "番薯地") == [
        "removed: 石龙仔",
        "not there: 番薯地",
    ]
    assert told(capsys, "places", "DEMO-1") == [*DEMO, "三角地"]


def test_a_running_server_notices(
    home: Path, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    """The stamp that a server looks at every second is another after each change."""
    live = Live(store, Surroundings({}, ZONE))
    asyncio.run(live.refresh())
    chat = _group(store)
    assert "石龙仔" not in live().places[chat]
    told(capsys, "places", "DEMO-1", "add", "石龙仔")
    asyncio.run(live.refresh())
    assert "石龙仔" in live().places[chat]


def _group(store: Store) -> ChatRef:
    chats = store.read_now(lambda tx: tx.chats.of_grid("DEMO-1"))
    return next(chat.ref for chat in chats if chat.purpose is Purpose.RESIDENTS)


def test_words_for_all_grids(home: Path, store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "words") == []
    assert told(capsys, "words", "add", "穗康碼", "打冷") == ["added: 穗康码、打冷"]
    assert told(capsys, "words", "add", "穗康码") == ["there already: 穗康码"]
    at = store.read_now(lambda tx: tx.words.all())[0].added_at
    theirs = Naming("DEMO-1", Sort.WORD, ("打冷", "禾虫"), (), "web:demo-sun", at)
    store.write_now(lambda tx: tx.words.apply(theirs))
    assert told(capsys, "words", "list") == ["打冷", "穗康码", "打冷  DEMO-1", "禾虫  DEMO-1"]
    assert told(capsys, "words", "remove", "打冷", "走鬼") == ["removed: 打冷", "not there: 走鬼"]
    assert told(capsys, "words") == ["穗康码", "禾虫  DEMO-1"]


def test_every_change_is_on_record(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, "places", "DEMO-1", "add", "石龙仔")
    told(capsys, "words", "add", "打冷")
    looks: list[Look] = store.read_now(lambda tx: tx.audit.latest())
    assert [(one.case, one.person, one.what, one.why) for one in looks] == [
        ("*", "cli", "add word", "打冷"),
        ("DEMO-1", "cli", "add place", "石龙仔"),
    ]


MISTAKES = [
    (("places", "DEMO-9"), "grid DEMO-9: there is none; known are DEMO-1, DEMO-2, DEMO-3"),
    (("places", "DEMO-1", "石龙仔"), "'石龙仔' is not one of 'add', 'remove', 'list'"),
    (("places", "DEMO-1", "add"), "add: name at least one"),
    (("words", "list", "打冷"), "打冷: list takes no names; to add one, write add before it"),
    (("places", "DEMO-1", "add", "石龙仔", "电梯"), "电梯: is a word that everybody uses"),
    (("places", "DEMO-1", "add", "13800138000"), "13800138000: looks like personal data"),
    (("places", "DEMO-1", "add", "老"), "老: write 2 to 12 Chinese signs, letters or digits"),
    (("words", "add", "B座"), "B座: write 2 to 12 Chinese signs"),
]


@pytest.mark.parametrize(("arguments", "sentence"), MISTAKES)
def test_a_mistake_is_named_in_one_line_and_changes_nothing(
    store: Store,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    sentence: str,
) -> None:
    assert sentence in refused(capsys, *arguments)
    assert store.read_now(lambda tx: (tx.words.all(), tx.audit.latest())) == ([], [])
