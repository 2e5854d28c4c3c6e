"""What the bench computes by itself, on cases small enough to check by hand."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

from nlp.corpus import Row

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))

from language.augmenting import altered
from language.choosing import STRATEGIES, Pool
from language.curve import fit_law
from language.drawing import Series, curve_svg
from language.items import folds

SIZES = [1000, 2000, 4000, 8000, 16000]


@pytest.mark.parametrize(("floor", "power"), [(0.0, 0.5), (0.0, 0.8)])
def test_a_power_law_is_found_again(floor: float, power: float) -> None:
    law = fit_law(SIZES, [floor + 9 * size**-power for size in SIZES])
    assert law.power == pytest.approx(power, abs=0.02)
    assert law.at(32000) == pytest.approx(floor + 9 * 32000**-power, rel=0.02)


def test_a_floor_slows_the_gain() -> None:
    flat = fit_law(SIZES, [0.05 + 9 * size**-0.8 for size in SIZES])
    assert flat.floor > 0.03
    assert flat.at(10**9) > 0.03


@pytest.mark.parametrize("name", STRATEGIES)
def test_strategies_choose_each_text_once(name: str) -> None:
    draw = np.random.default_rng(3)
    scores = draw.normal(size=(200, 4))
    pool = Pool(scores, draw.normal(size=(200, 5)), np.asarray([9, 1, 1, 1]), draw)
    chosen = STRATEGIES[name](pool, 20)
    assert len(set(chosen.tolist())) == 20


def test_margin_takes_the_closest_call() -> None:
    scores = np.asarray([[1.0, 0.0], [0.5, 0.4], [0.0, 3.0]])
    pool = Pool(scores, np.zeros((3, 1)), np.zeros(2, dtype=np.intp), np.random.default_rng(0))
    assert STRATEGIES["margin"](pool, 2).tolist() == [1, 0]


def test_folds_keep_writers_together() -> None:
    rows = [Row("a", "x", writer=f"w{n % 9}") for n in range(90)]
    parts = folds(rows, seed=1)
    assert len(set(parts.tolist())) == 4
    assert all(len({parts[i] for i in range(n, 90, 9)}) == 1 for n in range(9))
    assert folds(rows, seed=2).tolist() != parts.tolist()


def test_altered_lines_are_other_lines() -> None:
    texts = ["楼下的路灯又不亮了没有人来修", "在楼下看了他们怎么不来", "灯坏了怎么办"] * 5
    changed = altered(texts, np.random.default_rng(0))
    assert len(changed) == len(texts)
    assert sum(a != b for a, b in zip(texts, changed, strict=True)) > 10


def test_the_curve_is_a_picture() -> None:
    law = [(1000.0, 0.3), (10000.0, 0.1), (20000.0, 0.08)]
    drawn = curve_svg([Series("item", law[:2], law), Series("category", law[:2], law)], "x", 10000)
    tree = ElementTree.fromstring(drawn)
    heights = [
        float(text.attrib["y"])
        for text in tree.iter("{http://www.w3.org/2000/svg}text")
        if text.text in ("item", "category")
    ]
    assert abs(heights[0] - heights[1]) >= 15
