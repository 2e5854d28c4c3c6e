"""The life of a case, in a table.

The law of this file: a case changes its state only by an action listed here; every other action leaves
it untouched and raises `NotNow`. Requests and wishes have a table each. The picture in the
documentation is drawn from the same rows. The Chinese names are those of the trade.
"""

from __future__ import annotations

from enum import StrEnum


class CaseKind(StrEnum):
    REQUEST = "request"
    WISH = "wish"


class State(StrEnum):
    DRAFT = "draft"  # 草稿: recognised, not yet anybody's
    TO_CONFIRM = "to_confirm"  # 待确认
    ACCEPTED = "accepted"  # 已受理
    TO_DISPATCH = "to_dispatch"  # 待派单
    DISPATCHED = "dispatched"  # 已派单
    SIGNED = "signed"  # 已签收
    WORKING = "working"  # 办理中
    HANDLED = "handled"  # 已处置
    TO_RATE = "to_rate"  # 待评价
    CLOSED = "closed"  # 已办结
    ARCHIVED = "archived"  # 已归档
    WITHDRAWN = "withdrawn"  # 撤回
    REJECTED = "rejected"  # 不予受理
    MERGED = "merged"  # 合并: follows its main case
    REVIEW = "review"  # 心愿待审核
    PUBLISHED = "published"  # 心愿已发布
    CLAIMED = "claimed"  # 心愿已认领


STATE_NAMES: dict[State, str] = {
    State.DRAFT: "草稿",
    State.TO_CONFIRM: "待确认",
    State.ACCEPTED: "已受理",
    State.TO_DISPATCH: "待派单",
    State.DISPATCHED: "已派单",
    State.SIGNED: "已签收",
    State.WORKING: "办理中",
    State.HANDLED: "已处置",
    State.TO_RATE: "待评价",
    State.CLOSED: "已办结",
    State.ARCHIVED: "已归档",
    State.WITHDRAWN: "已撤回",
    State.REJECTED: "不予受理",
    State.MERGED: "已合并",
    State.REVIEW: "待审核",
    State.PUBLISHED: "已发布",
    State.CLAIMED: "已认领",
}

DONE = frozenset({State.HANDLED, State.TO_RATE})
"""States in which somebody says that it is done."""

OVER = frozenset({State.CLOSED, State.ARCHIVED, State.WITHDRAWN, State.REJECTED, State.MERGED})
"""States in which nobody owes anything."""


class Action(StrEnum):
    DOUBT = "doubt"  # 存疑: ask the neighbour or a moderator
    ACCEPT = "accept"  # 受理
    ROUTE = "route"  # 转派单
    DISPATCH = "dispatch"  # 派单
    TAKE = "take"  # 签收
    REPORT = "report"  # 进展
    FINISH = "finish"  # 处置
    ASK_RATING = "ask_rating"  # 请评价
    RATE = "rate"  # 评价
    LAPSE = "lapse"  # 逾期未评: silence closes, but is not satisfaction
    REOPEN = "reopen"  # 重办
    HAND_BACK = "hand_back"  # 退单
    HAND_UP = "hand_up"  # 超权限上报: beyond what the street may do, the district says whose it is
    SEND_DOWN = "send_down"  # 退回街道: the district says that the street can do it
    PASS_ON = "pass_on"  # 转办: from party members to mediation, from mediation to a department
    ASK_JOINT = "ask_joint"  # 请协办
    WHISTLE = "whistle"  # 吹哨
    REPORT_IN = "report_in"  # 报到
    JOINT_NOTE = "joint_note"  # 协办情况: a joint department's words, for staff only
    JOINT_DONE = "joint_done"  # 协办办完
    JOINT_DECLINE = "joint_decline"  # 协办退回
    JOINT_LATE = "joint_late"  # 协办逾期
    END_PART = "end_part"  # 结束协办: whoever called waits no longer
    CORRECT = "correct"  # 改派
    SUPPLEMENT = "supplement"  # 补充信息
    ASK_TIME = "ask_time"  # 申请延期
    EXTEND = "extend"  # 延期
    DECLINE = "decline"  # 不同意延期
    PAUSE = "pause"  # 暂停计时: the clock stands still for a stated reason
    ASK_PAUSE = "ask_pause"  # 申请暂停
    REFUSE_PAUSE = "refuse_pause"  # 不同意暂停
    RESUME = "resume"  # 恢复计时
    SUPERVISE = "supervise"  # 督办: somebody above follows it until it is done
    LIFT = "lift"  # 解除督办
    DRAW = "draw"  # 请回访: drawn, so that somebody asks whether it is really fixed
    CALL_BACK = "call_back"  # 回访
    ESCALATE = "escalate"  # 升级
    ALARM = "alarm"  # 转紧急
    CALL = "call"  # 呼叫: somebody on duty is called to a danger; the words are their id
    MERGE = "merge"  # 合并
    UNMERGE = "unmerge"  # 撤销合并
    ABSORB = "absorb"  # 并入: another case is merged into this one
    SPLIT = "split"  # 拆分: something of it becomes a case of its own
    REJECT = "reject"  # 不予受理
    WITHDRAW = "withdraw"  # 撤回
    ARCHIVE = "archive"  # 归档
    REVIEW = "review"  # 心愿送审
    PUBLISH = "publish"  # 心愿发布
    CLAIM = "claim"  # 心愿认领
    RELEASE = "release"  # 放弃认领
    SETTLE = "settle"  # 自行处置: found on a round and put right on the spot
    RELABEL = "relabel"  # 更正事项: of what was settled, what it was
    SHOW = "show"  # 放宽可见: a group may see of it what its item allows
    LEAVE = "leave"  # 离岗交回: whoever had it in hand works here no more; the words are their id
    MOVE = "move"  # 调整: departments or grids were changed, and it goes with them


