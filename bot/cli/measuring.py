"""`evaluate`: how good a model is on the frozen holdout."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.errors import UserError
from bot.cli.loading import load_reader
from bot.json_lines import dumps
from bot.places import HOLDOUT
from bot.settings import load_settings
from nlp.corpus import CorpusError


@click.command()
@click.option("--model", type=click.Path(path_type=Path), help="Another model folder.")
@click.option("--json", "as_json", is_flag=True, help="The same for machines.")
@click.option(
    "--picture",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also draw which category is read as which, as SVG.",
)
def evaluate(model: Path | None, as_json: bool, picture: Path | None) -> None:
    """Measure the model on the frozen holdout of whole writers."""
    from nlp.evaluate import evaluate_holdout
    from nlp.holdout import read_holdout

    reader, taxonomy = load_reader(load_settings(), model)
    if reader.model.foreign:
        raise UserError(
            "this model answers with labels of its own, and the holdout has ours; name another model"
        )
    try:
        holdout = read_holdout(HOLDOUT, taxonomy)
    except CorpusError as error:
        raise UserError(str(error)) from None
    if not holdout.lines:
        raise UserError(f"{HOLDOUT}: there is no holdout; restore training_data/holdout")
    report = evaluate_holdout(reader, holdout)
    if as_json:
        click.echo(dumps(report.as_json()))
    else:
        click.echo(report.text())
    if picture is not None:
        from nlp.picture import confusion_svg

        _write(picture, confusion_svg(report))
        click.echo(f"The picture is in {picture}.", err=True)
    elif not as_json:
        click.echo("\nAs a picture: huying evaluate --picture evaluation.svg")


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror}); name another") from None
