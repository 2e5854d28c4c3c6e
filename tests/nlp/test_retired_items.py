"""A model that knows an item which is offered no more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intake.reading import Triage
from intake.taxonomy import Retired
from nlp.model import ModelError
from nlp.reader import Reader

LAMP = "3栋楼下路灯又不亮了"


def test_its_readings_become_those_of_what_took_its_place(reader: Reader) -> None:
    now = reader.taxonomy
    items = {code: item for code, item in now.items.items() if code != "SZ03"}
    retired = {"SZ03": Retired("SZ03", "路灯不亮", "SZ04")}
    later = Reader(reader.model, replace(now, items=items, retired=retired))
    (before,), (after,) = reader.read([LAMP]), later.read([LAMP])
    assert (before.item, after.item) == ("SZ03", "SZ04")
    assert after.guesses[0].probability >= before.guesses[0].probability
    assert len({guess.item for guess in after.guesses}) == 3
    ended = Reader(reader.model, replace(now, items=items))
    (after,) = ended.read([LAMP])
    assert after.kind.asks
    assert after.triage is Triage.HUMAN, "nobody knows what it is now"
    assert "SZ03" not in {guess.item for guess in after.guesses}


def test_a_new_item_may_take_its_place(reader: Reader) -> None:
    now = reader.taxonomy
    items = {code: item for code, item in now.items.items() if code != "SZ03"}
    items["SZ90"] = replace(now.items["SZ03"], code="SZ90", name="路灯")
    retired = {"SZ03": Retired("SZ03", "路灯不亮", "SZ90")}
    later = Reader(reader.model, replace(now, items=items, retired=retired))
    assert later.read([LAMP])[0].item == "SZ90"


def test_a_model_made_for_something_else_is_refused(reader: Reader) -> None:
    now = reader.taxonomy
    items = dict(list(now.items.items())[: len(now.items) // 2])
    with pytest.raises(ModelError, match="train anew"):
        Reader(reader.model, replace(now, items=items))
