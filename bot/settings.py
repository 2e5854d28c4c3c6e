"""The settings, from the environment (`HUYING_…`) or `huying.toml`.

The law of this file: every mistake is reported at once, each with its name and its remedy; what comes
out can be used without a further check.
"""

from __future__ import annotations

import re
from datetime import time
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from intake.manners import QuietHours, quiet_hours

TOML = Path("huying.toml")


class SettingsError(ValueError):
    """The settings have mistakes; each line names one with its remedy."""


class Settings(BaseSettings):
    """See the README for what each one does. `listen` is host:port; `quiet_hours` is `22-7` or empty."""

    model_config = SettingsConfigDict(env_prefix="HUYING_", toml_file=TOML, extra="ignore")

    home: Path = Path("var")
    database: str = ""
    model: Path | None = None
    listen: str = "127.0.0.1:8080"
    public_url: str = ""
    timezone: str = "Asia/Shanghai"
    quiet_hours: str = "22-7"
    retrain: str = "03:30"
    telegram_token: SecretStr | None = None
    telegram_mode: Literal["webhook", "polling"] = "webhook"
    telegram_secret: SecretStr | None = None
    telegram_api: str = "https://api.telegram.org"
    mail_server: str = ""
    mail_from: str = ""
    fonts: Path | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @field_validator("home", "listen", "timezone", "telegram_mode", "telegram_api", mode="before")
    @classmethod
    def _empty_is_default(cls, value: object, info: ValidationInfo) -> object:
        """A variable that is set to nothing is as good as not set."""
        field = cls.model_fields[info.field_name or ""]
        return field.default if value == "" else value

    @field_validator("telegram_token", "telegram_secret", "model", "fonts", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("listen")
    @classmethod
    def _listen(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdigit() or not 0 <= int(port) < 65536:
            raise ValueError("write host:port, such as 127.0.0.1:8080")
        return value

    @field_validator("timezone")
    @classmethod
    def _timezone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError("unknown zone; write one such as Asia/Shanghai") from None
        return value

    @field_validator("quiet_hours")
    @classmethod
    def _quiet_hours(cls, value: str) -> str:
        try:
            if value.strip():
                quiet_hours(value)
        except ValueError as error:
            raise ValueError(f"{error}, or leave it empty for none") from None
        return value.strip()

    @field_validator("retrain")
    @classmethod
    def _retrain(cls, value: str) -> str:
        if value.strip() and not re.fullmatch(r"\s*([01]?\d|2[0-3]):[0-5]\d\s*", value):
            raise ValueError("write hour:minute, such as 03:30, or leave it empty for never")
        return value.strip()

    @field_validator("public_url", "telegram_api")
    @classmethod
    def _url(cls, value: str) -> str:
        if value and (
            urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).netloc
        ):
            raise ValueError("write a whole address that begins with http:// or https://")
        return value.rstrip("/")

    @field_validator("database")
    @classmethod
    def _database(cls, value: str) -> str:
        if not value:
            return value
        try:
            backend = make_url(value).drivername
        except ArgumentError:
            raise ValueError(
                "write sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME"
            ) from None
        if backend not in ("sqlite", "postgresql+psycopg"):
            raise ValueError("only sqlite:/// and postgresql+psycopg:// are supported")
        return value

    @field_validator("telegram_token")
    @classmethod
    def _token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"\d+:\S+", value.get_secret_value()):
            raise ValueError("a token is digits, a colon and characters, as BotFather gives it")
        return value

    @field_validator("telegram_secret")
    @classmethod
    def _secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(
            r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()
        ):
            raise ValueError("use 1-256 characters of A-Z a-z 0-9 _ - (Telegram's rule)")
        return value

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.home / 'huying.db'}"

    @property
    def host(self) -> str:
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        return int(self.listen.rpartition(":")[2])

    @property
    def loopback(self) -> bool:
        try:
            return self.host == "localhost" or ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def base_url(self) -> str:
        """Where people reach the pages."""
        return self.public_url or f"http://{self.listen}"

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @cached_property
    def retrain_at(self) -> time | None:
        """The local time of the nightly training, or None for never."""
        if not self.retrain:
            return None
        hour, minute = map(int, self.retrain.split(":"))
        return time(hour, minute)

    @cached_property
    def quiet(self) -> QuietHours | None:
        """Start and end of the quiet hours, or None."""
        return quiet_hours(self.quiet_hours) if self.quiet_hours else None


def load_settings() -> Settings:
    """Read them. Raises SettingsError with all mistakes, one a line."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"HUYING_{'_'.join(str(part) for part in problem['loc']).upper()}: "
            f"{problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors()
        ]
        raise SettingsError("\n".join(lines)) from None
    except ValueError as error:
        raise SettingsError(f"{TOML}: {error}") from None
