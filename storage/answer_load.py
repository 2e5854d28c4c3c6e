"""What may answer the lines of a batch, among its facts.

The law of this file: what reaches the batch's grids, or is due; of whom it answered only the speakers, or all
of what is due.
"""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime

from intake.bulletins import Asked
from intake.facts import Facts, Wants
from intake.grids import ChatRef
from intake.people import PersonId
from storage.answers import Answers


def load_answers(
    answers: Answers, facts: Facts, wants: Wants, persons: Set[PersonId], now: datetime
) -> tuple[set[ChatRef], set[PersonId]]:
    """Fill in bulletins, cards and whom they answered; the chats and people that are now concerned."""
    known, due = answers.known(now), wants.bulletins
    nodes = {node for grid in facts.grids.values() for node in grid.path}
    some = [one for one in known.bulletins if one.id in due or one.reaches(nodes)]
    cards = [one for one in known.cards if one.id in due or one.reaches(nodes)]
    about = {one.id for one in some} | {card.id for card in cards}
    told: list[Asked] = answers.asked_by(persons, about) if persons and about else []
    of_due = answers.asked_about(due) if due else []
    facts.bulletins = {one.id: one for one in some}
    facts.cards = tuple(cards)
    facts.asked = {(one.about, one.person): one for one in (*told, *of_due)}
    return {one.chat for one in of_due}, {card.keeper for card in cards if card.id in due}
