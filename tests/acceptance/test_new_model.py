"""A model is promoted and rolled back while the server runs, and is taken up without a restart."""

from __future__ import annotations

import shutil
import time

from serving import Served

from bot.places import BUILT_MODEL


def said(served: Served, sentence: str, within: float = 120.0) -> None:
    """Wait until the server's log says it."""
    end = time.monotonic() + within
    while True:
        log = (served.home / "serve.log").read_text(encoding="utf-8")
        if sentence in log:
            return
        assert time.monotonic() < end, log[-2000:]
        time.sleep(0.05)


def test_a_promoted_model_is_taken_up_without_a_restart(served: Served) -> None:
    served.start()
    models = served.home / "models"
    shutil.copytree(BUILT_MODEL, models / "copy")
    assert "copy is in use now." in served.run("promote", "copy")
    said(served, "the model copy is promoted and being read")
    said(served, "the model copy is in use now")
    assert "* copy" in served.run("models")
    assert "The built-in model is in use now." in served.run("rollback")
    said(served, "the built-in model is in use now")
    (models / "promoted").write_text("bad", encoding="utf-8")
    said(served, "the model bad is not taken up")
    assert "bad has no manifest.json" in served.run("doctor", code=2)
    served.kill()
    served.start()  # a model that cannot be used stops no start
