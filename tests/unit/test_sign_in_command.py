"""`huying sign-in`, over a real database, as somebody types it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli.main import run
from intake.people import Grant, Person, Role
from storage.store import Store

CHEN = "web:demo-chen"
LINK = re.compile(r"https://huying\.example/desk/in/([\w-]{43})")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("HUYING_HOME", str(tmp_path))
    monkeypatch.setenv("HUYING_PUBLIC_URL", "https://huying.example")
    monkeypatch.delenv("HUYING_DATABASE", raising=False)
    assert run(["seed-demo"]) == 0
    with Store.open(f"sqlite:///{tmp_path / 'huying.db'}", "test") as opened:
        yield opened


def token(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert run(["sign-in", *arguments]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    found = LINK.fullmatch(shown.out.strip())
    assert found is not None, shown.out
    return found[1]


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert run(["sign-in", *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    (line,) = shown.err.splitlines()
    return line.removeprefix("huying: ")


@pytest.mark.parametrize("name", ["小陈", CHEN])
def test_a_link_for_somebody(store: Store, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    made = token(capsys, name)
    now = datetime.now(UTC)
    assert store.write_now(lambda tx: tx.sessions.use_link(made, now)) == CHEN
    assert token(capsys, name) != made


def test_nobody_and_several(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert "there is nobody called 李四 among the staff; known are" in refused(capsys, "李四")
    assert "there is nobody called 王阿姨" in refused(capsys, "王阿姨"), "a neighbour has no desk"
    assert "Missing argument" in refused(capsys)
    now = datetime.now(UTC)

    def twin(tx) -> None:  # type: ignore[no-untyped-def]
        tx.people.save([Person("tg:7", "小陈")], now)
        tx.people.grant("tg:7", Grant(Role.MODERATOR, "DEMO-C"), "test", now)

    store.write_now(twin)
    assert "several people are called 小陈" in refused(capsys, "小陈")
    token(capsys, "tg:7")


def test_reset_drops_all_ways_in_but_the_new_one(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now(UTC)
    old = token(capsys, "小陈")
    store.write_now(lambda tx: tx.accounts.save(CHEN, "chen", "hash", now))
    store.write_now(lambda tx: tx.sessions.begin("t", CHEN, "", now))
    token(capsys, "小陈")
    assert store.read_now(lambda tx: tx.accounts.of(CHEN)) is not None, "only with --reset"
    new = token(capsys, "小陈", "--reset")
    assert store.read_now(lambda tx: tx.accounts.of(CHEN)) is None
    assert store.read_now(lambda tx: tx.sessions.find("t", now)) is None
    assert not store.read_now(lambda tx: tx.sessions.link_is_open(old, now))
    assert store.read_now(lambda tx: tx.sessions.link_is_open(new, now))
