"""Shared by the tests of the language part: one segmenter and one small trained model a session."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from intake.taxonomy import Taxonomy
from nlp.corpus import Row
from nlp.model import Model, save
from nlp.places import PlaceFinder
from nlp.reader import Reader
from nlp.segment import Segmenter
from nlp.train import fit

ROOT = Path(__file__).resolve().parents[2]
WORDS = ROOT / "training_data" / "dictionaries" / "words.txt"

# Enough to tell a handful of subjects apart; all other items are known by their definitions.
LINES = """
SZ03	3栋楼下路灯又不亮了
SZ03	楼下路灯又不亮了
SZ03	下班那条巷子黑漆漆,灯全坏了
SZ03	路灯闪了一个礼拜没人修
SZ03	村口的灯好几天没亮,走路要打手电
SZ01	校门口路面一个大坑,车轮都陷进去
SZ01	这条路坑坑洼洼颠死人
WY01	电梯又停了,老人爬十楼
WY01	我们单元电梯坏了三天没人修
LD01	老板三个月没发工资了
LD01	包工头跑了,工钱一分没结
SR01	空地垃圾堆成山,苍蝇满天飞
SR01	巷口的垃圾没人清,臭死了
HZ02	家里水龙头坏了,有没有师傅帮忙修一下
HZ02	灯泡坏了够不着,求帮换一下
HZ04	有没有人有轮椅借我妈用两天
JF01	楼上漏水滴到我家天花板,他还不认
GY01	又停水了,什么时候来水
GY04	整栋楼没电,空调都开不了
chat	今天天气真好
chat	哈哈哈笑死我了
chat	晚上吃什么好呢
chat	孩子作业写完了吗
chat	到了没有
chat	在吗
chat	你下班了吗
chat	昨天的电影好看
chat	楼下桂花开了好香
chat	刚到家,累死了
chat	周末去爬山吗
chat	这首歌真好听
chat	孙子考了一百分
chat	明天几点的车
chat	你在哪里呀
chat	好的,收到
chat	火锅走不走
chat	我家猫又拆沙发了
chat	嗯嗯,知道了
thanks	谢谢师傅,修得真快
thanks	谢谢大家
thanks	谢谢,太感谢了
thanks	感谢热心的邻居,谢谢
thanks	多谢各位,辛苦大家
thanks	感谢物业,辛苦了
ad	团购车厘子,接龙下单,明天到货
ad	全场五折,欢迎到店选购
notice	【通知】明天上午九点到十一点停水检修
plus_one	我家也是,+1
chase	上次报的那个有结果了吗
report_back	已到现场,师傅在修了
E01	着火了,五楼窗口冒黑烟,快打119
E01	厨房着火了,救命
E03	有人晕倒在门口,口吐白沫,快叫救护车
E09	我被困在电梯里了,里面好热
not:E01	这歌听得我热血沸腾,火到不行
not:E03	笑到我要晕倒了
"""


@pytest.fixture(scope="session")
def segmenter() -> Segmenter:
    return Segmenter.from_jieba(WORDS, rare=3)


@pytest.fixture(scope="session")
def places(segmenter: Segmenter) -> PlaceFinder:
    return PlaceFinder(segmenter)


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    raw = yaml.safe_load((ROOT / "training_data" / "taxonomy.yaml").read_text(encoding="utf-8"))
    return Taxonomy.from_mapping(raw)


@pytest.fixture(scope="session")
def rows() -> list[Row]:
    pairs = [line.split("\t") for line in LINES.strip().splitlines()]
    return [
        Row(label, text, f"p{n % 7}", "plain", f"w{n % 3}") for n, (label, text) in enumerate(pairs)
    ]


@pytest.fixture(scope="session")
def model(rows: list[Row], taxonomy: Taxonomy) -> Model:
    return fit(rows, taxonomy, WORDS)


@pytest.fixture(scope="session")
def model_dir(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    save(model, folder)
    return folder


@pytest.fixture(scope="session")
def reader(model_dir: Path, taxonomy: Taxonomy) -> Reader:
    return Reader.load(model_dir, taxonomy)
