"""All that is kept of somebody, as a file: theirs alone, by who they are signed in as."""

from __future__ import annotations

import aiohttp
from conftest import Neighbour
from devserver import Running, now

from bot.channels.web import OWN_PAGE
from bot.web.room.words import Refused
from intake.people import Person


async def fetch(who: Neighbour, **headers: str) -> tuple[int, str, str]:
    async with who.session.get(who.url + OWN_PAGE, headers=who.headers | headers) as got:
        return got.status, await got.text("utf-8"), got.headers.get("Content-Disposition", "")


async def test_everybody_gets_their_own(running: Running, wang: Neighbour, li: Neighbour) -> None:
    people = [Person("web:demo-wang", "王阿姨"), Person("staff:li", "李叔")]

    def work(tx) -> None:  # type: ignore[no-untyped-def]
        tx.people.save(people, now())
        tx.people.link("web:demo-li", "staff:li")

    await running.store.write(work)
    status, text, name = await fetch(wang)
    assert (status, "名字：王阿姨" in text, "李叔" in text) == (200, True, False)
    assert name.startswith("attachment;")
    status, text, _ = await fetch(li)
    assert (status, "名字：李叔" in text) == (200, True), "by whichever identity they came"


async def test_nobody_else_opens_it(running: Running, wang: Neighbour) -> None:
    assert (await wang.say("DEMO-1", "大家早", "client-id-0001"))[0] == 200
    async with aiohttp.ClientSession() as session:
        stranger = Neighbour(wang.url, session)
        status, page, _ = await fetch(stranger)
    assert (status, Refused.WHO in page, "王阿姨" in page) == (401, True, False)


async def test_of_whom_nothing_is_kept_there_is_no_file(wang: Neighbour) -> None:
    status, page, _ = await fetch(wang)
    assert (status, Refused.NOTHING_KEPT in page) == (404, True)
