"""The plainest questions to the window: a table of what counts, and of what sounds like it."""

from __future__ import annotations

import re

import pytest

from intake.reading import ItemGuess
from nlp.plain_questions import (
    _BEGINS,
    _OFFICES,
    _PAPERS,
    _SERVICES,
    ASKED,
    MODEL_SURE,
    WINDOW,
    WINDOW_SURE,
    About,
    heard,
    plain_question,
)
from nlp.prepare import prepare
from nlp.sense import Scores

OFFICES = """派出所礼拜六上班吗
街道办中午休息不
居委会电话是多少
请问医保窗口几点下班
有人知道车管所周日开门吗
边个知派出所礼拜日开唔开门
婚姻登记处国庆上班吗
党群服务中心晚上开到几点
法律援助中心怎么走
税务局星期天开门吗，谢谢
大家好，请问社区服务中心几点开门
民政局礼拜五下午有人吗"""
SERVICES = """社保卡在哪里办
居住证怎么续
居住证边度办㗎
户口本丢了去哪儿补
老年卡要带什么材料
准生证还要办吗 去哪办
新生儿医保怎么办理
护照到期了去哪里换
健康证哪里可以办
卫生服务中心礼拜天打疫苗吗
自来水公司营业厅周末上班不
物业办公室周末有人吗
公租房怎么申请啊"""
TALK = """你们家孩子几点放学
明天去不去钓鱼
谁知道哪家外卖好吃
楼下超市几点关门
你在派出所上班吗
你爸在社保局几点下班
你身份证照片怎么拍得这么好看
你们去办居住证排了多久
昨天在车管所排了多久啊
他结婚证在哪里领的
我驾照丢哪了
派出所对面那家面馆几点开门
派出所那条路上的早餐店几点开门
社保局旁边哪里好停车
社区团购几点截止
派出所所长是谁啊
居委会阿姨今天穿的裙子哪里买的
医保局那个小王结婚了没有
养老金够花吗
谁要去政务中心 带我一个行吗
派出所礼拜六上班的，我上周去过
派出所礼拜六上班"""


@pytest.mark.parametrize("text", OFFICES.splitlines())
def test_when_and_where_an_office_serves(text: str) -> None:
    assert plain_question(text) is About.OFFICE


@pytest.mark.parametrize("text", SERVICES.splitlines())
def test_how_one_comes_by_a_paper_or_a_service(text: str) -> None:
    assert plain_question(text) is About.SERVICE


@pytest.mark.parametrize("text", TALK.splitlines())
def test_what_is_asked_of_a_neighbour_or_told_is_left_to_the_model(text: str) -> None:
    assert plain_question(text) is None


def scores(*first: ItemGuess) -> Scores:
    """What a model that heard nothing said of lines with these likeliest items."""
    rest = (ItemGuess("JW11", 0.04), ItemGuess("GY05", 0.02))
    many = len(first)
    return Scores(
        [(guess, *rest) for guess in first], [1] * many, [False] * many, [0.02] * many, [], [], None
    )


def test_an_office_goes_to_the_window_where_the_model_does_not_know_better() -> None:
    lines = [
        prepare(text, 200) for text in ("派出所礼拜六上班吗", "街道办几点下班", "明天去钓鱼吗")
    ]
    said = scores(ItemGuess("ZW01", 0.6), ItemGuess("ZW08", MODEL_SURE), ItemGuess("HZ03", 0.2))
    found = heard(said, lines, ["ZW01", "JW11", WINDOW])
    assert found.asks == [ASKED, ASKED, 0.02]
    assert [guesses[0].item for guesses in found.guesses] == [WINDOW, "ZW08", "HZ03"]
    assert found.best == [2, 1, 1]
    assert found.guesses[0][0].probability == WINDOW_SURE
    assert sum(guess.probability for guess in found.guesses[0]) <= 1.0
    assert len(found.guesses[0]) == len(said.guesses[0])


def test_a_model_that_knows_no_window_keeps_its_guess() -> None:
    said = scores(ItemGuess("ZW01", 0.6))
    found = heard(said, [prepare("派出所礼拜六上班吗", 200)], ["ZW01", "JW11"])
    assert (found.asks, found.guesses) == ([ASKED], said.guesses)


def test_a_name_that_is_known_is_looked_for() -> None:
    for names in (_OFFICES, _SERVICES, _PAPERS):
        for name in re.split(r"\|(?![^()]*\))", names):
            plain = re.sub(r"\(\?:([^|()]*)[^()]*\)\??", r"\1", name)
            plain = re.sub(r"\(\?:.*?\)\??|\[(.).*?\]|\?", r"\1", plain)
            assert _BEGINS.search(plain), name
