"""Our scorer says what scikit-learn says."""

from itertools import pairwise

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from nlp.features import Batch, FeatureSettings, TermMaker, Vectoriser
from nlp.normalise import fold, normalise
from nlp.scorer import Linear, join, side_by_side, sigmoid, softmax
from nlp.segment import Segmenter

TEXTS = ["楼下路灯不亮", "路灯坏了", "电梯停了", "电梯又坏了", "谢谢大家", "今天吃什么", ""]
LABELS = [0, 0, 1, 1, 2, 2, 2]


def test_equal_to_scikit_learn(segmenter: Segmenter) -> None:
    maker = TermMaker(segmenter, FeatureSettings(min_count=1, presence=False), {})
    from nlp.emergency import NOTHING

    normal = [(normalise(fold(text).text, 100), NOTHING) for text in TEXTS]
    vectoriser = Vectoriser.fit(maker, normal)
    rows = vectoriser.vectors(normal)
    matrix = csr_matrix(
        (rows.values, rows.columns, rows.starts), shape=(len(rows), len(vectoriser.terms))
    )
    assert np.allclose(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel()[:-1], 1.0, atol=1e-5)
    for machine in (LinearSVC(random_state=0), LogisticRegression(C=10)):
        machine.fit(matrix, LABELS)
        table = Linear(
            np.ascontiguousarray(machine.coef_.T, dtype=np.float32),
            machine.intercept_.astype(np.float32),
        )
        assert np.allclose(table.scores(rows), machine.decision_function(matrix), atol=1e-4)
        both = join([table, table]).scores(rows)
        assert np.allclose(both[:, :3], both[:, 3:])
    assert np.allclose(softmax(table.scores(rows)), machine.predict_proba(matrix), atol=1e-4)


def test_tables_side_by_side_are_not_copied() -> None:
    dice = np.random.default_rng(5)
    one, two = (dice.normal(size=(9, width)).astype(np.float32) for width in (2, 3))
    parts = [Linear(table, np.zeros(table.shape[1], "f4")) for table in side_by_side([one, two])]
    joined = join(parts)
    assert np.array_equal(joined.weights, np.hstack([one, two]))
    assert np.shares_memory(joined.weights, parts[0].weights)
    turned = join(parts[::-1])
    assert np.array_equal(turned.weights, np.hstack([two, one]))
    assert np.array_equal(join(parts[:1]).weights, one)


def test_rows_without_the_rarer_terms() -> None:
    dice = np.random.default_rng(6)
    table = Linear(dice.normal(size=(30, 4)).astype(np.float32), np.zeros(4, "f4"))
    sizes = [0, 3, 0, *dice.integers(0, 9, 20).tolist(), 0]
    starts = np.cumsum([0, *sizes]).astype(np.int32)
    columns = dice.integers(0, 30, starts[-1]).astype(np.int32)
    rows = Batch(columns, dice.normal(size=starts[-1]).astype(np.float32), starts)
    common = Linear(table.weights.copy(), table.offsets)
    common.weights[20:] = 0
    few = Linear(np.ascontiguousarray(table.weights[:20]), table.offsets)
    assert np.allclose(few.scores(rows.below(20)), common.scores(rows), atol=1e-6)


def test_few_rows_score_like_many() -> None:
    dice = np.random.default_rng(3)
    table = Linear(
        dice.normal(size=(50, 7)).astype(np.float32), dice.normal(size=7).astype(np.float32)
    )
    sizes = [0, 1, 5, *dice.integers(0, 20, 40).tolist()]
    starts = np.cumsum([0, *sizes]).astype(np.int32)
    columns = dice.integers(0, 50, starts[-1]).astype(np.int32)
    rows = Batch(columns, dice.normal(size=starts[-1]).astype(np.float32), starts)
    together = table.scores(rows)
    for row, (first, last) in enumerate(pairwise(starts.tolist())):
        ends = np.asarray([0, last - first], dtype=np.int32)
        alone = table.scores(Batch(columns[first:last], rows.values[first:last], ends))
        assert np.array_equal(alone[0], together[row])


def test_probabilities_stay_in_bounds() -> None:
    assert sigmoid(np.asarray([-1e9, 0.0, 1e9])).tolist() == [
        float(np.float32(1 / (1 + np.exp(30.0)))),
        0.5,
        1.0,
    ]
    assert np.isclose(softmax(np.asarray([[1e4, 0.0]]), 0.1).sum(), 1.0)
