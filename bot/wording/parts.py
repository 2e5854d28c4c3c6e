"""What sentences are put together from: moments as people say them, somebody's words, a case by its subject.

The law of this file: nothing here is a sentence of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

Params = Mapping[str, str]
_WEEKDAYS = "一二三四五六日"
_CLOCK = re.compile(r"\d{1,2}:\d\d$")
QUOTE_LIMIT = 24


@dataclass(frozen=True, slots=True)
class Setting:
    """When and where a sentence is said. `link` makes a link to the private talk, or None."""

    now: datetime
    zone: tzinfo
    link: Callable[[str], str | None] = lambda _parameter: None


def when(iso: str, setting: Setting) -> str:
    """A moment as people say it: 今天18:30, 明天9:00, 周三9:00, 12月3日."""
    if not iso:
        return ""
    at = datetime.fromisoformat(iso).astimezone(setting.zone)
    today = setting.now.astimezone(setting.zone).date()
    days = (at.date() - today).days
    clock = f"{at.hour}:{at.minute:02d}"
    if days in (0, 1, 2):
        return ("今天", "明天", "后天")[days] + clock
    if -7 < days < 0:
        return f"{at.month}月{at.day}日{clock}"
    if 2 < days < 7:
        return f"周{_WEEKDAYS[at.weekday()]}（{at.month}月{at.day}日）{clock}"
    return f"{at.month}月{at.day}日"


def day(iso: str, setting: Setting) -> str:
    """A day as people say it: 今天, 明天, 周五（12月4日）, 12月20日."""
    return _CLOCK.sub("", when(iso, setting))


def quote(text: str, limit: int = QUOTE_LIMIT) -> str:
    """Somebody's words, short enough for a glance."""
    line = " ".join(text.split())
    return f"「{line if len(line) <= limit else line[:limit] + '…'}」"


def subject(params: Params) -> str:
    """What the case is about, as far as this reader may know it."""
    if params.get("heard"):
        return f"「{params['heard']}」"
    if params.get("said"):
        return quote(params["said"])
    return f"{params.get('title') or '这件事'}的事"


def fixed(sentence: str) -> Callable[[Params, Setting], str]:
    """A sentence whose only variables are the parameters it names in braces."""

    def say(params: Params, setting: Setting) -> str:
        return sentence.format_map(_Known(params))

    return say


class _Known(dict[str, str]):
    """Parameters that are not given are left out of a sentence."""

    def __missing__(self, key: str) -> str:
        return ""
