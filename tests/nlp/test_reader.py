"""Readings, as the desk gets them."""

import time
from pathlib import Path

import pytest

from intake.reading import Kind, Reading, Triage
from intake.taxonomy import Level, Taxonomy, Visibility
from nlp.corpus import Row
from nlp.privacy import COVER
from nlp.reader import Reader
from nlp.train import TrainingError, fit, train_model
from tests.nlp.conftest import WORDS


def one(reader: Reader, text: str) -> Reading:
    return reader.read([text])[0]


@pytest.mark.parametrize(
    ("text", "kind", "item"),
    [
        ("3栋楼下路灯又不亮了", Kind.REQUEST, "SZ03"),
        ("老板三个月没发工资了", Kind.REQUEST, "LD01"),
        ("我们单元电梯坏了三天没人修", Kind.REQUEST, "WY01"),
        ("家里水龙头坏了,有没有师傅帮忙修一下", Kind.WISH, "HZ02"),
        ("哈哈哈笑死我了", Kind.CHAT, None),
        ("感谢大家,谢谢", Kind.THANKS, None),
        ("[图片]", Kind.MEDIA_ONLY, None),
        ("", Kind.CHAT, None),
        ("\u200b", Kind.CHAT, None),
        ("3栋楼下", Kind.CHAT, None),
    ],
)
def test_kind_and_item(reader: Reader, text: str, kind: Kind, item: str | None) -> None:
    reading = one(reader, text)
    assert (reading.kind, reading.item) == (kind, item)


def test_what_follows_from_the_item(reader: Reader, taxonomy: Taxonomy) -> None:
    reading = one(reader, "3栋楼下路灯又不亮了")
    item = taxonomy.items["SZ03"]
    assert (reading.category, reading.lead, reading.level) == ("SZ", item.lead, item.level)
    assert reading.visibility is item.visibility
    assert reading.place == "3栋楼下"
    assert "路灯" in reading.because
    assert len(reading.guesses) == 3
    chances = [guess.probability for guess in reading.guesses]
    assert chances == sorted(chances, reverse=True)


def test_chatter_has_guesses_but_no_item(reader: Reader) -> None:
    reading = one(reader, "今天天气真好")
    assert len(reading.guesses) == 3
    assert (reading.item, reading.category, reading.level, reading.lead) == (None,) * 4
    assert reading.because == ()


def test_a_danger_is_a_request_of_level_a(reader: Reader) -> None:
    reading = one(reader, "着火了,五楼窗口冒黑烟,快打119")
    assert (reading.emergency, reading.kind, reading.level) == ("E01", Kind.REQUEST, Level.A)
    assert reading.triage is Triage.AUTO


def test_a_bare_place_is_known(reader: Reader) -> None:
    assert one(reader, "3栋楼下").bare_place
    assert not one(reader, "3栋楼下路灯又不亮了").bare_place


def test_personal_data_is_covered_and_no_reason(reader: Reader) -> None:
    text = "我电话13800138000,3栋2单元501路灯不亮"
    reading = one(reader, text)
    assert reading.masked_text == f"我电话{COVER},{COVER}路灯不亮"
    assert not any("138" in word or "501" in word for word in reading.because)


def test_because_quotes_the_neighbours_own_spelling(reader: Reader) -> None:
    text = "樓下路燈唔着,路燈壞咗幾日"
    assert all(word in text for word in one(reader, text).because)


def test_a_batch_reads_like_one_by_one(reader: Reader) -> None:
    texts = ["3栋楼下路灯又不亮了", "", "哈哈", "老板三个月没发工资了", "x" * 3000]
    assert reader.read(texts) == [one(reader, text) for text in texts]


def test_the_size_of_a_batch_changes_nothing(reader: Reader, rows: list[Row]) -> None:
    texts = [row.text for row in rows] + ["我电话13800138000,3栋2单元501路灯不亮", "樓下路燈唔着"]
    alone = [one(reader, text) for text in texts]
    for size in (2, 7, 64, 1000):
        parts = [texts[at : at + size] for at in range(0, len(texts), size)]
        assert [reading for part in parts for reading in reader.read(part)] == alone


def test_local_places(reader: Reader) -> None:
    text = "花果山没灯"
    assert reader.read([text], [["花果山"]])[0].place == "花果山"
    with pytest.raises(ValueError, match="one entry a text"):
        reader.read([text], [])


@pytest.mark.parametrize(
    "text",
    [
        "路灯" * 16000,
        "1" * 65536,
        "一" * 65536,
        "a1 " * 20000,
        "住3栋" * 20000,
        "\x00" * 5000,
        "🎉" * 5000,
        "\u202e路灯",
        "a" * 65536,
        "١٢٣",
        "\ud800",
        "[图片] " * 40 + "x",
        "3栋楼下" + "就是" * 40 + "x",
        "3栋501和" * 10_000,
    ],
)
def test_odd_input_is_read_in_time(reader: Reader, text: str) -> None:
    began = time.perf_counter()
    assert one(reader, text).text == text
    assert time.perf_counter() - began < 10


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("3栋楼下路灯又不亮了。老板三个月没发工资了", 2),
        ("1.3栋楼下路灯又不亮了 2.我们单元电梯坏了三天没人修", 2),
        ("3栋楼下路灯又不亮了", 1),
        ("楼下路灯又不亮了。路灯闪了一个礼拜没人修", 1),
        ("哈哈哈。今天天气真好", 1),
    ],
)
def test_split(reader: Reader, text: str, parts: int) -> None:
    found = reader.split(text)
    assert len(found) == parts
    assert parts > 1 or found == [text]


def test_somebody_elses_labels(tmp_path: Path, taxonomy: Taxonomy) -> None:
    rows = [
        Row(label, f"{word}{n}号")
        for n in range(12)
        for label, word in (("水", "停水"), ("电", "停电"))
    ]
    train_model(rows, tmp_path, None, WORDS)
    reading = Reader.load(tmp_path, taxonomy).read(["又停电了"])[0]
    assert (reading.category, reading.item, reading.kind) == ("电", None, Kind.REQUEST)
    assert reading.visibility is None


def test_lines_that_make_no_model(taxonomy: Taxonomy) -> None:
    with pytest.raises(TrainingError, match="two labels"):
        fit([Row("a", "x")], None, WORDS)
    with pytest.raises(TrainingError, match="no line"):
        fit([Row("chat", "x")], taxonomy, WORDS)


def test_private_matters_stay_private(reader: Reader, taxonomy: Taxonomy) -> None:
    private = {c for c, i in taxonomy.items.items() if i.visibility is Visibility.PRIVATE}
    reading = one(reader, "老板三个月没发工资了")
    assert (reading.item in private) == (reading.visibility is Visibility.PRIVATE)


def test_places_side_by_side_are_several(reader: Reader) -> None:
    reading = one(reader, "三栋、五栋、九栋楼下都停水了")
    assert [span.of(reading.text) for span in reading.places] == ["三栋", "五栋", "九栋楼下"]


def test_a_message_in_doubt_is_read_both_ways(reader: Reader) -> None:
    call = one(reader, "3栋楼下路灯又不亮了")
    assert call.otherwise is not None
    assert not call.otherwise.kind.asks
    assert (call.otherwise.item, call.otherwise.visibility) == (None, None)
    assert one(reader, "着火了,五楼窗口冒黑烟,快打119").otherwise is None
