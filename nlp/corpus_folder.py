"""All training lines of a folder."""

from __future__ import annotations

from pathlib import Path

from intake.taxonomy import Taxonomy
from nlp.corpus import SUPPLEMENT, Row, known_labels, living, read_tsv
from nlp.talk_file import TALK, read_talk


def read_folder(folder: Path, taxonomy: Taxonomy | None = None) -> list[Row]:
    """The lines of every `*.tsv`, then of every recorded chat (`*.talk.jsonl`) in `folder`, by name. With
    `taxonomy`, labels it does not know are an error, and those of retired items become what took their
    place."""
    known = known_labels(taxonomy) | {SUPPLEMENT} if taxonomy else None
    written = [row for path in sorted(folder.glob("*.tsv")) for row in read_tsv(path, taxonomy)]
    recorded = [row for path in sorted(folder.glob(f"*{TALK}")) for row in read_talk(path, known)]
    return [*written, *living(recorded, taxonomy)]
