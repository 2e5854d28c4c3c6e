"""通知, what staff announced: the water is off tonight, buildings 1 to 4.

The law of this file: a bulletin is kept by a person, says what it is about, where, from when until when and
from whom it comes, and answers only while it holds and only what it fits. What is in doubt is not answered: a
call that tells more than the announcement knows opens a case like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final

from intake.buildings import buildings_in
from intake.grids import ChatRef
from intake.people import PersonId
from intake.reading import Triage

AHEAD: Final = timedelta(hours=24)
"""So long before it begins it answers those who ask about it."""
AFTER: Final = timedelta(hours=12)
"""So long after its end a bare `没来` of somebody whom it answered is still about it."""
PROPOSED_FOR: Final = timedelta(days=7)
"""So long a proposal waits for somebody who keeps it."""
LONGEST: Final = timedelta(days=60)
"""Whatever lasts longer is no interruption but how things are."""
WORDS_LIMIT: Final = 200
SOURCE_LIMIT: Final = 40

USUALLY: Final = timedelta(days=1)
"""What is off without a stated end is taken to be off until the end of the day after it began …"""
WORKS: Final = timedelta(days=7)
"""… and works on a road for a week."""
_DAY_ENDS: Final = time(23, 59)
"""Of midnight one would not know which day is meant."""

SUBJECTS: Final[dict[str, tuple[str, ...]]] = {
    "停水": ("GY01", "GY10"),
    "停电": ("GY04",),
    "停气": ("GY06",),
    "断网": ("GY07",),
    "电梯检修": ("WY01",),
    "道路施工": ("SZ01", "SZ04", "JT08"),
}
"""What is announced most, with the items that neighbours then call about."""
_OF_WORKS: Final = frozenset(SUBJECTS["道路施工"])


class BulletinState(StrEnum):
    """PROPOSED: said in a group and kept by nobody yet. What is DROPPED or ENDED answers nothing."""

    PROPOSED = "proposed"
    KEPT = "kept"
    ENDED = "ended"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Bulletin:
    """`scopes` are nodes of the tree that it is for, `houses` the numbers of the buildings there, none for
    all. `words` are what is said, `source` from whom it comes. `ends_at` moves when it is extended;
    `open_end` says that nobody named it, so that no neighbour is told it."""

    id: str
    items: tuple[str, ...]
    scopes: tuple[str, ...]
    houses: tuple[str, ...]
    words: str
    source: str
    starts_at: datetime
    ends_at: datetime
    state: BulletinState
    made_by: PersonId
    made_at: datetime
    open_end: bool = False

    def holds(self, now: datetime) -> bool:
        """Whether it answers what happens now."""
        return self.state is BulletinState.KEPT and self.starts_at <= now < self.ends_at

    def is_ahead(self, now: datetime) -> bool:
        """Whether it begins soon."""
        soon = now < self.starts_at <= now + AHEAD
        return self.state is BulletinState.KEPT and soon

    def is_over(self, now: datetime) -> bool:
        """Whether it ended by its time, and not long ago."""
        return self.state is BulletinState.KEPT and self.ends_at <= now < self.ends_at + AFTER

    def reaches(self, path: Iterable[str]) -> bool:
        """Whether it is for a grid with this path."""
        return not set(self.scopes).isdisjoint(path)

    def fits(self, places: Iterable[str]) -> bool:
        """Whether it is for where the words say that it happens; a place that names no building is taken for
        another one, but for those that only say `at home`."""
        if not self.houses:
            return True
        for place in places:
            named = buildings_in(place)
            if not named and not _AT_HOME.search(place):
                return False
            if named and not named <= set(self.houses):
                return False
        return True


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a bulletin or a card (`about`) answered, where, and to which words (masked): so that they hear the
    end, are told once, and can be taken to the window after all (`missed`). `guesses` are what the words were
    read as, each `item:chance`."""

    about: str
    person: PersonId
    grid: str
    chat: ChatRef
    message: str
    words: str
    place: str | None
    guesses: tuple[str, ...]
    triage: Triage
    at: datetime
    missed: bool = False


_AT_HOME = re.compile(
    "^(我?们?家里?|家中|屋里|楼[上下里]|厨房|卫生间|厕所|小区里?|整栋|[我咱这].{0,3}[栋楼家])$"
)

