"""Terms are the same whether a few texts are read or many."""

import numpy as np
import pytest

from nlp.emergency import NOTHING
from nlp.features import FEW_TEXTS, FeatureSettings, TermMaker, Vectoriser
from nlp.grams import grams_of, key_of, keys_of, runs_in, runs_of
from nlp.meanings import all_meanings
from nlp.prepare import prepare_all
from nlp.segment import Segmenter

TEXTS = [
    "3栋楼下路灯又不亮了",
    "",
    "孩子被反锁在家里,钥匙没带",
    "煤气味好大,老人晕倒了,没反应,快来人",
    "哈哈哈哈",
    "小区群里 谁有wifi密码",
    "𠮷野家门口",
]


def test_runs_of_many_are_those_of_one() -> None:
    rows, keys = grams_of(TEXTS, 3, edges=True).whole()
    for row, text in enumerate(TEXTS):
        assert sorted(runs_of(keys[rows == row])) == sorted(runs_in(text, 3))


def test_numbers_of_many_runs_are_those_of_one() -> None:
    runs = ["灯", "路灯", " 路灯", "𠮷野家"]
    assert keys_of(runs).tolist() == [key_of(run) for run in runs]


def test_the_commonest_terms_come_first(segmenter: Segmenter) -> None:
    texts = ["停水了", "停水了", "停水了", "停水吧", "来电"]
    maker = TermMaker(segmenter, FeatureSettings(min_count=1, common_terms=5), {})
    vectoriser = Vectoriser.fit(maker, [(text, NOTHING) for text in texts])
    common, rare = vectoriser.terms[: vectoriser.common], vectoriser.terms[vectoriser.common :]
    assert (vectoriser.common, len(rare) > 5) == (5, True)
    assert "停水" in common
    assert "电" in rare
    assert (common, rare) == (sorted(common), sorted(rare))


def test_meanings_of_many_are_those_of_one(segmenter: Segmenter) -> None:
    meanings = all_meanings()
    words = segmenter.cut_all(TEXTS)
    rows, keys = grams_of(TEXTS, 3, edges=True).whole()
    found_rows, found = meanings.seen(rows, meanings.short_words(keys), words)
    for row, text in enumerate(TEXTS):
        alone = meanings.seen_in(runs_in(text, 3), words[row])
        assert sorted(found[found_rows == row].tolist()) == sorted(alone)
    names = {meanings.names[number][1:] for number in found.tolist()}
    assert names >= {"CHILD", "SHUT", "CHILDSHUT", "GAS", "ELDER"}


@pytest.mark.parametrize("presence", [True, False])
@pytest.mark.parametrize("pairs", [True, False])
def test_vectors_of_many_are_those_of_one(
    segmenter: Segmenter, presence: bool, pairs: bool
) -> None:
    settings = FeatureSettings(min_count=1, presence=presence, pairs=pairs)
    texts = [(one.normal, one.signals) for one in prepare_all(TEXTS, settings.cap)]
    vectoriser = Vectoriser.fit(TermMaker(segmenter, settings, {}), texts)
    many = vectoriser.vectors(texts * FEW_TEXTS)
    for row, text in enumerate(texts):
        alone = vectoriser.vectors([text])
        there = slice(many.starts[row], many.starts[row + 1])
        assert np.array_equal(many.columns[there], alone.columns)
        assert np.array_equal(many.values[there], alone.values)
    assert len(vectoriser.vectors([])) == 0


def test_sounds_are_terms_where_they_are_wanted(segmenter: Segmenter) -> None:
    sounds = {ord("灯"): "\ue101", ord("登"): "\ue101", ord("路"): "\ue102"}
    settings = FeatureSettings(min_count=1, sounds=True)
    texts = [(one.normal, one.signals) for one in prepare_all(["路灯"], settings.cap)]
    vectoriser = Vectoriser.fit(TermMaker(segmenter, settings, sounds), texts)
    heard = vectoriser.column("\ue102\ue101")
    other = prepare_all(["路登"], settings.cap)[0]
    assert heard in vectoriser.vectors([(other.normal, other.signals)]).columns


def test_longer_runs_are_refused(segmenter: Segmenter) -> None:
    with pytest.raises(ValueError, match="longest_run"):
        TermMaker(segmenter, FeatureSettings(longest_run=4), {})
