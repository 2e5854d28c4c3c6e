"""What surrounds a line decides whether it is heard as a call."""

from __future__ import annotations

from dataclasses import replace

import pytest
from unit_samples import LIFT, a_reading

from intake.hearing import FIGURES, NEWEST, Around, Hearing, figures, heard_alone
from intake.reading import Kind, Reading

# Words count as they are; a worker's, a reply and what was told before count against a call.
PLAIN = Hearing((1.0, 0.0, -3.0, -1.0, -1.0, -3.0, 0.0), 0.0)


def in_doubt(asks: float, kind: Kind) -> Reading:
    other = Kind.CHAT if kind.asks else Kind.REQUEST
    return a_reading(asks, kind, a_reading(asks, other))


@pytest.mark.parametrize(
    ("asks", "around", "call"),
    [
        (0.9, Around(), True),
        (0.45, Around(), True),
        (0.1, Around(), False),
        (0.8, Around(worker=True), False),
        (0.99, Around(worker=True), True),
        (0.7, Around(replies=True), True),
        (0.6, Around(replies=True, about_case=True), False),
        (0.8, Around(told=("WY01",)), False),
        (0.8, Around(told=("SZ03", None)), True),
        (0.8, Around(told=(*["GY02"] * NEWEST, "WY01")), True),
    ],
)
@pytest.mark.parametrize("kind", [Kind.REQUEST, Kind.CHAT])
def test_words_and_what_surrounds_them(asks: float, around: Around, call: bool, kind: Kind) -> None:
    long = replace(in_doubt(asks, kind), text="电梯又停了" * 3)
    assert PLAIN.heard(long, around).kind.asks is call


def test_a_short_plain_call_with_nothing_against_it_stays_one() -> None:
    plain = in_doubt(0.1, Kind.REQUEST)
    assert PLAIN.heard(plain, Around(told=("SZ03",))).kind is Kind.REQUEST
    assert PLAIN.heard(plain, Around(told=("WY01",))).kind is Kind.CHAT
    assert PLAIN.heard(plain, Around(worker=True)).kind is Kind.CHAT
    long = replace(plain, text="电梯又停了" * 3)
    assert PLAIN.heard(long, Around()).kind is Kind.CHAT


def test_a_long_story_must_say_more_than_a_short_line() -> None:
    hearing = Hearing((1.0, 0.0, 0.0, 0.0, 0.0, 0.0, -1.0), 2.5)
    short, long = (replace(in_doubt(0.5, Kind.CHAT), text="电" * signs) for signs in (10, 60))
    assert hearing.heard(short, Around()).kind is Kind.REQUEST
    assert hearing.heard(long, Around()).kind is Kind.CHAT


def test_who_cannot_be_meant_otherwise_stays() -> None:
    sure = a_reading(0.99, Kind.REQUEST)
    assert PLAIN.heard(sure, Around(worker=True, told=("WY01",))) is sure


def test_a_danger_is_never_talked_away() -> None:
    danger = replace(in_doubt(0.99, Kind.REQUEST), emergency="E09")
    assert PLAIN.heard(danger, Around(worker=True, replies=True, told=("WY01",))) is danger


def test_alone_with_the_bot_an_even_chance_is_a_call() -> None:
    assert heard_alone(in_doubt(0.5, Kind.CHAT)).kind is Kind.REQUEST
    assert heard_alone(in_doubt(0.4, Kind.CHAT)).kind is Kind.CHAT
    assert heard_alone(in_doubt(0.9, Kind.REQUEST)).kind is Kind.REQUEST


def test_every_figure_has_its_name() -> None:
    assert len(figures(0.5, LIFT, Around(), 4)) == len(FIGURES)
