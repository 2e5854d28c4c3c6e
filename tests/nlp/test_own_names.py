"""A neighbourhood's own names: place names at once, words from the next training on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from intake.taxonomy import Taxonomy
from nlp.corpus import Row
from nlp.features import WORD_MARK
from nlp.lexicon import EVERYDAY, Lexicon, dictionary_words
from nlp.model import load, save
from nlp.normalise import fold, normalise
from nlp.places import PlaceFinder
from nlp.reader import Reader
from nlp.segment import RARE, Segmenter, Word
from nlp.train import fit

WORDS = Path(__file__).resolve().parents[2] / "training_data" / "dictionaries" / "words.txt"

# The message; the grid's own names; the places in it without them, and with them.
PLACES = [
    ("石龙仔路灯又不亮了", ["石龙仔"], [], ["石龙仔"]),
    ("石龍仔後面條渠塞咗", ["石龙仔"], [], ["石龍仔後面"]),
    ("喺石龙仔嗰边冇灯", ["石龙仔"], [], ["石龙仔嗰边"]),
    ("老榕樹頭盞燈壞咗", ["老榕树头"], [], ["老榕樹頭"]),
    ("老榕树头盏灯坏咗", ["老榕樹頭"], [], ["老榕树头"]),
    ("老榕树头灯坏了", ["老榕树头"], [], ["老榕树头"]),
    ("老榕树头顶有马蜂窝", ["老榕树头"], None, ["老榕树头顶"]),
    ("老榕树头、三角地都停电", ["老榕树头", "三角地"], None, ["老榕树头", "三角地"]),
    ("老榕树头和三角地之间的路没灯", ["老榕树头", "三角地"], None, ["老榕树头和三角地之间的路"]),
    ("3栋老榕树头灯坏了", ["老榕树头"], None, ["3栋老榕树头"]),
    ("老地方路灯不亮", ["老地方"], [], ["老地方"]),
    # the longer of two names
    ("老榕树头石凳松了", ["老榕树", "老榕树头"], [], ["老榕树头"]),
    # with letters, digits, 栋
    ("3栋小花园有蛇", ["3栋小花园"], None, ["3栋小花园"]),
    ("13栋小花园有蛇", ["3栋小花园"], ["13栋", "小花园"], ["13栋", "小花园"]),
    ("18栋天桥底有人住", ["18栋天桥底"], None, ["18栋天桥底"]),
    ("7天后面垃圾成山", ["7天"], [], ["7天后面"]),
    ("等了17天还没修", ["7天"], [], []),
    ("a1库门口积水", ["A1库"], ["库门口"], ["a1库门口"]),
    ("ba1库门口积水", ["A1库"], ["库门口"], ["库门口"]),
    # names that are parts of other words
    ("冼村口堵车", ["冼村"], None, ["冼村口"]),
    ("冼村民都说停水", ["冼村"], [], []),
    ("冼村停水", ["冼村"], None, ["冼村"]),
    ("新市民学校门口积水", ["新市"], ["新市民学校门口"], ["新市民学校门口"]),
    ("新市没水", ["新市"], [], ["新市"]),
    ("大头那边停电", ["大头"], None, ["大头那边"]),
    ("买了大头菜", ["大头"], [], []),
    # nothing of the kind
    ("今天天气真好", ["石龙仔", "老榕树头"], [], []),
]


@pytest.mark.parametrize(("text", "names", "before", "after"), PLACES)
def test_places_with_a_grids_own_names(
    places: PlaceFinder, text: str, names: list[str], before: list[str] | None, after: list[str]
) -> None:
    if before is not None:
        assert [span.of(text) for span in places.find(fold(text))] == before
    assert [span.of(text) for span in places.find(fold(text), names)] == after


OWN = ("石龙仔", "穗康碼", "禾虫", "冼村", "打冷", "走鬼", "飞线充电", "食水塘", "士多铺")

# The message; its words, as features see them, before the neighbourhood's own are known, and after.
CUTS = [
    ("石龙仔路灯坏了", "石龙 仔 路灯 坏 了", "石龙仔 路灯 坏 了"),
    ("扫穗康码进不去", "扫 穗 康 码 进 不 去", "扫 穗康码 进 不 去"),
    ("穗康碼扫唔到", "穗 康 码 扫 不到", "穗康码 扫 不到"),
    ("涌边有人卖禾虫", "涌 边 有人 卖 禾 虫", "涌 边 有人 卖 禾虫"),
    ("冼村停水", "冼 村 停水", "冼村 停水"),
    ("夜晚打冷档好嘈", "夜晚 打 冷 档 好 吵", "夜晚 打冷 档 好 吵"),
    ("走鬼又来了", "走 鬼 又 来 了", "走鬼 又 来 了"),
    ("楼下飞线充电", "楼下 飞线 充电", "楼下 飞线充电"),
    ("食水塘堤坝塌了", "吃 水塘 堤坝 塌 了", "吃水塘 堤坝 塌 了"),
    # a likelier cut of everybody's words stands
    ("冼村民说停水", "冼 村民 说 停水", "冼 村民 说 停水"),
    ("今天天气真好", "今天 天气 真 好", "今天 天气 真 好"),
]


@pytest.fixture(scope="module")
def taught() -> Segmenter:
    return Segmenter.from_jieba(WORDS, RARE, dictionary_words(OWN))


@pytest.mark.parametrize(("text", "before", "after"), CUTS)
def test_words_of_ones_own_are_one_word(
    segmenter: Segmenter, taught: Segmenter, text: str, before: str, after: str
) -> None:
    read = normalise(fold(text).text, 100)
    assert (" ".join(segmenter.cut(read)), " ".join(taught.cut(read))) == (before, after)


def test_a_dialect_word_enters_as_features_and_as_places_meet_it(taught: Segmenter) -> None:
    assert [word.text for word in dictionary_words(["士多铺"])] == ["士多铺", "小店铺"]
    assert taught.cut("士多铺") == ["士多铺"]
    assert taught.cut(normalise("士多铺", 10)) == ["小店铺"]


def test_our_own_file_has_the_last_word() -> None:
    taught = Segmenter.from_jieba(WORDS, RARE, [Word("路灯", 1, "x")])
    assert (taught.entries["路灯"].count, taught.tag("路灯")) == (800, "n")


def test_everyday_words(segmenter: Segmenter) -> None:
    lexicon = Lexicon(segmenter)
    everyday = ("今天", "電梯", "广场", "垃圾桶", "师傅", "路灯", "谢谢")
    own = ("祠堂", "新市", "老榕树", "三角地", "石龙仔", "穗康码", "冼村", "桥头", "凉亭")
    assert [word for word in everyday if not lexicon.is_everyday(word)] == []
    assert [word for word in own if lexicon.is_everyday(word)] == []
    assert (lexicon.plain(" 老榕樹Ｂ "), EVERYDAY) == ("老榕树b", 500)


LEARNED = [
    ("SR02", "禾虫档又占道,腥到死"),
    ("SR02", "卖禾虫的把路都占了"),
    ("SR02", "禾虫摊子摆到路中间"),
]


def test_features_stay_until_the_next_training_and_then_know_the_word(
    reader: Reader, rows: list[Row], taxonomy: Taxonomy, tmp_path: Path
) -> None:
    """A correction that holds the word is learned from, with the word as one feature."""
    vectoriser = reader.model.vectoriser
    assert reader.lexicon.segmenter is vectoriser.maker.segmenter
    assert "禾虫" not in vectoriser.maker.segmenter.cut("卖禾虫的走了")
    lines = [*rows, *(replace(rows[0], label=label, text=text) for label, text in LEARNED)]
    own = dictionary_words(["禾虫"])
    model = fit(lines, taxonomy, WORDS, calibrated=False, own_words=own)
    save(model, tmp_path)
    again = Reader(load(tmp_path), taxonomy)
    taught = again.model.vectoriser
    assert "禾虫" in taught.maker.segmenter.cut("卖禾虫的走了")
    assert (vectoriser.column(WORD_MARK + "禾虫"), taught.column(WORD_MARK + "虫")) == (None, None)
    assert taught.column(WORD_MARK + "禾虫") is not None
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["facts"]["own_words"] == ["禾虫"]
    assert "禾虫 " in (tmp_path / "words.txt").read_text(encoding="utf-8")
