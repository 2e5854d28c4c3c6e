"""What is said when life is in danger: in the group, to the one in need, to those who must act."""

from __future__ import annotations

from datetime import datetime

from bot.wording.parts import Params, Setting, quote

# Whoever must act on a danger needs all that was said.
ALERT_LIMIT = 120

_ADVICE = {
    "E02": ("闻到煤气味：别开关电器、别点火、别在屋里打电话；人到室外再拨 {call} 和燃气抢修。"),
    "E03": "有人昏倒或受了重伤：别搬动人，留人守着，马上打 {call}。",
    "E06": "孩子走失：马上打 {call}，说清穿什么、最后在哪看到，附近的街坊帮忙找。",
    "E07": "老人走失：马上打 {call}，说清穿什么、最后在哪看到，附近的街坊帮忙找。",
    "E08": "小心触电：离电线远一点，什么都别碰。有人触电就先断电，没断电别用手碰人，马上打 {call}。",
    "E09": "有人困在电梯里：别扒门，按轿厢里的铃，打 {call}。",
    "E10": "高空坠物伤了人：别搬动伤者，其他人先离开楼下，马上打 {call}。",
    "E12": "有人落水：马上打 {call}，别贸然下水，往水里扔绳子、长杆或能浮的东西。",
    "E14": "车祸有人伤：别搬动伤者，其他人站到路边，马上打 {call}。",
    "E17": "有人可能伤到自己或别人：别围观、别刺激他，离远一点，马上打 {call}。",
    "E19": "几个人吃坏了肚子：剩的别再吃，也别扔，马上打 {call}。",
    "E20": "孩子被困：留人守着，隔着门窗陪他说话，马上打 {call}。",
}
"""What to do until help comes, where “leave the dangerous place” would be wrong or would not help."""
_LEAVE = "情况紧急，请先打 {call}，人先离开危险处。"
_ADVICE_ALONE = {"E11": "先别转钱、别给验证码"}


def advice(emergency: str, call: str) -> str:
    """What to do now, and which number to call, for a class of danger."""
    return _ADVICE.get(emergency, _LEAVE).format(call=call)


def alarm(params: Params, setting: Setting) -> str:
    who = params.get("who") or "网格"
    at = datetime.fromisoformat(params["at"]).astimezone(setting.zone)
    ask = "" if params.get("place") else "请说一下位置。"
    what = advice(params.get("emergency", ""), params["call"])
    return f"{params['case']} {what}已通知{who}，{at.hour}:{at.minute:02d}。{ask}"


def alarm_private(params: Params, setting: Setting) -> str:
    first = _ADVICE_ALONE.get(params.get("emergency", ""), "先保证自己安全")
    return (
        f"我看到您说的了，{params['case']}。{first}，现在就可以打 {params['call']}。"
        "已悄悄通知值班的人，马上联系您，群里没人知道。"
    )


def alert(params: Params, setting: Setting) -> str:
    who = f"{params['who']}：" if params.get("who") else ""
    return (
        f"【紧急】{who}{params['case']} {params.get('emergency', '')} "
        f"{params.get('place') or '位置未说'}：{quote(params.get('said', ''), ALERT_LIMIT)}"
        "。请 5 分钟内点“我来处理”。"
    )


def alert_unanswered(params: Params, setting: Setting) -> str:
    return (
        f"【紧急】{params['case']} {params.get('emergency', '')} 5 分钟没人接，"
        f"现在找{params.get('who') or '下一位'}。谁能去请马上点“我来处理”。"
    )


def alert_taken(params: Params, setting: Setting) -> str:
    return f"【紧急】{params['case']} {params.get('by', '')}已接，其他人可以放心。"
