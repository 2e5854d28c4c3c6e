"""A learned eye for places: every sign of a message begins one, continues it, ends it or stands outside.

The law of this file: the best path through the sums of a table's rows is the answer; which rows count
for a sign says `place_eye.py`. All messages of a batch are walked side by side; a message reads the same
alone and in any company. Who learns the table is `place_training.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.features import Floats
from nlp.place_eye import BITS, Ints, PlaceEye, PlaceTableError, rows_of
from nlp.segment import Segmenter

Stretch = tuple[int, int]

OUT, BEGIN, INSIDE, END = range(4)
STATES = 4
# Which state may follow which; a place of one sign is BEGIN followed by OUT or another BEGIN.
ALLOWED = np.array([[1, 1, 0, 0], [1, 1, 1, 1], [0, 0, 1, 1], [1, 1, 0, 0]], dtype=bool)
NEVER = -1e4
# Whoever is so much likelier outside than anything else is outside; paths run only between such signs.
CLEARLY_OUT = 3.0
# What is taken from OUT's score, since a place missed costs as much as one too many (held-out reader).
BOLDNESS = 0.15
# Signs that are looked at together: small enough for the processor's own memory.
PORTION = 4096

# A text without any of these signs has no place in it; half of all chatter ends here.
_HINT = re.compile(
    "[栋幢座楼层梯路街巷村桥河涌湖场站店铺馆厂院厅室苑亭坡塘坊弄屯庄寨湾边面头下旁门库区道校祠间阳堂篱台"
    "工棚屋度井窗房壁近市镇田山岸沟渠单#墙处园口里内侧角号花树海江池摊档]"
)


@dataclass(frozen=True, slots=True)
class PlaceTable:
    """What was learned: `weights` (rows × states), `steps` (state to state), and `classes`, for every word
    of the dictionary in its order the number of its learned class or 0."""

    weights: Floats
    steps: Floats
    classes: Floats

    def __post_init__(self) -> None:
        shapes = (self.weights.shape, self.steps.shape, self.classes.ndim)
        if shapes != ((1 << BITS, STATES), (STATES, STATES), 1):
            raise PlaceTableError(f"a table of places has the wrong shape {shapes}: train anew")
        if not all(np.isfinite(array).all() for array in self.arrays().values()):
            raise PlaceTableError("a table of places is not of finite numbers: train anew")

    def arrays(self) -> dict[str, Floats]:
        """Everything as named float32 arrays, to be stored with a model's others."""
        return {
            "places_weights": self.weights,
            "places_steps": self.steps,
            "places_classes": self.classes,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Floats]) -> PlaceTable | None:
        """The table among a model's arrays, or None when the model was made without one."""
        if "places_weights" not in arrays:
            return None
        names = ("places_weights", "places_steps", "places_classes")
        return cls(*(np.asarray(arrays[name], dtype=np.float32) for name in names))


