"""From when until when, as people say it: 今晚10点到明早6点.

The law of this file: only what is said is taken; where a beginning or an end cannot be told, there is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final

LONGEST: Final = timedelta(days=14)
"""What is said in one sentence of a group does not last longer."""
_NOON: Final = 12
_DAY = timedelta(days=1)
_NUMBERS = {sign: number for number, sign in enumerate("零一二三四五六七八九十")} | {"两": 2}
_SIGNS = r"\d{1,2}|[一二三四五六七八九十两]{1,3}"
_WHEN = re.compile(
    rf"(?:(?P<year>\d{{4}})[年/.-])?(?:(?P<month>\d{{1,2}})(?:月|[/.])(?P<day>\d{{1,2}})[日号號]?"
    rf"|(?P<only>\d{{1,2}})[日号號]|(?P<near>今|明|后|後|当|次|翌|昨|前)(?P<nearly>天|日|晚|早|晨)?)?"
    rf"(?:[（(][^）)]{{1,6}}[）)])?\s*(?P<part>凌晨|早上|清晨|上午|早晨|早|中午|下午|傍晚|晚上|晚|夜里|半夜)?\s*"
    rf"(?P<hour>{_SIGNS})\s*(?:[点點时時](?:(?P<half>半)|(?P<minute>{_SIGNS}|[0-5]\d)分?)?(?!\d)|[:：](?P<digits>[0-5]\d))"
)
_NEAR = {"前": -2, "昨": -1, "今": 0, "明": 1, "后": 2, "後": 2}
_JOINED = re.compile(
    r"^\s*(?:左右|许)?\s*(?:[-—–~～至到]+|—+|开始[，,]?[到至]|起[，,]?[到至]?)\s*$"
)
_UNTIL = re.compile(r"(?:[到至]|直到|预计|恢复.{0,3})\s*$")
_OPENING_DAY = re.compile(
    "(?P<near>今|明|后|後)(?:天|日)?(?P<part>早|晨|上午|中午|下午|傍晚|晚|夜)?"
)
_BEGINS = {"早": 6, "晨": 6, "上午": 8, "中午": 12, "下午": 12, "傍晚": 18, "晚": 18, "夜": 18}
_NOW = re.compile("现在|目前|正在|刚刚|刚才|突然|紧急|马上|今起")
_SOON = re.compile(r"(?P<near>今|明|大后|后|後|听)(?P<part>天|日|晚上?|早上?|晨)")
_DAYS = {"今": 0, "明": 1, "听": 1, "后": 2, "後": 2, "大后": 3}
_PARTS = {"晚": "晚上", "晚上": "晚上", "早": "早上", "早上": "早上", "晨": "早上"}
_EVENING = ("下午", "傍晚", "晚上", "晚")
_NIGHT = ("晚上", "晚", "夜里", "半夜")
_SMALL = 5
"""Before this hour, the night that is spoken of has passed into the next day."""


@dataclass(frozen=True, slots=True)
class Said:
    """A moment as it was said: the day only where it was named."""

    day: date | None
    hour: int
    minute: int
    part: str


def period_in(text: str, now: datetime) -> tuple[datetime, datetime] | None:
    """The first period that a text names, in the zone of `now`; one that only names its end begins now. None
    where there is no end, or nothing of it lies ahead."""
    found = list(_WHEN.finditer(text))
    for one, other in pairwise(found):
        if _JOINED.match(text[one.end() : other.start()]):
            first = _said(one, now.date(), None)
            last = _said(other, now.date(), first.day) if first else None
            return _period(first, last, now)
    for one in found:
        if _UNTIL.search(text[: one.start()]):
            return _period(None, _said(one, now.date(), None), now)
    return None


def says_end(text: str) -> bool:
    """Whether a text names an end at all, though it may be over."""
    found = list(_WHEN.finditer(text))
    joined = (_JOINED.match(text[one.end() : other.start()]) for one, other in pairwise(found))
    return any(joined) or any(_UNTIL.search(text[: one.start()]) for one in found)


def opening_in(text: str, now: datetime) -> datetime | None:
    """When it begins by a text that names no end, in the zone of `now` and not before it; None where the text
    says nothing of when."""
    hour = next((found for found in _WHEN.finditer(text)), None)
    said = _said(hour, now.date(), None) if hour is not None else None
    if said is not None:
        return max(_first(said, now), now)
    day = _OPENING_DAY.search(text)
    if day is None:
        return now if _NOW.search(text) else None
    begins = time(_BEGINS.get(day["part"] or "", 0))
    on = now.date() + _NEAR[day["near"]] * _DAY
    return max(datetime.combine(on, begins, now.tzinfo), now)


def dated(text: str, today: date) -> str:
    """Words that are said again on other days: 明天, 今晚 become 11月25日, 11月24日晚上."""

    def date_of(match: re.Match[str]) -> str:
        day = today + _DAYS[match["near"]] * _DAY
        return f"{day.month}月{day.day}日{_PARTS.get(match['part'], '')}"

    return _SOON.sub(date_of, text)


def _period(
    first: Said | None, last: Said | None, now: datetime
) -> tuple[datetime, datetime] | None:
    if last is None:
        return None
    starts = now if first is None else _first(first, now)
    ends = _last(last, starts)
    if not starts < ends <= starts + LONGEST or ends <= now:
        return None
    return starts, ends


def _first(said: Said, now: datetime) -> datetime:
    return _at(said.day or now.date(), said.hour, said.minute, now)


def _last(last: Said, starts: datetime) -> datetime:
    """The end: of the same half of the day as the beginning where none is said, and never before it."""
    ends = _at(last.day or starts.date(), last.hour, last.minute, starts)
    later = ends + _NOON * timedelta(hours=1)
    if ends <= starts < later and not last.part and last.hour <= _NOON:
        return later
    return ends if last.day is not None or ends > starts else ends + _DAY


def _at(day: date, hour: int, minute: int, now: datetime) -> datetime:
    return datetime.combine(day, time(hour % 24, minute), now.tzinfo) + hour // 24 * _DAY


def _said(match: re.Match[str], today: date, since: date | None) -> Said | None:
    """`since` is the day of the beginning, of which an end says `the next day`."""
    hour, minute = _number(match["hour"]), _number(match["minute"] or match["digits"] or "0")
    if match["half"]:
        minute = 30
    part = match["part"] or {"晚": "晚", "早": "早", "晨": "早"}.get(match["nearly"] or "", "")
    if hour > 24 or minute > 59:
        return None
    hour += _shift(part, hour)
    try:
        day = _day(match, today, since or today)
    except ValueError:
        return None
    return Said(day, hour, minute, part)


def _shift(part: str, hour: int) -> int:
    """The hours by which the clock is ahead of what was said: 晚上12点 is midnight, 半夜2点 tomorrow's."""
    if part in _NIGHT and (hour == _NOON or 1 <= hour < _SMALL):
        return _NOON if hour == _NOON else 2 * _NOON
    if part in (*_EVENING, *_NIGHT) and 1 <= hour < _NOON:
        return _NOON
    return _NOON if part == "中午" and 1 <= hour <= 3 else 0


def _day(match: re.Match[str], today: date, since: date) -> date | None:
    if match["month"]:
        year = int(match["year"] or today.year)
        day = date(year, int(match["month"]), int(match["day"]))
        past = not match["year"] and day < today - timedelta(days=180)
        return day.replace(year=year + 1) if past else day
    if match["only"]:
        day = today.replace(day=int(match["only"]))
        return (
            day if day >= today else (day.replace(day=1) + timedelta(days=32)).replace(day=day.day)
        )
    near = match["near"]
    if near in ("次", "翌", "当"):
        return since + (near != "当") * _DAY
    return today + _NEAR[near] * _DAY if near else None


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _NUMBERS.get(text, 99)
    return (_NUMBERS.get(tens, 1) if tens else 1) * 10 + (_NUMBERS.get(ones, 0) if ones else 0)
