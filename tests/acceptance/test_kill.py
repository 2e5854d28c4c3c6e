"""`kill -9` in the middle of 500 messages: what was answered 200 is handled exactly once, in order."""

from __future__ import annotations

import asyncio
from collections import defaultdict

import aiohttp
from fake_bot_api import FakeBotApi
from serving import SECRET, Served

from storage.recall import all_cases, broken_invariants

GROUPS = 10
EACH = 50
HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


def update(number: int, group: int, text: str) -> dict[str, object]:
    return {
        "update_id": 5000 + number,
        "message": {
            "message_id": 10 + number,
            "date": 1764000000,
            "chat": {"id": -1000 - group, "type": "supergroup", "title": f"{group}"},
            "from": {"id": 77 + group, "is_bot": False, "first_name": "王阿姨"},
            "text": text,
        },
    }


def grids_of(groups: int) -> dict[str, str]:
    """The chats of so many groups, and where each belongs."""
    return {str(-1000 - group): f"DEMO-{group % 3 + 1}" for group in range(groups)}


async def _group(served: Served, group: int, begin: int, taken: dict[int, list[str]]) -> None:
    """Post the lines of one group one after the other, each again until it is answered 200."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as session:
        for line in range(begin, EACH):
            text = f"#报事 {line}号井盖松了,第{group}组"
            payload = update(group * EACH + line, group, text)
            while True:
                try:
                    url = f"{served.url}/channels/telegram"
                    async with session.post(url, json=payload, headers=HEADERS) as answer:
                        if answer.status == 200:
                            taken[group].append(text.removeprefix("#报事 "))
                            break
                except (aiohttp.ClientError, TimeoutError):
                    pass
                await asyncio.sleep(0.05)


async def test_nothing_lost_nothing_doubled_in_order(served: Served, bot_api: FakeBotApi) -> None:
    served.bind(grids_of(GROUPS))
    await asyncio.to_thread(served.start)
    taken: dict[int, list[str]] = defaultdict(list)
    senders = [asyncio.create_task(_group(served, group, 0, taken)) for group in range(GROUPS)]
    while sum(len(lines) for lines in taken.values()) < GROUPS * EACH // 2:
        await asyncio.sleep(0.01)
    await asyncio.to_thread(served.kill)
    await asyncio.to_thread(served.start)
    await asyncio.gather(*senders)
    while await asyncio.to_thread(served.metric, "huying_inbox_pending"):
        await asyncio.sleep(0.1)
    await asyncio.to_thread(served.stop)

    with served.store() as store:
        cases = store.read_now(all_cases)
        assert store.read_now(broken_invariants) == []
    said: dict[str, list[str]] = defaultdict(list)
    for case in sorted(cases, key=lambda case: (case.grid, case.number)):
        said[case.chat.chat].append(case.said)
    assert {int(chat) for chat in said} == {-1000 - group for group in range(GROUPS)}
    for group in range(GROUPS):
        assert said[str(-1000 - group)] == taken[group]
