"""What surrounds calls, learned from a chat."""

from __future__ import annotations

import numpy as np

from intake.hearing import FIGURES, Around
from intake.taxonomy import Taxonomy
from nlp.chat_so_far import ChatSoFar
from nlp.corpus import ChatLine, Row
from nlp.train_hearing import FEW_CALLS, train_hearing


def a_chat(calls: int, talk: str) -> list[Row]:
    """Neighbours call, staff answer them; every fourth call is heard by its words no better than the
    answers are."""
    rows = []
    for number in range(1, 2 * calls, 2):
        rows += [
            Row("SZ03", "灯坏了", writer="c", in_chat=ChatLine(number, "resident")),
            Row("chat", talk, writer="c", in_chat=ChatLine(number + 1, "property", number)),
        ]
    return rows


def learned_from(taxonomy: Taxonomy, calls: int, talk: str = "换灯了") -> tuple[float, ...] | None:
    rows = a_chat(calls, talk)
    items = np.full((len(rows), len(taxonomy.items)), 0.001, dtype=np.float32)
    items[:, list(taxonomy.items).index("SZ03")] = 0.8
    asks = {at: 0.6 if at % 8 == 0 or at % 2 else 0.9 for at in range(len(rows))}
    hearing = train_hearing(rows, taxonomy, items, asks)
    return hearing and hearing.weights


def test_staff_and_replies_call_less(taxonomy: Taxonomy) -> None:
    weights = learned_from(taxonomy, 2 * FEW_CALLS)
    assert weights is not None
    of = dict(zip(FIGURES, weights, strict=True))
    assert of["asks"] > 0 > of["worker"]
    assert of["replies"] < 0
    assert of["about_case"] < 0


def test_chats_whose_calls_are_told_by_length_teach_nothing(taxonomy: Taxonomy) -> None:
    assert learned_from(taxonomy, 2 * FEW_CALLS, talk="今天又换了一盏灯") is None


def test_few_calls_teach_nothing(taxonomy: Taxonomy) -> None:
    assert learned_from(taxonomy, FEW_CALLS - 1) is None


def test_what_was_told_before() -> None:
    chat = ChatSoFar()
    chat.went_by(ChatLine(1, "resident"), True, "SZ03")
    chat.went_by(ChatLine(2, "resident"), False, None)
    # Line 3 was further words about the lamp and is not among the lines any more.
    assert chat.around(ChatLine(4, "grid_worker", 1)) == Around(True, True, True, ("SZ03",))
    assert chat.around(ChatLine(4, "resident", 2)) == Around(False, True, False, ("SZ03",))
    assert chat.around(ChatLine(4, "resident", 3)).about_case
    assert not chat.around(ChatLine(4, "building_head")).worker
