"""The frozen holdout: lines, whole chats, spans, and messages that ask for several things.

The law of this file: four kinds of files in one folder, told apart by the end of their names, each
written by people whose words are never learned from. A kind that is not there is empty; a file that is
wrong is named with its line. What is retired is measured as what took its place; where nothing did, not.

`*.tsv`             single lines in the corpus format (see `corpus.py`)
`*.transcript.tsv`  the same format, in the order of a chat
`*.spans.jsonl`     {"text", "mask": [substrings], "place": [substrings]}
`*.split.jsonl`     {"text", "parts": [[label, substring], …]}
`*.level.jsonl`     {"text", "label", "level"}: how urgent a line is by its words
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from intake.taxonomy import Level, Taxonomy
from nlp.corpus import TRANSCRIPT, CorpusError, Row, known_labels, living_label, read_tsv
from nlp.corpus_folder import read_folder


@dataclass(frozen=True, slots=True)
class Spans:
    """A message with what has to be masked and what names its places, as written there."""

    text: str
    mask: tuple[str, ...]
    place: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """A message with its requests: (label, words)."""

    text: str
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Urgent:
    """A request with the level that its words give it."""

    text: str
    label: str
    level: Level


@dataclass(frozen=True)
class Holdout:
    """All that a reader is measured on. `chats` by file name."""

    lines: tuple[Row, ...] = ()
    chats: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    spans: tuple[Spans, ...] = ()
    splits: tuple[Parts, ...] = ()
    levels: tuple[Urgent, ...] = ()


_T = TypeVar("_T")


def read_holdout(folder: Path, taxonomy: Taxonomy) -> Holdout:
    """Everything in `folder`. Raises CorpusError with file and line."""
    chats = {
        path.name.removesuffix(TRANSCRIPT): tuple(read_tsv(path, taxonomy))
        for path in sorted(folder.glob(f"*{TRANSCRIPT}"))
    }
    return Holdout(
        tuple(row for row in read_folder(folder, taxonomy) if not row.in_chat),
        chats,
        tuple(_all(folder, "*.spans.jsonl", _spans)),
        tuple(_all(folder, "*.split.jsonl", lambda row: _parts(row, taxonomy))),
        tuple(_all(folder, "*.level.jsonl", lambda row: _urgent(row, taxonomy))),
    )


def _all(folder: Path, pattern: str, make: Callable[[dict[str, Any]], _T | None]) -> Iterator[_T]:
    for path in sorted(folder.glob(pattern)):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if line.strip():
                found = _object(line, f"{path}, line {number}", make)
                if found is not None:
                    yield found


def _object(line: str, where: str, make: Callable[[dict[str, Any]], _T | None]) -> _T | None:
    try:
        found = json.loads(line)
        if not isinstance(found, dict) or not isinstance(found.get("text"), str):
            raise ValueError('no "text"')
        return make(found)
    except (ValueError, TypeError, KeyError) as error:
        raise CorpusError(f"{where}: {error}; see the top of nlp/holdout.py") from error


def _spans(row: dict[str, Any]) -> Spans:
    mask, place = (tuple(map(str, row[name])) for name in ("mask", "place"))
    for stretch in (*mask, *place):
        _must_hold(row["text"], stretch)
    return Spans(row["text"], mask, place)


def _parts(row: dict[str, Any], taxonomy: Taxonomy) -> Parts | None:
    known, parts = known_labels(taxonomy), list[tuple[str, str]]()
    for said, words in row["parts"]:
        if str(said) not in known:
            raise ValueError(f"unknown label {said}")
        _must_hold(row["text"], str(words))
        label = living_label(str(said), taxonomy)
        if label is None:
            return None
        parts.append((label, str(words)))
    return Parts(row["text"], tuple(parts))


def _urgent(row: dict[str, Any], taxonomy: Taxonomy) -> Urgent | None:
    said, level = row["label"], Level(row["level"])
    if said not in taxonomy.items and said not in taxonomy.retired:
        raise ValueError(f"unknown item {said}")
    label = living_label(said, taxonomy)
    return Urgent(row["text"], label, level) if label is not None else None


def _must_hold(text: str, stretch: str) -> None:
    if not stretch or stretch not in text:
        raise ValueError(f"“{stretch}” is no part of the text")
