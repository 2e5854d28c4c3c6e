"""What is said to those who work on cases."""

from __future__ import annotations

from bot.wording.danger import ALERT_LIMIT
from bot.wording.parts import Params, Setting, quote, when
from intake.ladder import Whom
from intake.lifecycle import STATE_NAMES, State
from intake.pausing import PAUSE_REASONS

RUNGS = {
    Whom.HANDLER: "经办",
    Whom.SUPERVISOR: "调度员",
    Whom.STREET: "街道中心",
    Whom.DISTRICT: "区中心",
}
"""Who stands on the rungs of the ladder."""


def case(params: Params, setting: Setting) -> str:
    tag = {"human": "【待定类】", "ask": "【待确认】"}.get(params.get("triage", ""), "【新】")
    if params.get("state") != State.TO_CONFIRM.value and not params.get("wish"):
        tag = "【重办】" if params.get("reopened") else "【新】"
    if params.get("wish"):
        return f"【心愿待审】{params['case']} {params['item']}：{quote(params['said'])}"
    due = when(params.get("respond_due", ""), setting)
    end = when(params.get("resolve_due", ""), setting)
    mark = "（暂定）" if params.get("provisional") else ""
    again = params.get("done_words", "").rstrip("。.")
    why = f"\n上次说：{again}。街坊说没好，请换人跟。" if again else ""
    why += f"\n{params['by']}转来：{params['why']}" if params.get("why") else ""
    return (
        f"{tag}{params['case']} {params['level']}级 {params['item']}"
        f" {params.get('place') or ''}\n{params['said']}\n"
        f"牵头：{params['department']}；{due}前回话，{end}前办结{mark}{why}"
    )


def supplement(params: Params, setting: Setting) -> str:
    tag = "催办" if params.get("chased") else "补充"
    return f"【{tag}】{params['case']} {params.get('item', '')}：{params.get('words', '')}"


def update(params: Params, setting: Setting) -> str:
    words = f"：{params['words']}" if params.get("words") else ""
    if params.get("what") == "退单" and params.get("whose"):
        words = f"{words}，建议派给{params['whose']}"
    note = "。第二次退单，请网格中心定主责" if params.get("arbitration") else ""
    if params.get("waits"):
        note = "。要是一时办不了，到工作台点“暂停计时”，说清等什么、等到哪天"
    return f"{params['case']} {params['what']}（{params.get('by', '')}）{words}{note}"


def due(params: Params, setting: Setting) -> str:
    told = "、".join(RUNGS[Whom(one)] for one in params.get("told", "").split())
    known = f"已报给{told}。" if told else ""
    if params.get("what") == "respond":
        return f"【催】{params['case']} {params['item']} 首响时间到了，还没人接手。{known}"
    if params.get("what") == "supervise":
        return f"【督办】{params['case']} {params['item']} 该报进展了，请今天就说一句办到哪一步。{known}"
    return f"【超期】{params['case']} {params['item']} 办结时间到了，请报进展或申请延期。{known}"


_MISSED = {
    "respond": "该回话了还没人接手",
    "resolve": "该办结了还没办好",
    "supervise": "在督办，到日子还没报进展",
}


def escalated(params: Params, setting: Setting) -> str:
    """To whoever stands above: what was missed, since when, and whose it is."""
    what = _MISSED.get(params.get("what", ""), _MISSED["resolve"])
    whose = f"（{params['department']}）" if params.get("department") else ""
    since = when(params.get("missed", ""), setting)
    return f"【升级】{params['case']} {params['item']}{whose} {what}，时限是{since}，请您过问。"


_DAY = (
    ("new", "新增 {} 件"),
    ("open", "在办 {} 件"),
    ("due", "今天还要到期 {} 件"),
    ("late", "已超期 {} 件"),
    ("asked", "等报事人确认 {} 件"),
    ("unsure", "等咱们定归类、定归谁 {} 件"),
    ("urgent", "紧急 {} 件"),
    ("private", "私密 {} 件（只报数）"),
)


def day(params: Params, setting: Setting) -> str:
    """The daily collection; what is none is left out."""
    told = "，".join(words.format(params[name]) for name, words in _DAY if params.get(name))
    return f"【今日收集】{params.get('area', '')}：{told or '没有新的事'}。"


def joint(params: Params, setting: Setting) -> str:
    """To a joint department: what is asked of it, and that it answers to the lead."""
    due = when(params.get("due", ""), setting)
    lead = params.get("lead")
    whose = f"牵头的是{lead}，" if lead else ""
    reply = "" if params.get("unreached") else "情况回复这条就行，"
    return (
        f"{_call_them(params)}【协办】{params['case']} {params['item']} {params.get('place') or ''}\n"
        f"请{params['whom']}：{params['words']}，{due}前（{params['by']}）。"
        f"{whose}{reply}对街坊由牵头的说。"
    )


