"""Lines as somebody else might have typed them: a sign that sounds alike, a slip, a word of dialect.

For measuring only (see `ablation.py`): the corpus itself is written by hand and stays so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from nlp.features import syllables

# Plain word → what Cantonese and Sichuan speakers type for it.
DIALECT: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("没有", ("冇", "莫得")),
    ("什么", ("乜嘢", "啥子")),
    ("怎么", ("点解", "咋个")),
    ("不", ("唔", "莫")),
    ("的", ("嘅", "嘞")),
    ("在", ("喺", "到")),
    ("他", ("佢", "他娃")),
    ("看", ("睇", "瞅")),
    ("这", ("呢", "勒")),
    ("晚上", ("夜晚", "黑了")),
)
COMMON = 5


def altered(texts: Sequence[str], draw: np.random.Generator) -> list[str]:
    """Each text once, altered in one of three ways."""
    alike = _alike(texts)
    return [_one(text, alike, draw) for text in texts]


def _alike(texts: Sequence[str]) -> Mapping[str, str]:
    """Each sign's commoner fellows with the same syllable, among signs the texts use themselves."""
    counts = Counter("".join(texts))
    sounds = syllables()
    groups: dict[str, list[str]] = {}
    for sign, count in counts.items():
        if count >= COMMON and ord(sign) in sounds:
            groups.setdefault(sounds[ord(sign)], []).append(sign)
    return {
        sign: "".join(other for other in group if other != sign)
        for group in groups.values()
        for sign in group
    }


def _one(text: str, alike: Mapping[str, str], draw: np.random.Generator) -> str:
    way = int(draw.integers(3))
    if way == 0:
        return _misheard(text, alike, draw)
    if way == 1:
        return _slipped(text, draw)
    changed = text
    for plain, others in DIALECT:
        changed = changed.replace(plain, others[int(draw.integers(len(others)))])
    return changed if changed != text else _misheard(text, alike, draw)


def _misheard(text: str, alike: Mapping[str, str], draw: np.random.Generator) -> str:
    signs = list(text)
    places = [n for n, sign in enumerate(signs) if alike.get(sign)]
    for n in draw.permutation(places)[:2].tolist() if places else []:
        fellows = alike[signs[n]]
        signs[n] = fellows[int(draw.integers(len(fellows)))]
    return "".join(signs)


def _slipped(text: str, draw: np.random.Generator) -> str:
    """A sign left out, or two changed about."""
    if len(text) < 5:
        return text
    n = int(draw.integers(1, len(text) - 1))
    if draw.integers(2):
        return text[:n] + text[n + 1 :]
    return text[: n - 1] + text[n] + text[n - 1] + text[n + 1 :]
