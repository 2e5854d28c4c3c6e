"""The words that weighed most, as one would work them out by hand."""

import pytest

from nlp.explain import LEAST_SHARE, MOST, Explainer
from nlp.features import WORD_MARK
from nlp.model import Model
from nlp.prepare import prepare_all
from nlp.reader import Reader
from nlp.segment import Segmenter

TEXTS = [
    "3栋楼下路灯又不亮了,路灯坏了三天没人修",
    "老板三个月没发工资了",
    "",
    "!!!",
    "鼋鼍",
    "我们单元电梯坏了,电梯里困了人",
]


def by_hand(model: Model, word: str, answer: int) -> float:
    columns = [model.vectoriser.column(WORD_MARK + word)]
    columns += [
        model.vectoriser.column(word[start:end])
        for start in range(len(word))
        for end in range(start + 1, len(word) + 1)
    ]
    weights = model.answers.table.weights
    rarity = model.vectoriser.rarity
    return sum(float(weights[at, answer] * rarity[at]) for at in columns if at is not None)


@pytest.mark.parametrize("answer", [0, 1, 2])
def test_the_weightiest_words(model: Model, segmenter: Segmenter, answer: int) -> None:
    ready = prepare_all(TEXTS, 500)
    words = [segmenter.cut(one.folded.text) for one in ready]
    explainer = Explainer(model.vectoriser, model.answers.table)
    together = explainer.because(ready, words, [answer] * len(ready))
    for one, of, found in zip(ready, words, together, strict=True):
        weights = {word: by_hand(model, word, answer) for word in of if word[0].isalnum()}
        assert explainer.because([one], [of], [answer]) == [found]
        assert bool(found) == bool(weights)
        if weights and max(weights.values()) > 1e-3:
            least = max(weights.values()) * LEAST_SHARE
            heavy = sorted(weights, key=lambda word: -weights[word])
            assert sorted(found) == sorted([w for w in heavy if weights[w] >= least][:MOST])


def test_marks_say_nothing(model: Model, segmenter: Segmenter) -> None:
    ready = prepare_all(TEXTS, 500)
    words = [segmenter.cut(one.folded.text) for one in ready]
    bare = [[word for word in of if word[0].isalnum()] for of in words]
    explainer = Explainer(model.vectoriser, model.answers.table)
    answers = [0] * len(ready)
    assert explainer.because(ready, bare, answers) == explainer.because(ready, words, answers)


@pytest.mark.parametrize(
    "text", ["楼下路灯坏了,没人修!", "電梯壞了, 3樓的燈也不亮", "楼下𠮶盏路灯唔着,好黑"]
)
def test_the_words_of_a_message_are_its_own(reader: Reader, text: str) -> None:
    """Whether its normalised text has the same words or not."""
    vectoriser = reader.model.vectoriser
    ready = prepare_all([text], 500)
    words = [vectoriser.maker.segmenter.cut(ready[0].folded.text)]
    reading = reader.read([text])[0]
    assert reading.kind.asks
    answers = [reader.model.answers.labels.index(reading.guesses[0].item)]
    explainer = Explainer(vectoriser, reader.model.answers.table)
    assert [reading.because] == explainer.because(ready, words, answers)
