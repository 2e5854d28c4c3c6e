"""Every sentence of the web room.

The law of this file: what a neighbour reads here stands in here and nowhere else: `Refused` for what
cannot be done (what is wrong, and what to do), `PAGE` for the chat page (served to it as a module),
`ENTRY` for the pages before it, `ROOM` for lines that the room itself writes.
"""

from __future__ import annotations

from typing import Final

TEXT_LIMIT: Final = 4000
NICKNAME_LIMIT: Final = 20
PHOTO_MEGABYTES: Final = 12


class Refused:
    """Why something cannot be done."""

    EMPTY = "还没写内容呢，写一句再发吧。"
    TOO_LONG = f"这条消息太长了，一条最多 {TEXT_LIMIT} 个字，请分成几条发。"
    TOO_FAST = "发得有点快，歇几秒再发。"
    NOT_IN_ROOM = "您不在这个群里，看不到也发不了。"
    NO_ROOM = "没有找到这个群，可能已经不在了。"
    WHO = "还不知道您是谁，请从群里的邀请链接重新进来。"
    ORIGIN = "这个请求不是从本页面发出的，已拦下。请回到聊天页面再试。"
    MALFORMED = "这条请求没看懂，请刷新页面再试。"
    NOT_FOUND = "没有找到这个内容。"
    NOTHING_KEPT = "我这里没有您的记录。"
    NOT_YOURS = "只能撤回自己发的消息。"
    BUTTON_GONE = "这个按钮已经过期了，请看最新的消息。"
    PHOTO_GONE = "照片没传好，请重新选一张。"
    PHOTO_TOO_BIG = f"照片太大了，一张最多 {PHOTO_MEGABYTES} MB，请选小一点的。"
    PHOTO_UNREADABLE = "这张照片打不开，请换一张 JPG 或 PNG 照片。"
    PHOTOS_TOO_MANY = "一条消息最多带 9 张照片。"
    NO_DEMO = "这里不是演示环境，不能换人说话。"
    NO_PERSONA = "没有这个演示角色。"
    TOO_MANY_WINDOWS = "同时打开的窗口太多了，请先关掉几个。"
    NICKNAME_EMPTY = "请写一个大家认得的称呼，比如“3栋王阿姨”。"
    NICKNAME_LONG = f"称呼最多 {NICKNAME_LIMIT} 个字，请短一点。"
    NICKNAME_TAKEN_BY_BOT = "这个称呼容易和小助手“呼应”弄混，请换一个。"
    INVITATION_GONE = "这个邀请链接已经失效了，请向网格员要一个新的。"
    BROKEN = "服务器开小差了，请稍后再试。"


class Room:
    """Lines that the room itself writes."""

    BOT = "呼应"
    JOINED = "“{name}”加入了群聊"


ENTRY: Final = {
    "title": "呼应 · 邻里群聊",
    "slogan": "有呼必应：群里说一声，事情有人管。",
    "demo_lead": "这是演示小区。点一个人，就用他的身份进群说话。",
    "demo_hint": "想让两个人对话？按住 Ctrl（苹果电脑按 ⌘）再点一个，两个标签页就是两个人。",
    "desk": "工作台（网格员、调度员、部门……）",
    "invited_only": "群聊要从邀请链接进来。",
    "invited_how": "请点微信群里网格员发的链接，或者扫楼道里的二维码。没有链接，可以找网格员要一个。",
    "welcome_back": "您已经进过群了。",
    "go_in": "进去看看",
    "invited_to": "邀请您加入",
    "nickname": "大家怎么称呼您",
    "nickname_hint": "写个街坊认得的称呼就行，不用真名，比如“3栋王阿姨”。",
    "join": "进群",
    "as_member": "用“{name}”的身份进群",
    "bot_notice": "群里有小助手“呼应”：您说的问题它会记下来转给管事的人，闲聊不会记。"
    "不想被记录，回“别记我”。",
    "kept": "聊天记录保存 90 天，自己发的随时可以撤回。",
    "no_script": "这个页面要打开浏览器的 JavaScript 才能聊天。",
    "start_lead": "和小助手“呼应”单独说话，别人看不到。",
    "sorry": "进不去",
}

PAGE: Final = {
    "app": "呼应",
    "chats": "聊天",
    "list": "会话列表",
    "loading": "正在打开…",
    "connecting": "连接中…",
    "offline": "网络断了，连上后自动补发。",
    "back": "返回会话列表",
    "bot": "呼应",
    "botTag": "小助手",
    "you": "您",
    "privateTitle": "呼应（只有您看得到）",
    "emptyList": "还没有群。请从邀请链接进群。",
    "pick": "选一个群聊，开始说话",
    "emptyRoom": "还没有人说话。写一句试试，比如:3栋楼下路灯不亮了",
    "log": "聊天记录",
    "logKeys": "上下键一条条看，左右键到这一条的按钮，回车打开菜单，Esc 回去写消息。",
    "input": "写消息",
    "placeholder": "说点什么…",
    "send": "发送",
    "more": "更多功能",
    "panel": "更多功能",
    "photo": "照片",
    "camera": "拍照",
    "draft": "[草稿]",
    "photoMark": "[照片]",
    "sending": "正在发送",
    "failed": "没发出去，点这里重发",
    "discard": "不发了",
    "quote": "引用",
    "copy": "复制",
    "withdraw": "撤回",
    "withdrawSure": "撤回后大家都看不到这条消息了。确定撤回吗？",
    "yes": "确定",
    "no": "取消",
    "copied": "已复制",
    "copyFailed": "没复制上，请长按文字手动复制。",
    "messageMenu": "消息操作",
    "menuFor": "{name}的消息，更多操作",
    "quoting": "引用",
    "unquote": "不引用了",
    "quoteGone": "引用的消息已撤回",
    "goToQuote": "看原消息",
    "withdrawn": "{name}撤回了一条消息",
    "youWithdrew": "您撤回了一条消息",
    "writeAgain": "重新编辑",
    "edited": "已更新",
    "newMessages": "{n} 条新消息",
    "newBelow": "以下是新消息",
    "toBottom": "回到最新消息",
    "earlier": "正在加载更早的消息…",
    "noEarlier": "没有更早的消息了",
    "historyFailed": "更早的消息没加载出来，点这里再试",
    "unread": "{n} 条未读",
    "large": "大字",
    "small": "小字",
    "largeOn": "已换成大字",
    "largeOff": "已换回标准字",
    "viewer": "看照片",
    "close": "关闭",
    "photoOf": "{name}发的照片",
    "photoFailed": "照片没加载出来",
    "photoRemove": "去掉这张照片",
    "tooLong": Refused.TOO_LONG,
    "tooManyPhotos": Refused.PHOTOS_TOO_MANY,
    "photoTooBig": Refused.PHOTO_TOO_BIG,
    "pressed": "已点，等呼应回话…",
    "network": "网络不太好，请再试一次。",
    "persona": "演示 · 现在说话的是",
    "personas": "换一个人说话",
    "line": "{name}：{text}",
    "privateHint": "有事也可以单独跟它说",
    "says": "{name}说：{text}",
    "left": "您已不在这个群里",
    "yesterday": "昨天",
    "days": "星期日,星期一,星期二,星期三,星期四,星期五,星期六",
    "date": "{m}月{d}日",
    "fullDate": "{y}年{m}月{d}日",
    "textLimit": str(TEXT_LIMIT),
}
