"""What is said to neighbours about their calls."""

from __future__ import annotations

from bot.wording.parts import Params, Setting, day, subject, when
from intake.lifecycle import State
from intake.taxonomy import Visibility


def _warn(params: Params) -> str:
    return "有个人信息，建议撤回。" if params.get("warn") else ""


def ack_sure(params: Params, setting: Setting) -> str:
    due = when(params.get("respond_due", ""), setting)
    item = f"，按“{params['item']}”报给{params['department']}" if params.get("item") else ""
    head = f"收到啦，{params['case']}：{subject(params)}{item}"
    who = "" if item else f"{params.get('department', '')}负责，"
    ask = "请补一句在哪附近。" if params.get("ask_place") else ""
    return f"{head}。{who}{due}前给您回话。{ask}{_warn(params)}"


def ack_ask(params: Params, setting: Setting) -> str:
    if not params.get("option_1"):
        return f"收到啦，{params['case']}。已交网格员看，看准了马上办。{_warn(params)}"
    return (
        f"收到啦，{params['case']}：{subject(params)}。您是想反映“{params['option_1']}”"
        f"还是“{params['option_2']}”？点一下或回 1、2。{_warn(params)}"
    )


def ack_human(params: Params, setting: Setting) -> str:
    due = when(params.get("respond_due", ""), setting)
    about = f"：{subject(params)}" if params.get("said") or params.get("title") else ""
    return f"收到啦，{params['case']}{about}。已交网格员看，{due}前给您回话。{_warn(params)}"


def ask_photo(params: Params, setting: Setting) -> str:
    what = "是什么事" if params.get("place") else "是什么事、在哪儿"
    return f"照片收到了，记作 {params['case']}，已交网格员看。一句话说说{what}，好办得快些。"


def ack_wish(params: Params, setting: Setting) -> str:
    return f"心愿收到啦，{params['case']}。社区看过后帮您找人，不会说出您是谁。{_warn(params)}"


def private_neutral(params: Params, setting: Setting) -> str:
    link = setting.link(params["link"])
    where = f"点这里和我单独说：{link}" if link else "请点我的头像私聊我一句，或等网格员联系您"
    return f"收到。这类事不在群里说，{where}。"


def joined(params: Params, setting: Setting) -> str:
    return (
        f"{_this(params)} {params['case']} 已在办，"
        f"给您记上了（共{params['voices']}位街坊），有进展一起说。"
    )


def _number(params: Params) -> str:
    """A case by its number, and by what it is where it was told in another grid."""
    about = params.get("about")
    return f"{params['case']}（{about}）" if about else params["case"]


def _this(params: Params) -> str:
    """Which case it is, so that whoever meant another one can say so; only where a group may see that, and
    no guess. Not in the words of whoever told it first: they may stand in another group."""
    if params.get("visibility") != Visibility.GROUP:
        return "这件事"
    sure = params.get("state") != State.TO_CONFIRM
    item, place = params.get("item", "") if sure else "", params.get("place", "")
    what = f"{item}（{place}）" if item and place else item or place
    return f"{what}这件" if what else "这件事"


def taken(params: Params, setting: Setting) -> str:
    due = when(params.get("resolve_due", ""), setting)
    about = f"：{subject(params)}" if params.get("said") else ""
    return f"{params['case']}{about} 有人接手了（{params.get('department', '')}），{due}前办结。"


def progress(params: Params, setting: Setting) -> str:
    words, number = params.get("words"), _number(params)
    return f"{number} 进展：{words}" if words else f"{number} 正在办，有结果就说。"


def extended(params: Params, setting: Setting) -> str:
    why = params.get("words", "").rstrip("。.")
    until = when(params.get("resolve_due", ""), setting)
    return (
        f"{_number(params)} 要多等几天{f'：{why}' if why else ''}。新时间 {until}，"
        "耽误您了，有急事回“急”。"
    )


