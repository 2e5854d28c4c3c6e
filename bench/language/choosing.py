"""Which messages to show a moderator next, so that each correction teaches most.

The law of this file: a strategy sees scores, latent positions and what was given so far, never the
labels of what it may ask. `margin` is ours: the texts whose two best answers lie nearest to one
another. `spread` takes of those one from each neighbourhood, so that a batch does not ask one thing
ten times; on a sixth of `train` it brought nothing beyond margin, and neither did balance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]
CANDIDATES = 4
TEMPERATURE = 0.35


@dataclass(frozen=True)
class Pool:
    """What may be asked: scores (texts × answers), latent positions, and how often each answer was
    given so far. `draw` makes the choice repeatable."""

    scores: Floats
    latent: Floats
    given: Ints
    draw: np.random.Generator


def chances(scores: Floats) -> Floats:
    raised = np.exp((scores - scores.max(axis=1, keepdims=True)) / TEMPERATURE)
    found: Floats = raised / raised.sum(axis=1, keepdims=True)
    return found


def _closeness(pool: Pool) -> Floats:
    """How near the two best answers are to one another (0: as near as can be)."""
    best = np.sort(chances(pool.scores), axis=1)
    found: Floats = best[:, -2] - best[:, -1]
    return found


def random(pool: Pool, count: int) -> Ints:
    return pool.draw.permutation(len(pool.scores))[:count]


def margin(pool: Pool, count: int) -> Ints:
    return np.argsort(-_closeness(pool), kind="stable")[:count]


def entropy(pool: Pool, count: int) -> Ints:
    chance = chances(pool.scores)
    doubt = -(chance * np.log(chance + 1e-9)).sum(axis=1)
    return np.argsort(-doubt, kind="stable")[:count]


def balanced(pool: Pool, count: int) -> Ints:
    """Doubtful ones, those more that look like an answer seldom given so far."""
    rare = 1 / np.sqrt(pool.given[pool.scores.argmax(axis=1)] + 5.0)
    return np.argsort(-(1 + _closeness(pool)) * rare, kind="stable")[:count]


def spread(pool: Pool, count: int) -> Ints:
    from sklearn.cluster import MiniBatchKMeans

    order = margin(pool, len(pool.scores))
    near = order[: count * CANDIDATES]
    if len(near) <= count:
        return near
    seed = int(pool.draw.integers(2**31))
    groups = MiniBatchKMeans(count, random_state=seed, n_init=1, batch_size=512)
    group = groups.fit_predict(pool.latent[near])
    first = near[np.unique(group, return_index=True)[1]]
    rest = near[~np.isin(near, first)]
    return np.concatenate([first, rest])[:count]


STRATEGIES: Mapping[str, Callable[[Pool, int], Ints]] = {
    "random": random,
    "margin": margin,
    "entropy": entropy,
    "balanced": balanced,
    "spread": spread,
}
