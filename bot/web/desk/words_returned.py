"""The sentences of what came back."""

from __future__ import annotations

from typing import Final

from bot.web.desk.words_today import TODAY

RETURNED: Final = {
    key: TODAY[key] for key in ("urgent_tag", "again_tag", "private", "private_note", "voices")
} | {
    "title": "退回来的",
    "lead": "各单位退回来、等人定归谁的事。最急的在最前面。",
    "back": "回办件",
    "none": "现在没有退回来的事。",
    "none_left": "退回来的都派出去了。",
    "chip": "退回来的 {count}",
    "why": "{who}退的：{why}",
    "who": "承办单位",
    "whose": "建议派给{whose}",
    "whose_inside": "建议写在里面，点开看",
    "no_whose": "没说该归谁",
    "accept": "派给{whose}",
    "accept_why": "{why}，按退回时的建议派",
    "other": "另派…",
    "look": "点开看",
    "centre": "第二次退回，请您定主责。",
    "waits": "第二次退回，等街道或区中心定主责。",
    "done": "{case} 派出去了，已告诉那边。",
    "more": "还有更多，去“退回来的”看",
}
