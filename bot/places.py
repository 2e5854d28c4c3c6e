"""Where things lie: the checkout, the home folder, the model.

The law of this file: paths are found once and named here; nothing else guesses.
"""

from __future__ import annotations

from pathlib import Path

from bot.settings import Settings

CHECKOUT = Path(__file__).resolve().parent.parent
TRAINING_DATA = CHECKOUT / "training_data"
CORPUS = TRAINING_DATA / "corpus"
MARKED_PLACES = TRAINING_DATA / "places"
HOLDOUT = TRAINING_DATA / "holdout"
DICTIONARIES = TRAINING_DATA / "dictionaries"
BUILT_MODEL = TRAINING_DATA / "model"
PROMOTED = "promoted"
"""The file in `models/` that names the model in use."""


def models_folder(settings: Settings) -> Path:
    return settings.home / "models"


def model_folder(settings: Settings) -> Path:
    """The model to serve with: configured, promoted, or the one that `make setup` built."""
    if settings.model is not None:
        return settings.model
    pointer = models_folder(settings) / PROMOTED
    if pointer.is_file():
        return models_folder(settings) / pointer.read_text(encoding="utf-8").strip()
    return BUILT_MODEL


def measured_folder(settings: Settings) -> Path:
    """How the models did on the holdout; what is lost there is measured again."""
    return settings.home / "measured"


def pictures_folder(settings: Settings) -> Path:
    """Where pictures of the bot's own posts lie."""
    return settings.home / "pictures"


def uploads_folder(settings: Settings) -> Path:
    return settings.home / "uploads"