class PlaceTagger:
    """Finds places in folded texts by a learned table."""

    def __init__(self, segmenter: Segmenter, table: PlaceTable) -> None:
        self._eye = PlaceEye(segmenter, table.classes)
        # A row as one number of sixteen bytes: numpy fetches it in one go.
        self._weights = np.ascontiguousarray(table.weights).view(np.complex128).ravel()
        self._steps = np.where(ALLOWED, table.steps, np.float32(NEVER)).astype(np.float32)

    def find(self, texts: Sequence[str]) -> list[list[Stretch]]:
        """The places of each text, as stretches of its signs."""
        found: list[list[Stretch]] = [[] for _ in texts]
        hinted = [number for number, text in enumerate(texts) if _HINT.search(text)]
        if not hinted:
            return found
        told = [texts[number] for number in hinted]
        lengths = np.array([len(text) for text in told], dtype=np.intp)
        scores = np.concatenate([self._scores(portion) for portion in _portions(told)])
        number = np.repeat(np.arange(len(told)), lengths)
        first = (np.cumsum(lengths) - lengths).tolist()
        # One apart where a message ends, so that neighbours in number are neighbours in a message.
        for start, end in _runs(self._states(scores, np.arange(len(number)) + number), number):
            text = int(number[start])
            found[hinted[text]].append((start - first[text], end - first[text]))
        return found

    def _scores(self, texts: Sequence[str]) -> Floats:
        batch = self._eye.look(texts)
        rows = rows_of(batch, batch.signs())
        picked = self._weights.take(rows).view(np.float32).reshape(*rows.shape, STATES)
        scores: Floats = picked.sum(axis=0)
        scores[:, OUT] -= BOLDNESS
        return scores

    def _states(self, scores: Floats, signs: Ints) -> NDArray[np.int8]:
        """The best path, sought only where a place is thinkable."""
        states = np.zeros(len(scores), dtype=np.int8)
        thinkable = np.flatnonzero(scores[:, 1:].max(axis=1) > scores[:, OUT] - CLEARLY_OUT)
        if len(thinkable):
            starts = np.flatnonzero(np.diff(signs[thinkable], prepend=-2) != 1)
            sizes = np.diff(starts, append=len(thinkable))
            # A message's own first and last sign: no step leads there or on from there.
            edges = np.diff(signs, prepend=-2, append=signs[-1] + 2) != 1
            ends = thinkable[starts + sizes - 1] + 1
            edges = np.stack([edges[thinkable[starts]], edges[ends]])
            states[thinkable] = best_paths(scores[thinkable], self._steps, starts, sizes, edges)
        return states


def _portions(texts: Sequence[str]) -> Iterator[list[str]]:
    """The texts in order, few enough at a time for the processor's own memory."""
    portion: list[str] = []
    size = 0
    for text in texts:
        portion.append(text)
        size += len(text)
        if size >= PORTION:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def best_paths(
    scores: Floats, steps: Floats, starts: Ints, sizes: Ints, edges: NDArray[np.bool_]
) -> NDArray[np.int8]:
    """The best states of many chains at once (Viterbi). OUT stands before and behind each, or nothing at
    the `edges` of a message (row 0: before, row 1: behind)."""
    order = np.argsort(-sizes, kind="stable")
    starts, sizes, edges = starts[order], sizes[order], edges[:, order, None]
    free = np.where(ALLOWED, np.float32(0), np.float32(NEVER))
    best = np.empty_like(scores)
    came_from = np.zeros(scores.shape, dtype=np.int8)
    at = starts
    best[at] = scores[at] + np.where(edges[0], free[OUT], steps[OUT])
    widths = [len(sizes)]
    for step in range(1, int(sizes[0])):
        widths.append(int(np.searchsorted(-sizes, -step, side="left")))
        at = starts[: widths[-1]] + step
        ways = best[at - 1][:, :, None] + steps
        came_from[at] = ways.argmax(axis=1)
        best[at] = ways.max(axis=1) + scores[at]
    last = starts + sizes - 1
    states = np.zeros(len(scores), dtype=np.int8)
    states[last] = (best[last] + np.where(edges[1], free[:, OUT], steps[:, OUT])).argmax(axis=1)
    for step in range(len(widths) - 1, 0, -1):
        at = starts[: widths[step]] + step
        states[at - 1] = came_from[at, states[at]]
    return states


def _runs(states: NDArray[np.int8], texts: Ints) -> Iterator[Stretch]:
    """Stretches that a BEGIN opens; `texts` says of each sign whose it is."""
    begins = np.flatnonzero(states == BEGIN)
    goes_on = np.append((states[1:] >= INSIDE) & (texts[1:] == texts[:-1]), False)
    stops = np.flatnonzero(~goes_on)
    ends = stops[np.searchsorted(stops, begins)] + 1
    yield from zip(begins.tolist(), ends.tolist(), strict=True)