ACTION_NAMES: dict[Action, str] = {
    Action.DOUBT: "存疑",
    Action.ACCEPT: "受理",
    Action.ROUTE: "转派单",
    Action.DISPATCH: "派单",
    Action.TAKE: "签收",
    Action.REPORT: "进展",
    Action.FINISH: "处置",
    Action.ASK_RATING: "请评价",
    Action.RATE: "评价",
    Action.LAPSE: "逾期未评",
    Action.REOPEN: "重办",
    Action.HAND_BACK: "退单",
    Action.HAND_UP: "超权限上报",
    Action.SEND_DOWN: "退回街道",
    Action.PASS_ON: "转办",
    Action.ASK_JOINT: "请协办",
    Action.WHISTLE: "吹哨",
    Action.REPORT_IN: "报到",
    Action.JOINT_NOTE: "协办情况",
    Action.JOINT_DONE: "协办办完",
    Action.JOINT_DECLINE: "协办退回",
    Action.JOINT_LATE: "协办逾期",
    Action.END_PART: "结束协办",
    Action.CORRECT: "改派",
    Action.SUPPLEMENT: "补充",
    Action.ASK_TIME: "申请延期",
    Action.EXTEND: "延期",
    Action.DECLINE: "不同意延期",
    Action.PAUSE: "暂停计时",
    Action.ASK_PAUSE: "申请暂停",
    Action.REFUSE_PAUSE: "不同意暂停",
    Action.RESUME: "恢复计时",
    Action.SUPERVISE: "督办",
    Action.LIFT: "解除督办",
    Action.DRAW: "请回访",
    Action.CALL_BACK: "回访",
    Action.ESCALATE: "升级",
    Action.ALARM: "转紧急",
    Action.CALL: "呼叫",
    Action.MERGE: "合并",
    Action.UNMERGE: "撤销合并",
    Action.ABSORB: "并入",
    Action.SPLIT: "拆分",
    Action.REJECT: "不予受理",
    Action.WITHDRAW: "撤回",
    Action.ARCHIVE: "归档",
    Action.REVIEW: "送审",
    Action.PUBLISH: "发布",
    Action.CLAIM: "认领",
    Action.RELEASE: "放弃认领",
    Action.SETTLE: "自行处置",
    Action.RELABEL: "更正事项",
    Action.SHOW: "放宽可见",
    Action.LEAVE: "离岗交回",
    Action.MOVE: "调整",
}

S, A = State, Action

