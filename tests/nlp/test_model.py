"""A model on disk: the same bytes from the same lines, and nothing foreign is let in."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from intake.taxonomy import Taxonomy
from nlp.corpus import Row
from nlp.model import ARRAYS, MANIFEST, VOCABULARY, Model, ModelError, load, save
from nlp.train import fit
from tests.nlp.conftest import WORDS


def test_two_trainings_give_the_same_bytes(
    rows: list[Row], taxonomy: Taxonomy, model_dir: Path, tmp_path: Path
) -> None:
    save(fit(rows, taxonomy, WORDS), tmp_path)
    for path in sorted(model_dir.iterdir()):
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_saved_and_loaded_it_is_the_same(model: Model, model_dir: Path) -> None:
    again = load(model_dir)
    assert np.array_equal(again.answers.table.weights, model.answers.table.weights)
    assert again.vectoriser.terms == model.vectoriser.terms
    assert again.request_threshold == model.request_threshold
    assert again.facts["data"] == model.facts["data"]


@pytest.fixture
def copy(model_dir: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(model_dir, tmp_path / "copy"))


def _refused(folder: Path) -> str:
    with pytest.raises(ModelError) as caught:
        load(folder)
    sentence = str(caught.value)
    assert "\n" not in sentence
    return sentence


def test_a_truncated_file_is_refused(copy: Path) -> None:
    data = (copy / ARRAYS).read_bytes()
    (copy / ARRAYS).write_bytes(data[: len(data) // 2])
    assert "is not the file its manifest vouches for" in _refused(copy)


def test_an_altered_file_is_refused(copy: Path) -> None:
    (copy / VOCABULARY).write_text("{}", encoding="utf-8")
    assert VOCABULARY in _refused(copy)


def test_a_missing_file_is_refused(copy: Path) -> None:
    (copy / ARRAYS).unlink()
    assert "missing" in _refused(copy)


def test_an_empty_folder_and_a_foreign_one_are_refused(tmp_path: Path) -> None:
    assert "train a model there" in _refused(tmp_path)
    (tmp_path / MANIFEST).write_text('{"format": 99}', encoding="utf-8")
    assert "not a model" in _refused(tmp_path)
    (tmp_path / MANIFEST).write_text("nonsense", encoding="utf-8")
    assert "cannot be read" in _refused(tmp_path)


def test_a_manifest_that_does_not_fit_is_refused(copy: Path) -> None:
    manifest = json.loads((copy / MANIFEST).read_text(encoding="utf-8"))
    manifest["heads"]["answers"]["labels"] = ["X"]
    (copy / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    assert "does not fit together" in _refused(copy)
