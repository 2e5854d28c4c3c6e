"""Which signs a text must have before a regular expression can hit it.

The law of this file: never a sign too many. Whatever an expression hits has a sign of every group of one
of its ways. Groups may be missed; then the expression is only tried in vain.
"""

from __future__ import annotations

# Python's own parser of expressions has no public name any more (`sre_parse` was one and is deprecated), and
# a parser of our own could read a pattern otherwise than `re` does. It is asked for nothing but the tree;
# what a newer Python writes there that is not known here sieves nothing, and a test says so.
import re._constants as op  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterable
from typing import Any

Group = frozenset[str]
Way = tuple[Group, ...]

# Of an alternative with many needed groups so many are looked at.
_DEPTH = 3
# A group of more signs than this sieves nothing.
_WIDEST = 150


def signs_needed(pattern: str) -> tuple[Way, ...]:
    """The ways in which `pattern` can hit: one for each of its alternatives, as groups of signs, the
    smallest first. A way without groups may always hit."""
    parts = list(parser.parse(pattern))
    if len(parts) == 1 and parts[0][0] is op.BRANCH:
        return tuple(dict.fromkeys(tuple(_of_sequence(branch)) for branch in parts[0][1][1]))
    return (tuple(_of_sequence(parts)),)


def _of_sequence(parts: Iterable[tuple[Any, Any]]) -> list[Group]:
    found: dict[Group, None] = {}
    for what, of in parts:
        found |= dict.fromkeys(group for group in _of_part(what, of) if len(group) <= _WIDEST)
    return sorted(found, key=lambda group: (len(group), sorted(group)))


def _of_part(what: Any, of: Any) -> list[Group]:
    if what is op.LITERAL:
        return [frozenset(chr(of))]
    if what is op.IN:
        return _of_class(of)
    if what is op.BRANCH:
        return _of_branches([_of_sequence(branch) for branch in of[1]])
    if what is op.SUBPATTERN:
        return _of_sequence(of[3])
    if what in (op.MAX_REPEAT, op.MIN_REPEAT) and of[0] > 0:
        return _of_sequence(of[2])
    return []


def _of_class(parts: Iterable[tuple[Any, Any]]) -> list[Group]:
    signs: set[str] = set()
    for what, of in parts:
        if what is op.LITERAL:
            signs.add(chr(of))
        elif what is op.RANGE and of[1] - of[0] < _WIDEST:
            signs |= {chr(code) for code in range(of[0], of[1] + 1)}
        else:
            return []
    return [frozenset(signs)]


def _of_branches(branches: list[list[Group]]) -> list[Group]:
    """The n-th group of every alternative, joined: whichever hits, one of its signs is there."""
    if not all(branches):
        return []
    return [
        frozenset().union(*(groups[min(depth, len(groups) - 1)] for groups in branches))
        for depth in range(_DEPTH)
    ]
