"""A model is promoted and rolled back while the server runs, and is in use within two seconds."""

from __future__ import annotations

import shutil
import time
from datetime import datetime

from serving import Served

from bot.places import BUILT_MODEL

WITHIN = 2.0


def said_at(served: Served, sentence: str, within: float = 30.0) -> float:
    """When the server's log said it, in the clock of files."""
    end = time.monotonic() + within
    while True:
        log = (served.home / "serve.log").read_text(encoding="utf-8")
        for line in log.splitlines():
            if sentence in line:
                stamp = datetime.strptime(line[:23], "%Y-%m-%d %H:%M:%S,%f")  # noqa: DTZ007
                return stamp.timestamp()
        assert time.monotonic() < end, log[-2000:]
        time.sleep(0.05)


def test_a_promoted_model_is_taken_up_without_a_restart(served: Served) -> None:
    served.start()
    models = served.home / "models"
    shutil.copytree(BUILT_MODEL, models / "copy")
    assert "copy is in use now." in served.run("promote", "copy")
    promoted = (models / "promoted").stat().st_mtime
    assert said_at(served, "the model copy is promoted and being read") - promoted < WITHIN
    said_at(served, "the model copy is in use now")
    assert "* copy" in served.run("models")
    assert "The built-in model is in use now." in served.run("rollback")
    said_at(served, "the built-in model is in use now")
    (models / "promoted").write_text("bad", encoding="utf-8")
    said_at(served, "the model bad is not taken up")
    assert "bad has no manifest.json" in served.run("doctor", code=2)
    served.kill()
    served.start()  # a model that cannot be used stops no start
