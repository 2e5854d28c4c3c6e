"""A neighbourhood's own names: what may be one, and a change of them.

The law of this file: one rule (`judge`) for the chat and for the command line. A place name belongs to a
grid and is recognised at once; a word belongs to a grid, or to all (`EVERYWHERE`), and is read as one
word from the next training on. A name says where or what, never who: personal data is no name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from intake.people import PersonId

EVERYWHERE = "*"
"""The scope of words that were given for all grids, on the command line."""

MOST_NAMES = 200
"""How many place names, and how many words, a grid may have: more than anybody keeps in mind, and few
enough to be looked for in every message."""

_GAPS = re.compile(r"[、,，;；|/\s]+")
_HAN = "\u3007\u3400-\u9fff\U00020000-\U000323af"


class Sort(StrEnum):
    PLACE = "place"
    WORD = "word"


# A word with letters or digits in it never becomes one word: segmentation parts the scripts.
_SHAPES = {
    Sort.PLACE: re.compile(rf"(?!\d+$)[{_HAN}A-Za-z0-9]{{2,12}}"),
    Sort.WORD: re.compile(rf"[{_HAN}]{{2,12}}"),
}


class Reason(StrEnum):
    """Why something cannot be a name of the neighbourhood's own."""

    PERSONAL = "personal"
    SIGNS = "signs"
    EVERYDAY = "everyday"
    FULL = "full"


class Lexicon(Protocol):
    """What the language part knows of single words."""

    def plain(self, word: str) -> str:
        """The one spelling of a word: simplified, half width, small letters."""

    def is_everyday(self, word: str) -> bool:
        """Whether everybody uses the word, wherever they live."""


class NoLexicon:
    """For deciding without a language part: a word is as it is spelt, and none is everyday."""

    def plain(self, word: str) -> str:
        return word

    def is_everyday(self, word: str) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class LocalWord:
    """A word in the spelling of `Lexicon.plain`; `scope` is a grid's id or EVERYWHERE."""

    scope: str
    word: str
    added_by: PersonId
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Naming:
    """Somebody added or removed names of a scope."""

    scope: str
    sort: Sort
    added: tuple[str, ...]
    removed: tuple[str, ...]
    by: PersonId
    at: datetime

    def applied(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The names of the scope as they are afterwards."""
        kept = (name for name in names if name not in self.removed)
        return tuple(dict.fromkeys((*kept, *self.added)))


@dataclass(frozen=True, slots=True)
class Judged:
    """What becomes of names that somebody wants to add: `new` ones, those that are there already, and
    those that cannot be, by reason."""

    new: tuple[str, ...]
    known: tuple[str, ...]
    refused: dict[Reason, tuple[str, ...]] = field(default_factory=dict)


def names_in(text: str) -> tuple[str, ...]:
    """The names in a list as people write it: parted by 、 or commas or blanks, each once."""
    return tuple(dict.fromkeys(name for name in _GAPS.split(text) if name))


def judge(
    sort: Sort,
    names: Iterable[str],
    present: Sequence[str],
    lexicon: Lexicon,
    masked: Sequence[str] = (),
) -> Judged:
    """Which of `names` may be added to those `present`. `masked` are the stretches of the line that
    hold personal data."""
    known = {lexicon.plain(name): name for name in present}
    new: dict[str, str] = {}
    there: list[str] = []
    refused: dict[Reason, tuple[str, ...]] = {}
    for name in names:
        plain = lexicon.plain(name)
        if plain in known:
            there.append(known[plain])
            continue
        reason = _reason(sort, name, plain, lexicon, masked)
        if reason is None and plain not in new and len(present) + len(new) >= MOST_NAMES:
            reason = Reason.FULL
        if reason is None:
            new.setdefault(plain, _kept(sort, name, plain))
        else:
            refused[reason] = (*refused.get(reason, ()), name)
    return Judged(tuple(new.values()), tuple(dict.fromkeys(there)), refused)


def _reason(
    sort: Sort, name: str, plain: str, lexicon: Lexicon, masked: Sequence[str]
) -> Reason | None:
    if any(name in stretch or stretch in name for stretch in masked):
        return Reason.PERSONAL
    if not _SHAPES[sort].fullmatch(plain):
        return Reason.SIGNS
    return Reason.EVERYDAY if lexicon.is_everyday(plain) else None


def _kept(sort: Sort, name: str, plain: str) -> str:
    """A place is shown as it was spelt; a word is kept as the segmentation will meet it."""
    return name if sort is Sort.PLACE and _SHAPES[sort].fullmatch(name) else plain


def found(names: Iterable[str], present: Sequence[str], lexicon: Lexicon) -> dict[str, str | None]:
    """Each of `names` with how it is spelt among those `present`; None where it is not there."""
    known = {lexicon.plain(name): name for name in present}
    return {name: known.get(lexicon.plain(name)) for name in names}


def renamed(names: tuple[str, ...], naming: Naming) -> tuple[str, ...]:
    """The names of a scope after some were added or taken away."""
    kept = (name for name in names if name not in naming.removed)
    return tuple(dict.fromkeys((*kept, *naming.added)))
