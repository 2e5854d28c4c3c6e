"""Work in processes of its own gives what it gives in this one."""

from __future__ import annotations

import os

import pytest

from nlp.apart import Say, apart


def doubled(number: int, say: Say) -> int:
    say(f"doubled {number} in {os.getpid()}")
    return 2 * number


@pytest.mark.parametrize("worth", [False, True])
def test_results_and_words_in_order(worth: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    heard: list[str] = []
    jobs = [lambda say, n=n: doubled(n, say) for n in range(4)]
    assert apart(jobs, heard.append, worth) == [0, 2, 4, 6]
    assert [line.split(" in ")[0] for line in heard] == [f"doubled {n}" for n in range(4)]
    elsewhere = {line.split(" in ")[1] for line in heard} != {str(os.getpid())}
    assert elsewhere is worth


def test_one_core_works_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    heard: list[str] = []
    assert apart([lambda say: doubled(1, say)], heard.append, worth=True) == [2]
    assert heard == [f"doubled 1 in {os.getpid()}"]


def test_a_failure_is_told() -> None:
    def fails(say: Say) -> None:
        raise ValueError("no lines")

    with pytest.raises(ValueError, match="no lines"):
        apart([fails, fails], print, worth=True)
