"""Figures and thresholds, on cases small enough to count by hand."""

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from bot.cli import measuring
from bot.cli.errors import UserError
from intake.reading import Triage
from intake.taxonomy import Level, Taxonomy
from nlp.calibrate import NEVER, Thresholds, calibration_error, fit_temperature, least_for, triage
from nlp.corpus import CorpusError, Row
from nlp.evaluate import evaluate_holdout, evaluate_model
from nlp.figures import (
    NONE,
    Confusion,
    Figure,
    f1_by_class,
    macro_f1,
    most_confused,
    resampled,
    share,
)
from nlp.holdout import Holdout, Parts, Spans, Urgent, read_holdout
from nlp.machines import folds_of
from nlp.picture import confusion_svg
from nlp.reader import Reader
from nlp.report import ROWS, Report, Wanted
from nlp.spans_measured import kind_of_mask, measure_levels, measure_spans, measure_splits
from nlp.train import fit
from nlp.urgency import level_of


def test_macro_f1() -> None:
    assert f1_by_class(["a", "a", "b"], ["a", "b", "b"]) == {"a": 2 / 3, "b": 2 / 3}
    assert macro_f1(["a"], ["a"]) == 1.0


def test_share_has_an_interval() -> None:
    figure = share([True] * 9 + [False])
    assert figure.value == 0.9
    assert 0.55 < figure.low < 0.9 < figure.high < 1.0


def test_threshold_for_a_wanted_precision() -> None:
    score = np.linspace(1, 0, 200)
    right = score > 0.4
    at = least_for(score, right, 0.96)
    assert right[score >= at].mean() >= 0.96
    assert least_for(score, np.zeros(200, dtype=bool), 0.9) == NEVER


def test_calibration() -> None:
    assert calibration_error(np.full(100, 0.75), np.arange(100) < 75) == pytest.approx(0, abs=1e-9)
    scores = np.asarray([[1.0, 0.0]] * 10)
    assert fit_temperature(scores, [0] * 10) < fit_temperature(scores, [0] * 6 + [1] * 4)


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [(0.9, 0.05, Triage.AUTO), (0.5, 0.3, Triage.ASK), (0.3, 0.2, Triage.HUMAN)],
)
def test_triage(first: float, second: float, wanted: Triage) -> None:
    assert triage(first, second, Thresholds(0.8, 0.7)) is wanted


def test_folds_keep_a_writer_together() -> None:
    rows = [Row("a", "x", writer=f"w{n % 4}") for n in range(40)]
    parts = folds_of(rows)
    assert all(len({parts[i] for i in range(n, 40, 4)}) == 1 for n in range(4))


def test_urgency_rises_by_one_step() -> None:
    assert level_of(Level.C, "SZ", "老人在这里摔了一跤 摔伤人") is Level.B
    assert level_of(Level.B, "JF", "水漏到插座里了") is Level.A
    assert level_of(Level.C, "ZW", "水漏到插座里了") is Level.C
    assert level_of(Level.A, "GY", "停水") is Level.A


def test_a_report_of_the_training_lines(reader: Reader, rows: list[Row]) -> None:
    report = evaluate_model(reader, rows)
    assert report.figures["item_top1"].value > 0.8
    assert report.figures["gate_recall"].value > 0.7
    assert {"w0", "w1", "w2"} <= set(report.groups["writer"])
    assert set(report.as_mapping()) <= set(report.figures)


def test_every_figure_has_a_row(reader: Reader) -> None:
    figures = evaluate_holdout(reader, Holdout()).figures
    # The categories of chats are counted with their lines; the rest of ROWS is for foreign labels.
    assert set(figures) - {row.key for row in ROWS} == {"talk_danger_false_alike", "mask_f1"}
    assert all(figure == NONE or figure.lines == 0 for figure in figures.values())


def test_resampling_is_seeded_and_holds_its_value() -> None:
    values = np.linspace(0, 1, 50)
    one, two = (resampled(50, lambda pick: float(values[pick].mean())) for _ in range(2))
    assert one == two
    assert one.value == pytest.approx(0.5)
    assert one.low < one.value < one.high
    assert resampled(0, lambda pick: 1.0) is NONE


