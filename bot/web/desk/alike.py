"""Cards that say the same thing, as a pile: after a storm forty people report one street under water.

The law of this file: alike is what has the same first suggestion and is said in the same grid or in nearly
the same words. What is private, a wish or a danger is looked at by itself; so are two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.web.desk.cards import SUGGESTED, Card, Suggestion
from intake.acts import Act
from intake.reviewing import key_of, near_keys

FEWEST = 3
"""A pile of two saves nothing."""


@dataclass(frozen=True, slots=True)
class Pile:
    """Cards that are decided together, or one alone."""

    cards: tuple[Card, ...]

    @property
    def many(self) -> bool:
        return len(self.cards) > 1

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """What they may be: first what all begin with, then what most have."""
        count: Counter[str] = Counter()
        by_item: dict[str, Suggestion] = {}
        for card in self.cards:
            for one in card.suggestions:
                count[one.item] += 1
                by_item.setdefault(one.item, one)
        top = self.cards[0].suggestions[0].item
        rest = [item for item, _ in count.most_common() if item != top]
        return tuple(by_item[item] for item in [top, *rest][:SUGGESTED])


def piles(cards: Sequence[Card]) -> list[Pile]:
    """The cards in their order, alike ones at the place of the first."""
    roots = _roots(cards)
    together: dict[int, list[Card]] = {}
    for root, card in zip(roots, cards, strict=True):
        together.setdefault(root, []).append(card)
    found: list[Pile] = []
    for at, (root, card) in enumerate(zip(roots, cards, strict=True)):
        alike = together[root]
        if len(alike) < FEWEST:
            found.append(Pile((card,)))
        elif root == at:
            found.append(Pile(tuple(alike)))
    return found


def _roots(cards: Sequence[Card]) -> list[int]:
    """For each card the place of the first that it is alike with, by one link or several."""
    keys = [key_of(card.case.said) for card in cards]
    near = near_keys(set(keys))
    roots = list(range(len(cards)))
    seen: dict[tuple[str, str, str], int] = {}
    for at, card in enumerate(cards):
        if not _may_be_piled(card):
            continue
        top = card.suggestions[0].item
        marks = [(top, "grid", card.case.grid)]
        marks += [(top, "words", key) for key in (keys[at], *sorted(near[keys[at]])) if key]
        for mark in marks:
            _join(roots, seen.setdefault(mark, at), at)
    return [_root(roots, at) for at in range(len(cards))]


def _root(roots: list[int], at: int) -> int:
    while roots[at] != at:
        at = roots[at]
    return at


def _join(roots: list[int], one: int, other: int) -> None:
    first, second = sorted((_root(roots, one), _root(roots, other)))
    roots[second] = first


def _may_be_piled(card: Card) -> bool:
    return (
        bool(card.suggestions)
        and Act.SET in card.acts
        and not (card.covered or card.wish or card.case.emergency)
    )
