"""The sentences of 请假代班."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from intake.covering import LONGEST, Wrong

COVER: Final = {
    "menu": "请假代班",
    "heading": "请假代班",
    "lead": "请假的这几天，代班的人看得到、办得了您的件，值班急件也直接找他。到期自动结束，不用再改回来。",
    "mine": "我要请假",
    "others": "替同事安排",
    "others_lead": "给您管的人安排代班。代班的人这几天能看到他的件，私密件也在内，请选合适的人。",
    "absent": "谁请假",
    "stand_in": "谁代班",
    "choose": "—— 请选 ——",
    "first": "从哪天",
    "last": "到哪天（这天也算）",
    "go": "设好代班",
    "nobody": "附近没有同岗位的同事可选。请找街道中心替您安排。",
    "only_above": "本社区没有别的网格员，请找调度安排。",
    "no_work": "您的岗位没有要交给别人的件。",
    "list": "已经设好的",
    "none": "现在没有请假代班。",
    "of": "{absent}请假，{stand_in}代班",
    "days": "{first}到{last}",
    "now": "正在代班",
    "later": "还没开始",
    "roles": "交出去的：{roles}",
    "by": "{name}设的",
    "end": "提前结束",
    "end_sure": "结束后，件和急件马上回到{absent}手上。",
    "end_go": "确定结束",
    "set": "设好了，已经告诉代班的人。",
    "ended": "已经提前结束。",
    "someone": "同事",
    "record": "{absent}（{absent_id}）请假，{stand_in}（{stand_in_id}）代班，{first}到{last}",
}

WRONG: Final[Mapping[Wrong, str]] = {
    Wrong.NOT_THEIRS: "他不归您管，请他自己或者他的街道来设。",
    Wrong.NOTHING: "他没有要交给别人的件，不用代班。",
    Wrong.SELF: "请假的人不能代自己的班，请选别人。",
    Wrong.NOT_NEAR: "只能请附近同岗位的同事代班，同社区的网格员和调度可以互代。别的岗位请街道中心来设。",
    Wrong.WIDER: "您不能用代班给自己多开权限，请选别人。",
    Wrong.DATES: "日期不对：从今天起往后选，结束不能早于开始，开始最多提前三个月。",
    Wrong.LONG: f"一次代班最多 {LONGEST.days} 天。更久的请街道改岗位。",
    Wrong.TWICE: "这几天已经有人代班了。要改，先结束原来的。",
    Wrong.AWAY: "选的这位那几天自己也请假，请换一个人。",
    Wrong.STANDS_IN: "请假的人那几天正替别人代班。请先把那一个换人，再请假。",
}
NO_PERSON: Final = "请选谁请假、谁代班。"
NO_DATE: Final = "请把两个日期都选上，例如 2026-11-25。"
NOT_FOUND: Final = "没有找到这个代班，或者已经结束了。"
