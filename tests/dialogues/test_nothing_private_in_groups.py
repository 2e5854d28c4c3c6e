"""Whatever people say and press, in whatever order: no group hears who reported, or anything private."""

from __future__ import annotations

import asyncio
from datetime import datetime, time

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from town import GRID, GROUP, STAFF, VOLUNTEERS, ZONE, Town

from intake.taxonomy import Visibility
from nlp.reader import Reader
from storage.case_tables import prompts
from storage.store import Store

NEIGHBOURS = ("欧阳桂花", "诸葛老三", "令狐阿姨")
STAFF_PEOPLE = ("小陈", "孙姐", "老吴")
PHONE, IDENTITY = "13812345678", "440106198001011237"

CALLS = (
    "3栋楼下路灯又不亮了",
    "3栋楼下那盏路灯还是不亮,看不见路",
    "老板三个月没发工资了",
    "#报事 我被老伴打了,天天打,身上都是伤",
    "楼上502半夜拖椅子咚咚响,睡不着",
    "5栋门口垃圾桶满了,找我{me},电话" + PHONE,
    "#心愿 我{me}腿脚不方便,想请人帮忙买点菜,电话" + PHONE,
    "5栋着火了 好大烟 快来人啊",
    f"身份证{IDENTITY}发错了",
    "我也是,同样的事",
    "怎么还没人管?催一下",
    "好了好了,已经修好了",
    "没好",
    "不是报事",
    "人工",
    "我的",
    "导出我",
    "删我",
    "谢谢",
    "你们俩别吵了,烦死了",
)
"""What neighbours say; NUMBERED lines name a case."""
NUMBERED = ("{} 怎么样了", "{} 没好", "{} 不是报事", "认领 {}")
WORDS = (
    "接手 {}",
    "{} 已联系{},电话" + PHONE + ",明天上门",
    "{} 去过{}家,换了零件,试过好了,处理完毕",
    "退单 {}",
)
AWAITED = [
    select(prompts.c.case_id).where(prompts.c.person == f"town:{name}") for name in STAFF_PEOPLE
]
SECRETS = (*NEIGHBOURS, PHONE, IDENTITY, "工资", "老伴", "拖椅子", "502")

numbers, whos = st.integers(1, 4), st.integers(0, 2)
step = st.one_of(
    st.tuples(st.just("says"), whos, st.sampled_from(CALLS)),
    st.tuples(st.just("alone"), whos, st.sampled_from(CALLS)),
    st.tuples(st.just("names"), whos, st.sampled_from(NUMBERED), numbers),
    st.tuples(st.just("works"), whos, st.sampled_from(WORDS), numbers),
    st.tuples(st.just("presses"), st.integers(0, 5), st.integers(0, 9), st.integers(0, 30)),
    st.tuples(st.just("writes"), whos),
    st.tuples(st.just("waits"), st.sampled_from((1, 40, 600, 3000))),
)


@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    reachable=st.booleans(), evening=st.booleans(), steps=st.lists(step, min_size=4, max_size=14)
)
def test_no_walk_leads_to_a_word_too_many(
    reader: Reader, reachable: bool, evening: bool, steps: list[tuple[object, ...]]
) -> None:
    with Store.open("sqlite://", "town") as store:
        town = Town(store, reader, quiet=(time(22), time(7)))
        town.now = datetime(2026, 11, 24, 21 if evening else 10, 0, tzinfo=ZONE)
        asyncio.run(walk(town, reachable, steps))


async def walk(town: Town, reachable: bool, steps: list[tuple[object, ...]]) -> None:
    if reachable:
        for name in NEIGHBOURS:
            await town.person(name).opens_private_talk(f"g-{GRID}")
    heard = 0
    for one in steps:
        await take(town, *one)
        heard = listen(town, heard)
    await town.wait(hours=12)
    listen(town, heard)
    assert town.store.read_now(lambda tx: tx.inbox.parked()) == []


async def take(town: Town, what: object, *rest: object) -> None:
    match what, rest:
        case "says", (int(who), str(line)):
            await town.person(NEIGHBOURS[who]).says(line.format(me=NEIGHBOURS[who]))
        case "alone", (int(who), str(line)):
            neighbour = town.person(NEIGHBOURS[who])
            await neighbour.says(line.format(me=neighbour.name), neighbour.alone)
        case "names", (int(who), str(line), int(number)):
            await town.person(NEIGHBOURS[who]).says(line.format(f"{GRID}-{number}"))
        case "works", (int(who), str(line), int(number)):
            said = line.format(f"{GRID}-{number}", reporter(town, f"{GRID}-{number}"))
            await town.person(STAFF_PEOPLE[who]).says(said, STAFF)
        case "writes", (int(who),):
            waits = town.store.read_now(lambda tx: tx.connection.scalars(AWAITED[who]).first())
            said = f"和{reporter(town, waits)}说好了,电话{PHONE},换了灯头,试过亮了"
            await town.person(STAFF_PEOPLE[who]).says(said, STAFF)
        case "presses", (int(who), int(button), int(back)):
            await press(town, (*NEIGHBOURS, *STAFF_PEOPLE)[who], button, back)
        case "waits", (int(minutes),):
            await town.wait(minutes=minutes)


def reporter(town: Town, case: str | None) -> str:
    """Who reported it, as careless staff call them."""
    found = next((one for one in town.cases() if one.id == case), None)
    return found.reporter.removeprefix("town:") if found else "街坊"


async def press(town: Town, name: str, button: int, back: int) -> None:
    """One of the buttons that are there, under one of the last posts."""
    shown = [post for _, post in town.channel.posts if post.buttons]
    if shown:
        post = shown[-1 - back % len(shown)]
        await town.person(name).presses(post.buttons[button % len(post.buttons)].label, post)


def listen(town: Town, heard: int) -> int:
    """What the groups heard since, in the light of what is private now."""
    hidden = [
        case.id
        for case in town.cases()
        if case.visibility is Visibility.PRIVATE and not case.published
    ]
    posts = [post for _, post in town.channel.posts]
    for post in posts[heard:]:
        if post.chat not in (GROUP, VOLUNTEERS):
            continue
        told = "".join([post.text, *(button.label for button in post.buttons)])
        said = told.replace(f"https://t.example/c-{post.params.get('link', '-')[2:]}", "")
        assert not [secret for secret in SECRETS if secret in said], said
        assert not [
            id for id in hidden if id in said.replace("，", " ").split() or f"{id}，" in said
        ], said
    return len(posts)
