"""The models under HUYING_HOME: which is in use, which was before, and what the rule said of each.

The law of this file: a model is a folder that appears whole, under its own name; `promoted` names the one
in use and `history` those in use before it, and both are replaced in one step. Whoever serves looks at
`promoted`; nobody tells it. A few models are kept, never less than the one in use and the one before.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.places import PROMOTED
from nlp.model import MANIFEST

HISTORY = "history"
HISTORY_KEPT = 50
KEPT = 5
"""Models that are kept beside the one in use and the one before; each takes some 45 MB."""
_UNFINISHED = ".unfinished-"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder `models`. A name of None stands for the model that was built with the program."""

    folder: Path

    def names(self) -> list[str]:
        """The whole models, oldest name first."""
        if not self.folder.is_dir():
            return []
        return sorted(path.parent.name for path in self.folder.glob(f"*/{MANIFEST}"))

    def in_use(self) -> str | None:
        pointer = self.folder / PROMOTED
        return pointer.read_text(encoding="utf-8").strip() or None if pointer.is_file() else None

    def history(self) -> list[str]:
        """What was put to use, in order; the last is in use."""
        path = self.folder / HISTORY
        return path.read_text(encoding="utf-8").split() if path.is_file() else []

    def promote(self, name: str) -> None:
        """From now on `name` serves."""
        past = self.history()
        if past[-1:] != [name]:
            self._replace(HISTORY, "\n".join([*past, name][-HISTORY_KEPT:]) + "\n")
        self._replace(PROMOTED, name)

    def before(self) -> str | None:
        """What would serve after a step back."""
        past = self._past()
        return past[-1] if past else None

    def _past(self) -> list[str]:
        """What was in use before, without what is gone at its end."""
        past = self.history()[:-1]
        while past and not (self.folder / past[-1] / MANIFEST).is_file():
            past.pop()
        return past

    def roll_back(self) -> str | None:
        """Take the last step back, and the name of what serves now. Where the one before is gone, the one
        before that; at the end stands the model that was built with the program."""
        past = self._past()
        self._replace(HISTORY, "".join(f"{name}\n" for name in past))
        if not past:
            (self.folder / PROMOTED).unlink(missing_ok=True)
            return None
        self._replace(PROMOTED, past[-1])
        return past[-1]

    def new_name(self, now: datetime) -> str:
        """A name for a model that is made now."""
        name = now.astimezone(UTC).strftime("%Y%m%d-%H%M%S")
        names = (name, *(f"{name}-{number}" for number in range(2, 1000)))
        return next(name for name in names if not (self.folder / name).exists())

    @contextmanager
    def building(self, name: str) -> Iterator[Path]:
        """A folder to train into; whole and under its name only when all went well."""
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished = self.folder / f"{_UNFINISHED}{name}"
        shutil.rmtree(unfinished, ignore_errors=True)
        try:
            yield unfinished
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        unfinished.rename(self.folder / name)

    def prune(self, keep: int = KEPT) -> list[str]:
        """Remove old models, and what a killed training left; what was removed."""
        needed = {name for name in (self.in_use(), *self.history()[-2:]) if name}
        others = [name for name in self.names() if name not in needed]
        others.sort(key=lambda name: (self.folder / name).stat().st_mtime_ns)
        gone = others[: max(0, len(others) - keep)]
        for name in gone:
            shutil.rmtree(self.folder / name, ignore_errors=True)
        return gone

    def clear_unfinished(self) -> None:
        """Remove what a killed training left; only for whoever alone may train."""
        for path in self.folder.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(path, ignore_errors=True)

    def note(self, name: str, facts: Mapping[str, Any]) -> None:
        """Add to what a model's manifest says of it."""
        path = self.folder / name / MANIFEST
        manifest = json.loads(path.read_text(encoding="utf-8"))
        manifest["facts"] |= dict(facts)
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        self._replace(f"{name}/{MANIFEST}", text)

    def _replace(self, name: str, text: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / name
        temporary = path.with_name(f"{path.name}.new")
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
