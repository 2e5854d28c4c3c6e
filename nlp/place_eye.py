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
from nlp.signs import PART, Codes, codes_of

Ints = NDArray[np.intp]

# Blanks between two messages, so that no sign sees into its neighbour's message.
PAD = 4
_BLANKS = PART * PAD
BITS = 20
WORD_BITS = 20
LONGEST = 4

_TAG_BITS, _OWN_BITS = 5, 8
_FROM_BIT = np.array([[[0]], [[_TAG_BITS]], [[_TAG_BITS + _OWN_BITS]]], dtype=np.uint32)
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
    """The templates as arrays, those of two last: what and where, first and second (of those that have
    one), with odd numbers that keep the templates apart."""

    what: tuple[Ints, Ints]
    where: tuple[Ints, Ints]
    factors: tuple[Codes, Codes]
    seeds: Codes
    singles: int


@cache
def _plan() -> _Plan:
    number = {name: row for row, name in enumerate(_SEEN)}
    numbered = sorted(enumerate(_templates(), 1), key=lambda row: bool(row[1][2]))
    rows = [row for _, row in numbered]
    pairs = [row for row in rows if row[2]]
    count = np.array([[place] for place, _ in numbered], dtype=np.uint32)
    factors = _mixed(count) | np.uint32(1)
    return _Plan(
        (_numbers(number[row[0]] for row in rows), _numbers(number[row[2]] for row in pairs)),
        (_numbers(row[1] for row in rows), _numbers(row[3] for row in pairs)),
        (factors, (_mixed(factors) | np.uint32(1))[-len(pairs) :]),
        _mixed(count * np.uint32(77)),
        len(rows) - len(pairs),
    )


def _numbers(numbers: Iterable[int]) -> Ints:
    return np.array(list(numbers), dtype=np.intp)


def _mixed(codes: Codes) -> Codes:
    """Every bit of the answer depends on every bit of the question."""
    mixed = codes ^ (codes >> np.uint32(15))
    mixed *= np.uint32(0x2C1B3C6D)
    mixed ^= mixed >> np.uint32(12)
    mixed *= np.uint32(0x297A2D39)
    mixed ^= mixed >> np.uint32(15)
    return mixed


def _chained(sum_so_far: Codes, signs: Codes) -> Codes:
    mixed = sum_so_far * np.uint32(0x9E3779B1)
    mixed += signs
    mixed += np.uint32(1)
    mixed *= np.uint32(0x85EBCA77)
    mixed ^= mixed >> np.uint32(13)
    return mixed


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
        number = {tag: _tag_number(tag) for tag in set(entries.tags.values())}
        tags = np.fromiter(map(number.__getitem__, entries.tags.values()), np.uint32)
        numbers = tags | classes.astype(np.uint32) << np.uint32(_TAG_BITS + _OWN_BITS)
        texts = list(entries.counts)
        order = np.argsort(np.fromiter(entries.counts.values(), np.int64), kind="stable")
        values = dict(zip(map(texts.__getitem__, order), numbers.take(order).tolist(), strict=True))
        for text, kind in own_words().items():
            values[text] = values.pop(text, 0) | kind << _TAG_BITS
        by_length: list[list[str]] = [[] for _ in range(LONGEST + 1)]
        for text in values:
            if len(text) <= LONGEST:
                by_length[len(text)].append(text)
        # Two numbers a slot: the word's key, and what is known of it.
        self._slots = np.zeros((1 << WORD_BITS, 2), dtype=np.uint32)
        for length in range(1, LONGEST + 1):
            words = by_length[length]
            self._fill(words, np.array([values[text] for text in words], dtype=np.uint32), length)

    def _fill(self, words: Sequence[str], values: Codes, length: int) -> None:
        signs = codes_of("".join(words)).reshape(len(words), length)
        sums = np.zeros(len(words), dtype=np.uint32)
        for column in range(length):
            sums = _chained(sums, signs[:, column])
        keys = _mixed(sums + np.uint32(length))
        self._slots[keys >> np.uint32(32 - WORD_BITS)] = np.stack([keys, values], axis=1)

    def look_up(self, keys: Codes) -> Codes:
        found = self._slots.take(keys >> np.uint32(32 - WORD_BITS), axis=0)
        values: Codes = found[..., 1] * (found[..., 0] == keys)
        return values


def _stretches(signs: Codes) -> Codes:
    """For each row of signs: in row n of its own the sum of the n + 1 signs that begin at each sign."""
    many, size = signs.shape
    padded = np.zeros((many, size + LONGEST), dtype=np.uint32)
    padded[:, :size] = signs
    rows = np.empty((many, LONGEST, size), dtype=np.uint32)
    sums = np.zeros((many, size), dtype=np.uint32)
    for row in range(LONGEST):
        sums = _chained(sums, padded[:, row : row + size])
        rows[:, row] = sums
    rows += _LENGTHS
    return _mixed(rows)