_WORSE = (
    "黄|浑|臭|爆|喷|漏|冒|裂|火|烟|焦|味|响|困|摔|晕|病|急|救|透析|氧气|呼吸机|胰岛素|手术|跳闸"
)
_IN_NEED = (
    "老人|老太|老伴|阿婆|阿公|婆婆|爷爷|奶奶|外婆|外公|瘫|卧床|轮椅|残疾|孕|产妇|坐月子|婴|宝宝|BB"
    "|奶粉|低血糖"
)
_OTHERWISE = (
    "通知说|通知是|公告说|说好|讲好|说是|不是说|到点|过了|超时|早就该|早该|应该来"
    "|(就|只有|单单|唯独|光是?|净)(是)?(我|咱|俺)|隔壁|别人|人家|对门|(楼上|楼下|其他|别的|邻居).{0,6}(有|正常|没停)"
    "|没(有)?(写|说|提)|没有我们|不在(范围|里面|通知|名单)|不包括"
    "|昨|前天|几天|[两三四五六七八九十\\d]+天|星期|礼拜|一周|天天|经常|老是|总是|每天"
)
_TELLS_MORE = re.compile(f"{_WORSE}|{_IN_NEED}|{_OTHERWISE}", re.IGNORECASE)
_CANNOT_WAIT = re.compile(
    f"{_WORSE}|{_IN_NEED}|(就|只有)(我|咱)|隔壁.{{0,4}}有|等不了|等不及", re.IGNORECASE
)
_OFF = re.compile(
    "停(水|电|气|网|燃气|煤气|用|运|供)|断(水|电|气|网)|(停止|暂停|中断)(供|运|使用)|抢修|检修|施工|封(路|闭)|围挡"
)
_WHEN = "(什么|啥)时候|几时|几点|多久|何时|哪天"
_NOT_KNOWN = "不知道|不清楚|不确定|没(有)?说|说不准|不好说|未定|待定|没定|没准|还没通知"
_OPEN = re.compile(
    f"({_WHEN}).{{0,6}}({_NOT_KNOWN})|({_NOT_KNOWN}).{{0,3}}({_WHEN})|(时间|恢复).{{0,4}}({_NOT_KNOWN}|不定|待通知)"
    "|另行通知|等(候|待)?(进一步)?通知"
)
_NO_NEWS = re.compile(
    "吗|[?？]|昨|前天|听说|据说|好像|是不是|有没有|我(去|来|看|问|家)|去(看|问|修)|谁"
    "|(来|通|恢复|修好|好|供上)(水|电|气|网)?了|取消|不停|没停|不会停|已经?(恢复|修好|来)|解决了"
)
_STILL_NOT = re.compile(
    "^(还|仍|都|也|依然|我家|我们家|我们这边?|这边|家里|是|现在)*(没|沒|冇|未|无)(有|得)?(来|好|通|恢复)?"
    "(水|电|气|网|修好)?(来|过来)?(呢|啊|呀|哦|喔|的|噢|呐|嘞|咧|呃|诶|耶|哎|[。.!！~～?？…\\s])*$"
)


def announces(text: str) -> bool:
    """Whether words announce that something is off, though they do not say until when: no question, no
    hearsay, nobody on their way to look, nothing that is over."""
    return _OFF.search(text) is not None and _NO_NEWS.search(text) is None


def leaves_end_open(text: str) -> bool:
    """Whether words say that the end is not known."""
    return _OPEN.search(text) is not None


def usual_end(items: Iterable[str], starts_at: datetime) -> datetime:
    """Until when it is taken to last where nobody says: the end of a day, in the zone of `starts_at`."""
    lasts = WORKS if _OF_WORKS & set(items) else USUALLY
    return datetime.combine((starts_at + lasts).date(), _DAY_ENDS, starts_at.tzinfo)


def tells_more(text: str) -> bool:
    """Whether words say that things are worse than announced, or otherwise, or that somebody needs help."""
    return _TELLS_MORE.search(text) is not None


def asks_for_more(text: str) -> bool:
    """Whether further words after an announcement say that somebody cannot wait, or is hit alone."""
    return _CANNOT_WAIT.search(text) is not None


def says_still_not(text: str) -> bool:
    """Whether words say no more than that it has not come back: 没来, 还没水."""
    return len(text) <= 16 and _STILL_NOT.match(text.strip()) is not None
