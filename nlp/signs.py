"""Texts as arrays of code points, so that numpy can look at a whole batch at once.

The law of this file: one number a sign, whatever the sign (halves of surrogate pairs included), and
back again. Texts that stand side by side in one array are parted by `PART`, which no folded text has.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]

PART = "\0"
EVERY_SIGN = 0x110000


def codes_of(text: str) -> Codes:
    """One number a sign."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def text_of(codes: Codes) -> str:
    """The text that `codes_of` made these numbers of."""
    return codes.astype("<u4", copy=False).tobytes().decode("utf-32-le", "surrogatepass")


def padded(texts: list[str]) -> Codes:
    """The texts of a list as rows of equal length, filled up with zeros."""
    rows = np.asarray(texts, dtype=np.str_).reshape(len(texts))
    size = rows.dtype.itemsize // 4
    return rows.view("<u4").reshape(len(texts), size) if size else np.zeros((len(texts), 1), "<u4")