def whistle(params: Params, setting: Setting) -> str:
    due = when(params.get("due", ""), setting)
    there = "到了点“报到”，或回复“到了”。"
    if params.get("unreached"):
        there = "人到了，请吹哨的在工作台上点“结束吹哨”。"
    return (
        f"{_call_them(params)}【吹哨】{params['case']} {params['item']} {params.get('place') or ''}\n"
        f"请{params['whom']}{due}前到场：{params['words']}（{params['by']}）。"
        f"{there}"
    )


def _call_them(params: Params) -> str:
    """To the grid's staff, where the department cannot be reached."""
    if not params.get("unreached"):
        return ""
    return f"（{params['whom']}还没有群，请打电话告诉他们）\n"


def part_late(params: Params, setting: Setting) -> str:
    """That others owe their part still: to them, to whoever waits for it, to those above."""
    due = when(params.get("due", ""), setting)
    about, whom = f"{params['case']} {params['item']}", params.get("whom", "")
    told = f"已报给{RUNGS[Whom(params['told'])]}。" if params.get("told") else ""
    kind = params.get("kind")
    if kind == "beyond":
        return f"【等区里定】{about} 超权限上报，请在{due}前定归谁：{params['words']}。"
    if kind == "whistle":
        what = "还没报到，请马上到场" if params.get("mine") else "还没报到"
        return f"【催报到】{about} {whom}{what}，说好{due}前到：{params['words']}。{told}"
    what = "请回个话" if params.get("mine") else "还没回话"
    return f"【催协办】{about} {whom}{what}，说好{due}前：{params['words']}。{told}"


def beyond(params: Params, setting: Setting) -> str:
    due = when(params.get("due", ""), setting)
    return (
        f"【超权限上报】{params['case']} {params['item']}：{params['by']}说街道办不了，"
        f"{params['words']}。请区中心{due}前定归谁，或退回并说明。"
    )


def asks_time(params: Params, setting: Setting) -> str:
    until = when(params.get("until", ""), setting)
    return (
        f"【申请延期】{params['case']} {params['item']}：{params.get('by', '')}申请延到{until}，"
        f"因为{params.get('words', '')}。请调度员或街道定。"
    )


def supervised(params: Params, setting: Setting) -> str:
    """To those who work on it, at once."""
    by = f"{params['by']}督办" if params.get("by") else "列入督办"
    until = when(params.get("until", ""), setting)
    why = params.get("words", "").rstrip("。.")
    return f"【督办】{params['case']} {params['item']}：{by}，{why}。请在{until}前报进展。"


def watched(params: Params, setting: Setting) -> str:
    """To whoever supervises: what became of it."""
    by = f"（{params['by']}）" if params.get("by") else ""
    words = f"：{params['words']}" if params.get("words") else ""
    return f"【督办】{params['case']} {params['item']} {params['what']}{by}{words}"


def asks_pause(params: Params, setting: Setting) -> str:
    until = when(params.get("until", ""), setting)
    why = PAUSE_REASONS.get(params.get("reason", ""), "")
    return (
        f"【申请暂停】{params['case']} {params['item']}：{params.get('by', '')}申请暂停计时到{until}，"
        f"{why}：{params.get('words', '')}。请调度员或街道定。"
    )


def human(params: Params, setting: Setting) -> str:
    about = f"（他的 {params['case']}）" if params.get("case") else ""
    return f"【找人工】{params.get('by', '')} 想找人说话{about}，请马上联系。"


def look(params: Params, setting: Setting) -> str:
    case = params.get("case")
    known = f"已记为 {case}，没有报急" if case else "没有立案，也没在群里出声"
    if params.get("alone"):
        todo = "请马上私下联系本人，别在群里提"
    else:
        todo = "这件请按紧急办" if case else "再回复那句话发 #报事"
    return (
        f"【请看一眼】{params['by']} 说：{quote(params['words'], ALERT_LIMIT)}\n"
        f"像是{params['title']}，但我拿不准，{known}。是真的，先打 {params['call']}，{todo}。"
    )


def erase(params: Params, setting: Setting) -> str:
    until = when(params.get("until", ""), setting)
    return (
        f"【删除个人记录】{params.get('by', '')} 要求删除自己的记录（{params.get('count', '0')} 件）。"
        f"{until or '15 个工作日内'}自动删，在办的办完再删，不用您动手；别处另抄的，请您删掉。"
    )


