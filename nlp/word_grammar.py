"""Whether and where a text can be told in given words: expressions, read without ever going back.

The law of this file: all places of a text are looked at together, as the ones of a number, so that no text
costs more than its length asks for. Python's `re` tries one way after another, and on 里里里里 it would try
them until tomorrow. Signs, brackets, alternatives and repeats are known; whatever else is a mistake of ours.
"""

from __future__ import annotations

# The same door as in `sieve.py`, and the same caution: what is not known here is refused when it is made.
import re._constants as op  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Places = int
"""Places of a text as the ones of a number: 0b101 is before its first sign and before its third."""
Needs = tuple[frozenset[str], ...]
# Of the groups of signs that are needed, so many are asked for.
_GROUPS = 3


class Grammar(ABC):
    """What a piece of a text may be. `first`: the signs with one of which it begins; `empty`: it may be
    nothing at all; `needs`: groups of signs of each of which it has one, the smallest first."""

    __slots__ = ("empty", "first", "needs")
    first: frozenset[str]
    empty: bool
    needs: Needs

    @abstractmethod
    def ends(self, walk: Walk, starts: Places) -> Places:
        """The places that can be reached from any of `starts`."""


class _Word(Grammar):
    """One sign after another, any of some at each place."""

    __slots__ = ("_signs",)

    def __init__(self, signs: tuple[str, ...]) -> None:
        self._signs = signs
        self.first, self.empty = frozenset(signs[0]), False
        self.needs = _smallest(map(frozenset, signs))

    def ends(self, walk: Walk, starts: Places) -> Places:
        for any_of in self._signs:
            starts = (starts & walk.where(any_of)) << 1
            if not starts:
                break
        return starts


class _Chain(Grammar):
    """Each part after the other; without any, nothing at all."""

    __slots__ = ("_parts",)

    def __init__(self, parts: tuple[Grammar, ...]) -> None:
        self._parts = parts
        self.empty = all(part.empty for part in parts)
        self.needs = _smallest(group for part in parts for group in part.needs)
        first: frozenset[str] = frozenset()
        for part in parts:
            first |= part.first
            if not part.empty:
                break
        self.first = first

    def ends(self, walk: Walk, starts: Places) -> Places:
        for part in self._parts:
            starts = part.ends(walk, starts)
            if not starts:
                break
        return starts


class Choice(Grammar):
    """Any of some ways; those that do not begin with a sign of the text are not tried."""

    __slots__ = ("_always", "_by_first", "_ways")

    def __init__(self, ways: Iterable[Grammar]) -> None:
        self._ways = tuple(ways)
        self.empty = any(way.empty for way in self._ways)
        self.first = frozenset().union(*(way.first for way in self._ways))
        self.needs = _of_any([way.needs for way in self._ways])
        self._always = frozenset(at for at, way in enumerate(self._ways) if way.empty)
        by_first: dict[str, set[int]] = {}
        for at, way in enumerate(self._ways):
            for sign in way.first:
                by_first.setdefault(sign, set()).add(at)
        self._by_first = by_first

    def ends(self, walk: Walk, starts: Places) -> Places:
        known = walk.known.get((id(self), starts))
        if known is not None:
            return known
        tried = set(self._always)
        for sign in walk.signs(starts):
            tried |= self._by_first.get(sign, frozenset())
        reached = 0
        for at in tried:
            way = self._ways[at]
            if not any(group.isdisjoint(walk.has) for group in way.needs):
                reached |= way.ends(walk, starts)
        walk.known[id(self), starts] = reached
        return reached


class Repeat(Grammar):
    """At least so often and at most so often; None: as often as it goes."""

    __slots__ = ("_least", "_most", "_part")

    def __init__(self, part: Grammar, least: int, most: int | None) -> None:
        self._part, self._least, self._most = part, least, most
        self.first, self.empty = part.first, not least or part.empty
        self.needs = part.needs if least else ()

    def ends(self, walk: Walk, starts: Places) -> Places:
        reached, times = 0, 0
        while starts and (self._most is None or times <= self._most):
            if times >= self._least:
                # What was reached before leads nowhere new, unless it is counted.
                starts = starts if self._most else starts & ~reached
                reached |= starts
            starts = self._part.ends(walk, starts)
            times += 1
        return reached