@pytest.mark.parametrize(
    ("wanted", "value", "reached"),
    [
        (Wanted(0.9), 0.9, True),
        (Wanted(0.9), 0.89, False),
        (Wanted(0.02, least=False), 0.02, True),
        (Wanted(0.02, least=False), 0.021, False),
    ],
)
def test_what_is_reached(wanted: Wanted, value: float, reached: bool) -> None:
    assert wanted.reached(Figure(value, 0, 1, 10)) is reached


def test_confusions() -> None:
    truth, read = ["a", "a", "b"], ["a", "b", "b"]
    assert Confusion.of(truth, read, ["a", "b"]).counts == ((1, 1), (0, 1))
    assert most_confused(truth, read) == [("a", "b", 1)]


# A chat in three lines, a number to mask with a place, two requests in one message, and a level.
CHAT = (
    Row("SZ03", "楼下路灯又不亮了", "p", "plain", "x"),
    Row("chat", "今天天气真好", "p", "plain", "x"),
    Row("E01", "着火了,五楼窗口冒黑烟,快打119", "p", "plain", "x"),
)
SPANS = (
    Spans("3栋楼下的灯坏了,打13800138000找我", ("13800138000",), ("3栋楼下",)),
    Spans("取件码5-2-3021", (), ()),
    Spans("我QQ号是 10001", ("10001",), ()),
)


def test_a_whole_holdout(reader: Reader) -> None:
    holdout = Holdout((), {"x": CHAT}, SPANS)
    report = evaluate_holdout(reader, holdout)
    assert report.figures["talk_gate_recall"] == share([True, True])
    assert report.figures["talk_gate_false"] == share([False])
    assert report.groups["transcript"] == {"x": share([True] * 3)}
    assert report.groups["kind in chats"] == {"chat": share([True])}
    assert report.figures["mask_recall"] == share([True, False])
    assert report.figures["mask_precision"] == share([True])
    assert report.figures["mask_covered"] == share([True] * 11 + [False] * 5)
    assert report.figures["place_recall"] == share([True])
    assert report.groups["kind of mask"] == {"landline": share([False]), "phone": share([True])}
    text = report.text()
    assert "no labelled lines" in text
    assert "masked exactly by kind of data, the worst first\n  landline" in text


def test_overlap_counts_signs(reader: Reader) -> None:
    """A place marked longer than it is found: no exact hit, most of its signs shared."""
    text = "3栋楼下的灯坏了"
    figures, _ = measure_spans(reader, [Spans(text, (), ("3栋楼下的灯",))])
    assert figures["place_f1"].value == 0
    assert 0.7 < figures["place_overlap_f1"].value < 0.9


def test_splits_and_levels(reader: Reader) -> None:
    both = "1.楼下路灯又不亮了 2.电梯坏了三天没人修"
    parts = Parts(both, (("SZ03", "楼下路灯又不亮了"), ("WY01", "电梯坏了三天没人修")))
    figures = measure_splits(reader, [parts])
    assert figures["split_count"] == share([True])
    assert figures["split_recall"] == share([True, True])
    urgent = measure_levels(reader, [Urgent("楼下路灯又不亮了", "SZ03", Level.A)])
    assert urgent["level_right"] == share([False])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("13800138000", "phone"),
        ("+86 138-0013-8000", "phone"),
        ("一三八零零一三八零零零", "phone"),
        ("+852 9123 4567", "phone"),
        ("0757-8123 4567", "landline"),
        ("110105194912310021", "id"),
        ("6222 0212 3456 7890 128", "card"),
        ("粤E·12345", "plate"),
        ("lin_shop_gz", "wechat"),
        ("a.b@example.com", "email"),
        ("3栋2单元501", "address"),
    ],
)
def test_the_kind_of_a_marked_stretch(text: str, kind: str) -> None:
    assert kind_of_mask(text) == kind


HEADER = "label\tpersona\tvoice\ttext\n"


