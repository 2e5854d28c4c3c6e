"""The training lines: reading them, and saying plainly where one is wrong.

The law of this file: two formats. Ours is TAB-separated with a header line (label, persona, voice,
text), the writer being the file's name; a label is an item's code, a kind, a danger (E01) or
`not:E01` for a line that only sounds like one. Whole chats (`*.transcript.tsv`) may also say each
speaker's role and the number of the line replied to; further words (`*.about.tsv`) the item that they
are about, or whose words they borrow. The other is anybody's JSONL with `text` and `label`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from intake.taxonomy import Taxonomy

HEADER = ("label", "persona", "voice", "text")
CHAT_HEADER = ("label", "persona", "voice", "role", "reply", "text")
ABOUT_HEADER = ("label", "persona", "voice", "about", "text")
TRANSCRIPT = ".transcript.tsv"
NO_REPLY = "-"
SUPPLEMENT = "supplement"
"""Label of more words about a request told before in the chat: alone they are neither it nor talk."""
ASKS = frozenset({"request", "wish"})
"""Labels of lines of which only that they ask for something is known."""
TAXONOMY, EXAMPLES = "taxonomy", "examples"
IDLE = "chat"
"""Label of talk: it is about nothing, whatever it borrows the words of."""
_SUPPORT = frozenset({TAXONOMY, EXAMPLES})
_DANGER = re.compile(r"(?:not:)?(E\d\d)$")


class CorpusError(ValueError):
    """A training line is wrong; the sentence names file, line and what to write instead."""


@dataclass(frozen=True, slots=True)
class ChatLine:
    """Where a line stands in a whole chat: its number from 1, its speaker's role ("" where the file says
    none), the number of the line that it replies to (0: none), and the chat's name."""

    number: int
    role: str = ""
    replies_to: int = 0
    chat: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One training line. `writer` is the file's stem; `weight` lets corrections count less or more;
    `in_chat` is its place in a whole chat, among as many others as in life, or None. `about` is the item
    that a line which asks for nothing new is a further word on, or ""."""

    label: str
    text: str
    persona: str = ""
    voice: str = "plain"
    writer: str = ""
    weight: float = 1.0
    in_chat: ChatLine | None = None
    about: str = ""

    @property
    def danger(self) -> str | None:
        """The danger of an E01 label, else None."""
        return self.label if _DANGER.fullmatch(self.label) and self.label[0] == "E" else None

    @property
    def support(self) -> bool:
        """Whether the line only helps to learn: definitions and people's corrections are no fair sample
        of what is said, so no threshold is chosen and nothing is measured on them."""
        return self.writer in _SUPPORT

    @property
    def look_alike(self) -> str | None:
        """The danger that a `not:E01` line only sounds like, else None."""
        return self.label[4:] if self.label.startswith("not:") else None


def read_tsv(path: Path, taxonomy: Taxonomy | None = None) -> list[Row]:
    """One file of ours. With `taxonomy`, labels it does not know are an error."""
    lines = file_text(path).split("\n")
    header = tuple(lines[0].rstrip("\r").split("\t"))
    if header not in (HEADER, CHAT_HEADER, ABOUT_HEADER):
        raise CorpusError(f"{path}, line 1: begin the file with {'<TAB>'.join(HEADER)}")
    known = known_labels(taxonomy) | {SUPPLEMENT} if taxonomy else None
    rows = (
        _row(line.rstrip("\r"), header, path, number, known)
        for number, line in enumerate(lines[1:], 2)
        if line.strip()
    )
    return living((row for row in rows if row.label != SUPPLEMENT), taxonomy)


def living(rows: Iterable[Row], taxonomy: Taxonomy | None) -> list[Row]:
    """Lines as they are learned now, without those of retired items that nothing took the place of."""
    found = []
    for row in rows:
        label, about = living_label(row.label, taxonomy), living_label(row.about, taxonomy) or ""
        if label:
            same = (label, about) == (row.label, row.about)
            found.append(row if same else replace(row, label=label, about=about))
    return found


def living_label(label: str, taxonomy: Taxonomy | None) -> str | None:
    """A label as it is learned now: of a retired item what took its place, or None where nothing did."""
    if taxonomy is None or label not in taxonomy.retired:
        return label
    item = taxonomy.item(label)
    return item.code if item else None


def known_labels(taxonomy: Taxonomy) -> frozenset[str]:
    """Every label a line may carry, those of retired items included (see `living_label`)."""
    dangers = taxonomy.emergencies
    items = (*taxonomy.items, *taxonomy.retired)
    return frozenset([*items, *taxonomy.kinds, *dangers, *(f"not:{code}" for code in dangers)])


def _row(
    line: str, header: tuple[str, ...], path: Path, number: int, known: frozenset[str] | None
) -> Row:
    fields = line.split("\t")
    where = f"{path}, line {number}"
    if len(fields) != len(header):
        raise CorpusError(f"{where}: {len(fields)} fields; write {'<TAB>'.join(header)}")
    label, persona, voice, text = (*fields[:3], fields[-1])
    if not text.strip():
        raise CorpusError(f"{where}: the text is empty; write one or remove the line")
    if known is not None and label not in known:
        raise CorpusError(f"{where}: unknown label {label}; use an item, a kind, E01 or not:E01")
    about = fields[3] if header == ABOUT_HEADER else ""
    if known is not None and about and not _is_item(about, known):
        raise CorpusError(
            f"{where}: {about} is no item; write the code of the item that it is about"
        )
    writer = path.name.partition(".")[0]
    in_chat = _chat_line(fields, number - 1, path) if path.name.endswith(TRANSCRIPT) else None
    of = "" if label == IDLE else about
    return Row(label, text, persona, voice, writer, in_chat=in_chat, about=of)


def _is_item(code: str, known: frozenset[str]) -> bool:
    return code in known and code.isupper() and not _DANGER.fullmatch(code)


def _chat_line(fields: Sequence[str], number: int, path: Path) -> ChatLine:
    chat = path.name.removesuffix(TRANSCRIPT)
    if len(fields) == len(HEADER):
        return ChatLine(number, chat=chat)
    role, reply = fields[3:5]
    if reply != NO_REPLY and not (reply.isdigit() and 0 < int(reply) < number):
        raise CorpusError(
            f"{path}, line {number + 1}: reply {reply} is no line before this one; "
            f"write its number counted from 1, or {NO_REPLY}"
        )
    return ChatLine(number, role, 0 if reply == NO_REPLY else int(reply), chat)


def read_jsonl(path: Path) -> list[Row]:
    """Anybody's labelled lines: one JSON object a line with `text` and `label`."""
    lines = file_text(path).splitlines()
    rows = [_object(line, path, n) for n, line in enumerate(lines, 1) if line.strip()]
    if len({row.label for row in rows}) < 2:
        raise CorpusError(f"{path}: fewer than two labels; a model needs something to tell apart")
    return rows


