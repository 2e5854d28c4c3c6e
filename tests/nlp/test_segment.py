"""Our segmentation is jieba's."""

import weakref
from pathlib import Path

import jieba
import pytest

from nlp.segment import FEW_SIGNS, DictionaryError, Segmenter, read_words

TEXTS = [
    "楼下路灯又不亮了",
    "我来到北京清华大学",
    "小区东门的道闸坏了三天没人修",
    "研究生命起源",
    "老板三个月没发工资",
    "乒乓球拍卖完了",
    "今天天气真好",
    "0栋0单元 电梯坏了",
]


def test_equal_to_jieba() -> None:
    ours = Segmenter.from_jieba()
    for text in TEXTS:
        assert ours.cut(text) == [w for w in jieba.lcut(text, HMM=False) if w.strip()]


def test_many_texts_are_cut_like_one() -> None:
    ours = Segmenter.from_jieba()
    odd = ["", " ", "咚咚咚的", "a1 b2\n路灯", "\u3400\u3401", "☺️x", "𠮷野家", "路灯" * FEW_SIGNS]
    texts = [*TEXTS, *odd]
    assert ours.cut_all(texts) == [ours.cut_all([text])[0] for text in texts]
    assert ours.cut_all(TEXTS * FEW_SIGNS)[: len(TEXTS)] == [ours.cut(text) for text in TEXTS]
    assert ours.cut_all([]) == []


def test_our_own_words_hold_together(segmenter: Segmenter) -> None:
    assert "加装电梯" in segmenter.cut("什么时候加装电梯")
    assert "快递柜" in segmenter.cut("快递柜旁边")


def test_written_and_read_again_it_cuts_the_same(segmenter: Segmenter, tmp_path: Path) -> None:
    segmenter.write(tmp_path / "words.txt")
    again = Segmenter.read(tmp_path / "words.txt")
    assert [again.cut(t) for t in TEXTS] == [segmenter.cut(t) for t in TEXTS]
    assert again.tag("公园") == segmenter.tag("公园")


def test_models_with_the_same_words_share_one_dictionary(tmp_path: Path) -> None:
    for name, words in (("first", "路灯 9 n\n"), ("same", "路灯 9 n\n"), ("other", "路灯 8 n\n")):
        (tmp_path / name).write_text(words, encoding="utf-8")
    first = Segmenter.read(tmp_path / "first")
    assert Segmenter.read(tmp_path / "same") is first
    assert Segmenter.read(tmp_path / "other").entries["路灯"].count == 8
    gone = weakref.ref(first)
    del first
    assert gone() is None  # nobody reads with it any more


def test_a_wrong_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("路灯 5 n\n井盖 many\n", encoding="utf-8")
    with pytest.raises(DictionaryError, match="line 2"):
        read_words(path)
