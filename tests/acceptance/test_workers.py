"""One server and two workers over one PostgreSQL: a worker dies in mid-stream, and nothing is lost,
doubled or out of order."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import aiohttp
import pytest
from fake_bot_api import TOKEN, FakeBotApi
from serving import SECRET, Served
from test_kill import HEADERS, grids_of, update

from nlp.reader import Reader
from storage.recall import all_cases, broken_invariants

pytestmark = pytest.mark.postgres
GROUPS = 8
EACH = 25


async def _group(served: Served, group: int) -> None:
    async with aiohttp.ClientSession() as session:
        for line in range(EACH):
            payload = update(group * EACH + line, group, f"#报事 {line}号井盖松了,第{group}组")
            url = f"{served.url}/channels/telegram"
            async with session.post(url, json=payload, headers=HEADERS) as answer:
                assert answer.status == 200


async def test_a_worker_dies(
    tmp_path: Path, postgres_url: str, bot_api: FakeBotApi, reader: Reader
) -> None:
    extra = {
        "HUYING_DATABASE": postgres_url,
        "HUYING_TELEGRAM_TOKEN": TOKEN,
        "HUYING_TELEGRAM_SECRET": SECRET,
        "HUYING_TELEGRAM_API": bot_api.url,
    }
    served = Served(tmp_path, extra)
    await asyncio.to_thread(served.run, "seed-demo")
    served.bind(grids_of(GROUPS))
    await asyncio.to_thread(served.start)
    command = [sys.executable, "-m", "bot", "worker"]
    log = (tmp_path / "worker.log").open("ab")
    workers = [subprocess.Popen(command, env=served.env, stdout=log, stderr=log) for _ in range(2)]
    try:
        await asyncio.sleep(5)  # they load the model
        senders = [asyncio.create_task(_group(served, group)) for group in range(GROUPS)]
        await asyncio.sleep(0.3)
        workers[0].send_signal(signal.SIGKILL)
        await asyncio.gather(*senders)
        async with asyncio.timeout(60):
            while await asyncio.to_thread(served.metric, "huying_inbox_pending"):
                await asyncio.sleep(0.2)
    finally:
        for process in workers:
            process.kill()
            process.wait(10)
        log.close()
        await asyncio.to_thread(served.stop)
    with served.store() as store:
        cases = store.read_now(all_cases)
        assert store.read_now(broken_invariants) == []
    said: defaultdict[str, list[str]] = defaultdict(list)
    for case in sorted(cases, key=lambda case: (case.grid, case.number)):
        said[case.chat.chat].append(case.said)
    for group in range(GROUPS):
        wanted = [f"{line}号井盖松了,第{group}组" for line in range(EACH)]
        assert said[str(-1000 - group)] == wanted
