"""The classes of danger and the words they are told with.

The law of this folder: one file a family of dangers, in it the rows of each class; what holds back all of
them stands in `guards.py`, words that several share in `words.py`. Everything is read against
normalised text (see `nlp/normalise.py`), and `nlp/emergency.py` does the reading.
"""

from __future__ import annotations

from nlp.dangers.accidents import COLLAPSE, FALLING, FOOD, RUIN, SHOCK, TRAFFIC, WATER
from nlp.dangers.fire_and_gas import CHEMICALS, FIRE, GAS
from nlp.dangers.harm_by_people import ABDUCTION, FRAUD, HOME_VIOLENCE, MADNESS, SUICIDE, WEAPONS
from nlp.dangers.missing_and_trapped import CHILD_LOST, ELDER_LOST, LIFT, SHUT_IN
from nlp.dangers.words import Danger

DANGERS: tuple[Danger, ...] = (
    FIRE,
    GAS,
    COLLAPSE,
    SUICIDE,
    HOME_VIOLENCE,
    CHILD_LOST,
    ELDER_LOST,
    SHOCK,
    LIFT,
    FALLING,
    FRAUD,
    WATER,
    WEAPONS,
    TRAFFIC,
    RUIN,
    ABDUCTION,
    MADNESS,
    CHEMICALS,
    FOOD,
    SHUT_IN,
)
