"""The sentences of 问答卡."""

from __future__ import annotations

from typing import Final

ANSWERS: Final = {
    "menu": "问答卡",
    "heading": "问答卡",
    "lead": "街坊问的话和卡上的问法对得上，就照卡上写的回。拿不准的不答，按咨询开单给窗口。过期的卡不再用。",
    "new": "写一张问答卡",
    "edit": "改这张卡",
    "try": "试一句，看哪张卡会答",
    "try_hint": "例如：派出所礼拜六上班吗",
    "try_go": "试试",
    "tried": "会答：{answer}",
    "tried_none": "没有卡能答这一句，会转给窗口。",
    "list": "正在用的",
    "none": "还没有问答卡。",
    "past": "过期的、停用的",
    "soon": "快到期",
    "alone": "只私下答",
    "expired": "过期了",
    "ended": "停用了",
    "asks": "问法：{wordings}",
    "meta": "{source} · {where} · {until}到期 · {checked}核对",
    "told": "答过 {n} 位街坊",
    "missed": "，{n} 位说没答到",
    "nobody": "还没有人问到",
    "change": "改，或核对过续上",
    "end": "停用",
    "end_sure": "停用后不再拿它回街坊。",
    "end_go": "确定停用",
    "done_kept": "卡存好了，今天起就照它答。",
    "done_ended": "停用了。",
    "wordings": "街坊会怎么问（一行一种问法）",
    "wordings_hint": "多写几种，例如：派出所礼拜六上班吗、派出所周末开门吗。"
    "问地点、问材料、问时间要各写一行。",
    "answer": "怎么答",
    "source": "从哪儿知道的",
    "source_hint": "例如：派出所门口的告示、市政府网站",
    "expires": "用到哪天（到期前一周提醒您）",
    "scopes": "哪些地方",
    "aloud": "能在群里答吗",
    "aloud_yes": "能在群里答",
    "aloud_no": "只私下答（低保、心理这些不好当众说的）",
    "go": "存好",
    "back": "回问答卡",
    "record": "{question}：{answer}",
}


class Wrong:
    """Why a card cannot be kept so."""

    WORDINGS = "请至少写一种问法，最多 {most} 种，一种不超过 {long} 个字。"
    UNCLEAR = "“{wording}”看不出问的是什么，请把事情写出来，例如“居住证在哪里办”。"
    ANSWER = "请写怎么答，不超过 {most} 个字。"
    SOURCE = "请写从哪儿知道的，不超过 {most} 个字，例如“派出所门口的告示”。"
    EXPIRES = "请选用到哪天：明天以后，最多 {days} 天。到期再核对一次就能续。"
    SCOPE = "请至少勾一个地方，要是您管的。"
    TWICE = "“{wording}”已经有一张卡在答：{answer}。两张都答就谁也不答，请改那一张。"
    STALE = "刚刚有人改过，最新的在“问答卡”里。您写的还在下面，看过再存。"
    GONE = "没有找到这张卡，或者已经停用了。"
    NOT_YOURS = "这张卡也管着别处，要管那边的人来改。"
