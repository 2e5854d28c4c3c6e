"""A storm of calls in one group: acknowledged within the platform's limit, together where it must be."""

from __future__ import annotations

from dataclasses import replace

from town import GROUP, Town


async def test_more_calls_than_a_minute_takes_are_acknowledged_together(town: Town) -> None:
    town.channel.capabilities = replace(town.channel.capabilities, per_chat_minute=5)
    people = [town.person(f"邻居{n}") for n in range(12)]
    for n, person in enumerate(people):
        command = await person.says_later(f"#报事 {n}号楼的信箱坏了")
        assert command is not None
    await town.settle()
    texts = town.said_in(GROUP)
    assert len(texts) <= 5
    said = "".join(texts)
    assert all(f"DEMO-1-{n}" in said for n in range(1, 13))


async def test_a_few_calls_are_acknowledged_one_by_one(town: Town) -> None:
    for n in range(3):
        await town.person(f"邻居{n}").says(f"#报事 {n}号楼的信箱坏了")
    assert len(town.said_in(GROUP)) == 3