_WAITING = (S.TO_CONFIRM, S.ACCEPTED, S.TO_DISPATCH, S.DISPATCHED)
_AT_WORK = (S.SIGNED, S.WORKING)
AT_WORK = frozenset(_AT_WORK)
"""States in which somebody has it in hand."""
_OPEN = (*_WAITING, *_AT_WORK)
_GIVEN = (S.ACCEPTED, S.DISPATCHED, *_AT_WORK)
"""Somebody was told that it is theirs."""
_JOINTLY = (
    *(A.ASK_JOINT, A.WHISTLE, A.REPORT_IN, A.JOINT_NOTE, A.JOINT_DONE, A.JOINT_DECLINE),
    *(A.JOINT_LATE, A.END_PART),
)
"""What others than the lead do leaves the case where it stands."""

REQUEST_TABLE: dict[tuple[State, Action], State] = {
    (S.DRAFT, A.DOUBT): S.TO_CONFIRM,
    (S.DRAFT, A.ACCEPT): S.ACCEPTED,
    (S.DRAFT, A.SETTLE): S.CLOSED,
    **{
        (state, A.DOUBT): S.TO_CONFIRM for state in (S.ACCEPTED, S.TO_DISPATCH)
    },  # as before a merge
    (S.TO_CONFIRM, A.ACCEPT): S.ACCEPTED,
    (S.ACCEPTED, A.ROUTE): S.TO_DISPATCH,
    (S.SIGNED, A.ROUTE): S.TO_DISPATCH,  # its hands had come by a merge that is undone
    (S.ACCEPTED, A.DISPATCH): S.DISPATCHED,
    (S.TO_DISPATCH, A.DISPATCH): S.DISPATCHED,
    **{(state, A.DISPATCH): S.DISPATCHED for state in (S.DISPATCHED, *_AT_WORK)},  # to another
    (S.DISPATCHED, A.HAND_BACK): S.TO_DISPATCH,
    (S.SIGNED, A.HAND_BACK): S.TO_DISPATCH,
    (S.WORKING, A.HAND_BACK): S.TO_DISPATCH,
    **{(state, A.HAND_UP): S.TO_DISPATCH for state in (*_GIVEN, S.TO_DISPATCH)},
    (S.TO_DISPATCH, A.SEND_DOWN): S.DISPATCHED,
    (S.WORKING, A.SEND_DOWN): S.WORKING,  # somebody worked on while the district was asked
    **{(state, A.PASS_ON): S.DISPATCHED for state in _GIVEN},
    **{(state, action): state for state in _OPEN for action in _JOINTLY},
    **{(state, A.TAKE): S.SIGNED for state in _WAITING},
    **{(state, A.REPORT): S.WORKING for state in _OPEN},
    **{(state, A.FINISH): S.HANDLED for state in _OPEN},
    (S.HANDLED, A.ASK_RATING): S.TO_RATE,
    (S.TO_RATE, A.RATE): S.CLOSED,
    (S.TO_RATE, A.LAPSE): S.CLOSED,
    (S.CLOSED, A.RATE): S.CLOSED,
    (S.CLOSED, A.RELABEL): S.CLOSED,
    (S.CLOSED, A.DRAW): S.CLOSED,
    (S.CLOSED, A.CALL_BACK): S.CLOSED,
    **{(state, A.REOPEN): S.TO_DISPATCH for state in (S.HANDLED, S.TO_RATE, S.CLOSED)},
    **{(state, A.CORRECT): S.ACCEPTED for state in _WAITING},
    **{(state, A.CORRECT): S.TO_DISPATCH for state in _AT_WORK},
    **{(state, A.REVIEW): S.REVIEW for state in _WAITING},  # a person says that it is a wish
    **{(state, A.SUPPLEMENT): state for state in (*_OPEN, S.TO_RATE)},
    **{(state, A.ASK_TIME): state for state in _AT_WORK},
    **{(state, A.EXTEND): state for state in _AT_WORK},
    **{(state, A.DECLINE): state for state in _AT_WORK},
    **{
        (state, action): state
        for state in _AT_WORK
        for action in (A.PAUSE, A.ASK_PAUSE, A.REFUSE_PAUSE, A.RESUME)
    },
    **{(state, A.SUPERVISE): state for state in _OPEN},
    **{(state, A.LIFT): state for state in (*_OPEN, S.TO_RATE, S.CLOSED)},
    **{(state, A.ESCALATE): state for state in _OPEN},
    **{(state, A.ALARM): state for state in _OPEN},
    **{(state, A.CALL): state for state in (*_OPEN, S.TO_RATE)},
    **{(state, A.MERGE): S.MERGED for state in _OPEN},
    (S.MERGED, A.UNMERGE): S.ACCEPTED,
    **{(state, A.ABSORB): state for state in _OPEN},
    **{(state, A.SPLIT): state for state in (*_OPEN, S.TO_RATE)},
    **{(state, A.SHOW): state for state in _OPEN},
    **{(state, A.LEAVE): S.DISPATCHED for state in _AT_WORK},
    **{(state, A.MOVE): state for state in (*_OPEN, S.HANDLED, S.TO_RATE)},
    **{(state, A.REJECT): S.REJECTED for state in _WAITING},
    **{(state, A.WITHDRAW): S.WITHDRAWN for state in _OPEN},
    (S.CLOSED, A.ARCHIVE): S.ARCHIVED,
    (S.WITHDRAWN, A.ARCHIVE): S.ARCHIVED,
    (S.REJECTED, A.ARCHIVE): S.ARCHIVED,
}

