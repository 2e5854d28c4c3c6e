"""Many texts cut at once: the tree of the dictionary's signs, and the best paths, over arrays.

The law of this file: the same words as `Segmenter` cuts sign by sign. All places of all texts walk down
the tree together; the paths are searched only between borders that no word crosses, all such stretches
taking each step together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nlp.number_table import NumberTable
from nlp.signs import EVERY_SIGN, PART, Codes, codes_of, padded, text_of

Ints = NDArray[np.int64]
Nodes = NDArray[np.int32]
Numbers = NDArray[np.uint64]

# What a sign is to segmentation: nothing, Chinese, part of a run that stays whole, a word by itself.
_BLANK, _CHINESE, _RUN, _LONE = range(4)
_SIGN_BITS = np.uint64(21)
_LAST_CHINESE = 0x9FFF
# Less likely than any path: no word stands there.
_NEVER = -(2**60)


@dataclass(frozen=True, slots=True)
class _Edges:
    """Words of two signs and more that could stand in the text: where, how long, how likely."""

    at: Ints
    size: Ints
    weight: Ints


class _Tree:
    """The dictionary as a tree of signs: a node for every beginning of a word, 0 for none."""

    def __init__(self, weights: Mapping[str, int], unknown: int) -> None:
        signs = padded(list(weights)).astype(np.uint64)
        node = np.zeros(len(signs), dtype=np.int32)
        keys = [np.zeros(0, dtype=np.uint64)]
        count = 0
        for column in signs.T:
            longer = np.flatnonzero(column)
            steps, which = np.unique(_step(node[longer], column[longer]), return_inverse=True)
            node[longer] = which + count + 1
            keys.append(steps)
            count += len(steps)
        self._children = NumberTable(np.concatenate(keys), np.arange(1, count + 1, dtype=np.int32))
        # The beginning of words is not always one itself.
        self._weights = np.full(count + 1, _NEVER)
        self._weights[node] = list(weights.values())
        # Where longer words go on.
        self._goes_on = np.zeros(count + 1, dtype=np.bool_)
        self._goes_on[(np.concatenate(keys) >> _SIGN_BITS).astype(np.int64)] = True
        self._goes_on[0] = False
        # A shortcut for first signs: their nodes, and their weights as words of their own.
        every = np.arange(_LAST_CHINESE + 1, dtype=np.uint64)
        self._roots = self._children.find(every)
        alone = self._weights.take(self._roots)
        self._alone = np.where(alone == _NEVER, unknown, alone)

    def alone(self, signs: Numbers) -> Ints:
        """How likely each sign is as a word of its own."""
        return self._alone.take(signs.view(np.int64))

    def edges(self, signs: Numbers) -> _Edges:
        """Every word of two signs or more in `signs` (0 where no Chinese stands, and at the end)."""
        node = self._roots.take(signs.view(np.int64))
        at = np.flatnonzero(self._goes_on.take(node))
        node = node.take(at)
        found = [_Edges(at[:0], at[:0], self._weights[:0])]
        size = 1
        while len(at):
            node = self._children.find(_step(node, signs.take(at + size)))
            size += 1
            weight = self._weights.take(node)
            word = np.flatnonzero(weight > _NEVER)
            found.append(_Edges(at.take(word), np.full(len(word), size), weight.take(word)))
            longer = np.flatnonzero(self._goes_on.take(node))
            at, node = at.take(longer), node.take(longer)
        return _Edges(
            np.concatenate([part.at for part in found]),
            np.concatenate([part.size for part in found]),
            np.concatenate([part.weight for part in found]),
        )


def _step(node: Nodes, sign: Numbers) -> Numbers:
    return (node.astype(np.uint64) << _SIGN_BITS) | sign


@cache
def _classes() -> NDArray[np.uint8]:
    """The class of every sign."""
    classes = np.full(EVERY_SIGN, _LONE, dtype=np.uint8)
    classes[0x3400 : _LAST_CHINESE + 1] = _CHINESE
    classes[[ord(sign) for sign in "abcdefghijklmnopqrstuvwxyz0123456789"]] = _RUN
    classes[[code for code in range(0x3001) if chr(code).isspace()]] = _BLANK
    return classes


class ManyCutter:
    """Cuts many texts; `weights` are the dictionary's words, `unknown` is the weight of other signs."""

    def __init__(self, weights: Mapping[str, int], unknown: int) -> None:
        self._tree = _Tree(weights, unknown)

    def cut_all(self, texts: Sequence[str]) -> list[list[str]]:
        """The words of every text."""
        codes = codes_of(PART.join(texts) + PART)
        classes = _classes().take(codes)
        run = classes == _RUN
        begins = classes != _BLANK
        begins[1:] &= ~(run[1:] & run[:-1])
        self._cut_chinese(np.where(classes == _CHINESE, codes, 0).astype(np.uint64), begins)
        return [part.split() for part in _parted(codes, begins).split(PART)[:-1]]

    def _cut_chinese(self, signs: Numbers, begins: NDArray[np.bool_]) -> None:
        """Strike from `begins` the places inside Chinese words."""
        edges = self._tree.edges(signs)
        if len(edges.at):
            _strike(begins, edges, self._tree.alone(signs))


