"""Which of several open cases a line is about."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from unit_samples import GROUP, NOW, a_case, a_reading, taxonomy

from intake.cases import Case, Line, LineRole
from intake.fitting import Fit, Spoken, Told, figures, fits
from intake.fitting_weights import WEIGHTS
from intake.grids import ChatRef
from intake.reading import ItemGuess, Kind, Reading, Span

MINUTE = timedelta(minutes=1)
LAMP = a_case(place="3栋楼下", said="3栋楼下路灯又不亮了", opened_at=NOW - 60 * MINUTE)
LIFT = replace(
    LAMP,
    id="DEMO-1-2",
    item="WY01",
    category="WY",
    place="5栋",
    said="5栋电梯门关不上",
    reporter="web:li",
    message="m2",
    opened_at=NOW - 40 * MINUTE,
)
OF_LAMP = (ItemGuess("SZ03", 0.8), ItemGuess("WY04", 0.1), ItemGuess("WY01", 0.01))
OF_LIFT = (ItemGuess("WY01", 0.8), ItemGuess("WY02", 0.1), ItemGuess("SZ03", 0.01))
OF_NOTHING = (ItemGuess("HZ01", 0.2), ItemGuess("HZ02", 0.1), ItemGuess("HZ04", 0.1))


def told(case: Case, ago: int, sender: str = "", role: LineRole = LineRole.OPENED) -> Told:
    """The case with one line about it, so many minutes ago."""
    who = sender or case.reporter
    line = Line(case.id, case.chat, case.message, who, role, case.said, (), NOW - ago * MINUTE)
    return Told(case, (line,), ("王阿姨",))


def reading(text: str, kind: Kind, guesses: tuple[ItemGuess, ...]) -> Reading:
    places = tuple(Span(*found.span()) for found in re.finditer(r"\d栋", text))
    return replace(a_reading(0.1, kind), text=text, guesses=guesses, places=places)


def spoken(read: Reading, person: str = "web:zhao", **more: object) -> Spoken:
    plain = Spoken(read, GROUP, person, False, NOW)
    return replace(plain, **more)  # type: ignore[arg-type]


def best(said: Spoken, lamp: Told, lift: Told) -> Fit:
    return fits(taxonomy(), said, [lamp, lift])[0]


@pytest.mark.parametrize(
    ("text", "kind", "guesses", "works", "meant"),
    [
        ("路灯的灯头明天到", Kind.REPORT_BACK, OF_LAMP, True, LAMP),
        ("电梯维保已经在路上", Kind.REPORT_BACK, OF_LIFT, True, LIFT),
        ("3栋的弄好了，大家看看", Kind.REPORT_BACK, OF_NOTHING, True, LAMP),
        ("路灯什么时候修啊", Kind.CHASE, OF_LAMP, False, LAMP),
        ("电梯能用了", Kind.RESOLVED_SELF, OF_LIFT, False, LIFT),
        ("我家也是", Kind.PLUS_ONE, OF_NOTHING, False, LIFT),
    ],
)
def test_the_likeliest_case(
    text: str, kind: Kind, guesses: tuple[ItemGuess, ...], works: bool, meant: Case
) -> None:
    said = spoken(reading(text, kind, guesses), works=works)
    fit = best(said, told(LAMP, 60), told(LIFT, 2))
    assert fit.case is meant
    assert fit.chance > 0.3


def test_lunch_is_about_none() -> None:
    lunch = spoken(reading("中午吃什么好呢大家", Kind.CHAT, OF_NOTHING))
    assert best(lunch, told(LAMP, 60), told(LIFT, 45)).chance < 0.2


def test_a_reply_is_about_what_it_replies_to() -> None:
    said = reading("好的收到", Kind.REPORT_BACK, OF_NOTHING)
    for case in (LAMP, LIFT):
        fit = best(
            spoken(said, works=True, replies=True, quoted=case.id), told(LAMP, 5), told(LIFT, 5)
        )
        assert fit.case is case


def test_only_what_is_not_nought_is_weighed() -> None:
    (row,) = figures(taxonomy(), spoken(reading("路灯", Kind.CHAT, OF_LAMP)), [told(LAMP, 1)])
    assert all(row.values())
    assert row.keys() & WEIGHTS.keys()


def test_a_case_of_another_group_is_less_likely() -> None:
    elsewhere = ChatRef("web", "other")
    far = Told(replace(LAMP, chat=elsewhere), (), ())
    (fit,) = fits(taxonomy(), spoken(reading("我家也是", Kind.PLUS_ONE, OF_NOTHING)), [far])
    (near,) = fits(
        taxonomy(), spoken(reading("我家也是", Kind.PLUS_ONE, OF_NOTHING)), [told(LAMP, 1)]
    )
    assert fit.chance < near.chance


def test_no_case_no_fit() -> None:
    assert fits(taxonomy(), spoken(reading("路灯", Kind.CHAT, OF_LAMP)), []) == []
