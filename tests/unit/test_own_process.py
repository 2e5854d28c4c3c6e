"""Long work in a process of its own: its answer, its errors, and its end."""

from __future__ import annotations

import os
import time

import pytest

from bot.own_process import Overran, in_own_process
from nlp.model import ModelError


def refuses(why: str) -> None:
    raise ModelError(why)


def swallows(many: int) -> int:
    return len(bytearray(many))


def test_the_answer_is_that_of_another_process() -> None:
    assert in_own_process(os.getpid) != os.getpid()
    assert in_own_process(pow, 2, 10) == 1024


def test_what_it_raises_is_raised_here() -> None:
    with pytest.raises(ModelError, match="该换的一版读不出来"):
        in_own_process(refuses, "该换的一版读不出来")


def test_it_has_so_much_time() -> None:
    start = time.monotonic()
    with pytest.raises(Overran, match="was ended"):
        in_own_process(time.sleep, 60, longest=1.5)
    assert time.monotonic() - start < 30


def test_a_process_that_dies_is_an_error_and_no_wait() -> None:
    with pytest.raises(Overran, match="without an answer"):
        in_own_process(os._exit, 3)


@pytest.mark.skipif(os.name != "posix", reason="only there the system can bound it")
def test_it_has_so_much_memory() -> None:
    with pytest.raises(MemoryError):
        in_own_process(swallows, 4 << 30)
