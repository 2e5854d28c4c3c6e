"""Recorded chats with the case of each line beside it (`*.talk.jsonl`), as training lines.

The law of this file: one recording teaches three things: what asks for something, which item further words
are about, and which case (`bench/talk_weights.py`); here it is read for the first two. A line names its kind
(`gold_kind`), the labels of its cases (`gold_cases`), and where it opens one its item (`gold_item`) or danger
(`gold_emergency`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from nlp.corpus import SUPPLEMENT, ChatLine, CorpusError, Row, file_text

TALK = ".talk.jsonl"
CLAIM = "claim"
"""An offer to take up a wish: further words about a case."""


def read_talk(path: Path, known: frozenset[str] | None = None) -> list[Row]:
    """The lines of one recording that have words. Further words of no kind carry the label `supplement` and
    stand in no chat: they teach which item they are about, and nothing else. With `known`, other labels are
    an error."""
    numbers: dict[object, int] = {}
    items: dict[str, str] = {}
    rows = []
    for number, line in enumerate(file_text(path).splitlines(), 1):
        if line.strip():
            one = _object(line, path, number)
            row = _row(one, path, number, numbers)
            numbers[one["id"]] = number
            if known is not None and row.label not in known:
                raise CorpusError(f"{path}, line {number}: unknown label {row.label}")
            rows.append(replace(row, about=_about(one, items)))
    return [row for row in rows if row.text.strip() and (row.label != SUPPLEMENT or row.about)]


def _about(one: Mapping[str, Any], items: dict[str, str]) -> str:
    """The item of the one case that a line is a further word on; a line that names an item says so for what
    comes after it."""
    cases, item = [str(case) for case in one.get("gold_cases", ())], one.get("gold_item")
    if item:
        for case in cases:
            items.setdefault(case, str(item[0] if isinstance(item, list) else item))
        return ""
    told = {items[case] for case in cases if case in items}
    return told.pop() if len(told) == 1 and not one.get("gold_emergency") else ""


def _object(line: str, path: Path, number: int) -> dict[str, Any]:
    where = f"{path}, line {number}"
    try:
        found: Any = json.loads(line)
    except ValueError as error:
        raise CorpusError(f"{where}: not JSON ({error}); write one object a line") from error
    wanted = ("id", "sender", "role", "text", "gold_kind")
    missing = [name for name in wanted if not isinstance(found, dict) or name not in found]
    if missing:
        raise CorpusError(f"{where}: without {', '.join(missing)}; write them")
    return dict(found)


def _row(one: Mapping[str, Any], path: Path, number: int, numbers: dict[object, int]) -> Row:
    chat = path.name.removesuffix(TALK)
    reply = one.get("reply_to")
    if reply is not None and reply not in numbers:
        raise CorpusError(f"{path}, line {number}: reply_to {reply} is no line before this one")
    place = ChatLine(number, str(one["role"]), numbers[reply] if reply is not None else 0, chat)
    writer = path.name.partition(".")[0]
    label = _label(one)
    return Row(
        *(label, str(one["text"]), f"{chat}-{one['sender']}"),
        writer=writer,
        in_chat=place if label != SUPPLEMENT else None,
    )


def _label(one: Mapping[str, Any]) -> str:
    """What a training line of this sort carries: the danger, the item (the first of those that may be meant),
    or the kind."""
    danger, item = one.get("gold_emergency"), one.get("gold_item")
    if danger:
        return str(danger)
    if item:
        return str(item[0] if isinstance(item, list) else item)
    kind = str(one["gold_kind"])
    return SUPPLEMENT if kind == CLAIM else kind
