"""Figures and thresholds, on cases small enough to count by hand."""

import numpy as np
import pytest

from intake.reading import Triage
from intake.taxonomy import Item, Level
from nlp.calibrate import NEVER, Thresholds, calibration_error, fit_temperature, least_for, triage
from nlp.corpus import Row
from nlp.evaluate import evaluate_model, f1_by_class, macro_f1, share
from nlp.machines import folds_of
from nlp.reader import Reader
from nlp.urgency import level_of


def test_macro_f1() -> None:
    assert f1_by_class(["a", "a", "b"], ["a", "b", "b"]) == {"a": 2 / 3, "b": 2 / 3}
    assert macro_f1(["a"], ["a"]) == 1.0


def test_share_has_an_interval() -> None:
    figure = share([True] * 9 + [False])
    assert figure.value == 0.9
    assert 0.55 < figure.low < 0.9 < figure.high < 1.0


def test_threshold_for_a_wanted_precision() -> None:
    score = np.linspace(1, 0, 200)
    right = score > 0.4
    at = least_for(score, right, 0.96)
    assert right[score >= at].mean() >= 0.96
    assert least_for(score, np.zeros(200, dtype=bool), 0.9) == NEVER


def test_calibration() -> None:
    assert calibration_error(np.full(100, 0.75), np.arange(100) < 75) == pytest.approx(0, abs=1e-9)
    scores = np.asarray([[1.0, 0.0]] * 10)
    assert fit_temperature(scores, [0] * 10) < fit_temperature(scores, [0] * 6 + [1] * 4)


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [(0.9, 0.05, Triage.AUTO), (0.5, 0.3, Triage.ASK), (0.3, 0.2, Triage.HUMAN)],
)
def test_triage(first: float, second: float, wanted: Triage) -> None:
    assert triage(first, second, Thresholds(0.8, 0.7)) is wanted


def test_folds_keep_a_writer_together() -> None:
    rows = [Row("a", "x", writer=f"w{n % 4}") for n in range(40)]
    parts = folds_of(rows)
    assert all(len({parts[i] for i in range(n, 40, 4)}) == 1 for n in range(4))


def test_urgency_rises_by_one_step() -> None:
    assert level_of(Level.C, "SZ", "老人在这里摔了一跤 摔伤人") is Level.B
    assert level_of(Level.B, "JF", "水漏到插座里了") is Level.A
    assert level_of(Level.C, "ZW", "水漏到插座里了") is Level.C
    assert level_of(Level.A, "GY", "停水") is Level.A


def test_a_report_of_the_training_lines(reader: Reader, rows: list[Row]) -> None:
    report = evaluate_model(reader, rows)
    assert report.figures["item_top1"].value > 0.8
    assert report.figures["gate_recall"].value > 0.7
    assert "category_f1" in report.text()
    assert {"w0", "w1", "w2"} <= set(report.groups["writer"])
    assert isinstance(next(iter(reader.taxonomy.items.values())), Item)
