"""How tokens join into places: buildings, relations, things and names, by a small grammar.

The law of this file: convention of interfaces.md. 门口, 对面, 楼下, 之间, 那排 belong to the place; the
broken thing and the verb do not; `6栋和7栋之间的绿地` is one place, two places side by side are two.
The words of each class stand in `places.txt`. A thing (垃圾桶) is a place only with a relation behind
it (垃圾桶旁边). How a message becomes tokens is the business of `places.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from nlp.normalise import fold

CHINESE = "一二三四五六七八九十百"
_HOUSE = re.compile(rf"(?:\d{{1,4}}|[{CHINESE}]{{1,4}})号(?!线|楼|院)(?:之[一二三])?")
JOINERS = frozenset("和跟与同到至及")
MIDDLES = (
    "之间",
    "中间",
    "交界",
    "交界处",
    "交汇处",
    "交叉口",
    "交口",
    "这段",
    "那段",
    "这段路",
    "那段路",
    "一段",
    "𠮶段",
    "呢段",
    "夹缝",
    "连接",
)
_HOME_RELATION = re.compile("楼|门|旁|对|后|前|隔壁|附近|阳台|窗")
# A place begins with a token of these kinds, or at home.
_FIRST = frozenset(("unit", "place", "head", "thing", "name"))
HOMES = ("我家", "俺家", "我屋企", "我屋")


@dataclass(slots=True)
class Token:
    """`kind`: unit, place, head (路: a place with a name before it), relation, thing, lead, name, short
    (an adjective), of (的), join (和), gap (not cut yet), other."""

    kind: str
    start: int
    end: int
    text: str


@cache
def place_words() -> dict[str, str]:
    """Word to class, from `nlp/places.txt`; a word in two classes keeps the first but `relation`."""
    classes: dict[str, str] = {}
    for line in files("nlp").joinpath("places.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, words = line.split("\t")
            for word in words.split():
                classes.setdefault(fold(word).text, kind)
    return classes


@cache
def relations() -> frozenset[str]:
    """The words that say where beside something a place is."""
    rows = files("nlp").joinpath("places.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(
        w for row in rows if row.startswith("relation\t") for w in fold(row).text.split()[1:]
    )


def join(tokens: list[Token], text: str) -> Iterator[tuple[int, int]]:
    """The places among the tokens of `text`, as stretches of it."""
    at = 0
    while at < len(tokens):
        token = tokens[at]
        may_begin = token.kind in _FIRST or token.text in HOMES
        end = _place_at(tokens, at, text) if may_begin else None
        if end is None:
            at += 1
            continue
        start = _with_leads(tokens, at)
        end = _between(tokens, end, text)
        yield tokens[start].start, tokens[end - 1].end
        at = end


def _touch(tokens: list[Token], at: int) -> bool:
    """Whether token `at` stands directly behind the one before it."""
    return at < len(tokens) and tokens[at - 1].end == tokens[at].start


def _place_at(tokens: list[Token], at: int, text: str) -> int | None:
    """The end of the place that begins at token `at`, or None."""
    token = tokens[at]
    if token.kind in ("unit", "place"):
        return _with_relations(tokens, at + 1)
    if token.kind == "head" and at and _is_name(tokens, at - 1) and _touch(tokens, at):
        house = _HOUSE.match(text, token.end)
        return (
            _after_house(tokens, at + 1, house.end()) if house else _with_relations(tokens, at + 1)
        )
    if token.kind in ("thing", "name") and _touch(tokens, at + 1):
        relation = tokens[at + 1]
        wanted = relation.kind == "relation" or relation.text in relations()
        if wanted and (token.kind == "thing" or len(relation.text) > 1):
            return _with_relations(tokens, at + 1)
    home = token.text in HOMES and _touch(tokens, at + 1)
    if home and _HOME_RELATION.match(tokens[at + 1].text):
        return _with_relations(tokens, at + 1)
    return None


def _after_house(tokens: list[Token], at: int, until: int) -> int:
    while at < len(tokens) and tokens[at].end <= until:
        at += 1
    return _with_relations(tokens, at)


def _with_relations(tokens: list[Token], at: int) -> int:
    """How far the place goes on: relations, further places, and 的 with a place behind it."""
    while _touch(tokens, at):
        if _goes_on(tokens, at):
            at += 1
        elif _goes_on_by_two(tokens, at):
            at += 2
        else:
            break
    return at


def _goes_on(tokens: list[Token], at: int) -> bool:
    token = tokens[at]
    if token.kind in ("unit", "place"):
        return True
    if token.kind == "relation" or token.text in relations():
        return not _verb_like(tokens, at)
    return token.kind == "head" and tokens[at - 1].kind != "relation"


def _goes_on_by_two(tokens: list[Token], at: int) -> bool:
    if not _touch(tokens, at + 1):
        return False
    if tokens[at].kind == "thing":
        return _solid(tokens[at + 1])
    if tokens[at].kind == "of":
        return _place_behind(tokens, at + 1)
    return _names_a_shop(tokens, at)


def _names_a_shop(tokens: list[Token], at: int) -> bool:
    """那家 and a shop's kind behind it: 巷口那间烧腊铺."""
    pointing = tokens[at - 1].text[0] in "那这𠮶呢"
    named = tokens[at].kind == "name" and _touch(tokens, at + 1)
    return pointing and named and tokens[at + 1].kind in ("head", "place")


