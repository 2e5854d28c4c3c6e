"""What can be seen of the signs of a message, as integers that name rows of a learned table.

The law of this file: what is seen around a sign (signs, the dictionary's words, our word classes, word
classes learned from the corpus) becomes integers, and each integer names a row. All messages of a batch
are one array, and no step loops over signs in Python. What the words are is in `place_words.txt`, which
says of a word what it is, never what follows from it; what follows is learned (`place_training.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from nlp.features import Floats
from nlp.normalise import fold
from nlp.segment import Segmenter

Codes = NDArray[np.uint32]
Ints = NDArray[np.intp]

# Blanks between two messages, so that no sign sees into its neighbour's message.
PAD = 4
BITS = 18
WORD_BITS = 20
LONGEST = 4

_TAG_BITS, _OWN_BITS = 5, 8
_LEARNED_FROM = np.uint32(_TAG_BITS + _OWN_BITS)
_SORTS = np.array([[[31]], [[255]], [[255]]], dtype=np.uint32)
_NOUNS = {"nr": 2, "ns": 3, "nt": 4, "nz": 5}
_LAST_SIGN = 0x2FFFF
_NUMERALS = "零一二三四五六七八九十百两〇"


class PlaceTableError(ValueError):
    """A table of places does not fit the dictionary or itself; train anew."""


# What is seen of a sign; each is one row of integers over all signs.
_SEEN = (
    *("sign", "two", "three", "shapes"),
    *("from", "until", "around", "word_from", "word_until"),
    *("own_from", "own_until", "own_around"),
    *("class_from", "class_until", "class_around"),
)


def _templates() -> Iterator[tuple[str, int, str, int]]:
    """Which of them make a row, at which distance: one alone, or two together (else the second is "")."""
    for name, first, last in (
        ("sign", -2, 2),
        ("two", -2, 1),
        ("three", -3, 1),
        ("around", -1, 1),
        ("own_around", -2, 2),
        ("class_around", -1, 1),
        ("word_from", 0, 1),
        ("word_until", -1, 0),
    ):
        for distance in range(first, last + 1):
            yield name, distance, "", 0
    yield "shapes", 0, "", 0
    for starts, ends in (
        ("from", "until"),
        ("own_from", "own_until"),
        ("class_from", "class_until"),
    ):
        yield ends, -1, starts, 0
        yield ends, 0, starts, 1
    yield "sign", -1, "sign", 1
    for name in ("around", "own_around"):
        yield name, 0, name, 1
        yield name, 0, name, -1
    yield "own_around", 0, "around", 0
    yield "own_around", 0, "sign", 0


@dataclass(frozen=True, slots=True)
class _Plan:
    """The templates as arrays (one row each): what, where, and odd numbers that keep them apart."""

    what: tuple[Ints, Ints]
    where: tuple[Ints, Ints]
    factors: tuple[Codes, Codes]
    seeds: Codes


@cache
def _plan() -> _Plan:
    rows = list(_templates())
    number = {name: row for row, name in enumerate(_SEEN)}
    count = np.arange(1, len(rows) + 1, dtype=np.uint32)[:, None]
    single = np.array([[not row[2]] for row in rows])
    factors = _mixed(count) | np.uint32(1)
    return _Plan(
        (_column(number[row[0]] for row in rows), _column(number.get(row[2], 0) for row in rows)),
        (_column(row[1] for row in rows), _column(row[3] for row in rows)),
        (factors, np.where(single, np.uint32(0), _mixed(factors) | np.uint32(1))),
        _mixed(count * np.uint32(77)),
    )


def _column(numbers: Iterable[int]) -> Ints:
    return np.array(list(numbers), dtype=np.intp)[:, None]


def _mixed(codes: Codes) -> Codes:
    """Every bit of the answer depends on every bit of the question."""
    codes = (codes ^ (codes >> np.uint32(15))) * np.uint32(0x2C1B3C6D)
    codes = (codes ^ (codes >> np.uint32(12))) * np.uint32(0x297A2D39)
    return codes ^ (codes >> np.uint32(15))


def _chained(sum_so_far: Codes, signs: Codes) -> Codes:
    mixed = (sum_so_far * np.uint32(0x9E3779B1) + signs + np.uint32(1)) * np.uint32(0x85EBCA77)
    return mixed ^ (mixed >> np.uint32(13))


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


@cache
def _alike() -> Codes:
    """Signs that count as one: digits, letters, the middle numerals, whatever parts clauses."""
    table = np.arange(_LAST_SIGN + 1, dtype=np.uint32)
    for group in ("0123456789", "abcdefghijklmnopqrstuvwxyz", "三四五六七八九", "两俩"):
        table[[ord(sign) for sign in group]] = ord(group[0])
    table[[ord(sign) for sign in ",，。.!！?？;；~…、:： \t\n"]] = ord(",")
    return table


@cache
def _shapes() -> Codes:
    table = np.full(_LAST_SIGN + 1, 5, dtype=np.uint32)
    table[0x3400:0xA000] = 1
    table[0x20000:] = 1
    table[[ord(sign) for sign in _NUMERALS]] = 2
    table[ord("0") : ord("9") + 1] = 3
    table[ord("a") : ord("z") + 1] = 4
    table[0] = 0
    return table


@cache
def own_words() -> dict[str, int]:
    """Our own words and the number of their class; a word of several classes is a class of its own."""
    said: dict[str, set[str]] = {}
    rows = files("nlp").joinpath("place_words.txt").read_text(encoding="utf-8").splitlines()
    for row in rows:
        if row and not row.startswith("#"):
            kind, words = row.split("\t")
            for word in words.split():
                said.setdefault(fold(word).text, set()).add(kind)
    kinds = sorted({tuple(sorted(kinds)) for kinds in said.values()})
    number = {kind: place for place, kind in enumerate(kinds, 1)}
    return {word: number[tuple(sorted(kinds))] for word, kinds in said.items()}


def _tag_number(tag: str) -> int:
    return _NOUNS.get(tag[:2], 1) if tag.startswith("n") else 6 + max(0, ord(tag[:1] or "x") - 97)


class _Words:
    """Word to (tag, own class, learned class), for whole arrays of stretches of signs at once."""

    def __init__(self, segmenter: Segmenter, classes: Floats) -> None:
        entries = segmenter.entries
        if len(entries) != len(classes):
            raise PlaceTableError(
                f"a table of places was made with {len(classes)} words, the dictionary has "
                f"{len(entries)}: train anew"
            )
        # Two words may want one slot: the later has it, so the frequent come late and our own last.
        pairs = zip(entries.values(), classes.tolist(), strict=True)
        seen = sorted(pairs, key=lambda pair: pair[0].count or 0)
        values = {
            word.text: _tag_number(word.tag) | int(learned) << (_TAG_BITS + _OWN_BITS)
            for word, learned in seen
            if len(word.text) <= LONGEST
        }
        for text, kind in own_words().items():
            values[text] = values.pop(text, 0) | kind << _TAG_BITS
        self._slots = np.zeros(1 << WORD_BITS, dtype=np.uint64)
        for length in range(1, LONGEST + 1):
            words = [text for text in values if len(text) == length]
            self._fill(words, np.array([values[text] for text in words], dtype=np.uint64), length)

    def _fill(self, words: Sequence[str], values: NDArray[np.uint64], length: int) -> None:
        signs = _codes("".join(words)).reshape(len(words), length)
        sums = np.zeros(len(words), dtype=np.uint32)
        for column in range(length):
            sums = _chained(sums, signs[:, column])
        keys = _mixed(sums + np.uint32(length))
        slots = keys >> np.uint32(32 - WORD_BITS)
        self._slots[slots] = keys.astype(np.uint64) << np.uint64(32) | values

    def look_up(self, keys: Codes) -> Codes:
        found = self._slots[keys >> np.uint32(32 - WORD_BITS)]
        known = (found >> np.uint64(32)) == keys
        values: Codes = np.where(known, found, np.uint64(0)).astype(np.uint32)
        return values


def _stretches(signs: Codes) -> Codes:
    """Row n: the sum of the n + 1 signs that begin at each sign."""
    size = len(signs)
    padded = np.concatenate([signs, np.zeros(LONGEST, dtype=np.uint32)])
    rows = np.empty((LONGEST, size), dtype=np.uint32)
    sums = np.zeros(size, dtype=np.uint32)
    for row in range(LONGEST):
        sums = _chained(sums, padded[row : row + size])
        rows[row] = sums
    return _mixed(rows + np.arange(1, LONGEST + 1, dtype=np.uint32)[:, None])


def _later(rows: Codes, distances: Sequence[int]) -> Codes:
    """Row n moved so that what began at a sign now stands `distances[n]` signs behind it."""
    moved = np.zeros_like(rows)
    size = rows.shape[-1]
    for row, distance in enumerate(distances):
        moved[..., row, distance:] = rows[..., row, : size - distance]
    return moved


_LENGTHS = np.arange(1, LONGEST + 1, dtype=np.uint32)[:, None]
# All signs of a word of each length: which row, which sign of it, and how it stands there (alone, first,
# middle, last).
_COVERS = [(row, sign) for row in range(LONGEST) for sign in range(row + 1)]
_STANDS = np.array(
    [[0 if row == 0 else 1 if sign == 0 else 3 if sign == row else 2] for row, sign in _COVERS],
    dtype=np.uint32,
)


def _longest(kinds: Codes) -> tuple[Codes, Codes, Codes]:
    """The longest word from each sign on, until it, and around it, each as length and kind.

    `kinds` and the answers have a row for each sort of kind (tag, own class, learned class).
    """
    known = np.where(kinds > 0, kinds | _LENGTHS << np.uint32(8), np.uint32(0))
    until = _later(known, range(LONGEST))
    covers = _later(known[:, [row for row, _ in _COVERS]], [sign for _, sign in _COVERS])
    around = np.where(covers > 0, covers << np.uint32(2) | _STANDS, np.uint32(0))
    return known.max(axis=1), until.max(axis=1), around.max(axis=1)


def _picked(lengths: Codes, rows: Codes, ends: bool) -> Codes:
    """Of each sign the stretch of that length, which begins (or ends) there."""
    at = np.arange(rows.shape[1])
    row = np.maximum(lengths.astype(np.intp), 1) - 1
    picked: Codes = rows[row, np.maximum(at - row, 0) if ends else at]
    return picked


@dataclass(frozen=True, slots=True)
class Batch:
    """Messages as one array: `seen` for every sign and blank, and where each message stands."""

    seen: Codes
    starts: Ints
    lengths: Ints

    def signs(self) -> Ints:
        """Where the signs of the messages stand, without the blanks."""
        ends = np.cumsum(self.lengths)
        own = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - self.lengths, self.lengths)
        signs: Ints = np.repeat(self.starts, self.lengths) + own
        return signs


class PlaceEye:
    """What can be seen of signs: the same for training and for reading."""

    def __init__(self, segmenter: Segmenter, classes: Floats) -> None:
        self._words = _Words(segmenter, classes)

    def look(self, texts: Sequence[str]) -> Batch:
        """All that is seen of the signs of `texts` (folded)."""
        blank = "\0" * PAD
        raw = _codes(blank + "".join(text + blank for text in texts))
        lengths = np.array([len(text) for text in texts], dtype=np.intp)
        starts = PAD + np.cumsum(lengths + PAD) - lengths - PAD
        return Batch(self._seen(np.minimum(raw, np.uint32(_LAST_SIGN))), starts, lengths)

    def _seen(self, raw: Codes) -> Codes:
        signs = _alike()[raw]
        stretches = _stretches(signs)
        values = self._words.look_up(_stretches(raw))
        sorts = np.stack([values, values >> np.uint32(_TAG_BITS), values >> _LEARNED_FROM])
        words = _longest(sorts & _SORTS)
        said = (
            _picked(words[0][0] >> np.uint32(8), stretches, ends=False),
            _picked(words[1][0] >> np.uint32(8), stretches, ends=True),
        )
        tags, own, learned = zip(*words, strict=True)
        shapes = _shapes()[raw]
        window = shapes.copy()
        for distance in (1, 2):
            window[distance:] += shapes[:-distance] * np.uint32(6 ** (2 * distance - 1))
            window[:-distance] += shapes[distance:] * np.uint32(6 ** (2 * distance))
        return np.stack([signs, *stretches[1:3], window, *tags, *said, *own, *learned])


def rows_of(batch: Batch, signs: Ints) -> Ints:
    """The rows of the table for each of `signs`: templates × signs."""
    plan = _plan()
    size = batch.seen.shape[1]
    flat = batch.seen.ravel()
    keys = flat[plan.what[0] * size + plan.where[0] + signs] * plan.factors[0]
    keys ^= keys >> np.uint32(15)
    keys += flat[plan.what[1] * size + plan.where[1] + signs] * plan.factors[1]
    keys += plan.seeds
    keys *= np.uint32(0x2C1B3C6D)
    keys ^= keys >> np.uint32(13)
    keys *= np.uint32(0x297A2D39)
    rows: Ints = (keys >> np.uint32(32 - BITS)).astype(np.intp)
    return rows
