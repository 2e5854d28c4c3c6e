"""The sentences of the pages of departments and of the taxonomy."""

from __future__ import annotations

from typing import Final

from intake.taxonomy import Clock

DEPARTMENTS: Final = {
    "heading": "部门一览",
    "lead": "每个部门牵头哪些事、有谁在办、在哪里收单。",
    "counts": "牵头 {leads} 项 · 协办 {helps} 项",
    "people": "{count} 人",
    "nobody": "还没有人",
    "chats": "{count} 个派单群",
    "nowhere": "收不到派单",
    "nowhere_lead": "标着“收不到派单”的部门有事项，却没有人、没有派单群，也没有邮件或接口。",
    "other": "其他",
}

ITEMS: Final = {
    "heading": "事项表",
    "version": "正在用的是第 {version} 版：{categories} 个大类，{items} 个事项。",
    "where": "这里只能看。要改时限、部门或说法，由装机的人改文件 training_data/taxonomy.yaml，再重新启动。",
    "q": "用平常的话找，例如：灯坏了",
    "find": "查找",
    "all": "看全部",
    "found": "找到 {count} 项。",
    "none": "没有找到，换个说法试试。",
    "level": "轻重",
    "lead": "牵头",
    "co": "协办",
    "tier": "谁先办",
    "limits": "时限",
    "limit": "{respond}有人答复，{resolve}办完",
    "visibility": "群里看得到什么",
    "wish": "微心愿",
    "count": "{count} 项",
    "half": "半小时",
}
SPANS: Final = {
    (Clock.CALENDAR, False): "{n} 小时",
    (Clock.CALENDAR, True): "{n} 天",
    (Clock.WORKDAY, False): "{n} 个工作小时",
    (Clock.WORKDAY, True): "{n} 个工作日",
}
