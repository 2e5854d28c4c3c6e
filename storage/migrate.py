"""Bringing a database to the schema of this version.

The law of this file: migrating may be repeated and may be begun by several processes at once; one does
the work in one transaction, the others wait and find it done. Nothing else creates tables in a database
that outlives its process.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, make_url, text

from storage.dialect import dialect_of
from storage.postgres_engine import postgres_engine
from storage.schema import metadata
from storage.sqlite_engine import sqlite_engine

_LOCK: Final = 0x487579696E67  # "Huying": the advisory lock under which PostgreSQL is migrated
_ONE_AT_A_TIME: Final = threading.Lock()  # alembic keeps the migration under way in a global


def migrate(url: str | URL) -> None:
    """Create or upgrade the schema of the database at `url`."""
    with _ONE_AT_A_TIME, _connected(make_url(url)) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(url: str | URL) -> bool:
    """Whether the database has exactly the schema version that this code expects."""
    where = make_url(url)
    if where.get_backend_name() == "sqlite" and not Path(where.database or "").is_file():
        return False
    with _connected(where) as connection, connection.begin():
        present = MigrationContext.configure(connection).get_current_heads()
    return set(present) == set(ScriptDirectory.from_config(_config()).get_heads())


def differences(url: str | URL) -> list[str]:
    """What the database has otherwise than the tables in code; empty when all is well."""
    with _connected(make_url(url)) as connection, connection.begin():
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(difference) for difference in compare_metadata(context, metadata)]


def draft(url: str | URL, name: str, message: str) -> Path:
    """For developers: write migration `name` with what the tables in code have beyond the migrations
    so far, using the empty database at `url`. Read and mend it before committing it."""
    migrate(url)
    with _connected(make_url(url)) as connection, connection.begin():
        config = _config()
        config.attributes["connection"] = connection
        script = command.revision(config, message=message, autogenerate=True, rev_id=name)
    assert script is not None
    assert not isinstance(script, list)
    return Path(script.path)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s")
    return config


@contextmanager
def _connected(url: URL) -> Iterator[Connection]:
    name = dialect_of(url.get_backend_name()).name
    engine = postgres_engine(url, 1) if name == "postgresql" else sqlite_engine(url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


if __name__ == "__main__":
    import sys
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        print(draft(f"sqlite:///{folder}/draft.db", sys.argv[1], sys.argv[2]))
