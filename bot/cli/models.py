"""`train`, `models`, `promote`, `rollback`: the life of a model."""

from __future__ import annotations

import os
import resource
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from bot.cli.errors import UserError
from bot.cli.opening import open_store, settings_with_home
from bot.learning import (
    Gathered,
    Material,
    compare,
    gather,
    train_scheduled,
    training_lock,
)
from bot.learning import train as train_with
from bot.places import models_folder
from bot.retraining import LIMIT
from bot.settings import Settings
from bot.shelf import Shelf
from bot.taxonomy_file import load_taxonomy
from bot.versions import ModelHome, NothingBefore, Version, compared, roll_back, versions
from bot.versions import promote as put_to_use
from nlp.corpus import CorpusError, read_jsonl
from nlp.model import ModelError
from nlp.train import TrainingError, train_model

COMMAND_LINE = "command line"
LOWEST = 19
"""The priority of a training that nobody waits for."""


@click.command()
@click.option("--corpus", type=click.Path(path_type=Path), help="Labelled JSONL (text, label).")
@click.option("--out", type=click.Path(path_type=Path), help="Where to put the model.")
@click.option(
    "--without-examples", is_flag=True, help="From the corpus alone: no corrections, no own words."
)
@click.option(
    "--scheduled", is_flag=True, help="What serve runs at night: train, compare, put to use."
)
def train(corpus: Path | None, out: Path | None, without_examples: bool, scheduled: bool) -> None:
    """Train a model, reviewed corrections included. Never touches the one that serves: see promote."""
    if corpus is not None:
        if out is None:
            raise UserError("--corpus needs --out DIR: the folder for the new model")
        _train_foreign(corpus, out)
    elif scheduled:
        _train_scheduled()
    else:
        _train_ours(out, without_examples)


def _train_foreign(corpus: Path, out: Path) -> None:
    try:
        rows = read_jsonl(corpus)
        train_model(rows, out, None, say=_progress)
    except (CorpusError, TrainingError) as error:
        raise UserError(str(error)) from None
    except OSError as error:
        raise UserError(f"{error.filename}: {error.strerror}") from None
    click.echo(f"The model is in {out}.")


def _train_ours(out: Path | None, without_examples: bool) -> None:
    material = Material(load_taxonomy())
    if out is not None:
        gathered = Gathered() if without_examples else _gathered_if_any(material)
        _trained(material, gathered, out)
        click.echo(f"The model is in {out}.")
        return
    settings = settings_with_home()
    gathered = Gathered() if without_examples else _gathered_if_any(material)
    shelf = Shelf(models_folder(settings))
    name = shelf.new_name(datetime.now(UTC))
    with training_lock(settings), shelf.building(name) as folder:
        _trained(material, gathered, folder)
    try:
        compare(settings, material, name, _progress)
    except (CorpusError, ModelError) as error:
        raise UserError(str(error)) from None
    click.echo(f"The model is in {shelf.folder / name}. `huying promote {name}` puts it to use.")


def train_from_corpus(out: Path) -> None:
    """Train on `training_data/corpus` alone into `out`."""
    _trained(Material(load_taxonomy()), Gathered(), out)


def _trained(material: Material, gathered: Gathered, out: Path) -> None:
    try:
        train_with(material, gathered, out, _progress)
    except (CorpusError, TrainingError) as error:
        raise UserError(str(error)) from None


def _gathered_if_any(material: Material) -> Gathered:
    """What the database has to teach; where there is none yet, nothing, and none is made."""
    settings = settings_with_home()
    url = settings.database_url
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).is_file():
        return Gathered()
    with open_store(settings) as store:
        return gather(store, material)


def _train_scheduled() -> None:
    os.nice(LOWEST)
    seconds = int(LIMIT.total_seconds())
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 10))  # should nobody end it
    settings = settings_with_home()
    material = Material(load_taxonomy())
    try:
        with open_store(settings) as store:
            trained = train_scheduled(settings, store, material, datetime.now(UTC), _progress)
    except (CorpusError, TrainingError, ModelError) as error:
        raise UserError(str(error)) from None
    if trained.name is None or trained.judgement is None:
        click.echo("There is nothing new to learn.")
    elif trained.judgement.may_serve:
        click.echo(f"{trained.name} is in use now.")
    else:
        click.echo(f"{trained.name} is not put to use: {'; '.join(trained.judgement.reasons)}")


def _progress(line: str) -> None:
    click.echo(line, err=True)


@click.command()
def models() -> None:
    """List the models under HUYING_HOME/models; * marks the one in use."""
    for version in versions(settings_with_home()):
        for line in _about(version):
            click.echo(line)


def _about(version: Version) -> list[str]:
    state, name = "*" if version.in_use else "<" if version.former else " ", version.folder.name
    if version.made is None:
        return [f"{state} {name}: {version.problem}"]
    head = f"{state} {name}  {version.made:%Y-%m-%d %H:%M} UTC  {version.lines or '?'} lines"
    return [f"{head}, {version.corrections} corrections", *_scores(version)]


def _scores(version: Version) -> list[str]:
    scores = "  ".join(f"{name} {value:.3f}" for name, value in version.scores.items())
    refused = [f"    refused: {reason}" for reason in version.refused]
    forced = ["    put to use all the same (--force)"] if version.forced else []
    return [*([f"    {scores}"] if scores else []), *refused, *forced]


@click.command()
@click.argument("name")
@click.option("--force", is_flag=True, help="Although the rule refuses it; on record.")
def promote(name: str, force: bool) -> None:
    """Put the model NAME (a folder in HUYING_HOME/models) to use, if the rule allows it."""
    settings = settings_with_home()
    if Shelf(models_folder(settings)).in_use() == name:
        click.echo(f"{name} is in use already.")
        return
    home, now = ModelHome(settings, Material(load_taxonomy())), datetime.now(UTC)
    try:
        with open_store(settings) as store:
            ask = partial(compared, say=_progress)
            came = put_to_use(home, store, name, COMMAND_LINE, now, force=force, ask=ask)
    except (CorpusError, ModelError) as error:
        raise UserError(str(error)) from None
    if not came.done:
        reasons = came.judgement.reasons
        for reason in reasons:
            click.echo(reason)
        raise UserError(
            f"{name} is not put to use ({len(reasons)} reasons above): train another, or "
            "say --force, which is put on record"
        )
    click.echo(f"{name} {_in_use_now(settings)}")


def _in_use_now(settings: Settings) -> str:
    if settings.model is not None:
        return f"is promoted, but HUYING_MODEL names {settings.model}, which goes on serving."
    return "is in use now."


@click.command()
def rollback() -> None:
    """Go back to the model that was in use before the last promote."""
    settings = settings_with_home()
    try:
        with open_store(settings) as store:
            name = roll_back(settings, store, COMMAND_LINE, datetime.now(UTC))
    except NothingBefore:
        raise UserError(
            f"{models_folder(settings)}: the built-in model is in use; there is nothing to go back to"
        ) from None
    click.echo(f"{name or 'The built-in model'} {_in_use_now(settings)}")
