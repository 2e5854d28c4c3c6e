"""A case is as discreet as the gravest thing that its words may mean."""

from __future__ import annotations

from dataclasses import replace

import pytest
from unit_samples import GRID, GROUP, NOW, a_desk, a_reading

from intake.commands import Said, Sender
from intake.opening import Call, open_case
from intake.people import Person
from intake.reading import Kind
from intake.taxonomy import Visibility


@pytest.mark.parametrize(
    ("suspicion", "visibility"),
    [(None, Visibility.GROUP), ("E09", Visibility.GROUP), ("E05", Visibility.PRIVATE)],
)
def test_a_suspicion_that_a_group_must_not_hear(
    suspicion: str | None, visibility: Visibility
) -> None:
    desk = a_desk()
    reading = replace(a_reading(0.9, Kind.REQUEST), suspicion=suspicion)
    said = Said(GROUP, "m1", Sender("web:wang", "王阿姨"), reading.text, NOW)
    case = open_case(desk, Call(said, Person("web:wang", "王阿姨"), GRID, reading))
    assert case.visibility is visibility
