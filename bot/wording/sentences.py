"""The sentence of every template.

The law of this file: one table, and those who read it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.wording import answers, changes, danger, mine, mornings, residents, staff, standing, wishes
from bot.wording.parts import Params, Setting, fixed
from intake.templates import Template

_TO_ALL = re.compile(
    r"[@＠]\s*(?:所有人|全体成员|全體成員|全员|(?:all|everyone)(?![A-Za-z0-9]))", re.I
)
"""Nobody is called all together, whatever the words that a sentence passes on."""


def render(template: str, params: Params, setting: Setting) -> str:
    """The sentence for a template. Raises KeyError for a template without one (a test forbids it)."""
    return _TO_ALL.sub("大家", SENTENCES[Template(template)](params, setting)).strip()


def several_acks(cases: list[str]) -> str:
    """One acknowledgement for many calls that came at once."""
    return f"大家说的都收到啦，一共 {len(cases)} 件：{'、'.join(cases)}。都在办，有进展一件件说。"


SENTENCES: dict[Template, Callable[[Params, Setting], str]] = {
    Template.ACK_SURE: residents.ack_sure,
    Template.ACK_ASK: residents.ack_ask,
    Template.ACK_HUMAN: residents.ack_human,
    Template.ASK_PHOTO: residents.ask_photo,
    Template.ACK_WISH: residents.ack_wish,
    Template.PRIVATE_NEUTRAL: residents.private_neutral,
    Template.JOINED: residents.joined,
    Template.LEFT: fixed("好的，不把您算在 {case} 里了。要报别的事，再说一句就行。"),
    Template.NOT_JOINED: fixed("{case} 里没有您跟着报的话，不用分开。"),
    Template.STATE_NOW: standing.state_now,
    Template.NOT_A_CASE: fixed("{case} 看过了，像是闲聊，没往下派。要是真有事，再说一句就行。"),
    Template.TAKEN: residents.taken,
    Template.PROGRESS: residents.progress,
    Template.DONE: residents.done,
    Template.EXTENDED: residents.extended,
    Template.PAUSED: residents.paused,
    Template.PLEASE_RATE: residents.please_rate,
    Template.RATED: residents.rated,
    Template.REOPENED: residents.reopened,
    Template.CORRECTED: residents.corrected,
    Template.MERGED: residents.merged,
    Template.UNMERGED: residents.unmerged,
    Template.REJECTED: residents.rejected,
    Template.WITHDRAWN: fixed("好的，{case} 撤了，当我没说。"),
    Template.MAYBE_SOLVED: residents.maybe_solved,
    Template.PRIVACY_WARNING: residents.privacy_warning,
    Template.HUMAN_COMES: fixed("好，已经叫网格员了，马上联系您。"),
    Template.MORNING: mornings.morning,
    Template.BULLETIN: answers.bulletin,
    Template.BULLETIN_OVER: answers.bulletin_over,
    Template.BULLETIN_MOVED: answers.bulletin_moved,
    Template.ANSWER: answers.answer,
    Template.ASK_AGAIN: fixed("请您直接说一句：哪里、什么事。我马上给您报。"),
    Template.ALARM: danger.alarm,
    Template.ALARM_PRIVATE: danger.alarm_private,
    Template.ALERT: danger.alert,
    Template.ALERT_TAKEN: danger.alert_taken,
    Template.ALERT_UNANSWERED: danger.alert_unanswered,
    Template.FALSE_ALARM: fixed("{case} 看过了，是我听错，打扰大家了。"),
    Template.WISH_PUBLISHED: wishes.published,
    Template.WISH_CLAIMED: wishes.claimed,
    Template.WISH_CLAIMED_STAFF: wishes.claimed_staff,
    Template.WISH_OFFERED_STAFF: wishes.offered_staff,
    Template.WISH_YOURS: wishes.yours,
    Template.WISH_GONE: fixed("{case} 已经有人认领了，谢谢您的热心，下次还找您。"),
    Template.WISH_DONE: fixed("{case} 圆上了。谢谢出力的街坊。"),
    Template.STAFF_CASE: staff.case,
    Template.STAFF_SUPPLEMENT: staff.supplement,
    Template.STAFF_UPDATE: staff.update,
    Template.STAFF_DUE: staff.due,
    Template.STAFF_DAY: staff.day,
    Template.STAFF_BRIEF: fixed("{area}上周的简报写好了草稿，请到工作台看一眼，改好再发。"),
    Template.BRIEF: fixed("{words}"),
    Template.STAFF_ESCALATED: staff.escalated,
    Template.STAFF_ASKS_TIME: staff.asks_time,
    Template.STAFF_JOINT: staff.joint,
    Template.STAFF_WHISTLE: staff.whistle,
    Template.STAFF_PART_LATE: staff.part_late,
    Template.STAFF_PARTS_OPEN: fixed(
        "{case} 还没办结：{whom}还没回话。要等就先等等；不等了，就把办了什么再写一遍，前面加“{anyway}”。"
    ),
    Template.STAFF_WHICH_CALL: fixed(
        "有好几件在等你们到场：{cases}。请带上单号再说一声，例如“单号 到了”。"
    ),
    Template.STAFF_BEYOND: staff.beyond,
    Template.STAFF_ASKS_PAUSE: staff.asks_pause,
    Template.STAFF_SUPERVISED: staff.supervised,
    Template.STAFF_WATCHED: staff.watched,
    Template.STAFF_CALL_BACKS: fixed(
        "{area}上周没等到评价就办结的，抽了 {count} 件请回访：问一句是不是真的好了，"
        "到工作台“回访”里点结果。"
    ),
    Template.STAFF_HUMAN: staff.human,
    Template.STAFF_LOOK: staff.look,
    Template.STAFF_ERASE: staff.erase,
    Template.STAFF_NAMES: staff.names,
    Template.STAFF_NAMED: staff.named,
    Template.STAFF_COVER: staff.cover,
    Template.STAFF_LEFT: changes.left,
    Template.STAFF_MOVED: changes.moved,
    Template.STAFF_PROPOSAL: answers.proposal,
    Template.STAFF_BULLETIN: answers.kept,
    Template.STAFF_CARD: answers.card,
    Template.STAFF_WHICH: staff.which,
    Template.STAFF_WHICH_NOTED: staff.which_noted,
    Template.STAFF_WHICH_NONE: fixed("好，这句不记到哪件上。要记，发“单号 + 做了什么”就行。"),
    Template.STAFF_WHICH_GONE: fixed(
        "这句话已经记好了，或是放得太久没再留。要记，请发“单号 + 做了什么”。"
    ),
    Template.STAFF_WHICH_LAPSED: staff.which_lapsed,
    Template.PICK_ITEM: fixed("{case} 应该是哪一类？"),
    Template.PICK_CATEGORY: fixed("{case} 是哪一大类？"),
    Template.PICK_REASON: fixed("{case} 为什么退？"),
    Template.PICK_PLACE: fixed("{case} 退可以，您看该归谁？别的单位请到工作台上填。"),
    Template.ASK_WORDS: staff.ask_words,
    Template.EMPTY_WORDS: fixed("{case} 还不能结：请写清具体做了什么，例如“换了灯头，试过亮了”。"),
    Template.NOT_ALLOWED: fixed("{case} 这一步要由负责的人来点。"),
    Template.NOT_NOW: staff.not_now,
    Template.NO_SUCH_CASE: fixed("没找到这一件，可能已经归档了。"),
    Template.ONLY_REPORTER: fixed("{case} 这个要由报事人自己来点。"),
    Template.WELCOME: fixed(
        "您好，我是网格助手小呼。有事直接说，我帮您报上去、盯到办好。发“我的”看自己的记录。"
    ),
    Template.HELP: fixed(
        "有事直接说就行，例如“3栋楼下路灯不亮”。想让我记下某句话，回复它发“#报事”；找真人发“人工”。"
    ),
    Template.WHICH_GRID: residents.which_grid,
    Template.FORGET_ME: fixed("好的，您说的话我不再记。想恢复发“记我”，急事我还是会帮忙叫人。"),
    Template.REMEMBER_ME: fixed("好的，您的事我会接着记着办。说过“删我”的，也不删了。"),
    Template.MINE: mine.mine,
    Template.EXPORT_ME: fixed("好的，这就把我记的关于您的都整理出来，单独发给您。"),
    Template.EXPORT: mine.export,
    Template.ERASE_ME: mine.erase_me,
    Template.ERASED: mine.erased,
    Template.SILENCED: residents.silenced,
    Template.SPEAKS: fixed("我回来了，有事直接说。"),
    Template.FIRST_NOTICE: fixed(
        "大家好，我是网格助手小呼，会记下大家反映的问题并转部门。只取办事要用的内容，"
        "90 天后清除原文（没办完的留到办完）。不想被记录回“别记我”，查、删自己的记录回“我的”。"
    ),
    Template.BOUND: fixed("这个群绑到{area}了，口令已用掉。"),
    Template.BIND_BAD: fixed("这个口令不对或过期了，请在工作台要一个新的。"),
    Template.BIND_TAKEN: fixed(
        "这个群已经绑好了，口令改不了它。要改，请管理员到网页上改或先解绑。"
    ),
    Template.STAFF_WELCOME: fixed("{name}您好，您现在是{scope}的{role}。有事我会在这里找您。"),
    Template.INVITE_BAD: fixed("这个邀请链接{reason}，请找发给您的人要一个新的。"),
}
