"""A trained model on disk: plain arrays, plain words, and a manifest that vouches for both.

The law of this file: four files, no pickle. `manifest.json` names the SHA-256 of the other three, the
data it was made from, its scores and the versions it was made with. What is truncated, foreign or
altered is refused with one sentence.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from intake.hearing import FIGURES as HEARING_FIGURES
from intake.hearing import Hearing
from nlp.calibrate import Thresholds, thresholds_from
from nlp.features import FeatureSettings, Floats, TermMaker, Vectoriser
from nlp.gate import FIGURES, WORDS_ALONE, Gate
from nlp.place_tagger import PlaceTable
from nlp.scorer import Linear, side_by_side
from nlp.segment import DictionaryError, Segmenter

FORMAT = 4
MANIFEST, ARRAYS, VOCABULARY, WORDS = "manifest.json", "arrays.npz", "vocabulary.json", "words.txt"
COMMON_HEADS, EVERY_HEADS = ("answers", "kinds"), ("gate", "alarm", "dangers")
"""Heads whose tables have rows for the commonest terms alone, and those that have one for every term."""


class ModelError(ValueError):
    """A model folder cannot be used; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Head:
    """One question to a text: its possible answers and the table that scores them."""

    labels: tuple[str, ...]
    table: Linear
    temperature: float = 1.0


@dataclass(frozen=True)
class Model:
    """Everything a `Reader` needs. `answers` are items, or the labels of a foreign corpus.

    `alarm` (danger or not) has one answer; with `danger_share` of the likeliest danger's score it is
    a score for `sigmoid`; `gate` has two scores, which
    `weighing` weighs together with what the answers say (see `gate.py`), and `hearing` with what surrounds
    a line of a group's talk (see `intake/hearing.py`).
    `kinds` are what a message is that asks for nothing, `dangers` which danger it is.
    """

    vectoriser: Vectoriser
    answers: Head
    gate: Head | None = None
    kinds: Head | None = None
    alarm: Head | None = None
    dangers: Head | None = None
    thresholds: Mapping[str, Thresholds] = field(default_factory=dict)
    request_threshold: float = 0.5
    danger_threshold: float = 0.5
    backed_danger_threshold: float = 0.2
    weighing: Gate = WORDS_ALONE
    hearing: Hearing | None = None
    danger_share: float = 0.0
    places: PlaceTable | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def foreign(self) -> bool:
        """Whether it was trained on somebody's own labels and knows no kinds or dangers."""
        return self.gate is None

    @property
    def settings(self) -> FeatureSettings:
        return self.vectoriser.maker.settings


