"""The settings: every mistake at once, each with its name and its remedy."""

from __future__ import annotations

import os
from datetime import time
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, load_settings


@pytest.fixture(autouse=True)
def _bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without huying.toml, an environment without HUYING_."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.upper().startswith("HUYING_")]:
        monkeypatch.delenv(name)


def test_the_defaults_are_those_that_are_promised() -> None:
    settings = load_settings()
    assert settings.home == Path("var")
    assert settings.database_url == "sqlite:///var/huying.db"
    assert (settings.host, settings.port, settings.loopback) == ("127.0.0.1", 8080, True)
    assert settings.base_url == "http://127.0.0.1:8080"
    assert settings.zone.key == "Asia/Shanghai"
    assert settings.quiet == (time(22), time(7))
    assert settings.telegram_token is None
    assert (settings.telegram_mode, settings.telegram_api) == (
        "webhook",
        "https://api.telegram.org",
    )


# The setting, what is written, and what the complaint must say.
MISTAKES = [
    ("LISTEN", "8080", "host:port"),
    ("LISTEN", ":8080", "host:port"),
    ("LISTEN", "127.0.0.1:99999", "host:port"),
    ("LISTEN", "127.0.0.1:http", "host:port"),
    ("TIMEZONE", "Mars/Olympus", "Asia/Shanghai"),
    ("TIMEZONE", "../../etc/passwd", "Asia/Shanghai"),
    ("QUIET_HOURS", "22:00-7:00", "22-7"),
    ("QUIET_HOURS", "25-7", "22-7"),
    ("QUIET_HOURS", "night", "22-7"),
    ("PUBLIC_URL", "huying.example", "http://"),
    ("PUBLIC_URL", "ftp://huying.example", "http://"),
    ("TELEGRAM_API", "localhost:8081", "http://"),
    ("DATABASE", "huying.db", "sqlite:///"),
    ("DATABASE", "mysql://u@h/d", "postgresql+psycopg://"),
    ("DATABASE", "postgresql://u@h/d", "postgresql+psycopg://"),
    ("TELEGRAM_TOKEN", "not a token", "BotFather"),
    ("TELEGRAM_SECRET", "has spaces in it", "A-Z"),
    ("TELEGRAM_SECRET", "x" * 257, "1-256"),
    ("TELEGRAM_MODE", "carrier-pigeon", "webhook"),
]


@pytest.mark.parametrize(("name", "value", "remedy"), MISTAKES)
def test_a_mistake_is_named_with_its_remedy(
    name: str, value: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"HUYING_{name}", value)
    with pytest.raises(SettingsError) as error:
        load_settings()
    (line,) = str(error.value).split("\n")
    assert line.startswith(f"HUYING_{name}: ")
    assert remedy in line


def test_all_mistakes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {name: value for name, value, _ in MISTAKES}
    for name, value in wrong.items():
        monkeypatch.setenv(f"HUYING_{name}", value)
    with pytest.raises(SettingsError) as error:
        load_settings()
    lines = str(error.value).split("\n")
    assert {line.split(":")[0] for line in lines} == {f"HUYING_{name}" for name in wrong}


@pytest.mark.parametrize("name", ["TELEGRAM_TOKEN", "TELEGRAM_SECRET"])
def test_a_secret_is_never_in_the_complaint(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"HUYING_{name}", "hush hush")
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert "hush" not in str(error.value)


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUYING_TELEGRAM_TOKEN", "123:abc")
    assert "abc" not in repr(load_settings())


@pytest.mark.parametrize("name", ["TELEGRAM_TOKEN", "TELEGRAM_SECRET", "MODEL", "PUBLIC_URL"])
def test_empty_is_the_same_as_not_set(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"HUYING_{name}", "")
    assert getattr(load_settings(), name.lower()) == getattr(Settings(), name.lower())


@pytest.mark.parametrize(
    ("value", "quiet"),
    [
        ("", None),
        ("0-0", None),
        ("24-0", None),
        ("22-7", (time(22), time(7))),
        (" 23 - 6 ", (time(23), time(6))),
        ("22-24", (time(22), time(0))),
    ],
)
def test_quiet_hours(
    value: str, quiet: tuple[time, time] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUYING_QUIET_HOURS", value)
    assert load_settings().quiet == quiet


@pytest.mark.parametrize(
    ("listen", "host", "loopback"),
    [
        ("127.0.0.1:8080", "127.0.0.1", True),
        ("localhost:8080", "localhost", True),
        ("[::1]:8080", "::1", True),
        ("127.9.9.9:1", "127.9.9.9", True),
        ("0.0.0.0:8080", "0.0.0.0", False),
        ("192.168.1.5:8080", "192.168.1.5", False),
    ],
)
def test_where_it_listens(
    listen: str, host: str, loopback: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUYING_LISTEN", listen)
    settings = load_settings()
    assert (settings.host, settings.loopback) == (host, loopback)


def test_only_a_name_of_loopback_is_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """`127.evil.example` is somebody's machine."""
    monkeypatch.setenv("HUYING_LISTEN", "127.evil.example:8080")
    assert not load_settings().loopback


def test_the_file_is_read_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "huying.toml").write_text('listen = "127.0.0.1:9000"\nquiet_hours = ""\n')
    assert (load_settings().port, load_settings().quiet) == (9000, None)
    monkeypatch.setenv("HUYING_LISTEN", "127.0.0.1:9001")
    assert load_settings().port == 9001


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "huying.toml").write_text("listen = \n")
    with pytest.raises(SettingsError, match=r"huying\.toml"):
        load_settings()


def test_mistakes_in_file_and_environment_are_told_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "huying.toml").write_text('timezone = "Mars"\n')
    monkeypatch.setenv("HUYING_LISTEN", "nowhere")
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert len(str(error.value).split("\n")) == 2


def test_public_url_loses_its_last_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUYING_PUBLIC_URL", "https://huying.example/")
    assert load_settings().base_url == "https://huying.example"