def _solid(token: Token) -> bool:
    return token.text in relations() and len(token.text) > 1


def _place_behind(tokens: list[Token], at: int) -> bool:
    token = tokens[at]
    if token.kind == "place" or (token.kind == "head" and token.text in "路街巷桥"):
        return True
    return token.kind == "thing" and _touch(tokens, at + 1) and _solid(tokens[at + 1])


def _verb_like(tokens: list[Token], at: int) -> bool:
    """上 and 下 before a verb's object are verbs: 3栋上不去, 门口上车."""
    follows = tokens[at + 1].text if _touch(tokens, at + 1) else ""
    return tokens[at].text in ("上", "下", "后", "前") and follows[:1] in tuple(
        "不车去来了过班课面次得"
    )


def _is_name(tokens: list[Token], at: int) -> bool:
    return tokens[at].kind in ("name", "short", "lead", "unit", "place", "thing")


def _with_leads(tokens: list[Token], at: int) -> int:
    """Names and adjectives that belong before the place, at most three tokens and
    ten signs with the place."""
    first = at
    if tokens[at].kind == "unit":
        allowed: tuple[str, ...] = ("name", "lead")
    else:
        allowed = ("name", "short", "lead")
    taken = 0
    while first > 0 and taken < 3 and _touch(tokens, first):
        before = tokens[first - 1]
        near = tokens[at].end - before.start <= 10
        if before.kind not in allowed or not near or (before.kind == "lead" and _loose(before)):
            break
        if before.kind == "short" and tokens[first].kind not in ("head", "place"):
            break
        first -= 1
        taken += 1
    return first


def _loose(token: Token) -> bool:
    """上 and 下 before a place are verbs (下楼梯)."""
    return token.text in ("上", "下", "左", "右", "原", "家", "屋")


def _between(tokens: list[Token], end: int, text: str) -> int:
    """`6栋和7栋之间的绿地`: joined only when the middle is named."""
    if not (_touch(tokens, end) and tokens[end].kind == "join" and end + 1 < len(tokens)):
        return end
    second = end + 1
    while second < len(tokens) and second < end + 3 and _place_at(tokens, second, text) is None:
        if tokens[second].kind not in ("name", "short", "lead"):
            return end
        second += 1
    until = _place_at(tokens, second, text) if second < len(tokens) else None
    if until is None:
        return end
    said = text[tokens[second].start : tokens[until - 1].end]
    return until if any(middle in said for middle in MIDDLES) else end
