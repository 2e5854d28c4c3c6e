"""The classes of danger and the words they are told with.

The law of this folder: one file a family of dangers. Each class has rows, which see a sign of it in any
line and leave the verdict to the model (`nlp/emergency.py`), and cries, which say it outright and are
taken at their word (`plain.py`). What holds rows back stands in `guards.py`; words that several share in
`words.py` for rows, in `plain_words.py` for cries. All is read against normalised text (`nlp/normalise.py`).
"""

from __future__ import annotations

from nlp.dangers.accidents import COLLAPSE, DROWNING, FALLING, FOOD, RUIN, SHOCK, TRAFFIC
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
    DROWNING,
    WEAPONS,
    TRAFFIC,
    RUIN,
    ABDUCTION,
    MADNESS,
    CHEMICALS,
    FOOD,
    SHUT_IN,
)
