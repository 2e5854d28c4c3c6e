"""What a browser is called on a page: 手机 · 微信.

The law of this file: of what a browser says of itself only these two words are kept.
"""

from __future__ import annotations

from bot.web.desk.words_account import BROWSERS, DEVICES, SOME_BROWSER

# In this order: an iPad says Mobile too, and an Android that does not is a tablet.
_KINDS = (
    ("iPad", "tablet"),
    ("iPhone", "phone"),
    ("Mobile", "phone"),
    ("Android", "tablet"),
    ("Windows NT", "computer"),
    ("Macintosh", "computer"),
    ("Linux", "computer"),
)


def device_of(user_agent: str) -> str:
    """Device and browser in short words; "" for one that says nothing."""
    if not user_agent:
        return ""
    kind = next((kind for sign, kind in _KINDS if sign in user_agent), "other")
    browser = next((name for sign, name in BROWSERS.items() if sign in user_agent), SOME_BROWSER)
    return f"{DEVICES[kind]} · {browser}"