def _parted(codes: Codes, begins: NDArray[np.bool_]) -> str:
    """The text with a blank before every word."""
    shift = np.cumsum(begins)
    out = np.full(len(codes) + int(shift[-1]), ord(" "), dtype=np.uint32)
    out[np.arange(len(codes)) + shift] = codes
    return text_of(out)


def _strike(begins: NDArray[np.bool_], edges: _Edges, alone: Ints) -> None:
    """Clear `begins` inside the words of the likeliest paths; `alone` is a sign's own likelihood.

    Texts fall apart at the borders that no word crosses. Inside such a stretch the best way from each
    place to the stretch's end is known from the end on; all stretches take each step together.
    """
    crossing = np.bincount(edges.at + 1, minlength=len(begins) + 1)
    crossing -= np.bincount(edges.at + edges.size, minlength=len(begins) + 1)
    borders = np.flatnonzero(np.cumsum(crossing) == 0)
    lengths = np.diff(borders)
    torn = np.flatnonzero(lengths > 1)
    stretches = _Stretches(borders.take(torn), lengths.take(torn))
    begins[stretches.places] = False
    begins[stretches.walk(stretches.best(edges, alone))] = True


class _Stretches:
    """Stretches of text side by side, with one slot for every sign and one for the end of each."""

    def __init__(self, first: Ints, lengths: Ints) -> None:
        self.first = first
        self.lengths = lengths
        which = np.repeat(np.arange(len(first)), lengths)
        signs = np.arange(len(which))
        inside = signs - (np.cumsum(lengths) - lengths).take(which)
        self.places = first.take(which) + inside
        self.slots = signs + which
        self.to_end = lengths.take(which) - inside

    def best(self, edges: _Edges, alone: Ints) -> Ints:
        """For every slot the size of the first word on the best way to the stretch's end."""
        longest = int(edges.size.max())
        count = len(self.slots) + len(self.first)
        slot_of = np.zeros(len(alone), dtype=np.int64)
        slot_of[self.places] = self.slots
        words = np.full((count, longest), _NEVER)
        words[self.slots, 0] = alone.take(self.places)
        words[slot_of.take(edges.at), edges.size - 1] = edges.weight
        best = np.zeros(count + longest, dtype=np.int64)
        taken = np.ones(count, dtype=np.int64)
        behind = np.arange(1, longest + 1)
        nearest = self.slots.take(np.argsort(self.to_end, kind="stable"))
        done = np.cumsum(np.bincount(self.to_end))
        for begin, end in pairwise(done.tolist()):
            here = nearest[begin:end]
            ways = words.take(here, axis=0) + best.take(here[:, None] + behind)
            way = longest - 1 - ways[:, ::-1].argmax(axis=1)
            taken[here] = way + 1
            best[here] = ways[np.arange(len(here)), way]
        return taken

    def walk(self, taken: Ints) -> Ints:
        """Where the words begin, given the size of the word from every slot on."""
        slots = np.cumsum(self.lengths + 1) - self.lengths - 1
        places, left = self.first, self.lengths
        begins = []
        while len(places):
            begins.append(places)
            sizes = taken.take(slots)
            on = np.flatnonzero(left > sizes)
            slots, places, left = ((slots + sizes)[on], (places + sizes)[on], (left - sizes)[on])
        return np.concatenate(begins) if begins else self.first
