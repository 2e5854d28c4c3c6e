"""Numbers, dates and times in sentences stay on one line."""

from __future__ import annotations

import pytest

from bot.web.desk.frame import unbroken


@pytest.mark.parametrize(
    ("sentence", "whole"),
    [
        ("DEMO-1-45 已派单", ["DEMO-1-45"]),
        ("把 DATANG-07-1234 和 DEMO-1-2 并起来", ["DATANG-07-1234", "DEMO-1-2"]),
        ("明天18:00前回话，12月3日办结", ["明天18:00", "12月3日"]),
        ("周五（11月27日）9:00", ["周五（11月27日）9:00"]),
        ("没有单号", []),
    ],
)
def test_what_belongs_together_is_not_broken(sentence: str, whole: list[str]) -> None:
    marked = unbroken(sentence)
    assert [one.split("</span>")[0] for one in marked.split('<span class="number">')[1:]] == whole
    assert marked.striptags() == sentence


def test_a_sentence_is_still_only_words() -> None:
    assert unbroken("<b>DEMO-1-1") == '&lt;b&gt;<span class="number">DEMO-1-1</span>'