_WISH_OPEN = (S.REVIEW, S.PUBLISHED, S.CLAIMED)

WISH_TABLE: dict[tuple[State, Action], State] = {
    (S.DRAFT, A.REVIEW): S.REVIEW,
    (S.REVIEW, A.CORRECT): S.ACCEPTED,  # a person says that it is no wish: a request now
    (S.REVIEW, A.PUBLISH): S.PUBLISHED,
    (S.PUBLISHED, A.CLAIM): S.CLAIMED,
    (S.CLAIMED, A.RELEASE): S.PUBLISHED,
    (S.CLAIMED, A.REPORT): S.CLAIMED,
    (S.CLAIMED, A.FINISH): S.HANDLED,
    (S.HANDLED, A.ASK_RATING): S.TO_RATE,
    (S.TO_RATE, A.RATE): S.CLOSED,
    (S.TO_RATE, A.LAPSE): S.CLOSED,
    (S.CLOSED, A.RATE): S.CLOSED,
    **{(state, A.REOPEN): S.PUBLISHED for state in (S.HANDLED, S.TO_RATE, S.CLOSED)},
    **{(state, A.SUPPLEMENT): state for state in (*_WISH_OPEN, S.TO_RATE)},
    **{(state, A.SPLIT): state for state in (*_WISH_OPEN, S.TO_RATE)},
    **{(state, A.CALL): state for state in (*_WISH_OPEN, S.TO_RATE)},  # a danger, said to be a wish
    **{(state, A.MOVE): state for state in (*_WISH_OPEN, S.HANDLED, S.TO_RATE)},
    **{(state, A.REJECT): S.REJECTED for state in (S.REVIEW, S.PUBLISHED)},
    **{(state, A.WITHDRAW): S.WITHDRAWN for state in _WISH_OPEN},
    (S.CLOSED, A.ARCHIVE): S.ARCHIVED,
    (S.WITHDRAWN, A.ARCHIVE): S.ARCHIVED,
    (S.REJECTED, A.ARCHIVE): S.ARCHIVED,
}

TABLES: dict[CaseKind, dict[tuple[State, Action], State]] = {
    CaseKind.REQUEST: REQUEST_TABLE,
    CaseKind.WISH: WISH_TABLE,
}


class NotNow(ValueError):
    """The case is in a state in which this action is not possible; nothing has changed."""

    def __init__(self, state: State, action: Action) -> None:
        self.state = state
        self.action = action
        super().__init__(f"'{action}' is not possible while the case is '{state}'")


def next_state(kind: CaseKind, state: State, action: Action) -> State:
    """The state after `action`. Raises NotNow where the table has no such row."""
    try:
        return TABLES[kind][state, action]
    except KeyError:
        raise NotNow(state, action) from None


def actions_from(kind: CaseKind, state: State) -> tuple[Action, ...]:
    """What may be done now, in the table's order."""
    return tuple(action for (at, action) in TABLES[kind] if at is state)
