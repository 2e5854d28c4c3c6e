"""Training lines: read, or refused with file and line."""

from pathlib import Path

import pytest

from intake.taxonomy import Taxonomy
from nlp.corpus import ChatLine, CorpusError, fingerprint, read_folder, read_jsonl, read_tsv

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
