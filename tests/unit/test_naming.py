"""What may be a name of the neighbourhood's own, as a table."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
from unit_samples import NOW, a_desk, rules

from intake.cases import TimerKind
from intake.naming import MOST_NAMES, Naming, NoLexicon, Reason, Sort, found, judge, names_in
from nlp.normalise import fold


class Spelling:
    """A lexicon that knows spellings, and two words of everybody's."""

    def plain(self, word: str) -> str:
        return fold(word).text

    def is_everyday(self, word: str) -> bool:
        return word in ("电梯", "广场")


# What is typed; as what; what it comes to (None: a name), and how it is kept.
NAMES = [
    ("老榕树头", Sort.PLACE, None, "老榕树头"),
    ("老榕樹頭", Sort.PLACE, None, "老榕樹頭"),
    ("3栋小花园", Sort.PLACE, None, "3栋小花园"),
    ("7天", Sort.PLACE, None, "7天"),
    ("B1", Sort.PLACE, None, "B1"),
    ("Ｂ座", Sort.PLACE, None, "b座"),
    ("𠮶边", Sort.PLACE, None, "𠮶边"),
    ("二〇三", Sort.PLACE, None, "二〇三"),
    ("一二三四五六七八九十甲乙", Sort.PLACE, None, "一二三四五六七八九十甲乙"),
    ("一二三四五六七八九十甲乙丙", Sort.PLACE, Reason.SIGNS, ""),
    ("榕", Sort.PLACE, Reason.SIGNS, ""),
    ("123", Sort.PLACE, Reason.SIGNS, ""),
    ("１２３", Sort.PLACE, Reason.SIGNS, ""),
    ("老榕树!", Sort.PLACE, Reason.SIGNS, ""),
    ("<b>路", Sort.PLACE, Reason.SIGNS, ""),
    ("电梯", Sort.PLACE, Reason.EVERYDAY, ""),
    ("電梯", Sort.PLACE, Reason.EVERYDAY, ""),
    ("老电梯口", Sort.PLACE, None, "老电梯口"),
    ("穗康码", Sort.WORD, None, "穗康码"),
    ("穗康碼", Sort.WORD, None, "穗康码"),
    ("飞线", Sort.WORD, None, "飞线"),
    ("b座", Sort.WORD, Reason.SIGNS, ""),
    ("打冷=宵夜", Sort.WORD, Reason.SIGNS, ""),
    ("廣場", Sort.WORD, Reason.EVERYDAY, ""),
]


@pytest.mark.parametrize(("name", "sort", "reason", "kept"), NAMES)
def test_names(name: str, sort: Sort, reason: Reason | None, kept: str) -> None:
    judged = judge(sort, [name], [], Spelling())
    assert judged.new == ((kept,) if reason is None else ())
    assert judged.refused == ({} if reason is None else {reason: (name,)})


def test_what_is_there_in_another_spelling_is_there() -> None:
    judged = judge(Sort.PLACE, ["老榕樹頭", "石龙仔", "石龍仔"], ["老榕树头"], Spelling())
    assert (judged.new, judged.known, judged.refused) == (("石龙仔",), ("老榕树头",), {})
    assert found(["老榕樹頭", "塘"], ["老榕树头"], Spelling()) == {
        "老榕樹頭": "老榕树头",
        "塘": None,
    }


def test_personal_data_is_no_name_whatever_stands_around_it() -> None:
    judged = judge(
        Sort.PLACE, ["王生3栋501", "李四", "塘边"], [], NoLexicon(), ["3栋501", "微信 李四"]
    )
    assert judged.new == ("塘边",)
    assert judged.refused == {Reason.PERSONAL: ("王生3栋501", "李四")}


def test_a_scope_has_only_so_many() -> None:
    present = [f"{n}号" for n in range(MOST_NAMES - 1)]
    judged = judge(Sort.PLACE, ["石龙仔", "石龙仔", "三角地"], present, NoLexicon())
    assert (judged.new, judged.refused) == (("石龙仔",), {Reason.FULL: ("三角地",)})


def test_a_list_as_people_write_it() -> None:
    for text in ("甲、乙,甲", "甲，乙", "甲 乙", "甲\n乙", " 甲;乙；", "甲/乙"):
        assert names_in(text) == ("甲", "乙")
    assert names_in(" 、 ") == ()


def test_words_set_the_clock_of_the_next_training_and_places_do_not() -> None:
    desk = a_desk()
    desk.rules = replace(rules(), retrain=time(3, 30))
    desk.begin("web:1", NOW)
    desk.name(Naming("DEMO-1", Sort.PLACE, ("石龙仔",), (), "web:sun", NOW))
    assert desk.changes.timers == {}
    desk.name(Naming("DEMO-1", Sort.WORD, ("打冷",), (), "web:sun", NOW))
    (timer,) = [timer for timer in desk.changes.timers.values() if timer is not None]
    assert (timer.kind, timer.due.isoformat()) == (
        TimerKind.RETRAIN,
        "2026-11-25T03:30:00+08:00",
    )


def test_a_line_that_raises_takes_its_names_back() -> None:
    desk = a_desk()
    desk.begin("web:1", NOW)
    desk.name(Naming("DEMO-1", Sort.PLACE, ("石龙仔",), (), "web:sun", NOW))
    desk.name(Naming("DEMO-1", Sort.WORD, ("打冷",), (), "web:sun", NOW))
    assert desk.grid("DEMO-1").places == ("石龙仔",)
    assert desk.facts.words == {"DEMO-1": ("打冷",)}
    desk.undo()
    assert (desk.grid("DEMO-1").places, desk.facts.words, desk.changes.namings) == ((), {}, [])
