"""What most commands need first: settings, an up-to-date database, a name for this process.

The law of this file: opening creates what is missing (folder, schema) and says in one sentence what it
cannot create.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.cli.errors import UserError
from bot.settings import Settings, load_settings
from storage.migrate import migrate
from storage.store import Store


def settings_with_home() -> Settings:
    """The settings, with the home folder made."""
    settings = load_settings()
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"HUYING_HOME: {settings.home} cannot be made ({error.strerror}); choose a writable folder"
        ) from None
    return settings


def ready_database(settings: Settings) -> str:
    """The URL of the database, its schema brought up to date."""
    url = settings.database_url
    try:
        migrate(url)
    except (SQLAlchemyError, OSError) as error:
        where = make_url(url).render_as_string(hide_password=True)
        raise UserError(
            f"HUYING_DATABASE: {where} cannot be used ({_first_line(error)}); check address and rights"
        ) from None
    return url


@contextmanager
def open_store(settings: Settings, owner: str = "cli") -> Iterator[Store]:
    """The database, opened and closed again."""
    with Store.open(ready_database(settings), owner) as store:
        yield store


@contextmanager
def process_name(settings: Settings) -> Iterator[str]:
    """A name for this process in leases: the same after a restart, another for each that runs beside.

    The first free of the numbered lock files under HUYING_HOME/run is taken; the system frees it however
    the process ends, so that a file left by a kill never stops a start.
    """
    folder = settings.home / "run"
    folder.mkdir(parents=True, exist_ok=True)
    home_id = _home_id(folder)
    for number in range(1, 1000):
        handle = os.open(folder / f"process-{number}.lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            continue
        try:
            yield f"{home_id}/{number}"
        finally:
            os.close(handle)
        return
    raise UserError(f"{folder}: 999 processes already run from this HUYING_HOME; stop some")


def _home_id(folder: Path) -> str:
    path = folder / "home-id"
    if not path.exists():
        fresh = os.urandom(6).hex()
        try:
            with path.open("x", encoding="ascii") as file:
                file.write(fresh)
        except FileExistsError:
            pass
    return path.read_text(encoding="ascii").strip() or "home"


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
