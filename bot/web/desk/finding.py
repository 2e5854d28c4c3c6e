"""Finding an item by the words that come to mind.

The law of this file: name, code, definition and keywords count, in this order of weight; every word typed
has to be met somewhere, however it is spelt. A word of the neighbourhood's own means what people there said
such calls are. Where none meets literally, what people call the thing does, then how it is sounded (ld,
ludeng), then pairs of signs, so that 灯坏 finds 路灯损坏, single ones at last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Final

from intake.taxonomy import Item, Taxonomy
from storage.folding import fold

MOST = 30
"""More items than this are no answer."""

LONGEST = 60
"""Signs of a search that are looked at."""


EVERYDAY: Final = {
    "wifi": "网络",
    "宽带": "网络",
    "秋千": "健身",
    "滑梯": "健身",
    "老赖": "债务",
    "黑灯": "路灯",
    "跳闸": "停电",
    "没电": "停电",
    "没水": "停水",
    "水没": "停水",
    "电没": "停电",
    "冒水": "下水道",
    "马桶": "下水道",
    "猫": "宠物",
    "蚊子": "四害",
    "小广告": "广告",
    "保安": "物业",
    "停车位": "停车",
    "僵尸车": "停车",
    "电瓶车": "电动车",
}
"""What people say for a thing, and a word of the item that is meant."""

_EMPTY: Final = frozenset("的了没有不是在个这那吗呢啊吧")
"""Signs that stand in everything."""


Meant = Mapping[str, Mapping[str, int]]
"""Words of the neighbourhood's own, each with the items that calls with it were said to be, and how often."""

_NOTHING: Final[Meant] = {}


def find_items(taxonomy: Taxonomy, words: str, meant: Meant = _NOTHING) -> list[Item]:
    """The items that `words` may mean, best first; without words all, in the taxonomy's order."""
    items = list(taxonomy.items.values())
    terms = fold(words[:LONGEST]).split()
    if not terms:
        return items

    def known(item: Item, term: str) -> float:
        return _literal(item, term) + _meant(meant, item, term)

    for weigh in (known, _called, _sounded, _alike, _by_signs):
        if found := _best(items, terms, weigh):
            return found[:MOST]
    return []


def _best(
    items: Iterable[Item], terms: list[str], weigh: Callable[[Item, str], float]
) -> list[Item]:
    weights = ((item, [weigh(item, term) for term in terms]) for item in items)
    met = [(-sum(each), item) for item, each in weights if all(each)]
    return [item for _, item in sorted(met, key=lambda pair: pair[0])]


def _literal(item: Item, term: str) -> float:
    """How well one word typed meets an item; a keyword may stand inside a longer word typed."""
    inside = sum(1 for keyword in item.keywords if keyword.lower() in term)
    return (
        8.0 * (term == item.code.lower())
        + 5.0 * (term in item.name.lower())
        + 3.0 * any(term in keyword.lower() for keyword in item.keywords)
        + 2.0 * inside
        + 1.0 * (term in item.definition.lower())
    )


def _meant(meant: Meant, item: Item, term: str) -> float:
    """The same, for a word of the neighbourhood's own: what it was said to be most often comes first."""
    times = max((said.get(item.code, 0) for word, said in meant.items() if word in term), default=0)
    return 4.0 + min(times, 9) / 10 if times else 0.0


def _alike(item: Item, term: str) -> float:
    pairs = {term[at : at + 2] for at in range(len(term) - 1)}
    about = f"{item.name} {' '.join(item.keywords)} {item.definition}".lower()
    return float(sum(1 for pair in pairs if pair in about))


def _called(item: Item, term: str) -> float:
    """The same, for what people call it."""
    meant = (word for said, word in EVERYDAY.items() if said in term)
    return max((_literal(item, term), *(_literal(item, word) for word in meant)))


def _sounded(item: Item, term: str) -> float:
    """The first letters of its syllables, or the syllables, or the word itself."""
    if not (term.isascii() and term.isalpha() and len(term) > 1):
        return _literal(item, term)
    name, *keywords = _sounds(item)
    return (
        8.0 * any(sound == term for sound in name)
        + 5.0 * any(sound.startswith(term) for sound in name)
        + 3.0 * any(term in sound for sound in name[:1])
        + 2.0 * any(sound.startswith(term) for sounds in keywords for sound in sounds)
    )


@cache
def _sounds(item: Item) -> list[tuple[str, str]]:
    """How name and keywords are sounded: the first letters, and all of them."""
    from pypinyin import lazy_pinyin  # its dictionary is large, and few search by sound

    said = [lazy_pinyin(word) for word in (item.name, *item.keywords)]
    return [("".join(one[:1] for one in some), "".join(some)) for some in said]


def _by_signs(item: Item, term: str) -> float:
    """At least half of the signs that say something, where all are Chinese."""
    about = f"{item.name} {' '.join(item.keywords)}"
    signs = {*term} - _EMPTY if not any(sign.isascii() for sign in term) else set()
    met = sum(sign in about for sign in signs)
    return float(met) if met and met * 2 >= len(signs) else 0.0
