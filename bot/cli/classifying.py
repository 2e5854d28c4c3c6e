"""`classify`, `train`, `evaluate`, `models`, `promote`, `rollback`: the model and what it reads."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import click

from bot.cli.errors import UserError
from bot.cli.opening import load_reader, settings_with_home
from bot.json_lines import BOM, dumps, loads, whole
from bot.places import CORPUS, DICTIONARIES, HOLDOUT, PROMOTED, model_folder, models_folder
from bot.settings import load_settings
from bot.taxonomy_file import load_taxonomy
from intake.reading import Reading
from nlp.corpus import CorpusError, read_folder, read_jsonl
from nlp.model import ModelError, read_manifest
from nlp.reader import Reader
from nlp.train import TrainingError, train_model

BATCH = 512
OWN_WORDS = DICTIONARIES / "words.txt"


def register(group: click.Group) -> None:
    for command in (classify, train, evaluate, models, promote, rollback):
        group.add_command(command)


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


@click.command()
@click.option("--corpus", type=click.Path(path_type=Path), help="Labelled JSONL (text, label).")
@click.option("--out", type=click.Path(path_type=Path), help="Where to put the model.")
def train(corpus: Path | None, out: Path | None) -> None:
    """Train a model. Never touches the one that serves: see promote."""
    if corpus is not None:
        if out is None:
            raise UserError("--corpus needs --out DIR: the folder for the new model")
        _train_foreign(corpus, out)
        return
    target = out or _new_folder()
    train_from_corpus(target)
    click.echo(f"The model is in {target}. `huying promote {target.name}` puts it to use.")


def _train_foreign(corpus: Path, out: Path) -> None:
    try:
        rows = read_jsonl(corpus)
        train_model(rows, out, None, say=_progress)
    except (CorpusError, TrainingError) as error:
        raise UserError(str(error)) from None
    except OSError as error:
        raise UserError(f"{error.filename}: {error.strerror}") from None
    click.echo(f"The model is in {out}.")


def train_from_corpus(out: Path) -> None:
    """Train on `training_data/corpus` into `out`."""
    taxonomy = load_taxonomy()
    try:
        rows = read_folder(CORPUS, taxonomy)
        train_model(rows, out, taxonomy, OWN_WORDS if OWN_WORDS.exists() else None, say=_progress)
    except (CorpusError, TrainingError) as error:
        raise UserError(str(error)) from None


def _progress(line: str) -> None:
    click.echo(line, err=True)


def _new_folder() -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    return models_folder(settings_with_home()) / stamp


@click.command()
@click.option("--model", type=click.Path(path_type=Path), help="Another model folder.")
def evaluate(model: Path | None) -> None:
    """Measure the model on the frozen holdout of whole personas."""
    from nlp.evaluate import evaluate_model

    reader, taxonomy = load_reader(load_settings(), model)
    try:
        rows = read_folder(HOLDOUT, taxonomy)
    except CorpusError as error:
        raise UserError(str(error)) from None
    if not rows:
        raise UserError(f"{HOLDOUT}: there is no holdout; restore training_data/holdout")
    click.echo(evaluate_model(reader, rows).text())


@click.command()
def models() -> None:
    """List the models under HUYING_HOME/models; * marks the one in use."""
    settings = settings_with_home()
    in_use = model_folder(settings).resolve()
    folders = sorted(p for p in _folders(models_folder(settings)))
    for folder in [*folders, *([in_use] if in_use not in {f.resolve() for f in folders} else [])]:
        try:
            facts = read_manifest(folder).get("facts", {})
        except ModelError as error:
            click.echo(f"  {folder.name}: {error}")
            continue
        mark = "*" if folder.resolve() == in_use else " "
        click.echo(f"{mark} {folder.name}  {facts.get('lines', '?')} lines")


def _folders(where: Path) -> Iterator[Path]:
    if where.is_dir():
        yield from (path for path in where.iterdir() if (path / "manifest.json").is_file())


@click.command()
@click.argument("name")
def promote(name: str) -> None:
    """Put the model NAME (a folder in HUYING_HOME/models) to use."""
    settings = settings_with_home()
    folder = models_folder(settings) / name
    load_reader(settings, folder)  # a model that cannot be read is never put to use
    _point(models_folder(settings), name)
    click.echo(f"{name} is in use from the next start on.")


def _point(where: Path, name: str) -> None:
    history = where / "history"
    past = _lines(history)
    history.write_text("\n".join([*past, name]) + "\n", encoding="utf-8")
    temporary = where / f"{PROMOTED}.new"
    temporary.write_text(name, encoding="utf-8")
    temporary.replace(where / PROMOTED)


@click.command()
def rollback() -> None:
    """Go back to the model that was in use before the last promote."""
    settings = settings_with_home()
    where = models_folder(settings)
    past = _lines(where / "history")
    if not past:
        raise UserError(f"{where}: no model was ever promoted; there is nothing to go back to")
    rest = past[:-1]
    (where / "history").write_text("".join(f"{n}\n" for n in rest), encoding="utf-8")
    if rest:
        temporary = where / f"{PROMOTED}.new"
        temporary.write_text(rest[-1], encoding="utf-8")
        temporary.replace(where / PROMOTED)
    else:
        (where / PROMOTED).unlink(missing_ok=True)
    click.echo(f"{rest[-1] if rest else 'The built-in model'} is in use from the next start on.")


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split() if path.is_file() else []
