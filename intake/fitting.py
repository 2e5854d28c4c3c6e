"""How well a line fits the open cases of its grid.

The law of this file: a line is about the case that its words name (place, item, things, people) and that its
group talks of just now. What speaks for it is told in figures; their weights are learned from recorded chats
with the truth beside them (`bench/talk_weights.py`) and stand in `fitting_weights`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, log, sqrt

from intake.cases import Case, CaseId, Line, LineRole
from intake.fitting_weights import OFFSET, WEIGHTS
from intake.grids import ChatRef
from intake.matching import OUTAGES, houses, pairs_of, places_agree
from intake.people import PersonId
from intake.phrases import is_plus_one, sounds_like_work, work_said
from intake.reading import Kind, Reading
from intake.taxonomy import Taxonomy

AGES = tuple(timedelta(minutes=m) for m in (1, 3, 10, 30, 120))
"""Since the last word about a case in this chat: each that has passed counts against it."""

_OF_TIME = frozenset(
    {"newest", "silent", "age", "own, just now", "own, lately"}
    | {f"over {int(limit.total_seconds() // 60)} min" for limit in AGES}
)
"""Figures of when a case was told and spoken of."""
_TIMED = frozenset(name for name in WEIGHTS if _OF_TIME.intersection(name.split(" × ")))

_EVERYDAY = frozenset(
    re.findall(
        "..",
        "我们你们他们咱们大家一个一下这个那个这边那边什么怎么没有不是是不就是还是不要不能可以现在今天明天昨天晚上早上"
        "上午下午中午师傅师父已经一直有人谁来了吗的人了啊马上知道好了不了出来过来过去起来都是也是还没不到我家小区物业"
        "分钟小时时候问题谢谢收到一点多少有没没人来了看看看一一看",
    )
)
"""Neighbouring signs that say nothing of a case."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line, and who speaks where. `works`: it is their work to see to what neighbours ask for.
    `quoted`: the case behind the message that it replies to; `replies`: it replies to any."""

    reading: Reading
    chat: ChatRef
    person: PersonId
    works: bool
    at: datetime
    replies: bool = False
    quoted: CaseId | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A case, as the group knows it: the lines about it (oldest first), the names of those who spoke of
    it, and the chats in which somebody follows it."""

    case: Case
    lines: tuple[Line, ...] = ()
    names: tuple[str, ...] = ()
    followed_in: frozenset[ChatRef] = frozenset()

    def heard_in(self, chat: ChatRef) -> bool:
        """Whether this chat was told of it, or spoke of it lately."""
        here = chat == self.case.chat or chat in self.followed_in
        return here or any(line.chat == chat for line in self.lines)

    def last_in(self, chat: ChatRef) -> datetime | None:
        """When this chat spoke of it last."""
        return max((line.at for line in self.lines if line.chat == chat), default=None)

    def words(self) -> frozenset[str]:
        return _words(self.case.said).union(*(_words(line.text) for line in self.lines))


@dataclass(frozen=True, slots=True)
class Fit:
    """A case, and the chance that the line is about it; `even` are the log odds if nothing were known of
    when its group spoke of it."""

    case: Case
    chance: float
    even: float = 0.0


def fits(taxonomy: Taxonomy, spoken: Spoken, told: Sequence[Told]) -> list[Fit]:
    """The chance for each of these cases that the line is about it, the likeliest first."""
    weighed = [
        Fit(one.case, _chance(row), _even(row))
        for one, row in zip(told, figures(taxonomy, spoken, told), strict=True)
    ]
    return sorted(weighed, key=lambda fit: fit.chance, reverse=True)


def _chance(row: dict[str, float]) -> float:
    if row.get("elsewhere") and row.get("another's same house"):
        return 0.0  # a house is named in which another case is
    odds = OFFSET + sum(WEIGHTS.get(name, 0.0) * value for name, value in row.items())
    return 1 / (1 + exp(-max(-50.0, min(50.0, odds))))


def _even(row: dict[str, float]) -> float:
    counted = (name for name in row if name not in _TIMED)
    return OFFSET + sum(WEIGHTS.get(name, 0.0) * row[name] for name in counted)


def figures(taxonomy: Taxonomy, spoken: Spoken, told: Sequence[Told]) -> list[dict[str, float]]:
    """What is weighed, for each case: only what is not 0."""
    words = _words(spoken.reading.text)
    known = [one.words() for one in told]
    counts: defaultdict[str, int] = defaultdict(int)
    for some in known:
        for word in some & words:
            counts[word] += 1
    lasts = [one.last_in(spoken.chat) for one in told]
    newest = max((last for last in lasts if last is not None), default=None)
    line = _line(spoken)
    rows = []
    for one, mine, last in zip(told, known, lasts, strict=True):
        shared = mine & words
        row = _by_words(taxonomy, spoken.reading, one)
        row["shared"] = min(len(shared), 4) / 2
        row["shared alone"] = min(sum(counts[word] == 1 for word in shared), 4) / 2
        row |= _by_talk(spoken, one, last)
        row["newest"] = float(last is not None and last == newest)
        row["few"] = 1 / len(told)
        rows.append(row)
    _set_apart(rows)
    return [{k: v for k, v in _crossed(row, line).items() if v} for row in rows]


_NAMING = ("item", "category", "same place", "same house", "things", "shared alone", "named")


def _set_apart(rows: list[dict[str, float]]) -> None:
    """What speaks for another case by name speaks against this one."""
    for name in _NAMING:
        values = sorted((row[name] for row in rows), reverse=True)
        for row in rows:
            others = values[1] if len(values) > 1 and row[name] == values[0] else values[0]
            row[f"another's {name}"] = max(0.0, others - row[name]) if len(values) > 1 else 0.0


