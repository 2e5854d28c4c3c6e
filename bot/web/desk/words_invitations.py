"""The sentences of the list of open invitations."""

from __future__ import annotations

from typing import Final

INVITATIONS: Final = {
    "back": "‹ 回社区与人员",
    "heading": "没用过的邀请",
    "lead": "发出去、还没人用、也没过期的邀请链接。发错了人，就作废它，再发一个。",
    "none": "没有等着用的邀请。",
    "by": "{name}邀请",
    "until": "{ends}前有效",
    "end": "作废",
    "end_lead": "作废后，链接就打不开了。",
    "end_go": "确认作废",
    "more": "还有 {count} 个没有列出。",
}
GONE: Final = "这个邀请已经用过、过期或作废了。"
