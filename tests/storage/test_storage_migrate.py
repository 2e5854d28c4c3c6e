"""Schema equals migrations, and migrating is safe to repeat."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from postgres import Cluster

from storage.columns import metadata
from storage.migrate import differences, is_current, migrate


def test_the_schema_after_all_migrations_is_that_of_the_code(shared_url: str) -> None:
    assert differences(shared_url) == []
    assert is_current(shared_url)


def test_migrating_again_changes_nothing(shared_url: str) -> None:
    migrate(shared_url)
    assert differences(shared_url) == []


def test_a_new_sqlite_file_is_migrated_by_several_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    assert not is_current(url)
    _race(url)
    assert is_current(url)


@pytest.mark.postgres
def test_an_empty_postgresql_is_migrated_by_several_at_once(postgres_cluster: Cluster) -> None:
    url = postgres_cluster.fresh("template1")
    assert not is_current(url)
    _race(url)
    assert is_current(url)
    postgres_cluster.drop(url)


def _race(url: str) -> None:
    """Two processes at once."""
    code = "import sys; from storage.migrate import migrate; migrate(sys.argv[1])"
    running = [subprocess.Popen([sys.executable, "-c", code, url]) for _ in range(2)]
    assert [process.wait(60) for process in running] == [0, 0]


def test_no_name_is_longer_than_old_relatives_of_postgresql_take() -> None:
    names = [table.name for table in metadata.sorted_tables]
    for table in metadata.sorted_tables:
        names += [column.name for column in table.columns]
        names += [str(index.name) for index in table.indexes]
        names += [str(c.name) for c in table.constraints if c.name]
    assert [name for name in names if len(name) > 30] == []
