"""撤回: withdrawn words are nowhere any more, at once."""

from __future__ import annotations

from sqlalchemy import select
from town import GROUP, Town

from storage.schema import metadata
from storage.tx import Tx


def everywhere(tx: Tx) -> str:
    """All that stands in the database."""
    rows = [
        row for table in metadata.tables.values() for row in tx.connection.execute(select(table))
    ]
    return repr(rows)


async def test_withdrawn_words_are_nowhere(town: Town) -> None:
    wang = town.person("王阿姨")
    await wang.says("3栋楼下路灯又不亮了")
    assert "路灯又不亮" in town.store.read_now(everywhere)
    await wang.takes_back(wang.last_message)
    assert "路灯又不亮" not in town.store.read_now(everywhere)


async def test_a_withdrawn_supplement_takes_its_step_with_it(town: Town) -> None:
    wang = town.person("王阿姨")
    await wang.says("3栋楼下路灯又不亮了")
    await wang.says("就是老榕树旁边紫色那一根灯")
    words = "紫色那一根"
    assert words in town.store.read_now(everywhere)
    await wang.takes_back(wang.last_message)
    found = town.store.read_now(everywhere)
    assert words not in found
    assert "路灯又不亮" in found, "what was not withdrawn stays"
    assert town.said_in(GROUP)
