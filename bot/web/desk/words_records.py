"""The sentences of the page of records, and what the acts on record are called."""

from __future__ import annotations

from typing import Final

from bot.web.desk.words import ACT_NAMES

MENU: Final = "记录"
RECORDS: Final = {
    "heading": "查看与改动记录",
    "lead": "谁、什么时候、看过或改过哪件不公开的事，还有人员、值班和名称的改动。最新的在前。",
    "about": "单号或网格",
    "name": "姓名",
    "from": "从",
    "to": "到",
    "find": "查找",
    "all": "看全部",
    "at": "时间",
    "person": "谁",
    "roles": "岗位（现在）",
    "what": "做了什么",
    "why": "内容或原因",
    "none": "没有符合的记录。",
    "older": "更早的",
    "take": "下载表格（CSV）",
    "take_note": "下载这一步也会记下来。",
    "bad_day": "“{day}”不是日期。请写成 2026-11-24 这样。",
    "turned": "开始日期在结束日期后面，请换一下。",
    "too_many": "符合的记录超过 {most} 条，一张表放不下。请把日期范围缩小再下载。",
    "export_why": "下载 {count} 条",
    "export_filter": "{name}：{value}",
}

SHEET: Final = ("时间", "单号或范围", "谁", "岗位（现在）", "做了什么", "内容或原因")

WHATS: Final[dict[str, str]] = {act.value: name for act, name in ACT_NAMES.items()} | {
    "look": "看过",
    "show": "放宽可见",
    "photo": "看过照片",
    "confirm": "确认事项",
    "take": "接手",
    "report": "报进展",
    "finish": "办结",
    "answer": "处理警情",
    "false-alarm": "定为误报",
    "not-a-case": "定为不是报事",
    "merge": "合并",
    "unmerge": "撤销合并",
    "split": "拆分",
    "nature": "改诉求性质",
    "invite": "发邀请",
    "revoke": "收回岗位",
    "leave": "定下离岗的日子",
    "stay": "取消离岗",
    "duty": "改值班表",
    "area": "改网格范围",
    "split_grid": "网格拆分、调整",
    "merge_department": "部门合并",
    "part_department": "部门分开",
    "manners": "改什么时候说话",
    "import": "导入网格",
    "name": "改名字",
    "bind": "绑群",
    "bind word": "要了绑群口令",
    "group": "改群",
    "speak": "让群里恢复说话",
    "unbind": "解绑群",
    "uninvite": "作废邀请",
    "cover": "设请假代班",
    "cover end": "提前结束代班",
    "bulletin": "发通知、改通知",
    "bulletin end": "结束通知",
    "answer card": "写问答卡、改问答卡",
    "answer card end": "停用问答卡",
    "brief released": "发出简报",
    "figures sent": "把数字的图发到群里",
    "brief discarded": "不发简报",
    "export": "下载记录",
    "export cases": "下载清单",
    "add place": "加地名",
    "remove place": "删地名",
    "add word": "加词",
    "remove word": "删词",
    "promote": "换上模型",
    "force": "强行换上模型",
    "refuse": "没换模型",
    "rollback": "退回模型",
}

NOBODY: Final = {"cli": "命令行", "command line": "命令行", "system": "系统"}
UNKNOWN: Final = "已不在册"
EVERYWHERE: Final = "全部网格"
MODEL: Final = "模型 {name}"