def _object(line: str, path: Path, number: int) -> Row:
    where = f"{path}, line {number}"
    try:
        found: Any = json.loads(line)
    except ValueError as error:
        raise CorpusError(f"{where}: not JSON ({error}); write one object a line") from error
    if not isinstance(found, dict) or not isinstance(found.get("text"), str):
        raise CorpusError(f'{where}: no text; write {{"text": "…", "label": "…"}}')
    label = found.get("label")
    if not isinstance(label, str | int) or isinstance(label, bool) or label == "":
        raise CorpusError(f'{where}: no label; write {{"text": "…", "label": "…"}}')
    return Row(
        str(label), found["text"], str(found.get("persona", "")), writer=path.name.partition(".")[0]
    )


def file_text(path: Path) -> str:
    """What stands in it. Raises CorpusError with the remedy where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path}: not UTF-8 ({error}); save it as UTF-8") from error
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read ({error.strerror})") from error


def fingerprint(rows: Iterable[Row]) -> str:
    """SHA-256 over labels and texts in order: which data made a model."""
    digest = hashlib.sha256()
    for row in rows:
        line = f"{row.label}\t{row.text}\t{row.weight:g}\t{row.in_chat or ''}\n"
        digest.update(line.encode())
    return digest.hexdigest()


def weak_rows(taxonomy: Taxonomy) -> list[Row]:
    """Each item's name, definition and keywords as training text of little weight."""
    return [
        Row(item.code, text, writer=TAXONOMY, weight=0.5)
        for item in taxonomy.items.values()
        for text in (item.name, item.definition, " ".join(item.keywords))
        if text
    ]


def by_writer(rows: Sequence[Row]) -> Iterator[tuple[str, list[int]]]:
    """Each writer with the positions of the writer's rows."""
    places: dict[str, list[int]] = {}
    for position, row in enumerate(rows):
        places.setdefault(row.writer, []).append(position)
    yield from sorted(places.items())
