"""What a week's brief says where there is little to tell."""

from __future__ import annotations

from datetime import datetime

from unit_samples import ZONE, taxonomy

from bot.wording.brief import Area, words_of
from intake.briefing import Brief, Marks, Part, Work
from intake.periods import Period

WEEK = Period(datetime(2026, 11, 23, tzinfo=ZONE), datetime(2026, 11, 30, tzinfo=ZONE))
AREA = Area("第一网格", WEEK, ZONE)


def told(brief: Brief) -> list[str]:
    return words_of(brief, AREA, taxonomy()).split("\n")


def test_a_small_week_names_no_others_alone() -> None:
    brief = Brief(
        opened=7,
        before=0,
        private=0,
        sources=(Part("group", 7),),
        categories=(Part(None, 7),),
        items=(Part(None, 7),),
        work=(Work(None, 7, Marks(in_time=3, open=4)),),
    )
    assert told(brief)[2:] == [
        "从哪来：群里和私聊 7 件。",
        "各部门合起来：派 7，按时 3，未结 4。",
    ]


def test_what_is_named_stands_before_the_others() -> None:
    brief = Brief(
        opened=9,
        before=0,
        private=0,
        categories=(Part("SZ", 6), Part(None, 3)),
        work=(Work("JS", 6, Marks(open=6)), Work(None, 3, Marks(open=3))),
    )
    assert told(brief)[2:] == [
        "哪一类：市政设施与园林水务 6 件、其他 3 件。",
        "规划建设部：派 6，未结 6。",
        "其他部门：派 3，未结 3。",
    ]
