"""The trained model, for every test that needs a real reading."""

from __future__ import annotations

import pytest

from bot.cli.models import train_from_corpus
from bot.places import BUILT_MODEL
from bot.taxonomy_file import load_taxonomy
from nlp.reader import Reader


@pytest.fixture(scope="session")
def reader() -> Reader:
    """The model that `make setup` built; trained now if there is none."""
    if not (BUILT_MODEL / "manifest.json").exists():
        train_from_corpus(BUILT_MODEL)
    return Reader.load(BUILT_MODEL, load_taxonomy())
