"""Folding keeps places; normalising makes one spelling of many."""

import re
import time

import pytest

from nlp.normalise import (
    FEW_TEXTS,
    dialect,
    fold,
    fold_all,
    grouped_pattern,
    normalise,
    normalise_all,
)


@pytest.mark.parametrize(
    ("said", "normal"),
    [
        ("樓下嗰盞路燈唔着咗", "楼下那盏路灯不亮了"),
        ("３栋２单元", "0栋0单元"),
        ("好吵啊啊啊啊啊啊", "好吵啊啊"),
        ("谢谢[玫瑰][强]", "谢谢♡♡"),
        ("无语[捂脸]", "无语☺"),
        ("谢谢👍", "谢谢♡"),
        ("边度有坑呀", "哪里有坑呀"),
        ("啥子时候来水嘛", "什么时候来水吗"),
        ("有個阿伯畀車撞親", "有个老伯被车撞伤"),
        ("有人俾电电亲", "有人被电电到"),
        ("老汉遭蛇咬了", "老汉被蛇咬了"),
        ("我家小囡寻勿着了，哪能办", "我家小孩找不到了 怎么办"),
        ("我老母亲养了老母鸡", "我老母亲养了老母鸡"),
        ("看 https://a.cn/x?y=1 这里", "看 链接 这里"),
        ("路\u200b灯\u202e不亮", "路灯不亮"),
        ("", ""),
        ("\x00\x07", ""),
    ],
)
def test_one_spelling(said: str, normal: str) -> None:
    assert normalise(fold(said).text, 100) == normal


def test_many_texts_are_read_like_one() -> None:
    said = [
        "樓下Ａ棟",
        "",
        "好吵啊啊啊",
        "啊啊",
        "路\u200b灯",
        "\x00\x07",
        "1",
        "2 ",
        "\ud800",
        "[强",
    ]
    folded = fold_all(said * FEW_TEXTS)
    assert folded == [fold(text) for text in said] * FEW_TEXTS
    alone = [normalise(one.text, 100) for one in folded]
    assert normalise_all([one.text for one in folded], 100) == alone


def test_folding_keeps_the_length_or_remembers_the_places() -> None:
    text = "樓\u200b下Ａ棟"
    folded = fold(text)
    assert folded.text == "楼下a栋"
    assert text[slice(*folded.original(0, 2))] == "樓\u200b下"
    assert fold("樓下").offsets is None


def test_a_long_message_is_cut_and_quick() -> None:
    began = time.perf_counter()
    assert len(normalise(fold("路灯坏了,没人修。" * 8000).text, 500)) <= 500
    assert time.perf_counter() - began < 0.5


def test_a_look_at_two_signs_misses_no_dialect_word() -> None:
    words = dialect().words
    plain = re.compile(grouped_pattern(words))
    for text in [*words, "，".join(words), "".join(words), *("唔" + word + "嘅" for word in words)]:
        wanted = plain.sub(lambda hit: words[hit.group()], text)
        assert dialect().translate(text) == wanted