_LENGTHS = np.arange(1, LONGEST + 1, dtype=np.uint32)[:, None]
# How a sign stands in a word: alone, first, middle, last.
_ALONE, _FIRST, _MIDDLE, _LAST = map(np.uint32, range(4))
# All signs of a word of each length: which row, which sign of it, and how it stands there.
_COVERS = [
    (row, sign, _ALONE if row == 0 else _FIRST if sign == 0 else _LAST if sign == row else _MIDDLE)
    for row in range(LONGEST)
    for sign in range(row + 1)
]


def _longest(kinds: Codes) -> tuple[Codes, Codes, Codes]:
    """The longest word from each sign on, until it, and around it, each as length and kind.

    `kinds` and the answers have a row for each sort of kind (tag, own class, learned class).
    """
    sorts, lengths, size = kinds.shape
    before = lengths - 1
    # Blanks before, so that what began at a sign can be looked at from the signs behind it.
    known = np.zeros((sorts, lengths, before + size), dtype=np.uint32)
    np.multiply(kinds > 0, _LENGTHS << np.uint32(8), out=known[..., before:])
    known[..., before:] += kinds
    since = known[..., before:].max(axis=1)
    until = known[:, 0, before:].copy()
    for row in range(1, lengths):
        np.maximum(until, known[:, row, before - row : before - row + size], out=until)
    known <<= np.uint32(2)
    around = known[:, 0, before:].copy()
    for row, sign, stands in _COVERS[1:]:
        begun = known[:, row, before - sign : before - sign + size] + stands
        np.maximum(around, begun, out=around)
    # Where no word stands only how it would stand is left.
    around *= around > _LAST
    return since, until, around


def _picked(lengths: Codes, rows: Codes, ends: bool) -> Codes:
    """Of each sign the stretch of that length, which begins (or ends) there."""
    size = rows.shape[1]
    at = np.arange(size)
    row = np.maximum(lengths.astype(np.intp), 1) - 1
    picked: Codes = rows.ravel().take(row * size + (np.maximum(at - row, 0) if ends else at))
    return picked


# What the shape of each of five signs counts in their window: the middle one least.
_PLACES = np.array([[6**3], [6], [1], [6**2], [6**4]], dtype=np.uint32)


class PlaceEye:
    """What can be seen of signs: the same for training and for reading."""

    def __init__(self, segmenter: Segmenter, classes: Floats) -> None:
        self._words = _Words(segmenter, classes)

    def look(self, texts: Sequence[str]) -> Codes:
        """All that is seen of `texts` (folded): a row for each of what is seen, a column for each sign
        and for each of the blanks before, between and behind the texts (where the first row is 0)."""
        raw = codes_of(_BLANKS + _BLANKS.join(texts) + _BLANKS)
        return self._seen(np.minimum(raw, np.uint32(_LAST_SIGN)))

    def _seen(self, raw: Codes) -> Codes:
        signs = _alike().take(raw)
        stretches, spelt = _stretches(np.stack([signs, raw]))
        since, until, around = _longest(self._words.look_up(spelt) >> _FROM_BIT & _SORTS)
        said = (
            _picked(since[0] >> np.uint32(8), stretches, ends=False),
            _picked(until[0] >> np.uint32(8), stretches, ends=True),
        )
        tags, own, learned = zip(since, until, around, strict=True)
        shapes = _windows(_shapes().take(raw))
        return np.array([signs, *stretches[1:3], shapes, *tags, *said, *own, *learned])


def _windows(shapes: Codes) -> Codes:
    """The shapes of five signs in a row, as one number for the sign in the middle."""
    size = len(shapes)
    padded = np.zeros(size + 4, dtype=np.uint32)
    padded[2:-2] = shapes
    five = np.ndarray((5, size), np.uint32, padded, 0, padded.strides * 2)
    windows: Codes = np.add.reduce(five * _PLACES, axis=0, dtype=np.uint32)
    return windows


def rows_of(seen: Codes) -> Ints:
    """The rows of the table for every column of `seen` but the first and last blanks: templates ×
    columns."""
    plan = _plan()
    size = seen.shape[1]
    columns = size - 2 * PAD
    # Row n begins at number n: to fetch a template's numbers is to copy one row.
    windows = np.ndarray(
        (seen.size - columns + 1, columns), np.uint32, seen, 0, seen.strides[1:] * 2
    )
    keys: Codes = windows[plan.what[0] * size + plan.where[0] + PAD]
    keys *= plan.factors[0]
    keys ^= keys >> np.uint32(15)
    second: Codes = windows[plan.what[1] * size + plan.where[1] + PAD]
    second *= plan.factors[1]
    keys[plan.singles :] += second
    keys += plan.seeds
    keys *= np.uint32(0x2C1B3C6D)
    keys ^= keys >> np.uint32(13)
    keys *= np.uint32(0x297A2D39)
    keys >>= np.uint32(32 - BITS)
    return keys.astype(np.intp)