def test_the_kinds_of_files(tmp_path: Path, taxonomy: Taxonomy) -> None:
    (tmp_path / "x.tsv").write_text(HEADER + "SZ03\tp\tplain\t路灯不亮\n", "utf-8")
    (tmp_path / "x.a.transcript.tsv").write_text(HEADER + "chat\tp\tplain\t好的\n", "utf-8")
    (tmp_path / "x.spans.jsonl").write_text(
        json.dumps({"text": "打110", "mask": [], "place": []}) + "\n", "utf-8"
    )
    (tmp_path / "x.split.jsonl").write_text(
        json.dumps({"text": "灯坏了", "parts": [["SZ03", "灯坏了"]]}), "utf-8"
    )
    (tmp_path / "x.level.jsonl").write_text(
        json.dumps({"text": "灯坏了", "label": "SZ03", "level": "C"}), "utf-8"
    )
    found = read_holdout(tmp_path, taxonomy)
    assert [row.text for row in found.lines] == ["路灯不亮"]
    assert list(found.chats) == ["x.a"]
    assert (len(found.spans), len(found.splits), len(found.levels)) == (1, 1, 1)


@pytest.mark.parametrize(
    ("name", "line", "said"),
    [
        ("x.spans.jsonl", '{"text": "灯", "mask": ["1"], "place": []}', "“1” is no part"),
        ("x.spans.jsonl", '{"text": "灯", "mask": []}', "place"),
        ("x.split.jsonl", '{"text": "灯", "parts": [["XX9", "灯"]]}', "unknown label XX9"),
        ("x.level.jsonl", '{"text": "灯", "label": "SZ03", "level": "D"}', "D"),
        ("x.level.jsonl", "nonsense", "Expecting value"),
    ],
)
def test_mistakes_name_their_line(
    tmp_path: Path, taxonomy: Taxonomy, name: str, line: str, said: str
) -> None:
    (tmp_path / name).write_text(line + "\n", "utf-8")
    with pytest.raises(CorpusError, match=f"{name}, line 1: .*{said}"):
        read_holdout(tmp_path, taxonomy)


def test_the_picture_is_a_picture(reader: Reader, rows: list[Row]) -> None:
    report = evaluate_model(reader, rows)
    drawn = ElementTree.fromstring(confusion_svg(report))
    assert drawn.tag.endswith("svg")
    titles = [title.text or "" for title in drawn.iter("{http://www.w3.org/2000/svg}title")]
    assert any(title.startswith("SZ read as SZ: ") for title in titles)
    with pytest.raises(ValueError, match="no confusions"):
        confusion_svg(Report({}))


def test_the_command(
    reader: Reader, tmp_path: Path, taxonomy: Taxonomy, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.tsv").write_text(HEADER + "SZ03\tp\tplain\t楼下路灯不亮\n", "utf-8")
    monkeypatch.setattr(measuring, "HOLDOUT", tmp_path)
    monkeypatch.setattr(measuring, "load_reader", lambda settings, folder: (reader, taxonomy))
    picture = tmp_path / "e.svg"
    said = CliRunner().invoke(measuring.evaluate, ["--json", "--picture", str(picture)])
    found = {row["key"]: row for row in json.loads(said.stdout)["figures"]}
    assert found["item_top1"]["value"] == 1.0
    assert found["mask_recall"] == {
        "key": "mask_recall",
        "name": "personal data masked, exactly",
        "where": "spans",
        "value": None,
        "low": None,
        "high": None,
        "lines": 0,
        "wanted": {"at_least": 0.99},
        "reached": None,
    }
    assert picture.read_text("utf-8").startswith("<svg")
    assert "category, macro-F1" in CliRunner().invoke(measuring.evaluate, []).stdout


def test_a_model_with_other_labels_is_not_measured_on_ours(
    taxonomy: Taxonomy, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [Row("灯", "路灯不亮"), Row("灯", "灯坏了"), Row("水", "停水了"), Row("水", "没水")]
    foreign = Reader(fit(lines, calibrated=False), taxonomy)
    monkeypatch.setattr(measuring, "load_reader", lambda settings, folder: (foreign, taxonomy))
    refused = CliRunner().invoke(measuring.evaluate, [])
    assert isinstance(refused.exception, UserError)
    assert "labels of its own" in str(refused.exception)
