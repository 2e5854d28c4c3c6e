"""Which corrections are learned from, and how far a person's corrections are borne out.

The law of this file: an example is one person's word. It is learned from when a second person who may
moderate says the same, when somebody looks at it and accepts it, or when somebody who may moderate said
it, is mostly borne out, and nobody says otherwise. Whatever is said differently of the same words waits
for a person. The rows of `review` are read from the top; the first that holds decides. Agreement is kept
to protect the model; it compares nobody with anybody.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil

from intake.cases import Example
from intake.people import PersonId
from intake.reading import Kind
from intake.taxonomy import Taxonomy

NEAR = 0.8
"""Two texts that share this much of their pairs of signs say the same thing. 楼道灯坏了三天 and
楼道灯坏了三天了 are near (0.83), 电梯坏了 and 电梯门坏了 are not (0.4)."""

SHORTEST = 4
"""With fewer signs than this only equal texts are the same: there is too little to share."""

FLOOR = 0.6
"""Whoever is contradicted in more than two of five corrections is asked for a second opinion. Somebody who
corrects a hundred items with care is contradicted in a handful; whoever presses at random in most."""

ENOUGH = 10
"""Below so many corrections a share says nothing, and nobody is doubted."""


class Standing(StrEnum):
    """Where an example stands."""

    GONE = "gone"  # its words were withdrawn or have had their time
    REFUSED = "refused"  # somebody looked at it: no
    ACCEPTED = "accepted"  # somebody looked at it: yes
    SUPERSEDED = "superseded"  # the same person said otherwise later
    OVERRULED = "overruled"  # somebody accepted the opposite
    CONTRADICTED = "contradicted"  # others say otherwise
    SECONDED = "seconded"  # a second person who may moderate said the same
    DOUBTED = "doubted"  # by somebody who is mostly contradicted
    TRUSTED = "trusted"  # by somebody who may moderate
    ALONE = "alone"  # a neighbour's word alone


LEARNED = frozenset({Standing.ACCEPTED, Standing.SECONDED, Standing.TRUSTED})
WAITING = frozenset({Standing.CONTRADICTED, Standing.DOUBTED, Standing.ALONE})

_ASKS = frozenset({Kind.REQUEST.value, Kind.WISH.value})
_QUIET = frozenset(kind.value for kind in Kind if not kind.asks)


@dataclass(frozen=True, slots=True)
class Opinion:
    """An example as it is judged: `may_moderate` says whether its author may correct cases there;
    `accepted` is what a person who looked at it decided, or None. Later ones have higher ids."""

    id: int
    text: str
    label: str
    by: PersonId
    may_moderate: bool
    accepted: bool | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many corrections somebody made, and how many of them were contradicted by what was looked at, by
    others, or by the frozen model where it is certain."""

    said: int
    contradicted: int

    @property
    def share(self) -> float:
        return 1 - self.contradicted / self.said if self.said else 1.0

    @property
    def few(self) -> bool:
        """Whether the share says nothing yet."""
        return self.said < ENOUGH

    @property
    def low(self) -> bool:
        """Whether a second opinion is asked for."""
        return not self.few and self.share < FLOOR


def same_answer(one: str, other: str) -> bool:
    """Whether two labels can both be true: that it asks goes with every item, and of what asks for
    nothing the model learns no finer kinds from people."""
    if one == other or (one in _QUIET and other in _QUIET):
        return True
    general = one in _ASKS or other in _ASKS
    return general and one not in _QUIET and other not in _QUIET


def review(
    opinions: Sequence[Opinion], agreement: Mapping[PersonId, Agreement]
) -> dict[int, Standing]:
    """The standing of every opinion, by id."""
    around = _around(opinions)
    return {one.id: _standing(one, around[one.id], agreement) for one in opinions}


def _standing(
    one: Opinion, others: Sequence[Opinion], agreement: Mapping[PersonId, Agreement]
) -> Standing:
    against = [other for other in others if not same_answer(one.label, other.label)]
    living = [other for other in against if other.accepted is not False]
    of_others = [other for other in living if other.by != one.by]
    seconds = [
        other
        for other in others
        if other.by != one.by and other.may_moderate and other.label == one.label
    ]
    own = agreement.get(one.by)
    rows = (
        (not one.text, Standing.GONE),
        (one.accepted is False, Standing.REFUSED),
        (one.accepted is True, Standing.ACCEPTED),
        (any(o.by == one.by and o.id > one.id for o in against), Standing.SUPERSEDED),
        (any(other.accepted for other in against), Standing.OVERRULED),
        (bool(of_others), Standing.CONTRADICTED),
        (bool(seconds), Standing.SECONDED),
        (not one.may_moderate, Standing.ALONE),
        (own is not None and own.low, Standing.DOUBTED),
    )
    return next((standing for holds, standing in rows if holds), Standing.TRUSTED)


