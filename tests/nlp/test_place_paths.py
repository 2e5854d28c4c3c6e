"""The path that is found is the best of all, whatever was learned and however it was found."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from nlp.place_paths import ALLOWED, BEGIN, INSIDE, OUT, STATES, Paths, Stretch

LEARNED = [[2.3, -0.7, 0, 0], [-2.0, -1.8, 0.4, -0.6], [0, 0, 2.3, 0.4], [1.3, -1.8, 0, 0]]


def best_of_all(scores: np.ndarray, steps: np.ndarray) -> list[Stretch]:
    """Every way to mark one message, tried."""
    best, found = -np.inf, ()
    for states in product(range(STATES), repeat=len(scores)):
        ways = [*pairwise((OUT, *states, OUT))]
        if all(ALLOWED[way] for way in ways):
            worth = sum(scores[at, state] for at, state in enumerate(states))
            worth += sum(steps[way] for way in ways[1:-1])
            if worth > best:
                best, found = worth, states
    begins = [at for at, state in enumerate(found) if state == BEGIN]
    whole = [*found, OUT]
    return [(at, next(n for n in range(at + 1, len(whole)) if whole[n] < INSIDE)) for at in begins]


@pytest.mark.parametrize("seed", range(60))
def test_the_best_of_all_ways(seed: int) -> None:
    dice = np.random.default_rng(seed)
    steps = np.asarray(LEARNED) if seed % 2 else dice.normal(scale=2, size=(STATES, STATES))
    lengths = [int(dice.integers(1, 6)) for _ in range(3)]
    scores = [dice.normal(scale=3, size=(length, STATES)) for length in lengths]
    for score in scores:
        # Far from any place no path is sought; here every sign may be in one.
        score[:, OUT] = np.minimum(score[:, OUT], score[:, BEGIN])
    blank = np.concatenate([[True], *([*[False] * length, True] for length in lengths)])
    columns = np.concatenate([part for score in scores for part in (score, np.zeros((1, STATES)))])
    found = list(Paths(steps).places(columns[:-1].astype(np.float32), blank))
    wanted, at = [], 0
    for score in scores:
        places = best_of_all(score.astype(np.float32).astype(float), steps)
        wanted += [(start + at, end + at) for start, end in places]
        at += len(score) + 1
    assert found == wanted


@pytest.mark.parametrize("seed", range(20))
def test_no_chain_with_a_place_is_passed_over(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = np.random.default_rng(seed)
    steps = np.asarray(LEARNED) if seed % 2 else dice.normal(size=(STATES, STATES))
    scores = dice.normal(scale=2, size=(2000, STATES)).astype(np.float32)
    blank = dice.random(len(scores) + 2) < 0.15
    blank[[0, -1]] = True
    some = list(Paths(steps).places(scores, blank))
    monkeypatch.setattr(Paths, "_worth", lambda self, scores, firsts: np.arange(len(firsts)))
    assert some == list(Paths(steps).places(scores, blank))


def test_a_chain_that_cannot_gain_is_not_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    walked = []
    monkeypatch.setattr(Paths, "_best", lambda self, *chain: walked.append(chain) or [OUT])
    scores = np.full((3, STATES), -0.1, dtype=np.float32)
    scores[:, OUT] = 0.0
    blank = np.array([True, False, False, False, True])
    for begin, count in ((-2.0, 0), (9.0, 1)):
        scores[1, BEGIN] = begin
        list(Paths(np.asarray(LEARNED)).places(scores, blank))
        assert len(walked) == count
