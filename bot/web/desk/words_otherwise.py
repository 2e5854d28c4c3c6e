"""The sentences of the cases that the model would now read otherwise.

The law of this file: what a person reads there is written here and nowhere else.
"""

from __future__ import annotations

from typing import Final

OTHERWISE: Final = {
    "title": "机器现在有不同看法",
    "lead": "模型学了新的，再读一遍还开着的旧单子：和记着的不一样的列在这里。点哪个就是哪个，机器都会学。",
    "marks": "画线的词是机器现在看重的。",
    "none": "读了 {read} 件，没有不同看法。",
    "nothing": "没有还开着的、记了事项的单子可读。",
    "no_reader": "这里没有接上模型，读不了。",
    "count": "读了 {read} 件，{n} 件看法不同。",
    "kept": "大家改过、认可过的不再问。",
    "recorded": "记着的",
    "reads": "机器现在读成",
    "sure": "有把握",
    "unsure": "不太有把握",
    "keep": "不改，就是“{item}”",
    "accept": "改成“{item}”",
    "working": "有人正在办（{state}）。改了就换单位、重新派。",
    "covered": "这是私密的事，原话不在这里露出来。",
    "uncover": "看原话",
    "private": "私密",
    "no_place": "没说地点",
    "see": "看单子",
    "same": "机器现在没有不同看法。",
    "unread": "这件事没有可比的：没有原话、没记事项，或者已经不能改了。",
    "done": "{case} 记的是“{item}”，{department}。",
    "done_plain": "{case} 记下了。",
    "older": "再读更早的 {n} 件",
    "newest": "从最新的读起",
    "back": "回待看",
    "back_list": "回列表",
}
