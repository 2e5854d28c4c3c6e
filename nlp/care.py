"""How careful one has to be with a call: who may see it, and how much haste it needs.

The law of this file: what a message may be as well counts beforehand. Nobody is harmed by a line that was
treated more discreetly, or sooner, than it needed.
"""

from __future__ import annotations

from intake.reading import ItemGuess
from intake.taxonomy import Item, Level, Taxonomy, Visibility
from nlp.sense import Sense
from nlp.urgency import level_of

# A guess this likely may be the truth: what it asks for in discretion or haste is granted beforehand.
MAY_BE = 0.15
_DISCREET = (Visibility.GROUP, Visibility.MASKED, Visibility.PRIVATE)


def visibility_of(sense: Sense, guesses: tuple[ItemGuess, ...], taxonomy: Taxonomy) -> Visibility:
    """The item's, or the least visible of what a call may be as well."""
    danger = taxonomy.emergencies.get(sense.danger or sense.suspicion or "")
    if danger and not danger.group_reply:
        return Visibility.PRIVATE
    item = sense.item
    if not item:
        return Visibility.MASKED
    others = (other.visibility for other in _may_be(guesses, taxonomy))
    return max((item.visibility, *others), key=_DISCREET.index)


def haste_of(
    sense: Sense, normal: str, guesses: tuple[ItemGuess, ...], taxonomy: Taxonomy
) -> Level:
    """The item's level as the words raise it; B at least where a call may be an item of level A, or a
    danger."""
    item = sense.item
    if sense.danger or not item:
        return Level.A
    level = level_of(item.level, item.category, normal)
    urgent = any(other.level is Level.A for other in _may_be(guesses, taxonomy))
    return Level.B if level is Level.C and (urgent or sense.suspicion) else level


def _may_be(guesses: tuple[ItemGuess, ...], taxonomy: Taxonomy) -> list[Item]:
    return [taxonomy.items[guess.item] for guess in guesses if guess.probability >= MAY_BE]
