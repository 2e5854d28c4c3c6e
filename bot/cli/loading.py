"""The model alone, for commands that need neither database nor doors."""

from __future__ import annotations

from pathlib import Path

from bot.cli.errors import UserError
from bot.places import model_folder
from bot.settings import Settings
from bot.taxonomy_file import load_taxonomy
from intake.taxonomy import Taxonomy
from nlp.model import ModelError
from nlp.reader import Reader


def load_reader(settings: Settings, folder: Path | None = None) -> tuple[Reader, Taxonomy]:
    """The language part, warmed up."""
    taxonomy = load_taxonomy()
    where = folder or model_folder(settings)
    try:
        return Reader.load(where, taxonomy), taxonomy
    except ModelError as error:
        raise UserError(str(error)) from None