def save(model: Model, folder: Path) -> None:
    """Write `model` into `folder` (made if missing). The same model gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    heads = _heads(model)
    arrays: dict[str, Floats] = {"rarity": model.vectoriser.rarity}
    for name, head in heads.items():
        arrays |= {f"{name}_weights": head.table.weights, f"{name}_offsets": head.table.offsets}
    arrays |= model.places.arrays() if model.places else {}
    np.savez(folder / ARRAYS, allow_pickle=False, **arrays)
    sounds = model.vectoriser.maker.sounds
    vocabulary = {
        "terms": model.vectoriser.terms,
        "signs": "".join(map(chr, sounds)),
        "sounds": "".join(sounds.values()),
    }
    (folder / VOCABULARY).write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    model.vectoriser.maker.segmenter.write(folder / WORDS)
    manifest = _manifest(model, heads) | {"files": _hashes(folder)}
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _heads(model: Model) -> dict[str, Head]:
    given = {name: getattr(model, name) for name in (*COMMON_HEADS, *EVERY_HEADS)}
    return {name: head for name, head in given.items() if head is not None}


def _manifest(model: Model, heads: Mapping[str, Head]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "settings": model.settings.as_mapping(),
        "heads": {
            name: {"labels": list(head.labels), "temperature": head.temperature}
            for name, head in heads.items()
        },
        "thresholds": {name: [pair.auto, pair.ask] for name, pair in model.thresholds.items()},
        "request_threshold": model.request_threshold,
        "danger_threshold": model.danger_threshold,
        "backed_danger_threshold": model.backed_danger_threshold,
        "danger_share": model.danger_share,
        "weighing": {
            "weights": dict(zip(FIGURES, model.weighing.weights, strict=True)),
            "offset": model.weighing.offset,
        },
        "hearing": _hearing_facts(model.hearing),
        "facts": dict(model.facts),
    }


def _hearing_facts(hearing: Hearing | None) -> dict[str, Any] | None:
    if hearing is None:
        return None
    weights = dict(zip(HEARING_FIGURES, hearing.weights, strict=True))
    return {"weights": weights, "offset": hearing.offset}


def _hashes(folder: Path) -> dict[str, str]:
    return {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in (ARRAYS, VOCABULARY, WORDS)
    }


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest alone: what the model is, without loading it."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelError(
            f"{folder} has no {MANIFEST}: train a model there, or name another"
        ) from error
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder / MANIFEST} cannot be read ({error}): train anew") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise ModelError(
            f"{folder} is not a model of format {FORMAT}: train anew with this version"
        )
    return found


def load(folder: Path) -> Model:
    """Read and check the model in `folder`. Raises ModelError with one clear sentence."""
    manifest = read_manifest(folder)
    _check_files(folder, manifest)
    try:
        return _assemble(folder, manifest)
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile, DictionaryError) as error:
        raise ModelError(f"{folder} does not fit together ({error}): train anew") from error


def _check_files(folder: Path, manifest: Mapping[str, Any]) -> None:
    named = manifest.get("files")
    for name in (ARRAYS, VOCABULARY, WORDS):
        path = folder / name
        if not path.is_file():
            raise ModelError(f"{path} is missing: copy the whole model folder, or train anew")
        wanted = named.get(name) if isinstance(named, dict) else None
        if hashlib.sha256(path.read_bytes()).hexdigest() != wanted:
            raise ModelError(
                f"{path} is not the file its manifest vouches for: copy it again, or train anew"
            )


def _assemble(folder: Path, manifest: Mapping[str, Any]) -> Model:
    vocabulary = json.loads((folder / VOCABULARY).read_text(encoding="utf-8"))
    with np.load(folder / ARRAYS, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    sounds = {ord(a): b for a, b in zip(vocabulary["signs"], vocabulary["sounds"], strict=True)}
    settings = FeatureSettings(**manifest["settings"])
    maker = TermMaker(Segmenter.read(folder / WORDS), settings, sounds)
    vectoriser = Vectoriser(maker, vocabulary["terms"], _checked(arrays["rarity"], 1))
    if len(vectoriser.terms) != len(vectoriser.rarity):
        raise ValueError("terms and their rarities differ in number")
    few, many = vectoriser.common, len(vectoriser.terms)
    heads = _heads_of(COMMON_HEADS, few, manifest, arrays)
    heads |= _heads_of(EVERY_HEADS, many, manifest, arrays)
    return Model(
        vectoriser,
        heads["answers"],
        heads.get("gate"),
        heads.get("kinds"),
        heads.get("alarm"),
        heads.get("dangers"),
        thresholds_from(manifest["thresholds"]),
        float(manifest["request_threshold"]),
        float(manifest["danger_threshold"]),
        float(manifest["backed_danger_threshold"]),
        _weighing(manifest["weighing"]),
        _hearing(manifest["hearing"]),
        float(manifest["danger_share"]),
        PlaceTable.from_arrays(arrays),
        manifest["facts"],
    )


def _heads_of(
    names: Sequence[str], terms: int, manifest: Mapping[str, Any], arrays: dict[str, Floats]
) -> dict[str, Head]:
    """Those of `names` that the model has, their tables side by side."""
    given = [name for name in names if name in manifest["heads"]]
    if not given:
        return {}
    tables = side_by_side([_weights(name, terms, manifest, arrays) for name in given])
    return {
        name: Head(
            tuple(manifest["heads"][name]["labels"]),
            Linear(table, _offsets(name, manifest, arrays)),
            float(manifest["heads"][name]["temperature"]),
        )
        for name, table in zip(given, tables, strict=True)
    }


def _weights(
    name: str, terms: int, manifest: Mapping[str, Any], arrays: dict[str, Floats]
) -> Floats:
    weights = _checked(arrays.pop(f"{name}_weights"), 2)
    if weights.shape != (terms, len(manifest["heads"][name]["labels"])):
        raise ValueError(f"the table of {name} has the wrong size")
    return weights


def _offsets(name: str, manifest: Mapping[str, Any], arrays: Mapping[str, Floats]) -> Floats:
    offsets = _checked(arrays[f"{name}_offsets"], 1)
    if offsets.shape != (len(manifest["heads"][name]["labels"]),):
        raise ValueError(f"the offsets of {name} have the wrong size")
    return offsets


def _weighing(raw: Mapping[str, Any]) -> Gate:
    weights = tuple(float(raw["weights"][name]) for name in FIGURES)
    return Gate(weights, float(raw["offset"]))


def _hearing(raw: Mapping[str, Any] | None) -> Hearing | None:
    if raw is None:
        return None
    weights = tuple(float(raw["weights"][name]) for name in HEARING_FIGURES)
    return Hearing(weights, float(raw["offset"]))


def _checked(array: Floats, dimensions: int) -> Floats:
    if array.dtype != np.float32 or array.ndim != dimensions or not np.isfinite(array).all():
        raise ValueError("an array is not of finite float32 numbers")
    return array
