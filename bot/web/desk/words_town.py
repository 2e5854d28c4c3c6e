"""The sentences of the pages of the neighbourhood: tree, duty lists, roles, import."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Final

from bot.grid_table import Mistake
from bot.web.desk.words_manners import TOLD as MANNERS_TOLD
from intake.grids import Purpose
from intake.naming import MOST_NAMES, Reason

MENU: Final = "社区"

KINDS: Final = {
    "district": "区",
    "street": "街道",
    "community": "社区",
    "grid": "网格",
    "department": "部门",
}
PURPOSES: Final = {
    Purpose.RESIDENTS: "居民群",
    Purpose.STAFF: "工作群",
    Purpose.DEPARTMENT: "部门派单群",
    Purpose.VOLUNTEERS: "志愿者群",
}

TOWN: Final = {
    "heading": "社区与人员",
    "empty": "还没有网格。请先导入。",
    "grids": "{count} 个网格",
    "no_duty": "没有值班人",
    "import": "导入网格",
    "up": "上一级",
    "children": "下面有",
    "groups": "群",
    "no_groups": "还没有绑定群。",
    "groups_admin": "群名由管理员改。",
    "unnamed": "（没有名字）",
    "places": "地名和俗称",
    "places_how": "在工作群里发“#地名 老榕树”，我就记住了。",
    "no_places": "还没有自己的地名。",
    "duty": "值班表",
    "duty_how": "有险情时从上往下一个个通知，没人应就接着下一个。",
    "duty_empty": "没有人值班：有险情时只通知工作群。",
    "duty_gone": "已不能处理警情",
    "duty_up": "上移",
    "duty_down": "下移",
    "duty_remove": "去掉",
    "duty_add": "加一个人",
    "duty_person": "谁",
    "duty_title": "怎么称呼（例如：值班网格员）",
    "duty_go": "加到最后",
    "duty_nobody": "没有别人可加。能处理警情的是网格员、调度员、街道和区中心的人。",
    "duty_admin": "值班表由管理员改。",
    "duty_reach": "{channel}能通知到",
    "duty_unreached": "通知不到：没和机器人私聊过",
    "duty_warn": "值班表里有人已经处理不了警情，请换人。",
    "name": "改名字",
    "name_label": "名字",
    "name_save": "保存名字",
    "name_now": "现在叫：{name}",
    "area": "范围",
    "area_how": "网格归哪个社区由编号定，要挪请用“导入网格”。没有画地图边界，报事按地名认地方。",
    "area_none": "还没有写。写上楼栋、路名和小区，别的群或二维码报来的，就会派到楼栋所在的网格。",
    "area_edit": "改范围",
    "area_label": "属于这个网格的楼栋、路名、小区，用顿号隔开",
    "area_go": "保存范围",
    "split": "拆分、调整楼栋",
    "places_add": "加地名",
    "places_label": "地名，用顿号或空格隔开",
    "places_go": "加上",
    "places_remove": "去掉",
    "bind": "绑一个群",
    "edit_group": "改",
    "silent": "安静到{until}",
    "invitations": "没用过的邀请",
    "item_list": "事项表",
    "all_departments": "部门一览",
    "leads": "由它牵头的事项",
    "helps": "由它协办的事项",
    "no_items": "没有事项派给它。",
    "outlets": "其他通知方式",
    "no_outlets": "没有。要发邮件或接口，由装机的人设（huying outlet）。",
    "department_how": "有哪些部门和事项写在事项表的文件里，由装机的人改。"
    "改名、合并由区中心和管理员在部门自己的页上做。",
    "department_change": "改名或并入别的部门",
    "department_merged": "已并入{name}",
    "people": "人和岗位",
    "people_here": "这里的",
    "people_below": "下级的",
    "people_above": "上级的（也管这里）",
    "no_people": "还没有人。",
    "more_people": "还有 {count} 位没有列出，请按姓名查找。",
    "find_name": "按姓名查找",
    "find": "查找",
    "invite": "邀请人",
    "revoke": "收回",
}
TITLE: Final = "值班"

TOLD: Final = {
    "revoked": "岗位收回了，已记录。",
    "leaves": "离岗的日子定好了，已记录。到那天零点自动收回。",
    "stays": "离岗取消了，已记录。",
    "duty": "值班表改好了，已记录。",
    "imported": "网格存好了，已记录。",
    "name": "名字改好了，已记录。",
    "places": "地名改好了，已记录。新报的事马上按它认。",
    "area": "范围改好了，已记录。新报的事马上按它派。",
    "split": "转好了，已记录。在办的件都在这里了。",
    "bound": "群绑好了，已记录。",
    "group": "这个群改好了，已记录。",
    "speaks": "好，现在就可以说话了。",
    "unbound": "群解绑了，已记录。",
    "uninvited": "邀请作废了，已记录。",
    "manners": MANNERS_TOLD,
}

ROLES: Final = {
    "invite_heading": "邀请人到{name}",
    "role": "给什么岗位",
    "note": "给谁（可不填，只记在记录里）",
    "go": "生成一次性链接",
    "made": "邀请链接做好了",
    "made_lead": "岗位：{role} · {name}。把链接发给本人，打开后就有这个岗位。",
    "once": "链接只显示这一次，只能用一次，{ends}前有效。请别发到群里。",
    "link_web": "网页链接",
    "link_telegram": "Telegram 链接",
    "copy_link": "复制",
    "copied": "复制好了",
    "copy_failed": "复制不了，请按住链接自己复制",
    "wrong_hands": "发错了？到",
    "wrong_hands_list": "没用过的邀请",
    "wrong_hands_end": "作废。",
    "back": "‹ 回{name}",
    "no_roles": "您不能给这里的岗位。",
    "choose": "请先选一个岗位。",
    "revoke_heading": "收回岗位？",
    "revoke_lead": "{person} 将不再是 {scope} 的{role}。",
    "revoke_self": "这是您自己的岗位，收回后您自己也要重新被邀请。",
    "revoke_duty": "会同时从这些网格的值班表里去掉：{grids}。",
    "revoke_empty": "这些网格去掉后就没有值班人了，请尽快补上：{grids}。",
    "leave_day": "从哪天起离岗（不填就是现在）",
    "leave_how": "到那天零点收回，手上的件那时交回部门；在那之前照常上班。",
    "leave_wrong": "这个日子不对。请选今天或以后的一天，或者不填。",
    "leave_chosen": "已经定了：{leaves}。",
    "leave_back": "取消离岗，继续在岗",
    "revoke_why": "原因（可不填，记在记录里）",
    "revoke_go": "确认收回",
    "revoke_not": "不收回",
    "ends": "{month}月{day}日 {hour}:{minute:02d}",
}

IMPORT: Final = {
    "back": "‹ 回社区与人员",
    "heading": "导入网格",
    "how": "每行一个网格，第一行写列名。可以加一列 places，地名之间用分号“;”隔开。"
    "编号用字母、数字、- 和 _。已经有的网格会改成表里的名字，地名只加不减。",
    "example": "例子",
    "text": "表格内容（从表格软件存成 CSV 再粘贴）",
    "file": "或者选一个 CSV 文件",
    "look": "先看看",
    "store": "存下这 {count} 个网格",
    "preview": "会存下什么",
    "summary": "新网格 {new} 个，有改动 {changed} 个，没有变化 {same} 个；新的上级 {areas} 个。",
    "more": "还有 {count} 行没有列出。",
    "mistakes": "有 {count} 处不对，改好再看一次。现在什么都没有存。",
    "line": "第 {line} 行",
    "areas": "新的上级",
    "new": "新",
    "changed": "改",
    "same": "不变",
    "changed_since": "内容和刚才看的不一样了，请再看一遍再存。",
}
EXAMPLE: Final = (
    "district,street,community,grid,name,places\n"
    "QJ,NQ,QT,QT-01,桥头社区第一网格,老榕树;小花园\n"
    "QJ,NQ,QT,QT-02,桥头社区第二网格,"
)
MISTAKES: Final = {
    Mistake.COLUMNS: "第一行要有这些列，下面至少有一个网格。缺：{word}",
    Mistake.UNREADABLE: "看不懂这一行，引号要成对。",
    Mistake.ID: "编号“{word}”不行：用字母、数字、- 和 _，最多 32 个，不能空着。",
    Mistake.NAME: "要有名字，最多 60 个字。",
    Mistake.TWICE: "网格 {word} 出现了两次，请去掉一行。",
    Mistake.ELSEWHERE: "编号 {word} 已经用在别的地方或别的级别，请换一个。",
    Mistake.BEYOND: "{word} 不在您管的范围里。",
}


REFUSED_PLACE: Final = {
    Reason.PERSONAL: "像是个人信息，地名只说在哪里，不说是谁。",
    Reason.SIGNS: "“{names}”不行：2 到 12 个汉字、字母或数字，不能只有数字。",
    Reason.EVERYDAY: "“{names}”太常用，换一个说得更准的。",
    Reason.FULL: f"地名最多 {MOST_NAMES} 个，请先去掉一些。",
}


class Not:
    """Why something of the neighbourhood cannot be done."""

    NODE = "没有这个地方，或者不归您管。"
    ROLE = "没有找到这个岗位，可能已经收回了。"
    REACH = "这个岗位超出您的范围，您不能给，也不能收回。"
    LAST_ADMIN = "这是您最后一个管理员岗位，不能自己收回。请先请别人当管理员。"
    DUTY_STALE = "值班表刚刚有人动过，下面是最新的，请再改一次。"
    DUTY_LAST = "这个网格有居民群，值班表至少留一个人。请先加别人，再去掉这一位。"
    NAME = "名字要有 1 到 60 个字。"
    NAME_STALE = "名字刚刚有人改过，下面写着现在的。您填的还在，看过再存一次。"
    PLACES_EMPTY = "请先写地名。"
    PLACE_GONE = "没有这个地名，可能刚刚有人去掉了。"
    PLACES_KNOWN = "已经有了：{names}。"
    DUTY_PERSON = "请先选一个能处理警情、还没在表里的人。"
    TOO_LARGE = "这张表太大了：最多 5000 行，1 MB。请分几次导入。"
    NOTHING = "请先粘贴表格内容，或者选一个文件。"
    ENCODING = "这个文件的文字读不出来，请存成 CSV UTF-8。"


def leaves(at: datetime, zone: tzinfo) -> str:
    """From which day somebody has a role no more."""
    day = at.astimezone(zone)
    return f"{day.month}月{day.day}日起离岗"