_WAITS_FOR = {
    "parts": "在等配件、材料",
    "weather": "要等天气好转才能施工",
    "approval": "在等上级或产权单位批复",
    "survey": "在等检测、鉴定结果",
}


def paused(params: Params, setting: Setting) -> str:
    """Why it waits and until when; what is asked of the reporter is asked plainly."""
    words, until = (
        params.get("words", "").rstrip("。.!！？?"),
        day(params.get("paused_until", ""), setting),
    )
    if params.get("reason") == "neighbour":
        ask = f"：{words}" if words else ""
        return f"{params['case']} 还想请报事的街坊补充一句{ask}。等到{until}，说了我们马上接着办。"
    why = _WAITS_FOR.get(params.get("reason", ""), "")
    told = "，".join(filter(None, (why, words)))
    waits = f"{params['case']} 先等一等{f'：{told}' if told else ''}"
    return f"{waits}。最晚等到{until}，到时接着办，一直替您记着。"


def done(params: Params, setting: Setting) -> str:
    words = params.get("words")
    what = f"处理好了：{words.rstrip('。.')}" if words else "处理好了"
    ask = "请报事的街坊打个分，没好就点“没好”。" if params.get("rate_here") else "没好就说一声。"
    return f"{_number(params)} {what}。您看看是不是真的好了？{ask}"


def please_rate(params: Params, setting: Setting) -> str:
    words = params.get("words", "").rstrip("。.")
    return (
        f"{params['case']} 处理好了：{words}。办得怎么样？点 1~5 分，5 最满意；"
        "没解决点“没好”。48 小时不回也不催。"
    )


def rated(params: Params, setting: Setting) -> str:
    return f"{params['case']} 记下了，谢谢您。" + (
        "哪里不满意，直接回一句，我们转给办的人。" if params.get("score") in ("1", "2") else ""
    )


def reopened(params: Params, setting: Setting) -> str:
    due = when(params.get("respond_due", ""), setting)
    return f"抱歉没办好。{params['case']} 已重新打开，换人跟，{due}前给您回话。"


def corrected(params: Params, setting: Setting) -> str:
    start = when(params.get("opened_at", ""), setting)
    return f"更正：{params['case']} 分错了，已转{params['department']}，时间仍从{start}算，给您添麻烦了。"


def merged(params: Params, setting: Setting) -> str:
    cases = params.get("cases") or "刚才那件"
    voices = f"（共{params['voices']}位街坊）" if params.get("voices") else ""
    return f"{cases} 和 {params['case']} 是同一件事，合在一起办{voices}，有进展一起说。"


def unmerged(params: Params, setting: Setting) -> str:
    start = when(params.get("opened_at", ""), setting)
    since = f"时间仍从{start}算，" if start else ""
    other = params.get("main") or "那一件"
    return f"更正：{params['case']} 和 {other} 不是一件事，分开办，{since}给您添麻烦了。"


def rejected(params: Params, setting: Setting) -> str:
    words = params.get("words") or "网格员会跟您说明"
    return f"{params['case']} 这件不归网格办：{words}。还有疑问回“人工”。"


def maybe_solved(params: Params, setting: Setting) -> str:
    return f"听说 {params['case']} 已经好了？报事的街坊点一下，好了就结，没好接着办。"


_WHAT = {"id": "证件号", "card": "银行卡号", "phone": "手机号", "address": "详细住址"}


def privacy_warning(params: Params, setting: Setting) -> str:
    what = _WHAT.get(params.get("what", ""), "个人信息")
    return f"刚才的消息里有{what}，建议您马上撤回。我不会留存；要留联系方式请私聊我。"


def which_grid(params: Params, setting: Setting) -> str:
    return "我还不知道您是哪个网格的。请先在小区群里说一句，或从群里的链接点进来。"


def silenced(params: Params, setting: Setting) -> str:
    return f"好的，我安静到{when(params['until'], setting)}，急事除外。要我回来就说“呼应 说话”。"
