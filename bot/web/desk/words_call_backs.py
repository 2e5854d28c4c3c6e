"""The sentences of 请回访."""

from __future__ import annotations

from typing import Final

from bot.web.desk.words_acts import ActWords
from bot.web.desk.words_today import TODAY
from intake.acts import Act
from intake.cases import CallBack

_OF_ROWS: Final = ("urgent_tag", "again_tag", "private", "private_note", "voices")
CALL_BACKS: Final = {key: TODAY[key] for key in _OF_ROWS} | {
    "menu": "回访",
    "title": "请回访",
    "lead": "这些没等到评价就办结了，每周抽一部分出来。打个电话或者当面问一句：是不是真的好了？问完点一下。",
    "none": "现在没有要回访的。每周一抽上一周的。",
    "none_left": "要回访的都问过了。",
    "more": "还有更多，先把这些问完。",
    "done_words": "{who}说：{words}",
    "closer": "办结的人",
    "closed": "{at}办结",
    "asked": "{case} 记下了，谢谢。",
}
OUTCOME_NAMES: Final = {
    CallBack.FIXED: "真的好了",
    CallBack.NOT_FIXED: "没好",
    CallBack.UNREACHED: "没联系上",
}
CALL_BACK_ACTS: Final = {
    Act.CALL_BACK: ActWords(
        "问一句是不是真的好了。没好就重新打开，换人跟，也算在办结的人头上；说好了只记下，不算满意分。",
        "回访结果记下了。",
    ),
}
