"""The plainest questions to the window: an office or a paper, and what one wants to know of it.

The law of this file: a line counts only as a whole, as in `plain_dangers.py`. 派出所礼拜六上班吗 has no word
that a call has, and what a model learned of single words takes it for somebody's talk of work. Who asks a
neighbour about themselves (你在派出所上班吗) or tells has more in it, and is left to the model. How a
question is taken apart stands in `intake/questions.py`; a danger goes before all this.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache

from intake.questions import is_question, question_in
from intake.reading import ItemGuess
from nlp.prepare import Prepared
from nlp.sense import Guesses, Scores

LONGEST = 30
"""Signs; what is longer has enough for the model to weigh."""
ASKED = 0.9
"""The least chance that a plain question asks; what surrounds it in a group may still speak against it."""
WINDOW = "ZW03"
"""The item of whoever asks when, where and with what an office serves."""
WINDOW_SURE = 0.95
"""An office's hours and whereabouts are a matter for the window."""
MODEL_SURE = 0.9
"""But where the model knows better from here on."""


class About(StrEnum):
    OFFICE = "office"
    SERVICE = "service"


def heard(scores: Scores, ready: Sequence[Prepared], labels: Sequence[str]) -> Scores:
    """The scores of a batch, in which plain questions ask; those about an office go to the window.

    `labels` are the answers' columns."""
    found = {row: plain_question(one.folded.text) for row, one in enumerate(ready)}
    plain = {row: about for row, about in found.items() if about is not None}
    if not plain:
        return scores
    asks, guesses, best = list(scores.asks), list(scores.guesses), list(scores.best)
    for row, about in plain.items():
        asks[row] = max(asks[row], ASKED)
        unsure = guesses[row][0].probability < MODEL_SURE
        if about is About.OFFICE and unsure and WINDOW in labels:
            guesses[row], best[row] = _at_the_window(guesses[row]), labels.index(WINDOW)
    return replace(scores, asks=asks, guesses=guesses, best=best)


def _at_the_window(guesses: Guesses) -> Guesses:
    others = [guess for guess in guesses if guess.item != WINDOW][: len(guesses) - 1]
    scale = (1 - WINDOW_SURE) / max(sum(guess.probability for guess in others), 1 - WINDOW_SURE)
    rest = [replace(guess, probability=guess.probability * scale) for guess in others]
    return (ItemGuess(WINDOW, WINDOW_SURE), *rest)


