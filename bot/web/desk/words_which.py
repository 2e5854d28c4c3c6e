"""The sentences of 您说的是哪一件."""

from __future__ import annotations

from typing import Final

WHICH: Final = {
    "heading": "您说的是哪一件？",
    "said": "{at}您在群里说：",
    "how": "点一下，就按您说的时候记上。一天没点就不留了。",
    "none": "都不是",
    "done_noted": "记上了。",
    "done_none": "好，这句不记到哪件上。",
    "gone": "这句话已经记好了，或是放得太久没再留。要记，请到那一件里写一句。",
}
