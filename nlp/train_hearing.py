"""Learning what surrounds a call in a group's talk, from whole chats with roles and replies.

The law of this file: what is weighed stands in `intake/hearing.py`; here each line of a chat is seen as the
desk would see it, with the readings that machines which never heard its writer give of its words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from intake.hearing import Around, Hearing, figures
from intake.reading import ItemGuess
from intake.taxonomy import Taxonomy
from nlp.chat_so_far import ChatSoFar
from nlp.corpus import Row
from nlp.features import Floats
from nlp.gate import learn

# With fewer calls in chats than this nothing is learned: the words decide.
FEW_CALLS = 100
GUESSES = 3
# From so far above an even chance on, a chat's calls are told by length alone (area under the curve).
TOLD_BY_LENGTH = 0.25


def train_hearing(
    rows: Sequence[Row], taxonomy: Taxonomy, items: Floats, asks: Mapping[int, float]
) -> Hearing | None:
    """The weights; None where there are too few chats.

    `items` are each row's chances of the items of `taxonomy`, `asks` the chance by words alone that a row
    asks, by its position; both by machines that had not seen the writer. Rows without one are left out.
    """
    seen: list[tuple[float, ...]] = []
    truth: list[bool] = []
    for chat in _chats(rows).values():
        if _told_by_length(rows, chat, taxonomy):
            continue
        for at, around in _surroundings(rows, chat, taxonomy):
            if at in asks:
                signs = len(rows[at].text)
                seen.append(figures(asks[at], _guesses(items[at], taxonomy), around, signs))
                truth.append(_asks(rows[at], taxonomy))
    if sum(truth) < FEW_CALLS or all(truth):
        return None
    learned = learn(np.asarray(seen), np.asarray(truth))
    return Hearing(learned.weights, learned.offset)


def _chats(rows: Sequence[Row]) -> dict[str, list[int]]:
    """The positions of each chat's lines, in the order of the chat."""
    numbered: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for at, row in enumerate(rows):
        if row.in_chat is not None:
            numbered[row.in_chat.chat].append((row.in_chat.number, at))
    return {chat: [at for _, at in sorted(lines)] for chat, lines in numbered.items()}


def _told_by_length(rows: Sequence[Row], chat: Sequence[int], taxonomy: Taxonomy) -> bool:
    """Whether a chat's calls can be told from its talk by their length, which is an accident of its writer's
    and would be learned for a rule (decision 0014)."""
    from sklearn.metrics import roc_auc_score

    truth = [_asks(rows[at], taxonomy) for at in chat]
    if all(truth) or not any(truth):
        return False
    told = float(roc_auc_score(truth, [len(rows[at].text) for at in chat]))
    return abs(told - 0.5) > TOLD_BY_LENGTH


def _surroundings(
    rows: Sequence[Row], chat: Sequence[int], taxonomy: Taxonomy
) -> Iterator[tuple[int, Around]]:
    """Each line of a chat with what the desk would know around it, had it heard the chat rightly."""
    so_far = ChatSoFar()
    for at in chat:
        row, line = rows[at], rows[at].in_chat
        assert line is not None
        yield at, so_far.around(line)
        so_far.went_by(
            line, _asks(row, taxonomy), row.label if row.label in taxonomy.items else None
        )


def _asks(row: Row, taxonomy: Taxonomy) -> bool:
    return row.label in taxonomy.items or row.danger is not None


def _guesses(chances: Floats, taxonomy: Taxonomy) -> list[ItemGuess]:
    codes = list(taxonomy.items)
    best = np.argsort(-chances, kind="stable")[:GUESSES]
    return [ItemGuess(codes[column], float(chances[column])) for column in best]
