"""Every sentence that Huying says to people.

The law of this file: plain, warm, short Simplified Chinese; what was heard, who has it, by when, and what
one can do next. No empty phrases, no promise of times that are not set, no names of reporters. A sentence
gets its facts as parameters and decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from intake.lifecycle import STATE_NAMES, State
from intake.templates import Template

Params = Mapping[str, str]
_WEEKDAYS = "一二三四五六日"
QUOTE_LIMIT = 24
# Whoever must act on a danger needs all that was said.
ALERT_LIMIT = 120


@dataclass(frozen=True, slots=True)
class Setting:
    """When and where a sentence is said. `link` makes a link to the private talk, or None."""

    now: datetime
    zone: tzinfo
    link: Callable[[str], str | None] = lambda _parameter: None


def render(template: str, params: Params, setting: Setting) -> str:
    """The sentence for a template. Raises KeyError for a template without one (a test forbids it)."""
    return SENTENCES[Template(template)](params, setting).strip()


def when(iso: str, setting: Setting) -> str:
    """A moment as people say it: 今天18:30, 明天9:00, 周三9:00, 12月3日."""
    if not iso:
        return ""
    at = datetime.fromisoformat(iso).astimezone(setting.zone)
    today = setting.now.astimezone(setting.zone).date()
    days = (at.date() - today).days
    clock = f"{at.hour}:{at.minute:02d}"
    if days in (0, 1, 2):
        return ("今天", "明天", "后天")[days] + clock
    if -7 < days < 0:
        return f"{at.month}月{at.day}日{clock}"
    if 2 < days < 7:
        return f"周{_WEEKDAYS[at.weekday()]}（{at.month}月{at.day}日）{clock}"
    return f"{at.month}月{at.day}日"


def quote(text: str, limit: int = QUOTE_LIMIT) -> str:
    """Somebody's words, short enough for a glance."""
    line = " ".join(text.split())
    return f"「{line if len(line) <= limit else line[:limit] + '…'}」"


def several_acks(cases: list[str]) -> str:
    """One acknowledgement for many calls that came at once."""
    return f"大家说的都收到啦，一共 {len(cases)} 件：{'、'.join(cases)}。都在办，有进展一件件说。"


def _subject(params: Params) -> str:
    """What the case is about, as far as this reader may know it."""
    if params.get("said"):
        return quote(params["said"])
    return f"{params.get('title') or '这件事'}的事"


def _warn(params: Params) -> str:
    return "有个人信息，建议撤回。" if params.get("warn") else ""


def _ack_sure(params: Params, setting: Setting) -> str:
    due = when(params.get("respond_due", ""), setting)
    item = f"，按“{params['item']}”报给{params['department']}" if params.get("item") else ""
    head = f"收到啦，{params['case']}：{_subject(params)}{item}"
    who = "" if item else f"{params.get('department', '')}负责，"
    ask = "请补一句在哪附近。" if params.get("ask_place") else ""
    return f"{head}。{who}{due}前给您回话。{ask}{_warn(params)}"


def _ack_ask(params: Params, setting: Setting) -> str:
    if not params.get("option_1"):
        return f"收到啦，{params['case']}。已交网格员看，看准了马上办。{_warn(params)}"
    return (
        f"收到啦，{params['case']}：{_subject(params)}。您是想反映“{params['option_1']}”"
        f"还是“{params['option_2']}”？点一下或回 1、2。{_warn(params)}"
    )


def _ack_human(params: Params, setting: Setting) -> str:
    due = when(params.get("respond_due", ""), setting)
    about = f"：{_subject(params)}" if params.get("said") else ""
    return f"收到啦，{params['case']}{about}。已交网格员看，{due}前给您回话。{_warn(params)}"


def _ack_wish(params: Params, setting: Setting) -> str:
    return f"心愿收到啦，{params['case']}。社区看过后帮您找人，不会说出您是谁。{_warn(params)}"


def _private_neutral(params: Params, setting: Setting) -> str:
    link = setting.link(params["link"])
    where = f"点这里和我单独说：{link}" if link else "请点我的头像私聊我一句，或等网格员联系您"
    return f"收到。这类事不在群里说，{where}。"


def _joined(params: Params, setting: Setting) -> str:
    return (
        f"这件事 {params['case']} 已在办，给您记上了（共{params['voices']}位街坊），有进展一起说。"
    )