def _smallest(groups: Iterable[frozenset[str]]) -> Needs:
    return tuple(sorted(dict.fromkeys(groups), key=len)[:_GROUPS])


def _of_any(ways: Sequence[Needs]) -> Needs:
    """The n-th group of every way, joined: whichever hits, one of its signs is there."""
    if not all(ways):
        return ()
    nth = range(max(map(len, ways), default=0))
    return tuple(frozenset().union(*(way[min(n, len(way) - 1)] for way in ways)) for n in nth)


class Walk:
    """Over one text, with any number of grammars."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._where: dict[str, Places] = {}
        for at, sign in enumerate(text):
            self._where[sign] = self._where.get(sign, 0) | 1 << at
        self.end: Places = 1 << len(text)
        self.has = self._where.keys()
        self.known: dict[tuple[int, Places], Places] = {}
        self._signs: dict[Places, frozenset[str]] = {}

    def where(self, any_of: str) -> Places:
        """Before which signs of the text one of these stands."""
        if len(any_of) == 1:
            return self._where.get(any_of, 0)
        return sum(of for sign, of in self._where.items() if sign in any_of)

    def signs(self, places: Places) -> frozenset[str]:
        """The signs that stand at these places."""
        if places not in self._signs:
            here = (sign for at, sign in enumerate(self._text) if places >> at & 1)
            self._signs[places] = frozenset(here)
        return self._signs[places]


class Maker:
    """Makes grammars of expressions. `classes`: what stands for a class of words, a sign each; it is made
    once, and asked once of each place, however many expressions have it."""

    def __init__(self, classes: Mapping[str, str]) -> None:
        self._classes = classes
        self._made: dict[str, Grammar] = {}
        self.signs: set[str] = set()

    def make(self, expressions: Iterable[str]) -> Choice:
        """Any of `expressions`."""
        return Choice(self._sequence(parser.parse(one)) for one in expressions)

    def _sequence(self, parts: Iterable[tuple[Any, Any]]) -> Grammar:
        made: list[Grammar] = []
        word: list[str] = []
        for what, of in parts:
            if signs := self._signs_of(what, of):
                word.append(signs)
                continue
            made += [_Word(tuple(word))] if word else []
            word.clear()
            made.append(self._part(what, of))
        made += [_Word(tuple(word))] if word else []
        return made[0] if len(made) == 1 else _Chain(tuple(made))

    def _signs_of(self, what: Any, of: Any) -> str | None:
        """Any of which signs a part is, if it is no more than one sign."""
        signs = "".join(_any_of(what, of))
        if not self._classes.keys().isdisjoint(signs):
            return None
        self.signs |= set(signs)
        return signs

    def _part(self, what: Any, of: Any) -> Grammar:
        if signs := list(_any_of(what, of)):
            # Python's parser takes signs out of alternatives: the brackets may hold classes, too.
            return Choice(self._of_sign(sign) for sign in signs)
        if what is op.BRANCH:
            return Choice(self._sequence(way) for way in of[1])
        if what is op.SUBPATTERN:
            return self._sequence(of[3])
        if what is op.MAX_REPEAT:
            most = None if of[1] == op.MAXREPEAT else int(of[1])
            return Repeat(self._sequence(of[2]), int(of[0]), most)
        raise ValueError(f"a grammar of words has no {what}")

    def _of_sign(self, sign: str) -> Grammar:
        if sign not in self._classes:
            self.signs.add(sign)
            return _Word((sign,))
        if sign not in self._made:
            self._made[sign] = self.make([self._classes[sign]])
        return self._made[sign]


def _any_of(what: Any, of: Any) -> Iterator[str]:
    """The signs any one of which a part is; of what is more than a sign, none."""
    if what is op.LITERAL:
        yield chr(of)
    for inner, signs in of if what is op.IN else ():
        if inner is op.RANGE:
            yield from map(chr, range(signs[0], signs[1] + 1))
        elif inner is op.LITERAL:
            yield chr(signs)
        else:
            raise ValueError(f"a grammar of words has no {inner}")
