"""Who cries out a danger and nothing else is taken at their word."""

from __future__ import annotations

from pathlib import Path

import pytest

from intake.taxonomy import Taxonomy
from nlp.dangers.plain import cry_within, plain_danger
from nlp.prepare import prepare, prepare_all
from nlp.reader import Reader
from nlp.sense import Judge

ROOT = Path(__file__).resolve().parents[2]

CRIES = [
    ("5栋着火了", "E01"),
    ("三栋着火了", "E01"),
    ("我家着火了", "E01"),
    ("6栋冒烟了", "E01"),
    ("3栋煤气泄漏", "E02"),
    ("楼道里好大的煤气味", "E02"),
    ("2单元有老人晕倒了", "E03"),
    ("小孩走丢了", "E06"),
    ("有人触电了", "E08"),
    ("5栋电梯困人了", "E09"),
    ("我被困在电梯里了", "E09"),
    ("河边有人落水了 快来人", "E12"),
    ("大门口撞到人了", "E14"),
    ("南门口出车祸了", "E14"),
    ("门口撞车了有人受伤", "E14"),
    ("电梯里关了个人", "E09"),
    ("河里有人溺水", "E12"),
    ("3栋2单元着火咧", "E01"),
    # In many voices: who, where, what happens, and whom it is cried to.
    ("你好，请问能不能帮忙报警，2单元好像失火了，谢谢", "E01"),
    ("我妈说楼下小卖部着火啦", "E01"),
    ("着货了！6栋着货了", "E01"),
    ("屋企后面火烛啊！快啲走啊", "E01"),
    ("厨房燃气管断了，呼呼往外冒气", "E02"),
    ("外公突然昏过去了哪能办", "E03"),
    ("那个小区保安晕过去了你们谁懂急救啊", "E03"),
    ("老汉遭蛇咬了", "E03"),
    ("有人要跳楼", "E04"),
    ("老公喝醉酒拿皮带抽我", "E05"),
    ("娃儿找不到咯，找了半个小时", "E06"),
    ("帮找一下我爷爷，走丢了", "E07"),
    ("我妈昨晚走丢了，脑子糊涂", "E07"),
    ("高压线掉下来了", "E08"),
    ("电线断了掉在路上还在冒火花", "E08"),
    ("有人俾电电亲", "E08"),
    ("3号楼电梯里困了两个老人", "E09"),
    ("有个花盆掉下来砸到小孩头了", "E10"),
    ("我妈正在给骗子转账，拦不住", "E11"),
    ("有小孩掉河里了", "E12"),
    ("娃儿落到堰塘头去了", "E12"),
    ("有人跳河了", "E12"),
    ("超市有人抢劫", "E13"),
    ("有人揸刀斩人", "E13"),
    ("有个阿伯畀车撞亲", "E14"),
    ("大车把骑电驴的轧了", "E14"),
    ("我屋头房子垮了", "E15"),
    ("路面塌了个大坑，车掉进去了", "E15"),
    ("有人要拐小孩", "E16"),
    ("疯子在小区追着人打", "E17"),
    ("化工厂爆炸了", "E18"),
    ("我们一家都食物中毒了", "E19"),
    ("小孩被困车里了", "E20"),
    ("BB锁咗喺车入面", "E20"),
    ("操场有个学生晕倒了", "E03"),
    ("谁看到我家娃，走丢了", "E06"),
    ("三十多个人吃坏肚子送医院了", "E19"),
]
ELSE = [
    "去年5栋着火了",
    "着火了吗",
    "嗓子冒烟了",
    "我心里着火了",
    "听说5栋着火了",
    "今天热得要着火了",
    "钱包丢了",
    "我家狗走丢了",
    "手机着火了会不会爆炸",
    "电梯不困人吧",
    "昨天那个老人晕倒了后来怎么样",
    "没着火",
    "大家小心着火",
    "谁家着火了",
    "我真的冒火",
    "嗓子冒烟",
    "天然气断了",
    "我晕倒了",
    "我跟你讲他吐血了",
    "老板跳楼了",
    "孩子困了",
    "电梯卡住了",
    "电梯坏了没人",
    "电线掉下来了",
    "变压器爆了",
    "车被撞了",
    "邻居被淹了",
    "有人冲水",
    "有人跳水",
    "球掉河里了",
    "小孩差点掉河里",
    "老公抱孩子上车",
    "老公打我电话",
    "楼上神经病砸墙",
    "他拿刀切西瓜",
    "偶像房子塌了",
    "新闻说小孩被困车里",
    "抢劫啊",
    "食物中毒险怎么买",
    "",
]


@pytest.mark.parametrize(("text", "danger"), CRIES)
def test_a_plain_cry(reader: Reader, text: str, danger: str) -> None:
    assert reader.read([text])[0].emergency == danger


def test_each_class_is_cried(taxonomy: Taxonomy) -> None:
    assert {danger for _, danger in CRIES} == set(taxonomy.emergencies)


@pytest.mark.parametrize("text", ELSE)
def test_more_or_other_words_are_left_to_the_model(text: str) -> None:
    assert plain_danger(prepare(text, 500).normal) is None


def test_no_look_alike_of_the_corpus_is_a_cry() -> None:
    corpus = ROOT / "training_data" / "corpus"
    lines = [
        line.split("\t")
        for file in sorted(corpus.glob("*.confusable.tsv"))
        for line in file.read_text(encoding="utf-8").splitlines()[1:]
    ]
    texts = [text for label, _, _, text in lines if label.startswith("not:")]
    assert len(texts) > 1000
    assert [one.text for one in prepare_all(texts, 500) if plain_danger(one.normal)] == []


WITHIN = [
    ("我刚下班到家门口 有人心脏病犯了 谁有药", "E03"),
    ("我在楼下看得清清楚楚 高压线断了!谁管这个", "E08"),
    ("有人心脏病犯了谁有药啊麻烦送一下到我家来", None),
    ("", None),
]


@pytest.mark.parametrize(("normal", "danger"), WITHIN)
def test_a_clause_may_cry_among_others(normal: str, danger: str | None) -> None:
    assert cry_within(normal) == danger


DOUBTED = [
    ("我刚到家门口，有人心脏病犯了，谁有药", "E03"),
    ("去年有一次我刚到家门口，有人心脏病犯了", None),
    ("我刚到家门口就闻到一股怪味不知道谁家的", None),
]


@pytest.mark.parametrize(("text", "danger"), DOUBTED)
def test_what_the_model_only_suspects_is_an_alarm_where_a_clause_cries(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, text: str, danger: str | None
) -> None:
    monkeypatch.setattr(Judge, "_may_be_danger", lambda *_: "E01")
    monkeypatch.setattr(Judge, "_rings", lambda *_: False)
    (reading,) = reader.read([text])
    assert (reading.emergency, reading.suspicion) == (danger, None if danger else "E01")
