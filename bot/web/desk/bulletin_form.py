"""The form of a bulletin: what was typed, and the bulletin that it makes.

The law of this file: bad input gets a sentence that says what to do, and what was typed stands in the form
again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any, Final

from multidict import MultiDictProxy

from bot.web.desk.informing import key_of
from bot.web.desk.words_bulletins import Wrong
from bot.web.room.text import clean
from intake.buildings import buildings_in
from intake.bulletins import (
    LONGEST,
    SOURCE_LIMIT,
    SUBJECTS,
    WORDS_LIMIT,
    Bulletin,
    BulletinState,
)
from intake.taxonomy import Item, Taxonomy, Visibility

TIME: Final = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it came."""

    subject: str = ""
    also: str = ""
    scopes: tuple[str, ...] = ()
    houses: str = ""
    starts: str = ""
    ends: str = ""
    words: str = ""
    source: str = ""
    key: str = ""
    seen: str = ""
    error: str = ""


def typed_of(form: MultiDictProxy[Any]) -> Typed:
    """What somebody typed."""

    def text(name: str) -> str:
        return clean(str(form.get(name, "")))

    return Typed(
        text("subject"),
        text("also"),
        tuple(str(one) for one in form.getall("scope", [])),
        text("houses"),
        text("starts"),
        text("ends"),
        " ".join(text("words").split()),
        text("source"),
        key_of(form),
        text("seen"),
    )


def typed_from(bulletin: Bulletin, zone: tzinfo) -> Typed:
    """A bulletin as its form shows it."""
    subjects = _subjects_of(bulletin.items)
    return Typed(
        subjects[0],
        subjects[1] if len(subjects) > 1 else "",
        bulletin.scopes,
        "、".join(f"{house}栋" for house in in_order(bulletin.houses)),
        bulletin.starts_at.astimezone(zone).strftime(TIME),
        bulletin.ends_at.astimezone(zone).strftime(TIME),
        bulletin.words,
        bulletin.source,
        seen=seen(bulletin),
    )


def seen(bulletin: Bulletin) -> str:
    """By this a form knows whether somebody changed it since."""
    return bulletin.made_at.isoformat()


def _subjects_of(items: tuple[str, ...]) -> list[str]:
    left, found = list(items), []
    for name, some in SUBJECTS.items():
        if set(some) <= set(left):
            found.append(name)
            left = [item for item in left if item not in some]
    return [*found, *left]


def in_order(houses: Collection[str]) -> list[str]:
    """Numbers of buildings as people count."""
    return sorted(houses, key=lambda house: (not house.isdigit(), len(house), house))


def offered(taxonomy: Taxonomy) -> dict[str, list[Item]]:
    """The items beside the common ones that a bulletin may be about, by category: those of which may be
    spoken in a group."""
    common = {item for some in SUBJECTS.values() for item in some}
    found = {
        category.name: [
            item
            for item in category.items
            if item.visibility is Visibility.GROUP and not item.is_wish and item.code not in common
        ]
        for category in taxonomy.categories.values()
    }
    return {name: items for name, items in found.items() if items}


def bulletin_of(
    typed: Typed, theirs: Collection[str], taxonomy: Taxonomy, draft: Bulletin, zone: tzinfo
) -> Bulletin | str:
    """`draft` (who made it, when, its id) with what was typed; or what is wrong. `theirs` are the places that
    may be chosen."""
    items = _items(typed, taxonomy)
    scopes = tuple(dict.fromkeys(typed.scopes))
    houses = buildings_in(typed.houses)
    if not items:
        return Wrong.SUBJECT
    if not scopes or not set(scopes) <= set(theirs):
        return Wrong.SCOPE
    if typed.houses and not houses:
        return Wrong.HOUSES
    if not typed.words or len(typed.words) > WORDS_LIMIT:
        return Wrong.WORDS.format(most=WORDS_LIMIT)
    if not typed.source or len(typed.source) > SOURCE_LIMIT:
        return Wrong.SOURCE.format(most=SOURCE_LIMIT)
    starts, ends = _moment(typed.starts, zone), _moment(typed.ends, zone)
    if starts is None or ends is None:
        return Wrong.TIMES
    if ends <= starts or ends <= draft.made_at:
        return Wrong.ORDER
    if ends - starts > LONGEST:
        return Wrong.LONG.format(days=LONGEST.days)
    return replace(
        draft,
        items=items,
        scopes=scopes,
        houses=tuple(in_order(houses)),
        words=typed.words,
        source=typed.source,
        starts_at=starts,
        ends_at=ends,
        open_end=False,
        state=BulletinState.KEPT,
    )


def _items(typed: Typed, taxonomy: Taxonomy) -> tuple[str, ...]:
    """The items of one subject or two; none where one of them is not offered."""
    known: Mapping[str, tuple[str, ...]] = SUBJECTS | {
        item.code: (item.code,) for some in offered(taxonomy).values() for item in some
    }
    chosen = [one for one in (typed.subject, typed.also) if one]
    if not typed.subject or any(one not in known for one in chosen):
        return ()
    return tuple(dict.fromkeys(item for one in chosen for item in known[one]))


def _moment(text: str, zone: tzinfo) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if (
        found.tzinfo is not None
        or not 2000 < found.year < 9000
        or len(text) < len("2026-11-24T10:00")
    ):
        return None
    return found.replace(tzinfo=zone)
