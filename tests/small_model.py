"""A model of two dozen lines, made in a moment, for tests of a model's life."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.learning import Gathered, Material, train
from bot.places import DICTIONARIES
from bot.taxonomy_file import load_taxonomy
from nlp.corpus import HEADER, Row
from nlp.corpus_folder import read_folder
from nlp.lessons import WEIGHT
from nlp.model import save
from nlp.train import fit

LINES = """
SZ03	3栋楼下路灯又不亮了
SZ03	楼下路灯又不亮了
SZ03	下班那条巷子黑漆漆,灯全坏了
SZ03	路灯闪了一个礼拜没人修
SZ03	村口的灯好几天没亮,走路要打手电
SZ03	巷口路灯坏了
SZ01	校门口路面一个大坑,车轮都陷进去
SZ01	这条路坑坑洼洼颠死人
WY01	电梯又停了,老人爬十楼
WY01	我们单元电梯坏了三天没人修
LD01	老板三个月没发工资了
SR01	空地垃圾堆成山,苍蝇满天飞
SR01	巷口的垃圾没人清,臭死了
GY01	又停水了,什么时候来水
chat	今天天气真好
chat	哈哈哈笑死我了
chat	晚上吃什么好呢
chat	孩子作业写完了吗
chat	你下班了吗
chat	昨天的电影好看
chat	楼下桂花开了好香
chat	周末去爬山吗
thanks	谢谢师傅,修得真快
thanks	谢谢大家
E01	着火了,五楼窗口冒黑烟,快打119
E03	有人晕倒在门口,口吐白沫,快叫救护车
E01	厨房着火了,救命
E03	老人摔倒了起不来,快叫救护车
E01	楼下起火了,快打119
E03	有人晕过去了,没反应
not:E01	这歌听得我热血沸腾,火到不行
"""
HELD_BACK = """
SZ03	5栋楼下路灯不亮了
SZ03	巷子里灯坏了,黑漆漆
SZ03	路灯又闪了没人修
SZ03	村口的灯没亮
SZ03	楼下路灯坏了
SZ03	路灯好几天不亮
chat	今天天气不错
chat	周末看电影吗
E01	五楼着火了,快打119
"""


def write(folder: Path, lines: str) -> None:
    folder.mkdir()
    rows = [line.split("\t") for line in lines.strip().splitlines()]
    shown = [f"{label}\tp{n % 7}\tplain\t{text}" for n, (label, text) in enumerate(rows)]
    (folder / "writer_a.tsv").write_text("\n".join(["\t".join(HEADER), *shown]), encoding="utf-8")


@pytest.fixture(scope="session")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    """A corpus of two dozen lines, and the model that is made of it."""
    folder = tmp_path_factory.mktemp("material")
    write(folder / "corpus", LINES)
    write(folder / "holdout", HELD_BACK)
    found = Material(
        load_taxonomy(),
        folder / "corpus",
        folder / "holdout",
        DICTIONARIES / "words.txt",
        folder / "built",
        folder / "places",
    )
    train(found, Gathered(), found.built, lambda _line: None)
    return found


@pytest.fixture(scope="session")
def vandal(material: Material, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that believed sixty wrong corrections of one person, weighed without bounds."""
    corpus = read_folder(material.corpus, material.taxonomy)
    lamps = [row for row in corpus if row.label == "SZ03"]
    wrong = [
        Row("JT04", f"{lamps[n % len(lamps)].text}{n}", writer="examples", weight=WEIGHT)
        for n in range(60)
    ]
    model = fit([*corpus, *wrong], material.taxonomy, material.words, calibrated=False)
    folder = tmp_path_factory.mktemp("vandal")
    save(model, folder)
    return folder