def names(params: Params, setting: Setting) -> str:
    is_place = params.get("sort") != "word"
    what = "地名" if is_place else "词"
    shared = f"\n各网格通用：{params['shared']}。" if params.get("shared") else ""
    if not params.get("names"):
        example = "老榕树头" if is_place else "穗康码"
        return f"{params.get('area', '')}还没有自己的{what}。要加就写“#{what} {example}”。{shared}"
    return (
        f"{params.get('area', '')}的{what}（{params.get('count', '')} 个）：{params['names']}。"
        f"加写“#{what} …”，删写“#删{what} …”。{shared}"
    )


def named(params: Params, setting: Setting) -> str:
    is_place = params.get("sort") != "word"
    says = (
        (
            "added",
            "记下了：{}，" + ("从下一句话起就认得。" if is_place else "下次训练以后就认得。"),
        ),
        ("removed", "删了：{}" + ("。" if is_place else "，下次训练以后不再算一个词。")),
        ("known", "本来就有：{}。"),
        ("missing", "这里没有：{}。"),
        ("signs", "“{}”不行：" + _SHAPE["place" if is_place else "word"]),
        ("everyday", "“{}”" + _EVERYDAY["place" if is_place else "word"]),
        ("personal", "有一处像是个人信息，不能记。"),
        ("full", "“{}”放不下了：最多 " + params.get("limit", "") + " 个，先删几个不用的。"),
    )
    told = "".join(words.format(params[name]) for name, words in says if params.get(name))
    return told or "没有要改的。"


_SHAPE = {
    "place": "要 2 到 12 个汉字、字母或数字，不能全是数字。",
    "word": "要 2 到 12 个汉字。",
}
_EVERYDAY = {
    "place": "太常用，会认错，请写得更具体，例如“老榕树头”。",
    "word": "是常用词，早就认识，不用加。",
}


def cover(params: Params, setting: Setting) -> str:
    """Leave and who stands in, to the one of the two who reads it."""
    days = f"{params['first']}到{params['last']}"
    if params["what"] == "stand_in":
        return (
            f"{params['absent']}{days}请假，请您代班：他的件您看得到、能办，急件直接找您。"
            "到期自动结束。"
        )
    if params["what"] == "absent":
        return f"您{days}请假，由{params['stand_in']}代班，急件会找他。到期自动结束。"
    return f"{params['absent']}请假、{params['stand_in']}代班（{days}），现在提前结束了。"


def which(params: Params, setting: Setting) -> str:
    """Which case somebody's words are about, to them alone or by name among colleagues."""
    listed = "\n".join(line.replace("\t", " ") for line in params.get("cases", "").splitlines())
    return (
        f"{params.get('who', '')}，您在群里说的{quote(params['words'])}是哪一件？点一下就按刚才的时间记上。"
        f"\n{listed}"
    )


def which_noted(params: Params, setting: Setting) -> str:
    return f"好，{quote(params['words'])}记到 {params['case']} 上了。"


def which_lapsed(params: Params, setting: Setting) -> str:
    who, cases = params.get("who") or "同事", params.get("cases", "")
    return (
        f"{who}在群里说的{quote(params['words'])}没说清是哪件（{cases}），一直没点，没记到哪件上。"
        "要记请发“单号 + 做了什么”。"
    )


def ask_words(params: Params, setting: Setting) -> str:
    ask = {
        "finish": "写一句做了什么，例如“换了灯头，试过亮了”",
        "report": "写一句到哪一步了，例如“已到现场，配件明天到”",
        "publish": "写一句可以公开的心愿，不带姓名、电话、门牌",
        "reject": "写一句为什么不办、该找谁",
        "pass_on": "写一句试过什么、为什么不成",
        "joint_done": "写一句你们做了什么",
        "joint_note": "写一句办到哪一步了，只有工作人员看得到",
        "joint_decline": "写一句为什么办不了",
    }
    who = f"{params['who']}，请" if params.get("who") else "请"
    return f"{params['case']}：{who}{ask.get(params.get('action', ''), '写一句')}。"


def not_now(params: Params, setting: Setting) -> str:
    state = params.get("state", "")
    name = STATE_NAMES[State(state)] if state else "别的状态"
    number = params.get("case", "")
    if params.get("main"):
        return (
            f"{number} 已经并到 {params['main']} 一起办，这一步做不了，要改请看 {params['main']}。"
        )
    return f"{number} 现在是“{name}”，这一步做不了。"
