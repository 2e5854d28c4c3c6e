"""`classify`: what the language part reads in messages. Imports nothing that it could do without."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, Any

import click

from bot.cli.errors import UserError
from bot.cli.loading import load_reader
from bot.json_lines import BOM, dumps, loads, whole
from bot.settings import load_settings
from intake.reading import Reading
from nlp.reader import Reader

BATCH = 512


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--model", type=click.Path(path_type=Path), help="Another model folder.")
def classify(file: Path | None, model: Path | None) -> int:
    """Read JSONL messages (id, text) from FILE or stdin; print what the language part makes of each."""
    reader, _ = load_reader(load_settings(), model)
    try:
        stream = file.open("rb") if file else sys.stdin.buffer
    except OSError as error:
        raise UserError(f"{file}: cannot be read ({error.strerror}); check the path") from None
    name = str(file) if file else "stdin"
    with stream:
        return _classify(reader, stream, name)


def _classify(reader: Reader, stream: IO[bytes], name: str) -> int:
    bad = 0
    batch: list[tuple[Any, str]] = []
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        try:
            batch.append(_message(line))
        except ValueError as error:
            bad += 1
            print(f"huying: {name} line {number}: {error}", file=sys.stderr)
        if len(batch) >= BATCH:
            _answer(reader, batch)
            batch = []
    _answer(reader, batch)
    sys.stdout.flush()
    return 2 if bad else 0


def _message(line: bytes) -> tuple[Any, str]:
    """(id, text) of one line. Raises ValueError with what is wrong and what to write."""
    row = loads(line.removeprefix(BOM))
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise ValueError('needs a string "text"')
    identifier = row.get("id")
    if isinstance(identifier, bool) or not isinstance(identifier, str | int):
        raise ValueError('needs an "id" that is a string or an integer')
    return identifier, whole(row["text"])


def _answer(reader: Reader, batch: list[tuple[Any, str]]) -> None:
    readings = reader.read([text for _, text in batch])
    for (identifier, _), reading in zip(batch, readings, strict=True):
        sys.stdout.buffer.write(dumps(as_json(identifier, reading)) + b"\n")


def as_json(identifier: Any, reading: Reading) -> dict[str, Any]:
    """A reading in the form that `interfaces.md` promises."""
    return {
        "id": identifier,
        "kind": reading.kind.value,
        "category": reading.category,
        "item": reading.item,
        "items": [
            {"item": guess.item, "probability": round(guess.probability, 4)}
            for guess in reading.guesses
        ],
        "level": reading.level.value if reading.level else None,
        "lead": reading.lead,
        "visibility": reading.visibility.value if reading.visibility else None,
        "triage": reading.triage.value,
        "emergency": reading.emergency,
        "mask": [reading.text[mask.start : mask.end] for mask in reading.masks],
        "place": [span.of(reading.text) for span in reading.places],
        "because": list(reading.because),
    }