def agreement_of(
    opinions: Sequence[Opinion], certain: Mapping[int, str] | None = None
) -> dict[PersonId, Agreement]:
    """How far everybody is borne out. `certain` is what the frozen model reads, by opinion, where it is
    certain. What nobody contradicts counts as borne out: people correct what was read wrong, so that
    being unlike the model now and then is their work and no fault."""
    around = _around(opinions)
    said: Counter[PersonId] = Counter()
    contradicted: Counter[PersonId] = Counter()
    for one in opinions:
        if one.text or one.accepted is not None:
            said[one.by] += 1
            contradicted[one.by] += _is_contradicted(
                one, around[one.id], (certain or {}).get(one.id)
            )
    return {person: Agreement(count, contradicted[person]) for person, count in said.items()}


def _is_contradicted(one: Opinion, others: Sequence[Opinion], certain: str | None) -> bool:
    """By what a person looked at; else by more who may moderate than agree; else by the frozen model."""
    if one.accepted is not None:
        return not one.accepted
    votes = [o for o in others if o.by != one.by and (o.may_moderate or o.accepted)]
    looked_at = [o for o in votes if o.accepted]
    judges = looked_at or [o for o in votes if o.accepted is None]
    if judges:
        against = {o.by for o in judges if not same_answer(one.label, o.label)}
        return len(against) > len({o.by for o in judges} - against)
    return certain is not None and not same_answer(one.label, certain)


# -- the same words -------------------------------------------------------------------------------

_NUMBER = re.compile(r"[0-9零〇一二两三四五六七八九十百]+")
_SIGNS = re.compile(r"[^\w]|＊|_")


def key_of(text: str) -> str:
    """What is left of a text when numbers, signs and letter case are all the same."""
    return _NUMBER.sub("0", _SIGNS.sub("", text.lower()))


def _around(opinions: Sequence[Opinion]) -> dict[int, list[Opinion]]:
    """For each opinion the others about the same words or nearly the same."""
    by_key: defaultdict[str, list[Opinion]] = defaultdict(list)
    for one in opinions:
        if one.text:
            by_key[key_of(one.text)].append(one)
    near = near_keys(by_key)
    found: dict[int, list[Opinion]] = {one.id: [] for one in opinions}
    for key, own in by_key.items():
        about = [*own, *(other for alike in sorted(near[key]) for other in by_key[alike])]
        for one in own:
            found[one.id] = [other for other in about if other.id != one.id]
    return found


def near_keys(keys: Iterable[str]) -> dict[str, set[str]]:
    """Which keys are nearly the same. Two sets that share NEAR of their members meet among the rarest
    few of each, so only those are looked up, not every pair of keys."""
    pairs = {key: {key[i : i + 2] for i in range(len(key) - 1)} for key in keys}
    often = Counter(pair for some in pairs.values() for pair in some)
    index: defaultdict[str, list[str]] = defaultdict(list)
    near: dict[str, set[str]] = {key: set() for key in pairs}
    for key, own in pairs.items():
        if len(key) < SHORTEST:
            continue
        rarest = sorted(own, key=lambda pair: (often[pair], pair))
        rarest = rarest[: len(own) - ceil(NEAR * len(own)) + 1]
        for other in {other for pair in rarest for other in index[pair]}:
            if len(own & pairs[other]) >= NEAR * len(own | pairs[other]):
                near[key].add(other)
                near[other].add(key)
        for pair in rarest:
            index[pair].append(key)
    return near


def today(example: Example, taxonomy: Taxonomy) -> Example:
    """A correction as it teaches now: to an item that is retired since, what took its place; where nothing
    did, or the item is gone from the taxonomy altogether, still that the words ask for something."""
    label = example.label
    if label in taxonomy.items or label in _ASKS | _QUIET:
        return example
    item = taxonomy.item(label)
    return replace(example, label=item.code if item else Kind.REQUEST.value)
