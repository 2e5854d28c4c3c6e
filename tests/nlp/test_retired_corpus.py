"""Training and measuring with lines whose item is retired since: the corpus is not rewritten for it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from small_model import HELD_BACK, LINES, write

from intake.taxonomy import Retired, Taxonomy
from nlp.corpus import CHAT_HEADER, HEADER, ChatLine, CorpusError, read_tsv
from nlp.corpus_folder import read_folder
from nlp.holdout import read_holdout
from nlp.reader import Reader
from nlp.train import fit

GONE, INSTEAD = "SZ03", "SZ04"


def without(taxonomy: Taxonomy, instead: str | None) -> Taxonomy:
    """The taxonomy after the lamps were retired."""
    items = {code: item for code, item in taxonomy.items.items() if code != GONE}
    return replace(taxonomy, items=items, retired={GONE: Retired(GONE, "路灯不亮", instead)})


def tsv(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> str:
    return "\n".join("\t".join(row) for row in (header, *rows))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A line, a whole chat and a recording in which a lamp is told of."""
    lamp, hole = (GONE, "li", "plain", "路灯不亮"), ("SZ01", "li", "plain", "路面一个大坑")
    (tmp_path / "w1.tsv").write_text(tsv(lamp, hole), encoding="utf-8")
    chat = tsv(
        (GONE, "li", "plain", "resident", "-", "3栋路灯不亮"),
        ("report_back", "wu", "plain", "property", "1", "明天来换"),
        header=CHAT_HEADER,
    )
    (tmp_path / "w2.transcript.tsv").write_text(chat, encoding="utf-8")
    said = [
        {"id": "a", "sender": "li", "role": "resident", "text": "巷口路灯坏了"}
        | {"gold_kind": "request", "gold_item": [GONE]},
        {"id": "b", "sender": "wu", "role": "property", "text": "收到", "reply_to": "a"}
        | {"gold_kind": "report_back"},
    ]
    lines = "\n".join(json.dumps(one, ensure_ascii=False) for one in said)
    (tmp_path / "w3.talk.jsonl").write_text(lines, encoding="utf-8")
    return tmp_path


def test_lines_are_learned_as_what_took_their_place(folder: Path, taxonomy: Taxonomy) -> None:
    rows = read_folder(folder, without(taxonomy, INSTEAD))
    labels = [row.label for row in rows]
    assert labels == [INSTEAD, "SZ01", INSTEAD, "report_back", INSTEAD, "report_back"]
    assert [row.text for row in rows if row.label == INSTEAD] == [
        "路灯不亮",
        "3栋路灯不亮",
        "巷口路灯坏了",
    ]
    assert {row.label for row in read_folder(folder, taxonomy)} == {GONE, "SZ01", "report_back"}


def test_where_nothing_took_their_place_they_teach_nothing(
    folder: Path, taxonomy: Taxonomy
) -> None:
    rows = read_folder(folder, without(taxonomy, None))
    assert [row.label for row in rows] == ["SZ01", "report_back", "report_back"]
    # The lines of a chat keep their numbers, and what they reply to.
    assert rows[1].in_chat == ChatLine(2, "property", replies_to=1, chat="w2")


def test_an_item_that_is_simply_gone_is_still_a_mistake(folder: Path, taxonomy: Taxonomy) -> None:
    gone = replace(without(taxonomy, None), retired={})
    with pytest.raises(CorpusError, match="line 2: unknown label SZ03"):
        read_tsv(folder / "w1.tsv", gone)
    (folder / "w1.tsv").unlink()
    (folder / "w2.transcript.tsv").unlink()
    with pytest.raises(CorpusError, match="line 1: unknown label SZ03"):
        read_folder(folder, gone)


def test_the_holdout_measures_what_took_their_place(folder: Path, taxonomy: Taxonomy) -> None:
    split = {"text": "路灯不亮,电梯又停", "parts": [[GONE, "路灯不亮"], ["WY01", "电梯又停"]]}
    level = {"text": "路灯不亮", "label": GONE, "level": "C"}
    for kind, row in (("split", split), ("level", level)):
        line = json.dumps(row, ensure_ascii=False)
        (folder / f"w4.{kind}.jsonl").write_text(line, encoding="utf-8")
    measured = read_holdout(folder, without(taxonomy, INSTEAD))
    assert [row.label for row in measured.lines] == [INSTEAD, "SZ01"]
    assert [row.label for row in measured.chats["w2"]] == [INSTEAD, "report_back"]
    assert measured.splits[0].parts == ((INSTEAD, "路灯不亮"), ("WY01", "电梯又停"))
    assert measured.levels[0].label == INSTEAD
    none = read_holdout(folder, without(taxonomy, None))
    assert [row.label for row in none.lines] == ["SZ01"]
    assert (none.splits, none.levels) == ((), ())


@pytest.mark.parametrize("instead", [INSTEAD, None])
def test_a_model_is_trained_on_an_old_corpus(
    tmp_path: Path, taxonomy: Taxonomy, instead: str | None
) -> None:
    later = without(taxonomy, instead)
    write(tmp_path / "corpus", LINES)
    write(tmp_path / "holdout", HELD_BACK)
    model = fit(read_folder(tmp_path / "corpus", later), later, calibrated=False)
    assert GONE not in model.answers.labels
    # No Reader refuses it, and the old lines taught what they are now.
    (reading,) = Reader(model, later).read(["楼下路灯又不亮了"])
    guessed = {guess.item for guess in reading.guesses}
    assert GONE not in guessed
    assert (reading.guesses[0].item == INSTEAD) is (instead is not None)
