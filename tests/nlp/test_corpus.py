"""Training lines: read, or refused with file and line."""

import json
from pathlib import Path

import pytest

from intake.taxonomy import Taxonomy
from nlp.corpus import SUPPLEMENT, ChatLine, CorpusError, fingerprint, read_jsonl, read_tsv
from nlp.corpus_folder import read_folder

HEAD = "label\tpersona\tvoice\ttext\n"


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_our_own_format(tmp_path: Path, taxonomy: Taxonomy) -> None:
    lines = "SZ03\tli\tplain\t路灯不亮\n\nnot:E01\tli\tyoung\t火了\nE01\twu\tyue\t火燭呀\n"
    write(tmp_path / "w1.tsv", HEAD + lines)
    first, alike, danger = read_folder(tmp_path, taxonomy)
    assert (first.label, first.writer, first.persona) == ("SZ03", "w1", "li")
    assert (alike.look_alike, alike.danger) == ("E01", None)
    assert (danger.danger, danger.look_alike) == ("E01", None)


CHAT = "label\tpersona\tvoice\trole\treply\ttext\n"
ABOUT = "label\tpersona\tvoice\tabout\ttext\n"


def test_a_whole_chat_keeps_who_spoke_and_no_further_words(
    tmp_path: Path, taxonomy: Taxonomy
) -> None:
    lines = (
        "SZ03\tli\tplain\tresident\t-\t路灯不亮\n"
        "supplement\tli\tplain\tresident\t1\t3栋那盏\n"
        "report_back\twu\tplain\tproperty\t2\t明天来换\n"
    )
    write(tmp_path / "w1.transcript.tsv", CHAT + lines)
    call, answer = read_folder(tmp_path, taxonomy)
    assert (call.label, call.writer, call.in_chat) == (
        "SZ03",
        "w1",
        ChatLine(1, "resident", chat="w1"),
    )
    assert answer.in_chat == ChatLine(3, "property", replies_to=2, chat="w1")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("SZ03\tli\tplain\t路灯\n", "line 1: begin the file"),
        (HEAD + "SZ03\tli\tplain\n", "line 2: 3 fields"),
        (HEAD + "SZ03\tli\tplain\t \n", "line 2: the text is empty"),
        (HEAD + "XX99\tli\tplain\t路灯\n", "line 2: unknown label XX99"),
    ],
)
def test_mistakes_name_their_line(tmp_path: Path, taxonomy: Taxonomy, text: str, said: str) -> None:
    with pytest.raises(CorpusError, match=said):
        read_tsv(write(tmp_path / "a.tsv", text), taxonomy)