def _state_now(params: Params, setting: Setting) -> str:
    if not params.get("state"):
        return f"{params['case']} 的情况只告诉报事人，请私聊我。"
    state = State(params["state"])
    name = STATE_NAMES[state]
    due = when(params.get("resolve_due", ""), setting)
    if state in (State.CLOSED, State.TO_RATE, State.ARCHIVED, State.WITHDRAWN, State.MERGED):
        return f"{params['case']} 现在是“{name}”。要是没好，回“没好”就重新办。"
    if state is State.TO_CONFIRM:
        return _waits_for_a_look(params, setting)
    who = f"，{params['department']}在跟" if params.get("department") else ""
    until = f"，{due}前办结" if due and not params.get("wish") else ""
    return f"{params['case']} 现在是“{name}”{who}{until}。已经替您催了一声。"


def _waits_for_a_look(params: Params, setting: Setting) -> str:
    """Nobody has it yet; a time that has passed is promised no more."""
    due = params.get("respond_due", "")
    ahead = bool(due) and datetime.fromisoformat(due) > setting.now
    until = f"，{when(due, setting)}前给您回话" if ahead else ""
    return f"{params['case']} 还在等人看{until}。已经催了一声。"


def _taken(params: Params, setting: Setting) -> str:
    due = when(params.get("resolve_due", ""), setting)
    about = f"：{_subject(params)}" if params.get("said") else ""
    return f"{params['case']}{about} 有人接手了（{params.get('department', '')}），{due}前办结。"


def _progress(params: Params, setting: Setting) -> str:
    words = params.get("words")
    return f"{params['case']} 进展：{words}" if words else f"{params['case']} 正在办，有结果就说。"


def _done(params: Params, setting: Setting) -> str:
    words = params.get("words")
    what = f"处理好了：{words.rstrip('。.')}" if words else "处理好了"
    ask = "请报事的街坊打个分，没好就点“没好”。" if params.get("rate_here") else "没好就说一声。"
    return f"{params['case']} {what}。您看看是不是真的好了？{ask}"


def _please_rate(params: Params, setting: Setting) -> str:
    words = params.get("words", "").rstrip("。.")
    return (
        f"{params['case']} 处理好了：{words}。办得怎么样？点 1~5 分，5 最满意；"
        "没解决点“没好”。48 小时不回也不催。"
    )


def _rated(params: Params, setting: Setting) -> str:
    return f"{params['case']} 记下了，谢谢您。" + (
        "哪里不满意，直接回一句，我们转给办的人。" if params.get("score") in ("1", "2") else ""
    )


def _reopened(params: Params, setting: Setting) -> str:
    due = when(params.get("respond_due", ""), setting)
    return f"抱歉没办好。{params['case']} 已重新打开，换人跟，{due}前给您回话。"


def _corrected(params: Params, setting: Setting) -> str:
    start = when(params.get("opened_at", ""), setting)
    return f"更正：{params['case']} 分错了，已转{params['department']}，时间仍从{start}算，给您添麻烦了。"


def _merged(params: Params, setting: Setting) -> str:
    cases = params.get("cases") or "刚才那件"
    voices = f"（共{params['voices']}位街坊）" if params.get("voices") else ""
    return f"{cases} 和 {params['case']} 是同一件事，合在一起办{voices}，有进展一起说。"


def _unmerged(params: Params, setting: Setting) -> str:
    start = when(params.get("opened_at", ""), setting)
    since = f"时间仍从{start}算，" if start else ""
    other = params.get("main") or "那一件"
    return f"更正：{params['case']} 和 {other} 不是一件事，分开办，{since}给您添麻烦了。"


def _rejected(params: Params, setting: Setting) -> str:
    words = params.get("words") or "网格员会跟您说明"
    return f"{params['case']} 这件不归网格办：{words}。还有疑问回“人工”。"


def _maybe_solved(params: Params, setting: Setting) -> str:
    return f"听说 {params['case']} 已经好了？报事的街坊点一下，好了就结，没好接着办。"


_WHAT = {"id": "证件号", "card": "银行卡号", "phone": "手机号", "address": "详细住址"}