def _words(text: str) -> frozenset[str]:
    return pairs_of(text) - _EVERYDAY


def _line(spoken: Spoken) -> dict[str, float]:
    """What is to be said of the line alone."""
    reading, text = spoken.reading, spoken.reading.text
    return {
        "asks": float(reading.kind.asks),
        "asks chance": reading.request_probability,
        "works": float(spoken.works),
        "work words": float(work_said(text)),
        "progress": float(spoken.works and sounds_like_work(text)),
        "report": float(reading.kind is Kind.REPORT_BACK),
        "plus one": float(reading.kind is Kind.PLUS_ONE or is_plus_one(text)),
        "chase": float(reading.kind is Kind.CHASE),
        "solved": float(reading.kind is Kind.RESOLVED_SELF),
        "chat": float(reading.kind is Kind.CHAT),
        "idle": float(reading.kind in _IDLE),
        "media": float(reading.kind is Kind.MEDIA_ONLY),
        "bare place": float(reading.bare_place),
        "danger": float(reading.emergency is not None),
        "replies": float(spoken.replies),
        "question": float(text.rstrip().endswith(("?", "？", "吗", "么", "不", "没"))),
        "length": log(max(len(text), 1)) / 3,
    }


_IDLE = frozenset({Kind.AD, Kind.NOTICE, Kind.JIELONG, Kind.QUARREL, Kind.THANKS, Kind.ASK_BOT})


def _by_words(taxonomy: Taxonomy, reading: Reading, one: Told) -> dict[str, float]:
    case = one.case
    agrees = places_agree(case.place, reading.place)
    named = houses(reading.place) or houses(reading.text)
    known = houses(case.place).union(*(houses(line.text) for line in one.lines), houses(case.said))
    chances = {guess.item: guess.probability for guess in reading.guesses}
    kin = sum(p for item, p in chances.items() if item[:2] == (case.category or "-"))
    item = taxonomy.items.get(case.item or "")
    things = sum(word in reading.text for word in item.keywords) if item else 0
    elsewhere = agrees is False or bool(named and known and not named & known)
    return {
        "same place": float(agrees is True),
        "same house": float(bool(named & known)),
        "elsewhere": float(elsewhere and case.item not in OUTAGES),
        "elsewhere in outage": float(elsewhere and case.item in OUTAGES),
        "item": sqrt(chances.get(case.item or "", 0.0)),
        "likeliest": float(bool(case.item) and reading.guesses[0].item == case.item),
        "category": sqrt(kin),
        "things": float(min(things, 2)),
        "outage": float(case.item in OUTAGES),
        "case in danger": float(case.emergency is not None),
        "named": float(any(_named(name, reading.text) for name in one.names)),
    }


def _named(name: str, text: str) -> bool:
    """Whether somebody is addressed by (the end or the beginning of) their name: 刘姐, 沈奶奶, 岚岚."""
    signs = "".join(re.findall(r"[\u4e00-\u9fff]+", name))
    return any(part in text for part in (signs[:2], signs[-2:], signs[:3]) if len(part) >= 2)


def _by_talk(spoken: Spoken, one: Told, last: datetime | None) -> dict[str, float]:
    case, by_me = one.case, [line for line in one.lines if line.sender == spoken.person]
    own = case.reporter == spoken.person
    age = spoken.at - case.opened_at
    since = spoken.at - last if last is not None else None
    row = {
        "own": float(own),
        "own, just now": float(own and age <= timedelta(minutes=3)),
        "own, lately": float(own and age <= timedelta(minutes=30)),
        "spoke of it": float(bool(by_me) and not own),
        "works on it": float(
            case.taken_by == spoken.person or any(x.role is LineRole.REPORT_BACK for x in by_me)
        ),
        "quoted": float(spoken.quoted == case.id),
        "quotes another": float(spoken.quoted is not None and spoken.quoted != case.id),
        "unheard": float(not one.heard_in(spoken.chat)),
        "told here": float(case.chat == spoken.chat),
        "unanswered": float(all(line.role is not LineRole.REPORT_BACK for line in one.lines)),
        "age": log(1 + age / timedelta(hours=1)),
        "silent": float(since is None),
    }
    for limit in AGES:
        over = since is None or since > limit
        row[f"over {int(limit.total_seconds() // 60)} min"] = float(over)
    return row


_CROSSED = (
    ("works", ("own", "newest", "unanswered", "works on it", "over 3 min", "over 30 min", "item")),
    ("works", ("shared alone", "same place", "told here", "named", "over 120 min", "few")),
    ("report", ("newest", "works on it", "own", "over 30 min")),
    ("progress", ("newest", "works on it", "unanswered", "few")),
    ("plus one", ("own", "newest", "item", "over 10 min", "outage", "over 30 min")),
    ("chase", ("own", "item", "newest", "spoke of it", "few", "unanswered")),
    ("solved", ("own", "item", "newest", "outage", "over 30 min", "works on it")),
    ("asks", ("own", "own, just now", "item", "same place", "outage", "newest", "likeliest")),
    ("chat", ("own", "own, just now", "newest", "item", "shared alone", "spoke of it", "quoted")),
    ("media", ("own", "own, just now", "newest")),
    ("danger", ("case in danger", "own")),
    ("question", ("own", "newest", "works")),
)
"""What means another thing by what the line is."""


def _crossed(row: dict[str, float], line: dict[str, float]) -> dict[str, float]:
    both = row | line
    for first, others in _CROSSED:
        if line[first]:
            both |= {f"{first} × {other}": both[other] * line[first] for other in others}
    return both
