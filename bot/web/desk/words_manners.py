"""The sentences on when the bot speaks unasked in a part of the neighbourhood, and how often."""

from __future__ import annotations

from typing import Final

MANNERS: Final = {
    "heading": "什么时候说话",
    "quiet": "{start}点到{end}点是静默时段：进展先压着，早上合成一条说；问答和险情随时发。",
    "no_quiet": "没有静默时段，进展随时发。",
    "budget": "没人问的进展，一个居民群一天最多说 {most} 条，多出来的第二天早上一起说。"
    "有人报事、有人问，都马上答，不算在里面。",
    "no_budget": "没人问的进展白天不说，第二天早上合成一条说。有人报事、有人问，都马上答。",
    "own": "这里自己定的",
    "from": "跟{name}一样",
    "setting": "装机时定的",
    "pace": "{channel}：一个群一分钟最多发 {most} 条，其中 {kept} 条留给险情。",
    "more": "发多快跟着各平台的限制走，不用设。群里嫌吵，可以说“呼应 安静”。",
    "admin": "要改请找管理员。",
    "change": "改",
    "how": "静默时段",
    "as_above": "跟上级一样（{hours}）",
    "none": "没有静默时段",
    "own_hours": "这里自己定",
    "start": "几点开始",
    "end": "几点结束",
    "hour": "{hour}点",
    "most": "一个居民群一天最多主动说几条（0 到 {most}；空着就跟上级一样，{above} 条）",
    "go": "保存",
    "below": "下面没有自己定的网格都跟着改。",
    "hours": "{start}点到{end}点",
    "no_hours": "没有",
}
TOLD: Final = "改好了，已记录，两秒内生效。"

# For the record.
NOTED: Final = "静默 {hours}；每天主动 {most}"
NOTED_ABOVE: Final = "跟上级"
NOTED_NONE: Final = "没有"
NOTED_MOST: Final = "{most} 条"


class NotSo:
    """Why the manners of a node cannot be what was typed."""

    HOW = "请先选静默时段怎么定。"
    HOURS = "静默时段：请选几点开始、几点结束。"
    SAME = "静默时段：开始和结束要不一样。不要静默时段，请选“没有静默时段”。"
    MOST = "每天主动说几条：请写 0 到 {most} 的整数，空着就跟上级一样。"
    STALE = "刚刚有人改过这里，下面写着现在的。您填的还在，看过再存一次。"
