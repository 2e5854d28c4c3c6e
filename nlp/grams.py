"""Runs of one to three signs, each as one number, for many texts at once.

The law of this file: 21 bits a sign, so that a run of three is a number of 63 bits and no two runs share
one. What a run means or weighs is looked up elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.number_table import Numbers
from nlp.signs import PART, codes_of

Places = NDArray[np.int64]

LONGEST_RUN = 3
_BITS = 21
_SHIFT = np.uint64(_BITS)
ONE_SIGN = np.uint64((1 << _BITS) - 1)


@dataclass(frozen=True, slots=True)
class Grams:
    """Runs of signs by length: `keys[n, at]` is the run of n + 1 signs from place `at` on, 0 or no
    run's number where none of that length stands. `rows` says whose text each place belongs to."""

    rows: Places
    keys: Numbers

    def whole(self) -> tuple[Places, Numbers]:
        """Row and number of every run."""
        found = []
        for size, keys in enumerate(self.keys, 1):
            signs = (keys >> np.uint64(_BITS * n) & ONE_SIGN for n in range(size))
            there = np.flatnonzero(np.logical_and.reduce([sign != 0 for sign in signs]))
            found.append((self.rows.take(there), keys.take(there)))
        rows, numbers = zip(*found, strict=True)
        return np.concatenate(rows), np.concatenate(numbers)


def key_of(run: str) -> int:
    """The number of a run of one to three signs."""
    key = 0
    for sign in run:
        key = key << _BITS | ord(sign)
    return key


def keys_of(runs: Sequence[str]) -> Numbers:
    """`key_of` of many runs at once."""
    signs = codes_of("".join(run.rjust(LONGEST_RUN, "\0") for run in runs)).astype(np.uint64)
    first, second, third = signs.reshape(-1, LONGEST_RUN).T
    numbers: Numbers = first << np.uint64(2 * _BITS) | second << _SHIFT | third
    return numbers


def runs_of(keys: Numbers) -> list[str]:
    """The runs whose numbers `keys` are."""
    signs = np.stack([keys >> np.uint64(_BITS * n) & ONE_SIGN for n in (2, 1, 0)], axis=1)
    return ["".join(map(chr, filter(None, run))) for run in signs.tolist()]


def runs_in(text: str, longest: int) -> list[str]:
    """The runs of one text as they stand, the same as `grams_of` finds with edges."""
    padded = f" {text} "
    runs = list(text)
    for size in range(2, longest + 1):
        runs += [padded[at : at + size] for at in range(len(padded) - size + 1)]
    return runs


def grams_of(texts: Sequence[str], longest: int, edges: bool) -> Grams:
    """All runs of up to `longest` signs; with `edges`, longer ones than a sign may take in the blank
    before the text and the one behind it."""
    pad = " " if edges else ""
    joined = f"{pad}{PART}{pad}".join(texts)
    signs = codes_of(f"{pad}{joined}{pad}{PART * longest}").astype(np.uint64)
    lengths = np.asarray(list(map(len, texts))) + (1 + 2 * len(pad))
    parts = np.cumsum(lengths) - 1
    size = int(parts[-1]) + 1
    keys = np.zeros((longest, size), dtype=np.uint64)
    keys[0] = signs[:size]
    for more in range(1, longest):
        keys[more] = keys[more - 1] << _SHIFT | signs[more : more + size]
    keys[1:, parts] = 0
    if edges:
        keys[0, parts - 1] = keys[0, parts - lengths + 1] = 0
    return Grams(np.repeat(np.arange(len(texts)), lengths), keys)
