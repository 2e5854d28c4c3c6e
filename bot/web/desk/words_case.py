"""The sentences of the page of one case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.channels import qr
from bot.web.desk.words_acts import ActWords
from bot.web.desk.words_call_backs import CALL_BACK_ACTS
from bot.web.desk.words_cases import USUAL_REPORT
from bot.web.desk.words_pauses import PAUSE_ACTS
from bot.web.desk.words_supervision import SUPERVISION_ACTS
from intake.acts import Act
from intake.cases import PATROL, LineRole
from intake.taxonomy import Tier, Visibility
from intake.wishing import PUBLISHED_LIMIT

CASE: Final = {
    "back": "回办件",
    "said": "原话",
    "no_said": "（没有留下原话）",
    "item": "事项",
    "level": "轻重",
    "nature": "性质",
    "nature_set": "改性质",
    "nature_save": "确定",
    "department": "牵头",
    "co": "协办",
    "tier": "先由谁办",
    "place": "地点",
    "no_place": "没说地点",
    "grid": "网格",
    "opened": "报上来",
    "respond": "回话时限",
    "resolve": "办结时限",
    "responded": "{at}已回话",
    "resolved": "{at}已处置",
    "provisional": "（暂定，节假日安排公布后再算）",
    "holder": "谁在办",
    "nobody": "还没人接手",
    "me": "我",
    "voices": "多少人反映",
    "voices_of": "{count} 人",
    "followers": "另有 {count} 位街坊在等消息",
    "done_words": "办了什么",
    "not_fixed": "上次办了什么（没好）",
    "score": "评价",
    "score_of": "{score} 分（满分 5 分）",
    "returns": "退回过 {count} 次",
    "reopened": "重办过 {count} 次",
    "published": "发布的心愿",
    "merged_into": "已并入",
    "merged": "并进来的",
    "private": "私密",
    "private_note": "私密事项：群里一个字也不说。谁看过、谁动过都有记录。",
    "went_over": "{old} → {new} {why}",
    "retired": "这个事项已经停用，等调度员另选一个。照常办，时限不变。",
    "retired_correct": "这个事项已经停用，请在“改事项”里另选一个。照常办，时限不变。",
    "masked": "群里只见编号",
    "group": "群里可见",
    "danger": "险情：{name}。先打 {call}，再在这里接手。",
    "acts": "可以做的",
    "no_acts": "这件事现在没有您要做的。",
    "over": "这件事已经了结。",
    "lines": "群里的话",
    "lines_alone": "报的原话",
    "no_lines": "没有原话。",
    "line_gone": "（原话已清除或撤回）",
    "media": "附 {what}",
    "media_many": "{what} ×{count}",
    "photos": "照片",
    "photos_add": "照片（最多 {most} 张，可以不拍）",
    "photos_hint": "拍办好的样子，别拍人脸、门牌和车牌。报事人在进度页上可能看到。",
    "photos_kept": "已收下 {count} 张照片，不用再选。",
    "photo_alt": "第 {number} 张照片，共 {count} 张：{who}，{role}。点开看大图",
    "elsewhere": "别的群里发的照片、语音、视频没有取到这里来，这里只记着发过；要看请到原来的群里。",
    "timeline": "办理记录",
    "no_timeline": "还没有记录。",
    "system": "呼应",
    "called": "找{who}",
    "called_in_vain": "找{who}，没应",
    "called_nobody": "值班表是空的，只在工作群里喊了",
    "reporter": "报事人",
    "neighbour": "街坊",
    "from_to": "{before} → {after}",
    "fresh": "这件事刚刚有变化 · 点这里看最新情况",
    "warn": "等一下，刚刚有人动过这件事。您写的话还在，先点上面看看最新情况。要照样交，就再按一次。",
    "yours": "您刚才写的（这一步现在做不了，话先留着，可以复制）",
    "guesses": "呼应猜的三样",
    "other": "或者从全部事项里选",
    "find_item": "按字找事项",
    "other_none": "—— 请选 ——",
    "reasons": "为什么退",
    "whose": "该归谁",
    "to_whom": "派给谁",
    "send_go": "派过去",
    "other_place": "或者找别的单位",
    "other_whose": "或者写别的单位，说不准就写几个字",
    "place_hint": "打一两个字就能找，例如：环卫",
    "whose_of": "{why}，建议派给{whose}",
    "arbitration": "第二次退回，请街道、区中心定主责。",
    "waits_for_centre": "第二次退回，等街道或区中心定主责。",
}

VISIBILITY_NAMES: Final[Mapping[Visibility, str]] = {
    Visibility.GROUP: "群里可见",
    Visibility.MASKED: "群里只见编号",
    Visibility.PRIVATE: "私密",
}

TOLD_ALONE: Final[Mapping[str, str]] = {qr.NAME: "扫码报的", PATROL: "随手报的"}
"""What was not told in a group, by the channel: no group sees it."""
PLACE_REASON_LIMIT: Final = 100
WHOSE_LIMIT: Final = 50
HEARD_BY_STAFF: Final = "这句话只有工作人员看得到，别写街坊的姓名电话。"
HEARD_ALONE: Final = "这句话报事人看得到，别写姓名电话。"
TAKE_ALONE: Final = "由您来办，报事人会知道有人接手了。"

HAND_BACK: Final[Mapping[str, str]] = {
    "1": "不在我们这片（属地不符）",
    "2": "说不清归谁（权属不清）",
    "3": "几家都管（职能交叉）",
}
"""The reasons of `HAND_BACK_REASONS`, said so that one knows which."""

HEARD_BY: Final[Mapping[Visibility, str]] = {
    Visibility.GROUP: "这句话群里的街坊看得到，别写姓名电话。",
    Visibility.MASKED: "这句话只有工作人员看得到，群里只说“正在办”。",
    Visibility.PRIVATE: "这句话只发给报事人一个人。",
}

TIER_NAMES: Final[Mapping[Tier, str]] = {
    Tier.MEMBER: "党员、志愿者先办",
    Tier.MEDIATION: "网格先调解",
    Tier.DEPARTMENT: "职能部门办",
}

LINE_NAMES: Final[Mapping[LineRole, str]] = {
    LineRole.OPENED: "报事",
    LineRole.SUPPLEMENT: "补充",
    LineRole.PLUS_ONE: "也这样",
    LineRole.CHASE: "催问",
    LineRole.RESOLVED_SELF: "说好了",
    LineRole.REPORT_BACK: "回话",
    LineRole.CLAIM: "认领",
    LineRole.ACK: "答复",
}

MEDIA_NAMES: Final[Mapping[str, str]] = {
    "photo": "照片",
    "voice": "语音",
    "video": "视频",
    "location": "位置",
    "file": "文件",
    "sticker": "表情",
}
MEDIA_OTHER: Final = "附件"


class Wrong:
    """What is wrong with what was sent."""

    TOO_LONG = "写得太长了，请缩到 {limit} 字以内。您写的话还在。"
    WHOSE_LONG = f"单位写得太长了，请缩到 {WHOSE_LIMIT} 字以内。您写的话还在。"
    MALFORMED = "这条请求没看懂，下面是最新情况。您写的话还在，请再交一次。"
    NO_PHOTO = "没有找到这张照片。可能已经撤回、清除了，或者这件事不归您管。"


ACT_WORDS: Final[Mapping[Act, ActWords]] = {
    Act.CONFIRM: ActWords("事项没错，马上派单。", "确认好了，已派单。"),
    Act.SET: ActWords("改了就重新派单，呼应也会记住这次纠正。", "事项改好了。"),
    Act.SHOW: ActWords(
        "改事项不会放宽。确认说出来不碍着谁，再按：以后群里照这类事的常规看得到，会记下是您放宽的。",
        "放宽好了，以后的进展照常发到群里。",
    ),
    Act.NOT_A_CASE: ActWords(
        "这只是聊天，不是要办的事。撤掉它，呼应下次不再认错。", "已撤回，不当报事办了。"
    ),
    Act.TAKE: ActWords("由您来办，群里会知道有人接手了。", "已由您接手。"),
    Act.REPORT: ActWords("告诉大家办到哪一步了。", "进展已发出。", "办到哪一步了", USUAL_REPORT),
    Act.FINISH: ActWords(
        "写清做了什么，报事人会收到，请他看看是不是真的好了。",
        "记为办好了，已请报事人评价。",
        "做了什么，看到了什么",
        (
            "换了新灯泡，已经亮了",
            "垃圾已清走，地面冲洗干净",
            "管道已疏通，试过水流正常",
            "已上门劝说，当面答应整改",
        ),
    ),
    Act.SEND: ActWords(
        "换一家来办。时间还从街坊说的时候算起，那边马上会知道。",
        "派出去了，已告诉那边。",
        "为什么派给他们",
        limit=PLACE_REASON_LIMIT,
    ),
    Act.HAND_BACK: ActWords(
        "不归我们办，退回重新派单。请说清该归谁，退第二次由网格中心定主责。",
        "已退回，重新派单。",
    ),
    Act.HAND_UP: ActWords(
        "街道定不了的事，请区中心定归谁。写清为什么超出权限，街坊那边只会看到“正在确定承办单位”。",
        "报到区里了，等区中心定。",
        "为什么街道办不了",
        limit=PLACE_REASON_LIMIT,
    ),
    Act.SEND_DOWN: ActWords(
        "这件街道办得了，退回给原来牵头的，写清怎么办。",
        "退回街道了，已告诉他们。",
        "为什么退回、怎么办",
        limit=PLACE_REASON_LIMIT,
    ),
    Act.PASS_ON: ActWords(
        "试过了没办成，转到下一级：党员办不成转网格调解，调解不成转职能部门。时间还从街坊说的时候算起。",
        "转下去了，已告诉他们。",
        "试过什么，为什么不成",
        limit=PLACE_REASON_LIMIT,
    ),
    Act.ASK_JOINT: ActWords(
        "牵头的还是原来那家，对街坊也只由牵头的说。被叫到的单位马上会知道要办什么、哪天前。",
        "已请他们协办，没回话的会催。",
        "请他们办什么",
        limit=PLACE_REASON_LIMIT,
    ),
    Act.WHISTLE: ActWords(
        "叫这些单位到现场。A级两小时内、其他一个工作日内到，到时没来的会告诉您和街道，再告诉区里。",
        "吹哨了，等他们报到。",
        "为什么叫他们来、到哪里",
        limit=PLACE_REASON_LIMIT,
    ),
    Act.REPORT_IN: ActWords("我们单位的人到了，记下时间。", "报到了，已告诉吹哨的。"),
    Act.SAY_JOINT: ActWords(
        "只有工作人员看得到，对街坊由牵头的说。",
        "记下了，已告诉牵头的。",
        "协办到哪一步了",
        limit=PLACE_REASON_LIMIT,
    ),
    Act.FINISH_JOINT: ActWords(
        "写清你们做了什么。整件办没办好，由牵头的说。",
        "记下了，已告诉牵头的。",
        "你们做了什么",
        limit=PLACE_REASON_LIMIT,
    ),
    Act.DECLINE_JOINT: ActWords(
        "办不了就说清为什么，牵头的好另想办法。",
        "已告诉牵头的。",
        "为什么办不了",
        limit=PLACE_REASON_LIMIT,
    ),
    Act.END_PARTS: ActWords("不再等他们，会告诉他们一声。", "不等了，已告诉他们。"),
    Act.ASK_TIME: ActWords(
        "到期办不完，请调度员或街道准延。同意了才算数，街坊会收到原因和新时间。最多延两次。",
        "申请交上去了，等答复。",
        "为什么要延（街坊会看到）",
        ("配件要从外地调，到货就装", "要等专业队伍排期", "天气不好，没法施工"),
        PLACE_REASON_LIMIT,
    ),
    Act.EXTEND: ActWords("同意以后，街坊马上会收到原因和新时间。", "同意延期了，已告诉街坊。"),
    Act.DECLINE: ActWords(
        "时限不变，经办的人会看到为什么。",
        "没有同意延期，已告诉经办的人。",
        "为什么不延",
        limit=PLACE_REASON_LIMIT,
    ),
    **PAUSE_ACTS,
    **SUPERVISION_ACTS,
    **CALL_BACK_ACTS,
    Act.REJECT: ActWords(
        "不归网格办。写清为什么、该找哪里。",
        "已告知不予受理。",
        "为什么不办，该找哪里",
        (
            "这属于个人之间的合同纠纷，请到法院或拨打12348咨询",
            "这件事正在诉讼中，请以法院结果为准",
            "这不在本辖区，请拨打12345转当地办理",
        ),
    ),
    Act.PUBLISH: ActWords(
        f"发到群里找人帮忙。别写姓名、电话、门牌，{PUBLISHED_LIMIT} 字以内。",
        "心愿已发布，等街坊认领。",
        "心愿这样写",
        limit=PUBLISHED_LIMIT,
    ),
    Act.ANSWER: ActWords("由您去处理，不再催下一个值班的人。", "警情由您处理，已告诉大家。"),
    Act.FALSE_ALARM: ActWords("看过了，没有险情。撤掉它，群里会说明一声。", "按误报撤回了。"),
}