@pytest.mark.parametrize("reply", ["1", "2", "0", "x", ""])
def test_a_reply_goes_to_an_earlier_line(tmp_path: Path, taxonomy: Taxonomy, reply: str) -> None:
    line = f"chat\tli\tplain\tresident\t{reply}\t早\n"
    with pytest.raises(CorpusError, match=r"line 2: reply .* is no line before"):
        read_tsv(write(tmp_path / "a.transcript.tsv", CHAT + line), taxonomy)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense\n", "line 1: not JSON"),
        ('{"text": 1, "label": "a"}\n', "line 1: no text"),
        ('{"text": "x"}\n', "line 1: no label"),
        ('{"text": "x", "label": "a"}\n', "fewer than two labels"),
    ],
)
def test_foreign_lines(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(CorpusError, match=said):
        read_jsonl(write(tmp_path / "a.jsonl", text))


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_bytes(b"\xff\xfe")
    with pytest.raises(CorpusError, match="not UTF-8"):
        read_tsv(tmp_path / "a.tsv")
    with pytest.raises(CorpusError, match="cannot be read"):
        read_tsv(tmp_path / "none.tsv")


def test_the_fingerprint_knows_order_and_weight(tmp_path: Path) -> None:
    rows = read_jsonl(
        write(tmp_path / "a.jsonl", '{"text": "x", "label": "a"}\n{"text": "y", "label": 2}\n')
    )
    assert rows[1].label == "2"
    assert fingerprint(rows) != fingerprint(rows[::-1])


TALK = (
    {"id": "a", "sender": "li", "role": "resident", "text": "路灯不亮", "gold_kind": "request"}
    | {"gold_cases": ["c1"], "gold_item": ["SZ03", "SR01"]},
    {"id": "b", "sender": "li", "role": "resident", "text": "3栋那盏", "gold_kind": "supplement"},
    {"id": "c", "sender": "wu", "role": "property", "text": "明天来换", "gold_kind": "report_back"}
    | {"reply_to": "a"},
    {"id": "d", "sender": "he", "role": "resident", "text": "着火了", "gold_kind": "emergency"}
    | {"gold_emergency": "E01", "gold_item": "AQ01"},
    {"id": "e", "sender": "he", "role": "resident", "text": "我来", "gold_kind": "claim"},
)


def recorded(path: Path, *lines: object) -> Path:
    return write(path, "\n".join(json.dumps(line, ensure_ascii=False) for line in lines))


def test_a_recorded_chat_teaches_what_asks(tmp_path: Path, taxonomy: Taxonomy) -> None:
    recorded(tmp_path / "w1.north.talk.jsonl", *TALK)
    call, answer, danger = read_folder(tmp_path, taxonomy)
    assert (call.label, call.writer, call.persona) == ("SZ03", "w1", "w1.north-li")
    assert (answer.label, answer.in_chat) == (
        "report_back",
        ChatLine(3, "property", replies_to=1, chat="w1.north"),
    )
    assert (danger.label, danger.danger) == ("E01", "E01")


def test_further_words_in_a_recording_teach_what_they_are_about(
    tmp_path: Path, taxonomy: Taxonomy
) -> None:
    of_lamp = {"gold_cases": ["c1"]}
    both = {"gold_cases": ["c1", "c2"]}
    other = TALK[0] | {"id": "x", "text": "垃圾没人收", "gold_cases": ["c2"], "gold_item": "SR01"}
    lines = (TALK[0], TALK[1] | of_lamp, other, TALK[2] | both, TALK[2] | of_lamp | {"id": "z"})
    recorded(tmp_path / "w1.talk.jsonl", *lines)
    rows = read_folder(tmp_path, taxonomy)
    assert [(row.label, row.about) for row in rows] == [
        ("SZ03", ""),
        (SUPPLEMENT, "SZ03"),
        ("SR01", ""),
        ("report_back", ""),
        ("report_back", "SZ03"),
    ]
    assert rows[1].in_chat is None, "alone it is neither a call nor talk"


def test_written_further_words_name_their_item(tmp_path: Path, taxonomy: Taxonomy) -> None:
    lines = "chase\tli\tplain\tSZ03\t都第三天了\nchat\tli\tplain\tSZ03\t我家台灯像路灯\n"
    path = write(tmp_path / "w1.about.tsv", ABOUT + lines)
    assert [(row.label, row.about) for row in read_tsv(path, taxonomy)] == [
        ("chase", "SZ03"),
        ("chat", ""),
    ]
    write(path, ABOUT + "chase\tli\tplain\tE01\t都第三天了\n")
    with pytest.raises(CorpusError, match="line 2: E01 is no item"):
        read_tsv(path, taxonomy)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"reply_to": "z"}, "line 1: reply_to z is no line before"),
        ({"gold_item": "XX99"}, "line 1: unknown label XX99"),
        ({"text": None, "id": None}, "line 1: without id, text"),
    ],
)
def test_a_mistake_in_a_recording_is_named(
    tmp_path: Path, taxonomy: Taxonomy, change: dict[str, object], said: str
) -> None:
    line = {name: value for name, value in (TALK[0] | change).items() if value is not None}
    recorded(tmp_path / "w1.talk.jsonl", line)
    with pytest.raises(CorpusError, match=said):
        read_folder(tmp_path, taxonomy)
