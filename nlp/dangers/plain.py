"""The plainest cries: who, where and what happens, and nothing else.

The law of this file: who writes 5栋着火了 and not a word more is taken at their word, whatever a model makes
of so few signs. A line counts only where it can be told wholly in known words, a cry among them; a
memory, a joke or a question has a word more. What holds for one class stands with the class (`cries`).
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from nlp.dangers import DANGERS
from nlp.dangers.plain_words import AFTER, ANYWHERE, CLASSES
from nlp.sieve_many import ManySieve
from nlp.word_grammar import Grammar, Maker, Repeat, Walk

LONGEST = 48
"""Signs; what is longer has enough for the model to weigh."""


_CLAUSE_ENDS = re.compile("[ !]+")


class _Words(NamedTuple):
    """`before` a cry, the cries of dangers, and what may follow one; `signs` are all that these have, and
    `sieve` says which cries a text has the signs of."""

    before: Grammar
    cries: tuple[tuple[str, Grammar], ...]
    after: Grammar
    signs: frozenset[str]
    sieve: ManySieve


@cache
def _words() -> _Words:
    maker = Maker(CLASSES)
    every = [(danger.code, row) for danger in DANGERS for row in danger.cries]
    cries = tuple((code, maker.make([row])) for code, row in every)
    before = Repeat(maker.make(ANYWHERE), 0, None)
    after = Repeat(maker.make([*ANYWHERE, *AFTER, *(row for _, row in every)]), 0, None)
    sieve = ManySieve([(cry.needs,) for _, cry in cries])
    return _Words(before, cries, after, frozenset(maker.signs), sieve)


def plain_danger(normal: str) -> str | None:
    """The class of danger of which a normalised text says that it is there, and hardly anything else;
    that of the first cry."""
    text = normal.strip()
    words = _words()
    if len(text) > LONGEST or not words.signs.issuperset(text):
        return None
    cries = words.sieve.rows(words.sieve.ways(text))
    if not cries:
        return None
    walk = Walk(text)
    begun = words.before.ends(walk, 1)
    for code, cry in (words.cries[row] for row in cries):
        if words.after.ends(walk, cry.ends(walk, begun)) & walk.end:
            return code
    return None


def cry_within(normal: str) -> str | None:
    """The class of danger that a whole clause of a longer text cries, what stands around it unheard."""
    found = (plain_danger(clause) for clause in _CLAUSE_ENDS.split(normal))
    return next((danger for danger in found if danger), None)