def _privacy_warning(params: Params, setting: Setting) -> str:
    what = _WHAT.get(params.get("what", ""), "个人信息")
    return f"刚才的消息里有{what}，建议您马上撤回。我不会留存；要留联系方式请私聊我。"


_ADVICE = {
    "E02": ("闻到煤气味：别开关电器、别点火、别在屋里打电话；人到室外再拨 {call} 和燃气抢修。"),
    "E03": "有人昏倒或受了重伤：别搬动人，留人守着，马上打 {call}。",
    "E06": "孩子走失：马上打 {call}，说清穿什么、最后在哪看到，附近的街坊帮忙找。",
    "E07": "老人走失：马上打 {call}，说清穿什么、最后在哪看到，附近的街坊帮忙找。",
    "E08": "有人触电：先断电，没断电别用手碰人，马上打 {call}。",
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


def _alarm(params: Params, setting: Setting) -> str:
    who = params.get("who") or "网格"
    at = datetime.fromisoformat(params["at"]).astimezone(setting.zone)
    ask = "" if params.get("place") else "请说一下位置。"
    what = advice(params.get("emergency", ""), params["call"])
    return f"{params['case']} {what}已通知{who}，{at.hour}:{at.minute:02d}。{ask}"


def _alarm_private(params: Params, setting: Setting) -> str:
    first = _ADVICE_ALONE.get(params.get("emergency", ""), "先保证自己安全")
    return (
        f"我看到您说的了，{params['case']}。{first}，现在就可以打 {params['call']}。"
        "已悄悄通知值班的人，马上联系您，群里没人知道。"
    )


def _alert(params: Params, setting: Setting) -> str:
    who = f"{params['who']}：" if params.get("who") else ""
    return (
        f"【紧急】{who}{params['case']} {params.get('emergency', '')} "
        f"{params.get('place') or '位置未说'}：{quote(params.get('said', ''), ALERT_LIMIT)}"
        "。请 5 分钟内点“我来处理”。"
    )


def _alert_unanswered(params: Params, setting: Setting) -> str:
    return (
        f"【紧急】{params['case']} {params.get('emergency', '')} 5 分钟没人接，"
        f"现在找{params.get('who') or '下一位'}。谁能去请马上点“我来处理”。"
    )


def _alert_taken(params: Params, setting: Setting) -> str:
    return f"【紧急】{params['case']} {params.get('by', '')}已接，其他人可以放心。"


def _wish_published(params: Params, setting: Setting) -> str:
    return (
        f"有街坊想要：{params['wish_words'].rstrip('。.')}（{params['area']}）。"
        f"愿意帮忙的回“认领 {params['case']}”或点下面，联系方式由社区转，不在群里发。"
    )


def _wish_claimed(params: Params, setting: Setting) -> str:
    return f"{params['case']} 已有热心人认领，谢谢！社区会居中联系。"


def _wish_claimed_staff(params: Params, setting: Setting) -> str:
    return (
        f"【心愿】{params['case']} {params['by']} 认领了，许愿的是 {params['reporter']}："
        f"{quote(params['wish_words'])}。请居中联系。"
    )


def _wish_yours(params: Params, setting: Setting) -> str:
    return (
        f"谢谢您认领 {params['case']}：{quote(params['wish_words'])}。"
        "社区会联系您；做好了点“圆上了”，写一句做了什么。"
    )


def _staff_case(params: Params, setting: Setting) -> str:
    tag = {"human": "【待定类】", "ask": "【待确认】"}.get(params.get("triage", ""), "【新】")
    if params.get("state") != State.TO_CONFIRM.value and not params.get("wish"):
        tag = "【新】"
    if params.get("wish"):
        return f"【心愿待审】{params['case']} {params['item']}：{quote(params['said'])}"
    due = when(params.get("respond_due", ""), setting)
    end = when(params.get("resolve_due", ""), setting)
    mark = "（暂定）" if params.get("provisional") else ""
    return (
        f"{tag}{params['case']} {params['level']}级 {params['item']}"
        f" {params.get('place') or ''}\n{params['said']}\n"
        f"牵头：{params['department']}；{due}前回话，{end}前办结{mark}"
    )


def _staff_supplement(params: Params, setting: Setting) -> str:
    tag = "催办" if params.get("chased") else "补充"
    return f"【{tag}】{params['case']} {params.get('item', '')}：{params.get('words', '')}"


def _staff_update(params: Params, setting: Setting) -> str:
    words = f"：{params['words']}" if params.get("words") else ""
    note = "。第二次退单，请网格中心定主责" if params.get("arbitration") else ""
    return f"{params['case']} {params['what']}（{params.get('by', '')}）{words}{note}"


def _staff_due(params: Params, setting: Setting) -> str:
    if params.get("what") == "respond":
        return f"【催】{params['case']} {params['item']} 首响时间到了，还没人接手。"
    return f"【超期】{params['case']} {params['item']} 办结时间到了，请报进展或申请延期。"


def _staff_human(params: Params, setting: Setting) -> str:
    about = f"（他的 {params['case']}）" if params.get("case") else ""
    return f"【找人工】{params.get('by', '')} 想找人说话{about}，请马上联系。"


def _staff_look(params: Params, setting: Setting) -> str:
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


def _staff_erase(params: Params, setting: Setting) -> str:
    return (
        f"【删除个人记录】{params.get('by', '')} 要求删除自己的记录（{params.get('count', '0')} 件），"
        "请在 15 个工作日内办好并告诉本人。"
    )


def _staff_names(params: Params, setting: Setting) -> str:
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


def _staff_named(params: Params, setting: Setting) -> str:
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


def _staff_cover(params: Params, setting: Setting) -> str:
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


def _ask_words(params: Params, setting: Setting) -> str:
    ask = {
        "finish": "写一句做了什么，例如“换了灯头，试过亮了”",
        "report": "写一句到哪一步了，例如“已到现场，配件明天到”",
        "publish": "写一句可以公开的心愿，不带姓名、电话、门牌",
        "reject": "写一句为什么不办、该找谁",
    }
    who = f"{params['who']}，请" if params.get("who") else "请"
    return f"{params['case']}：{who}{ask.get(params.get('action', ''), '写一句')}。"


def _not_now(params: Params, setting: Setting) -> str:
    state = params.get("state", "")
    name = STATE_NAMES[State(state)] if state else "别的状态"
    number = params.get("case", "")
    if params.get("main"):
        return (
            f"{number} 已经并到 {params['main']} 一起办，这一步做不了，要改请看 {params['main']}。"
        )
    return f"{number} 现在是“{name}”，这一步做不了。"


def _which_grid(params: Params, setting: Setting) -> str:
    return "我还不知道您是哪个网格的。请先在小区群里说一句，或从群里的链接点进来。"


def _mine(params: Params, setting: Setting) -> str:
    if params.get("where") == "private":
        return "您的记录只能单独给您看，请私聊我发“我的”。"
    if params.get("count", "0") == "0":
        return "我这里没有您的记录。"
    return f"您报过 {params['count']} 件：\n{params['cases']}"


def _silenced(params: Params, setting: Setting) -> str:
    return f"好的，我安静到{when(params['until'], setting)}，急事除外。要我回来就说“呼应 说话”。"


def _fixed(sentence: str) -> Callable[[Params, Setting], str]:
    """A sentence whose only variables are the parameters it names in braces."""

    def say(params: Params, setting: Setting) -> str:
        return sentence.format_map(_Known(params))

    return say


class _Known(dict[str, str]):
    """Parameters that are not given are left out of a sentence."""

    def __missing__(self, key: str) -> str:
        return ""


SENTENCES: dict[Template, Callable[[Params, Setting], str]] = {
    Template.ACK_SURE: _ack_sure,
    Template.ACK_ASK: _ack_ask,
    Template.ACK_HUMAN: _ack_human,
    Template.ACK_WISH: _ack_wish,
    Template.PRIVATE_NEUTRAL: _private_neutral,
    Template.JOINED: _joined,
    Template.STATE_NOW: _state_now,
    Template.NOT_A_CASE: _fixed("{case} 看过了，像是闲聊，没往下派。要是真有事，再说一句就行。"),
    Template.TAKEN: _taken,
    Template.PROGRESS: _progress,
    Template.DONE: _done,
    Template.PLEASE_RATE: _please_rate,
    Template.RATED: _rated,
    Template.REOPENED: _reopened,
    Template.CORRECTED: _corrected,
    Template.MERGED: _merged,
    Template.UNMERGED: _unmerged,
    Template.REJECTED: _rejected,
    Template.WITHDRAWN: _fixed("好的，{case} 撤了，当我没说。"),
    Template.MAYBE_SOLVED: _maybe_solved,
    Template.PRIVACY_WARNING: _privacy_warning,
    Template.HUMAN_COMES: _fixed("好，已经叫网格员了，马上联系您。"),
    Template.ALARM: _alarm,
    Template.ALARM_PRIVATE: _alarm_private,
    Template.ALERT: _alert,
    Template.ALERT_TAKEN: _alert_taken,
    Template.ALERT_UNANSWERED: _alert_unanswered,
    Template.FALSE_ALARM: _fixed("{case} 看过了，是我听错，打扰大家了。"),
    Template.WISH_PUBLISHED: _wish_published,
    Template.WISH_CLAIMED: _wish_claimed,
    Template.WISH_CLAIMED_STAFF: _wish_claimed_staff,
    Template.WISH_YOURS: _wish_yours,
    Template.WISH_GONE: _fixed("{case} 已经有人认领了，谢谢您的热心，下次还找您。"),
    Template.WISH_DONE: _fixed("{case} 圆上了。谢谢出力的街坊。"),
    Template.STAFF_CASE: _staff_case,
    Template.STAFF_SUPPLEMENT: _staff_supplement,
    Template.STAFF_UPDATE: _staff_update,
    Template.STAFF_DUE: _staff_due,
    Template.STAFF_HUMAN: _staff_human,
    Template.STAFF_LOOK: _staff_look,
    Template.STAFF_ERASE: _staff_erase,
    Template.STAFF_NAMES: _staff_names,
    Template.STAFF_NAMED: _staff_named,
    Template.STAFF_COVER: _staff_cover,
    Template.PICK_ITEM: _fixed("{case} 应该是哪一类？"),
    Template.PICK_CATEGORY: _fixed("{case} 是哪一大类？"),
    Template.PICK_REASON: _fixed("{case} 为什么退？"),
    Template.ASK_WORDS: _ask_words,
    Template.EMPTY_WORDS: _fixed("{case} 还不能结：请写清具体做了什么，例如“换了灯头，试过亮了”。"),
    Template.NOT_ALLOWED: _fixed("{case} 这一步要由负责的人来点。"),
    Template.NOT_NOW: _not_now,
    Template.NO_SUCH_CASE: _fixed("没找到这一件，可能已经归档了。"),
    Template.ONLY_REPORTER: _fixed("{case} 这个要由报事人自己来点。"),
    Template.WELCOME: _fixed(
        "您好，我是网格助手小呼。有事直接说，我帮您报上去、盯到办好。发“我的”看自己的记录。"
    ),
    Template.HELP: _fixed(
        "有事直接说就行，例如“3栋楼下路灯不亮”。想让我记下某句话，回复它发“#报事”；找真人发“人工”。"
    ),
    Template.WHICH_GRID: _which_grid,
    Template.FORGET_ME: _fixed("好的，您说的话我不再记。想恢复发“记我”，急事我还是会帮忙叫人。"),
    Template.REMEMBER_ME: _fixed("好的，您的事我会接着记着办。"),
    Template.MINE: _mine,
    Template.ERASE_ME: _fixed(
        "收到，您的记录 15 个工作日内删除（在办的和依法要留的除外），办完告诉您。"
    ),
    Template.SILENCED: _silenced,
    Template.SPEAKS: _fixed("我回来了，有事直接说。"),
    Template.FIRST_NOTICE: _fixed(
        "大家好，我是网格助手小呼，会记下大家反映的问题并转部门。只取办事要用的内容，"
        "90 天后清除原文。不想被记录回“别记我”，查、删自己的记录回“我的”。"
    ),
    Template.BOUND: _fixed("这个群绑到{area}了，口令已用掉。"),
    Template.BIND_BAD: _fixed("这个口令不对或过期了，请在工作台要一个新的。"),
    Template.BIND_TAKEN: _fixed(
        "这个群已经绑好了，口令改不了它。要改，请管理员到网页上改或先解绑。"
    ),
    Template.STAFF_WELCOME: _fixed("{name}您好，您现在是{scope}的{role}。有事我会在这里找您。"),
    Template.INVITE_BAD: _fixed("这个邀请链接{reason}，请找发给您的人要一个新的。"),
}
