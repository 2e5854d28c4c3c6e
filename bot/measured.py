"""How models did on the frozen holdout, kept beside them.

The law of this file: a report belongs to one model's files and one holdout, byte by byte; where either
changed it is measured again. Nothing else stands here, so that the folder may be thrown away.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from intake.taxonomy import Taxonomy
from nlp.evaluate import evaluate_holdout, names_in
from nlp.holdout import Holdout, read_holdout
from nlp.model import ModelError, read_manifest
from nlp.reader import Reader
from nlp.report import Report

KEPT = 40
"""Reports that are kept, some 20 kB each: more than there are ever models."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The folder of reports."""

    folder: Path
    holdout: Path
    taxonomy: Taxonomy

    def all(self, models: Sequence[Path]) -> dict[Path, Report]:
        """The reports of those models that were measured."""
        seal = self._seal()
        found = {model: self._read(self._path(model, seal)) for model in models}
        return {model: report for model, report in found.items() if report is not None}

    def measure(self, reader: Reader, model: Path, holdout: Holdout | None = None) -> Report:
        """Measure `reader`, made of the folder `model`, and keep what came out; some seconds of one core.
        What is kept already is not measured again. Raises CorpusError for a holdout with a mistake."""
        path = self._path(model, self._seal())
        kept = self._read(path)
        if kept is not None:
            return kept
        report = evaluate_holdout(reader, holdout or read_holdout(self.holdout, self.taxonomy))
        if path is not None:
            self._write(path, report)
        return report

    def _seal(self) -> str:
        """Changes with the holdout and with the taxonomy."""
        seal = hashlib.sha256(self.taxonomy.version.encode())
        for path in sorted(path for path in self.holdout.glob("*") if path.is_file()):
            seal.update(path.name.encode() + b"\0" + path.read_bytes())
        return seal.hexdigest()

    def _path(self, model: Path, seal: str) -> Path | None:
        """Where the report of a model stands; None for what is no model."""
        try:
            files = read_manifest(model).get("files")
        except ModelError:
            return None
        name = hashlib.sha256(f"{seal} {json.dumps(files, sort_keys=True)}".encode()).hexdigest()
        return self.folder / f"{name}.json"

    def _read(self, path: Path | None) -> Report | None:
        try:
            stored = json.loads(path.read_text(encoding="utf-8")) if path else None
            return Report.from_json(stored, names_in(self.taxonomy)) if stored else None
        except (OSError, ValueError, KeyError, TypeError):
            return None  # not there, or half written by somebody else: it is measured again

    def _write(self, path: Path, report: Report) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".new")
        temporary.write_text(json.dumps(report.as_json(), ensure_ascii=False), encoding="utf-8")
        temporary.replace(path)
        oldest_first = sorted(self.folder.glob("*.json"), key=lambda one: one.stat().st_mtime_ns)
        for old in oldest_first[:-KEPT]:
            old.unlink(missing_ok=True)
