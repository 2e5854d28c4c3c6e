"""The learned tagger, as a table by the convention, and what must hold of it whatever it learned."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from intake.reading import Span
from nlp.model import Model, load, save
from nlp.normalise import fold
from nlp.place_eye import PlaceTableError
from nlp.place_tagger import PlaceTable, PlaceTagger
from nlp.place_training import PlaceRowsError, read_place_rows, train_places
from nlp.places import PlaceFinder, is_bare_place
from nlp.segment import Segmenter

ROOT = Path(__file__).resolve().parents[2]
MARKED = ROOT / "training_data" / "places"

PLACES = [
    ("18栋楼下的灯全灭了", ["18栋楼下"]),
    ("4栋1单元楼道灯不亮", ["4栋1单元楼道"]),
    ("菜市场门口垃圾堆成山", ["菜市场门口"]),
    ("幼儿园对面有人乱停车", ["幼儿园对面"]),
    ("9栋电梯又坏了", ["9栋"]),
    ("村口的路灯不亮", ["村口"]),
    ("祠堂門口好多垃圾", ["祠堂門口"]),
    ("公园里有人打架", ["公园里"]),
    ("天台有人养鸡", ["天台"]),
    ("地下车库积水了", ["地下车库"]),
    ("学校门口堵车", ["学校门口"]),
    ("超市旁边下水道堵了", ["超市旁边"]),
    ("12栋和13栋之间的空地堆满垃圾", ["12栋和13栋之间的空地"]),
    ("3栋、5栋停水了", ["3栋", "5栋"]),
    ("小区东门道闸坏了", ["小区东门"]),
    ("河边有人电鱼", ["河边"]),
    ("楼道里堆满纸箱", ["楼道里"]),
    ("电梯口有人抽烟", ["电梯口"]),
    ("桥底有人瞓觉", ["桥底"]),
    ("巷口有只流浪狗", ["巷口"]),
    ("街市後門好臭", ["街市後門"]),
    ("社区医院门口堵死了", ["社区医院门口"]),
    ("十字路口红绿灯坏了", ["十字路口"]),
    ("广场上有人放鞭炮", ["广场上"]),
    ("篮球场灯不亮", ["篮球场"]),
    ("公交站旁边的树倒了", ["公交站旁边"]),
    ("三楼楼梯间堆满杂物", ["三楼楼梯间"]),
    ("二楼漏水到一楼", ["二楼", "一楼"]),
    ("消防通道被车堵了", ["消防通道"]),
    ("后门锁坏了", ["后门"]),
    ("垃圾站臭死了", ["垃圾站"]),
    ("派出所旁边有人摆摊", ["派出所旁边"]),
    ("停车场有人偷电瓶", ["停车场"]),
    ("菜市场后面那条路没灯", ["菜市场后面那条路"]),
    ("今天吃什么", []),
    ("路灯不亮了", []),
    ("电梯坏了三天没人修", []),
    ("谢谢大家", []),
    ("街坊们晚上好", []),
    ("我想问一下医保怎么报销", []),
    ("孩子作业没人辅导", []),
    ("老板三个月没发工资", []),
    ("他说得有道理", []),
    ("这个月电费好贵", []),
]


@pytest.fixture(scope="module")
def table(segmenter: Segmenter) -> PlaceTable:
    rows = [row for reader in read_place_rows(MARKED).values() for row in reader]
    return train_places(rows, segmenter)


@pytest.fixture(scope="module")
def learned(segmenter: Segmenter, table: PlaceTable) -> PlaceFinder:
    return PlaceFinder(segmenter, table)


@pytest.mark.parametrize(("text", "wanted"), PLACES)
def test_places(learned: PlaceFinder, text: str, wanted: list[str]) -> None:
    assert [span.of(text) for span in learned.find(fold(text))] == wanted


def test_a_message_reads_the_same_alone_and_in_company(learned: PlaceFinder) -> None:
    texts = [fold(text) for text, _ in PLACES] * 7 + [fold(""), fold("\u200b3\u200b栋楼下黑")]
    together = learned.find_all(texts, [()] * len(texts))
    assert together == [learned.find(text) for text in texts]


@pytest.mark.parametrize("text", ["", " ", "楼", "楼下", "🏠", "𠮶度", "\ud800", "楼" * 700])
def test_whatever_is_typed(learned: PlaceFinder, text: str) -> None:
    spans = learned.find(fold(text))
    assert all(0 <= span.start < span.end <= len(text) for span in spans)


@pytest.mark.parametrize(
    ("text", "names", "wanted"),
    [
        ("花果山那边没灯", ["花果山"], ["花果山那边"]),
        ("大炮台路灯坏了", ["大炮台"], ["大炮台"]),
        ("12栋漏水,肥佬士多停电", ["肥佬士多"], ["12栋", "肥佬士多"]),
    ],
)
def test_a_grids_own_names_are_always_found(
    learned: PlaceFinder, text: str, names: list[str], wanted: list[str]
) -> None:
    assert [span.of(text) for span in learned.find(fold(text), names)] == wanted


@pytest.mark.parametrize("text", ["3栋楼下", "就在3栋楼下这里。", "菜市场后门", "三棟二單元"])
def test_a_bare_place(learned: PlaceFinder, text: str) -> None:
    assert is_bare_place(text, learned.find(fold(text)))


def test_invisible_signs_do_not_shift_the_span(learned: PlaceFinder) -> None:
    text = "\u200b3\u200b栋楼下黑"
    assert [span.of(text) for span in learned.find(fold(text))] == ["3\u200b栋楼下"]


def test_without_a_table_the_grammar_answers(segmenter: Segmenter) -> None:
    assert PlaceFinder(segmenter).find(fold("3栋楼下黑")) == (Span(0, 4),)


def test_the_same_lines_give_the_same_table(segmenter: Segmenter) -> None:
    rows = read_place_rows(MARKED)["annotator_5"][:300]
    one, other = (train_places(rows, segmenter).arrays() for _ in range(2))
    assert all(np.array_equal(one[name], other[name]) for name in one)


def test_a_table_survives_storage(segmenter: Segmenter, table: PlaceTable, tmp_path: Path) -> None:
    np.savez(tmp_path / "arrays.npz", allow_pickle=False, **table.arrays())
    with np.load(tmp_path / "arrays.npz", allow_pickle=False) as stored:
        read = PlaceTable.from_arrays({name: stored[name] for name in stored.files})
    assert read is not None
    texts = [text for text, _ in PLACES]
    assert PlaceTagger(segmenter, read).find(texts) == PlaceTagger(segmenter, table).find(texts)
    assert PlaceTable.from_arrays({}) is None


def test_a_table_of_another_dictionary_is_refused(segmenter: Segmenter, table: PlaceTable) -> None:
    with pytest.raises(PlaceTableError, match="train anew"):
        PlaceTagger(segmenter, replace(table, classes=table.classes[1:]))
    with pytest.raises(PlaceTableError, match="wrong shape"):
        replace(table, steps=table.steps[1:])


@pytest.mark.parametrize(
    "line",
    [
        '{"text": "3栋黑", "place": ["5栋"]}',
        '{"text": "3栋"}',
        "3栋",
        '{"text": "3栋", "place": [""]}',
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "reader.jsonl").write_text(f'{{"text": "好", "place": []}}\n{line}\n')
    with pytest.raises(PlaceRowsError, match=r"reader\.jsonl, line 2: .*write"):
        read_place_rows(tmp_path)


def test_nothing_marked_is_nothing_to_learn(tmp_path: Path, segmenter: Segmenter) -> None:
    (tmp_path / "reader.jsonl").write_text('{"text": "好", "place": []}\n')
    with pytest.raises(PlaceRowsError, match="nothing to learn"):
        train_places(read_place_rows(tmp_path)["reader"], segmenter)


def test_a_model_keeps_its_table_and_may_have_none(
    model: Model, table: PlaceTable, tmp_path: Path
) -> None:
    save(replace(model, places=table), tmp_path / "with")
    save(model, tmp_path / "without")
    kept = load(tmp_path / "with").places
    assert kept is not None
    assert np.array_equal(kept.weights, table.weights)
    assert load(tmp_path / "without").places is None
