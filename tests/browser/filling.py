"""A town with a month behind it: what a desk looks like that people work at.

The law of this file: everything goes in by the doors that people use, or as a case that stands in the ledger;
nothing is drawn at random, so that two runs show the same. `fill` makes a town to be shown; `spoil` adds what
no page may stumble over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import time, timedelta
from typing import Any

from kiosk import Kiosk, value
from office import Office
from photo_files import jpeg

from bot.briefing import draft_briefs
from bot.web.desk.guard import AtDesk
from bot.web.room.service import Saying
from intake.acts import Act, Given
from intake.cases import CallBack, Case, CaseId, Example
from intake.facts import Changes
from intake.lifecycle import State
from intake.people import Grant, Person, Role
from intake.reading import Triage
from intake.sight import sight_of
from storage.report_codes import ReportCode
from storage.sessions import Session

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SAID = {
    "SZ03": "路灯不亮，晚上看不清路",
    "WY01": "电梯停在一楼不动了",
    "SR02": "垃圾桶满了没人收",
    "HJ02": "广场舞音响太大，孩子没法写作业",
    "SZ06": "下水道堵了，往外冒脏水",
    "WY08": "楼道顶上渗水，墙皮都掉了",
    "SR04": "装修垃圾堆在路边好几天",
    "GY04": "又停电了，什么时候来",
    "SZ01": "路面有个坑，电动车差点摔了",
    "HJ05": "楼下烧烤店的油烟熏得不敢开窗",
    "WY06": "门禁坏了，谁都能进",
}
ITEMS = tuple(SAID)
PLACES = ("9栋楼下", "11栋2单元", "老榕树", "小花园", "快递柜", "10栋门口", "菜鸟驿站")
UNSURE: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("5栋后面那盏灯一闪一闪的，晚上看着心慌", "5栋后面", ("SZ03", "WY06", "GY04"), "DEMO-1"),
    ("楼道里有股怪味，是不是谁家下水堵了", "2栋3单元", ("SZ06", "HJ06", "SR01"), "DEMO-1"),
    ("小花园那个秋千绳子快断了", "小花园", ("SZ07", "SZ08", "WY02"), "DEMO-1"),
    ("楼上天天剁东西到半夜，能不能说说", "6栋", ("HJ01", "HJ04", "HJ02"), "DEMO-2"),
    ("充电桩又被油车占了，找谁管", "地下车库", ("WY03", "SR05", "WY02"), "DEMO-3"),
)
STORM = "门口路上全是水，车都开不过去"
TALK: tuple[tuple[str, str], ...] = (
    ("wang", "3栋楼下路灯又不亮了"),
    ("li", "今天天气真好，下去走走"),
    ("zhao", "5栋电梯坏了，按了没反应，老人下不来"),
    ("li", "7栋门口垃圾桶满了三天没人收"),
    ("wang", "#心愿 腿脚不便，想请人帮忙买点菜"),
)
LONG_NAME = "德高望重的桥头社区第一网格值班网格员兼志愿服务队联络人欧阳诸葛夏侯尉迟先生"
EVIL = "<script>alert(1)</script><b onmouseover=alert(2)>粗</b>"


@dataclass
class Town:
    """A filled town on loopback; `asleep` is whether its worker sleeps; `hidden` are pages that few links
    lead to."""

    kiosk: Kiosk
    asleep: bool = False
    hidden: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.kiosk.url


async def fill(kiosk: Kiosk) -> None:
    """A month of cases, a morning of talk, work under way, codes, corrections, looks."""
    office = Office(kiosk.store, kiosk.rules, now=kiosk.now)
    await _store(kiosk, office, [*_past(office), *_waiting(office), *_open(office)])
    await _talk(kiosk)
    await _work(kiosk)
    await _codes(kiosk)
    await _corrections(kiosk)
    await _looks(kiosk)
    await _known(kiosk)
    await _monday(kiosk)


async def spoil(kiosk: Kiosk) -> list[str]:
    """Long names, names with HTML, words without a break, a private matter, a merged case, a photo, a find on
    the round; pages of it that are hard to find."""
    office = Office(kiosk.store, kiosk.rules, now=kiosk.now)
    office.numbers = {grid: await _highest(kiosk, grid) for grid in ("DEMO-1", "DEMO-2", "DEMO-3")}
    endless = "啊" * 120 + "w" * 200
    cases = [
        office.draft("SZ03", "DEMO-1", said=f"{EVIL}{endless}", place=EVIL, title=EVIL),
        office.draft("WY01", "DEMO-1", said=endless, place=endless[:60], **_unsure("WY01")),
        office.draft("MZ11", "DEMO-1", said="老板三个月没发工资了", **_unsure("MZ11")),
        office.draft("MZ11", "DEMO-1", said="老板拖着工资不给", taken_by="web:demo-chen"),
        office.draft("SZ03", "DEMO-1", said=EVIL, taken_by="web:evil", state=State.SIGNED),
    ]
    main = cases[0].id
    cases.append(office.draft("SZ03", "DEMO-1", state=State.MERGED, merged_into=main))
    await _store(kiosk, office, cases)
    await kiosk.store.write(lambda tx: _evil_people(tx, kiosk))
    evil = ReportCode("evilcode", "DEMO-1", EVIL[:40], "web:demo-chen", kiosk.now)
    await kiosk.store.write(lambda tx: tx.report_codes.add(evil))
    pages = [await _photo(kiosk), await _round(kiosk)]
    return [*pages, "/desk/town/at/HW/department"]


async def _photo(kiosk: Kiosk) -> str:
    """李叔 sends a photo of what is broken; the page of the case."""
    member = await kiosk.room.persona("web:demo-li")
    assert member is not None
    kiosk.now += timedelta(minutes=2)
    photo = await kiosk.room.add_photo(member, "DEMO-1", jpeg((1600, 900)))
    said = Saying("DEMO-1", "li-photo", "8栋门口的垃圾桶烂了", photos=(photo.name,))
    await kiosk.room.say(member, said)
    await kiosk.settle()
    newest = max(await kiosk.cases(), key=lambda case: case.opened_at)
    return f"/desk/case/{newest.id}"


async def _round(kiosk: Kiosk) -> str:
    """小陈 tells something from the round; the page of what became of it."""
    chen = await kiosk.sits("chen")
    _, page = await chen.get("/desk/field")
    form = {"grid": "DEMO-1", "words": f"{EVIL}井盖翘起来了", "place": "9栋楼下", "what": "report"}
    status, _ = await chen.post("/desk/field", once=value(page, "once"), **form)
    assert (status, chen.at.startswith("/desk/field/said/")) == (200, True)
    return chen.at


def _evil_people(tx: Any, kiosk: Kiosk) -> None:
    tx.people.save([Person("web:evil", EVIL), Person("web:long", LONG_NAME)], kiosk.now)
    for person in ("web:evil", "web:long"):
        tx.people.grant(person, Grant(Role.GRID_WORKER, "DEMO-1"), "system", kiosk.now)
    places = [*(tx.grids.get("DEMO-1").places), EVIL, LONG_NAME]
    tx.grids.set_places("DEMO-1", places)


async def _highest(kiosk: Kiosk, grid: str) -> int:
    return max((case.number for case in await kiosk.cases() if case.grid == grid), default=0)


async def _store(kiosk: Kiosk, office: Office, cases: Sequence[Case]) -> None:
    numbers = {grid: number + 1 for grid, number in office.numbers.items()}
    changes = Changes(cases={case.id: case for case in cases}, numbers=numbers)
    await kiosk.store.write(lambda tx: tx.desk.save(changes, [], kiosk.now))


def _past(office: Office) -> list[Case]:
    """Two or three a day, most of them answered and finished in time, some rated."""
    found = []
    for number in range(72):
        opened = office.now - (number * 9 + 3) * HOUR - (number % 5) * HOUR
        grid = ("DEMO-1", "DEMO-1", "DEMO-2", "DEMO-3")[number % 4]
        slow = number % 7 == 3
        answered = opened + (9 if slow else 2) * HOUR
        done = opened + (90 if number % 11 == 5 else 20) * HOUR
        over = done < office.now
        item = ITEMS[number % len(ITEMS) if number % 3 else 0]
        found.append(
            office.draft(
                item,
                grid,
                place=PLACES[number % len(PLACES)],
                said=PLACES[number % len(PLACES)] + SAID[item],
                state=State.CLOSED if over else State.WORKING,
                taken_by="web:demo-chen",
                opened_at=opened,
                respond_due=opened + 4 * HOUR,
                resolve_due=opened + 72 * HOUR,
                responded_at=min(answered, office.now),
                done_at=done if over else None,
                done_words="到场看过，换了坏的零件，试过正常" if over else None,
                closed_at=done + HOUR if over else None,
                score=(5, 4, 5, 3, None)[number % 5] if over else None,
                call_back=CallBack.DUE if over and number % 15 == 4 else None,
                reopened=1 if number % 13 == 6 else 0,
            )
        )
    return found


def _unsure(*guesses: str) -> dict[str, Any]:
    return {"state": State.TO_CONFIRM, "triage": Triage.HUMAN, "guesses": guesses}


def _waiting(office: Office) -> list[Case]:
    """The uncertain queue: five alone, a pile after a storm, a wish."""
    alone = [
        office.draft(
            guesses[0],
            grid,
            said=said,
            place=place,
            opened_at=office.now - (5 - number) * HOUR,
            respond_due=office.now + (number - 1) * HOUR,
            **_unsure(*guesses),
        )
        for number, (said, place, guesses, grid) in enumerate(UNSURE)
    ]
    storm = [
        office.draft("SZ05", "DEMO-2", said=STORM, place=None, **_unsure("SZ05", "SZ06", "SZ01"))
        for _ in range(4)
    ]
    wish = office.draft("HZ01", "DEMO-1", said="想有人陪老人说说话", place=None, state=State.REVIEW)
    return [*alone, *storm, wish]


def _open(office: Office) -> list[Case]:
    """Dispatched, late, returned, and for the department."""
    late = {"opened_at": office.now - 30 * HOUR, "respond_due": office.now - 26 * HOUR}
    taken = {"state": State.SIGNED, "taken_by": "web:demo-chen", "responded_at": office.now}
    return [
        office.draft("SZ01", "DEMO-1", said="人行道塌了一块，老人差点摔跤", place="老榕树", **late),
        office.draft("SZ02", "DEMO-2", said="井盖一踩就响，夜里吵得睡不着", place="7栋门口"),
        office.draft("SZ08", "DEMO-3", said="树枝碰到电线了", place="小花园", returns=1, voices=3),
        office.draft("SZ06", "DEMO-1", said="下水道又往外冒水", place="2栋3单元", voices=5),
        office.draft("WY06", "DEMO-1", said="单元门锁不上", place="5栋2单元", **taken),
    ]


async def says(kiosk: Kiosk, who: str, text: str, chat: str = "DEMO-1") -> None:
    """A neighbour says something in a room, and the worker works."""
    member = await kiosk.room.persona(f"web:demo-{who}")
    assert member is not None
    kiosk.now += timedelta(minutes=2)
    id = f"{who}{kiosk.now:%H%M%S}"
    await kiosk.room.say(member, Saying(chat, id, text))
    await kiosk.settle()


async def does(kiosk: Kiosk, who: str, case: CaseId, what: Act, words: str = "") -> None:
    """Somebody does something on the desk."""
    person = f"web:demo-{who}"
    people, grids = await kiosk.store.read(lambda tx: (tx.people.many([person]), tx.grids.all()))
    here = AtDesk(
        people[person],
        Session("s", person, kiosk.now, kiosk.now, None),
        sight_of(people[person], grids),
    )
    kiosk.now += timedelta(minutes=3)
    await kiosk.acts.do(here, case, None, what, Given(words=words))
    await kiosk.settle()


async def case_of(kiosk: Kiosk, said: str) -> CaseId:
    """The case that these words opened."""
    return [case.id for case in await kiosk.cases() if said in case.said][-1]


async def _talk(kiosk: Kiosk) -> None:
    for who, text in TALK:
        await says(kiosk, who, text)
    await says(kiosk, "li", "3栋楼下路灯又不亮了，黑得看不清台阶")


async def _work(kiosk: Kiosk) -> None:
    lamp = await case_of(kiosk, "3栋楼下路灯又不亮")
    await does(kiosk, "chen", lamp, Act.TAKE)
    await does(kiosk, "chen", lamp, Act.REPORT, "已到现场看过，灯头烧了，配件明天到")
    bins = await case_of(kiosk, "垃圾桶满了")
    await does(kiosk, "chen", bins, Act.FINISH, "联系环卫清运，桶已经倒空冲洗过")


async def _codes(kiosk: Kiosk) -> None:
    for grid, place in (("DEMO-1", "3栋2单元电梯"), ("DEMO-1", ""), ("DEMO-2", "小花园凉亭")):
        await kiosk.code(place, grid)


async def _corrections(kiosk: Kiosk) -> None:
    cases = (await kiosk.cases())[:4]
    doors = (("web:demo-wang", "reporter"), ("web:demo-chen", "button"))
    made = [
        Example(case.id, case.said, case.item, "GY04", *doors[n % 2], kiosk.now - n * HOUR)
        for n, case in enumerate(cases)
    ]
    await kiosk.store.write(lambda tx: tx.examples.add(made))


async def _looks(kiosk: Kiosk) -> None:
    """Acts on the neighbourhood, which are on record."""
    street, admin = await kiosk.sits("street"), await kiosk.sits("admin")
    for node, role, note in (("DEMO-1", "grid_worker", "小李"), ("DEMO-C", "moderator", "梁姐")):
        await street.post(f"/desk/town/at/{node}/invite", role=role, note=note)
    _, page = await admin.get("/desk/town/at/DEMO-2")
    form = {"do": "up web:demo-sun", "seen": value(page, "seen")}
    await admin.post("/desk/town/at/DEMO-2/duty", **form)


async def _known(kiosk: Kiosk) -> None:
    """小陈 tells what is known already: a bulletin and an answer card."""
    chen, tomorrow = await kiosk.sits("chen"), (kiosk.now + DAY).date().isoformat()
    bulletin = {
        "subject": "停水",
        "scope": "DEMO-1",
        "houses": "1-4栋",
        "starts": f"{tomorrow}T09:00",
        "ends": f"{tomorrow}T18:00",
        "words": "水管抢修，1-4栋停水，请先存些水",
        "source": "自来水公司",
    }
    card = {
        "wordings": "派出所礼拜六上班吗\n派出所周日上班吗",
        "scope": "DEMO-1",
        "aloud": "yes",
        "answer": "周六上午九点到十二点有人",
        "source": "派出所门口的告示",
        "expires": (kiosk.now + 30 * DAY).date().isoformat(),
    }
    for path, form in (("/desk/bulletins/new", bulletin), ("/desk/answers/new", card)):
        status, page = await chen.post(path, **form)
        assert (status, 'role="alert"' in page) == (200, False), page


async def _monday(kiosk: Kiosk) -> None:
    """What the clock of Monday morning left: the drafts of the week's brief."""
    rules, monday = replace(kiosk.rules, brief=time(9)), kiosk.now - DAY
    await kiosk.store.write(lambda tx: draft_briefs(tx, rules, ["DEMO-1"], monday))
