"""Finding an item by the words that come to mind.

The law of this file: name, code, definition and keywords count, in this order of weight; every word typed
has to be met somewhere. Where none meets literally, pairs of signs do, so that 灯坏 finds 路灯损坏.
"""

from __future__ import annotations

from collections.abc import Iterable

from intake.taxonomy import Item, Taxonomy

MOST = 30
"""More items than this are no answer."""

LONGEST = 60
"""Signs of a search that are looked at."""


def find_items(taxonomy: Taxonomy, words: str) -> list[Item]:
    """The items that `words` may mean, best first; without words all, in the taxonomy's order."""
    terms = words[:LONGEST].lower().split()
    if not terms:
        return list(taxonomy.items.values())
    found = _best(
        taxonomy.items.values(),
        [[_literal(item, t) for t in terms] for item in taxonomy.items.values()],
    )
    if not found:
        found = _best(
            taxonomy.items.values(),
            [[_alike(item, t) for t in terms] for item in taxonomy.items.values()],
        )
    return found[:MOST]


def _best(items: Iterable[Item], weights: Iterable[list[float]]) -> list[Item]:
    met = [(-sum(each), item) for item, each in zip(items, weights, strict=True) if all(each)]
    return [item for _, item in sorted(met, key=lambda pair: pair[0])]


def _literal(item: Item, term: str) -> float:
    """How well one word typed meets an item; a keyword may stand inside a longer word typed."""
    inside = sum(1 for keyword in item.keywords if keyword.lower() in term)
    return (
        8.0 * (term == item.code.lower())
        + 5.0 * (term in item.name.lower())
        + 3.0 * any(term in keyword.lower() for keyword in item.keywords)
        + 2.0 * inside
        + 1.0 * (term in item.definition.lower())
    )


def _alike(item: Item, term: str) -> float:
    pairs = {term[at : at + 2] for at in range(len(term) - 1)}
    about = f"{item.name} {' '.join(item.keywords)} {item.definition}".lower()
    return float(sum(1 for pair in pairs if pair in about))
