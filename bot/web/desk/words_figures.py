"""The sentences of the page of figures."""

from __future__ import annotations

from typing import Final

from storage.case_figures import Kind

MENU: Final = "数字"
FIGURES: Final = {
    "heading": "数字",
    "now": "眼下",
    "open": "在办",
    "overdue": "超时",
    "periods": "总的情况",
    "figure": "指标",
    "which": "细看哪一段",
    "kinds": "分开看",
    "opened": "新报",
    "answered": "按时响应",
    "finished": "按时办结",
    "satisfied": "满意",
    "reopened": "重办",
    "meter": "{name}：{part} / {whole}",
    "few": "少",
    "none": "这段时间还没有新报的事。",
    "take": "下载表格（CSV）",
    "how": "怎么算的",
    "of": " / ",
}
HOW: Final = (
    "只算您能看到的事；合并掉的、撤回的不算。",
    "按时响应：限时之内有人接手或回话的，除以已经响应的和到点没人响应的。还没到点的先不算。",
    "按时办结：限时之内办好的，除以已经办好的和到点没办好的。重办的从重新打开时算起。",
    "满意：报事人打 4 分或 5 分的，除以打过分的。没打分不算满意，也不算不满意。",
    "重办：办好之后报事人说“没好”的，除以办好过的。",
    "少于 3 件的并进“其他”；分母少于 3 的比例不单列，写“少”。这里只看事，不给人排名。",
)
PERIODS: Final = {1: "今天", 7: "近7天", 30: "近30天"}
KINDS: Final = {
    Kind.CATEGORY: "按大类",
    Kind.DEPARTMENT: "按部门",
    Kind.LEVEL: "按轻重缓急",
    Kind.HOUR: "按几点报的",
}
LEVELS: Final = {"A": "A 急", "B": "B 较急", "C": "C 一般"}
OTHERS: Final = "其他"
WITHOUT: Final = "未定"
HOUR: Final = "{hour} 点"

SHEET: Final = (
    "表",
    "名称",
    "新报",
    "按时响应",
    "该响应",
    "按时办结",
    "该办结",
    "满意",
    "已评价",
    "重办",
    "办好过",
)
SHEET_NOW: Final = "眼下"
