"""A learned eye for places: every sign of a message begins one, continues it, ends it or stands outside.

The law of this file: the best path through the sums of a table's rows is the answer; which rows count
for a sign says `place_eye.py`. All messages of a batch are walked side by side; a message reads the same
alone and in any company. Who learns the table is `place_training.py`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from nlp.features import Floats
from nlp.place_eye import BITS, PAD, PlaceEye, PlaceTableError, rows_of
from nlp.place_paths import OUT, STATES, Paths, Stretch
from nlp.segment import Segmenter

# What is taken from OUT's score, since a place missed costs as much as one too many (held-out reader).
BOLDNESS = 0.15
# Signs that are looked at together: small enough for the processor's own memory.
PORTION = 4096

# A text without any of these signs has no place in it; half of all chatter ends here.
may_have_place = re.compile(
    "[栋幢座楼层梯路街巷村桥河涌湖场站店铺馆厂院厅室苑亭坡塘坊弄屯庄寨湾边面头下旁门库区道校祠间阳堂篱台"
    "工棚屋度井窗房壁近市镇田山岸沟渠单#墙处园口里内侧角号花树海江池摊档]"
).search


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
        self._paths = Paths(table.steps)

    def find(self, texts: Sequence[str]) -> list[list[Stretch]]:
        """The places of each text, as stretches of its signs."""
        found: list[list[Stretch]] = [[] for _ in texts]
        hinted = [number for number, text in enumerate(texts) if may_have_place(text)]
        for portion in _portions(hinted, texts):
            sizes = [len(texts[number]) + PAD for number in portion]
            firsts = list(accumulate(sizes, initial=0))
            for start, end in self._found([texts[number] for number in portion]):
                which = bisect_right(firsts, start) - 1
                found[portion[which]].append((start - firsts[which], end - firsts[which]))
        return found

    def _found(self, texts: Sequence[str]) -> Iterator[Stretch]:
        """The places in all of `texts`, as stretches of their signs and the blanks between them."""
        seen = self._eye.look(texts)
        rows = rows_of(seen)
        picked = self._weights.take(rows).view(np.float32).reshape(len(rows), -1)
        scores = np.add.reduce(picked, axis=0).reshape(-1, STATES)
        scores[:, OUT] -= BOLDNESS
        return self._paths.places(scores, seen[0, PAD - 1 : 1 - PAD] == 0)


def _portions(numbers: Sequence[int], texts: Sequence[str]) -> Iterator[list[int]]:
    """The numbers of texts in order, few enough at a time for the processor's own memory."""
    portion: list[int] = []
    size = 0
    for number in numbers:
        portion.append(number)
        size += len(texts[number]) + PAD
        if size >= PORTION:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion
