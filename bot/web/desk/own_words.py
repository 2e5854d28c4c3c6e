"""What the neighbourhood's own words mean.

The law of this file: nobody writes down what a word means; it is what people said that calls with it are, in
grids of which this person sees the cases. What is private tells nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from bot.web.desk.finding import LONGEST, Meant
from intake.naming import EVERYWHERE
from storage.folding import fold
from storage.tx import Tx


def meant_by(tx: Tx, sought: str, grids: Collection[str]) -> Meant:
    """The items meant by each of the grids' own words in `sought`. At most two queries."""
    typed = fold(sought[:LONGEST])
    known = tx.words.of([*grids, EVERYWHERE]) if typed and grids else {}
    words = {word for some in known.values() for word in some if word in typed}
    if not words:
        return {}
    said = tx.examples.with_words(words, grids)
    return {word: Counter(label for text, label in said if word in fold(text)) for word in words}
