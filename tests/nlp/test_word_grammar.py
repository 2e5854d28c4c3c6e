"""What can be told in given words, the same as Python's own expressions would say, and in bounded time."""

from __future__ import annotations

import re

import pytest

from nlp.word_grammar import Maker, Walk

CLASSES = {"\ue100": "人|小孩", "\ue101": "(?:突然|在| ){0,2}"}


def _told(expression: str, text: str) -> bool:
    walk = Walk(text)
    return bool(Maker(CLASSES).make([expression]).ends(walk, 1) & walk.end)


def _by_python(expression: str, text: str) -> bool:
    for sign, words in CLASSES.items():
        expression = expression.replace(sign, f"(?:{words})")
    return re.fullmatch(expression, text) is not None


@pytest.mark.parametrize(
    "expression",
    [
        "人",
        "有?人",
        "(?:小孩|人)掉(?:河|水)里",
        "(?:里|里面)*面?",
        "(?:人|人人){2,3}",
        "[河江]里[0-3]?",
        "\ue100\ue101(?:掉|跳)河里",
        "(?:\ue100|我)掉河里",
        "",
        "人+",
    ],
)
@pytest.mark.parametrize(
    "text",
    [
        "",
        "人",
        "有人",
        "人人人",
        "人人人人人人人",
        "里面里",
        "里里面",
        "小孩掉水里",
        "我掉河里",
        "小孩突然在掉河里",
        "江里3",
    ],
)
def test_as_python_reads_it(expression: str, text: str) -> None:
    assert _told(expression, text) == _by_python(expression, text)


def test_ends_from_several_places() -> None:
    walk = Walk("人里人里")
    assert Maker({}).make(["人里"]).ends(walk, 0b00101) == 0b10100
    assert Maker({}).make(["人里"]).ends(walk, 0b00010) == 0


def test_no_text_sends_it_back_and_forth() -> None:
    """Python's own would try these ways for years."""
    assert not _told("(?:(?:里|里里|里里里)*面?)*人", "里" * 500)


@pytest.mark.parametrize("expression", ["(?=人)人", ".", "人*?", r"\d"])
def test_what_it_does_not_know_is_refused(expression: str) -> None:
    with pytest.raises(ValueError, match="has no"):
        Maker({}).make([expression])