_OFFICES = (
    "派出所|警署|公安局|交警(?:大?队)?|车管所|出入境|街道(?:办(?:事处)?)?|居委会?|村委会?|社区(?:服务(?:中心|站))?|"
    "(?:政务|行政|便民|人才|公共|党群|办事)?服务(?:中心|大厅|站)|(?:政务|行政|便民|办事)(?:中心|大厅)|"
    "民政局|社保局|医保局|人社局|税务(?:局|所)|房管(?:局|所)|公积金(?:管理)?中心|教育局|城管(?:中?队)?|司法所|"
    "法律援助(?:中心|站|处)?|公证处|法院|法庭|检察院|仲裁(?:院|委)|信访(?:局|办|室)|残联|妇联|工会|"
    "退役军人(?:服务站|事务局)?|婚姻登记处"
)
_SERVICES = (
    "殡仪馆|供电(?:所|局)|供水(?:所|公司)|自来水(?:公司|厂)|燃气(?:公司|站)|邮局|物业(?:公司)?|管理处|"
    "卫生服务(?:中心|站)|卫生[院站所]|社区医院|社康(?:中心)?|疾控(?:中心)?|图书馆|文化[站馆]|少年宫|老年大学|养老院|"
    "日间照料(?:中心)?|(?:长者|老人|老年|社区|助老)(?:食堂|饭堂)|社工站"
)
_PAPERS = (
    "(?:临时)?(?:身份证|居住证)|暂住证|户口[本簿页]?|(?:社保|医保|市民|敬老|老年|老人)卡|社保|医保|老年人?优待证|残疾人?证|结婚证|离婚证|"
    "准生证|生育(?:登记|服务证|证)|(?:出生|死亡|居住|亲属|无犯罪(?:记录)?)证明|营业执照|健康证|驾照|驾驶证|行驶证|护照|"
    "(?:港澳)?通行证|签证|房产证|不动产证?|公积金|公租房|廉租房|保障房|低保|特困|临时救助|养老金|失业金|独生子女费|"
    "(?:高龄|生育)津贴|(?:育儿|护理|残疾人?|社保)补贴|积分(?:入户|入学|落户)|落户|学位|入学|灵活就业|就业登记|失业登记|"
    "优待证|献血证|疫苗|预防针|[狗犬]证|居住登记|租赁备案|门诊报销|税务|户籍|民政|不动产登记"
)
_BEGINS = re.compile(
    "派出|警署|公安|交警|车管|出入|街道|居委|村委|社区|服务|政务|行政|便民|办事|民政|社保|医保|人社|税务|房管|公积|教育|城管|司法|法律|公证|"
    "法院|法庭|检察|仲裁|信访|残联|妇联|工会|退役|婚姻|殡仪|供电|供水|自来|燃气|邮局|物业|管理|卫生|社康|疾控|图书|文化|少年|老年|养老|"
    "日间|长者|老人|助老|社工|身份|居住|暂住|户口|市民|敬老|残疾|结婚|离婚|准生|生育|出生|死亡|亲属|无犯|营业|健康|驾照|驾驶|行驶|护照|"
    "港澳|通行|签证|房产|不动|公租|廉租|保障|低保|特困|临时|失业|独生|高龄|育儿|护理|积分|落户|学位|入学|灵活|就业|优待|献血|疫苗|预防|"
    "狗证|犬证|租赁|门诊|户籍"
)
"""One of these stands in every name above: most lines have none, and cost nothing more."""
_ROOM = "(?:营业厅|大厅|窗口|收费处|值班室|办公室|户籍室)"
_SERVICE = re.compile(f"(?:{_SERVICES}){_ROOM}?")
_OFFICE = re.compile(f"(?:{_OFFICES}){_ROOM}?|(?:{_PAPERS})(?:大厅|窗口|登记中心|办证厅)")
_PAPER = re.compile(_PAPERS)
_SERVED = (
    "补|换|续|交|报|申|登记|预约|查|开|用|上|取|改|转|发|到账|来|年[审检]|认证|审核|延|报名|报销|提取|加名字?|"
    "异地|本人|老家|网上|手机上?|业务|疫苗|体检|单据|些"
)
_WHOLE = re.compile(f"(?:{_SERVED}|乙)*(?P<thing>[甲乙])(?:{_SERVED}|[甲乙])*")
"""甲 stands for an office, 乙 for any other service or for a paper."""
_SOMEBODY = re.compile(
    "你|妳|他|她|咱|谁[家去要跟和]|老公|老婆|同事|朋友|亲戚|我[都也]?(?:知道|晓得|记得)|告诉|听说|问[了过]|[去来办交领排]过|"
    "昨[天日]|前天|上次|上回|上周|上个?月|刚才|刚刚|[丢放忘落掉搁]在?哪|附近|旁边|对面|隔壁|门口|停车"
)
_POLITE = re.compile("(?:谢谢|谢了|多谢|感谢|唔该|麻烦(?:了|告知)|在线等|急)[大家各位啊呀哈了]*")
_BETWEEN = re.compile(r"[\s,，.。;；、~!！?？]+")


@lru_cache(2048)
def plain_question(text: str) -> About | None:
    """What a text asks about, if it asks how one is served there and hardly anything else."""
    if (
        len(text) > LONGEST
        or not _BEGINS.search(text)
        or _SOMEBODY.search(text)
        or not is_question(text)
    ):
        return None
    bare = _BETWEEN.sub("", _POLITE.sub("", text))
    asked = question_in(_PAPER.sub("乙", _OFFICE.sub("甲", _SERVICE.sub("乙", bare))))
    whole = _WHOLE.fullmatch(asked.about) if asked is not None and asked.wants else None
    if whole is None:
        return None
    return About.OFFICE if "甲" in whole.group() else About.SERVICE
