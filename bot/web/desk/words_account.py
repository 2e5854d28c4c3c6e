"""The sentences of signing in by password and of 我的登录."""

from __future__ import annotations

from typing import Final

ME: Final = {
    "heading": "我的登录",
    "roles": "我的岗位",
    "account": "账号和密码",
    "no_account": "还没有密码。设一个，下次不用等链接就能进来。",
    "has_account": "账号",
    "change": "改账号或密码",
    "login": "账号",
    "login_how": "2 到 32 个字，可以用汉字、字母、数字。",
    "old": "现在的密码",
    "new": "新密码",
    "new_how": "至少 10 个字符。一句自己记得住的话，比几个符号管用。",
    "new_keep": "只改账号，就不用填新密码。",
    "again": "新密码再写一遍",
    "save": "保存",
    "save_note": "换了密码，别的设备都会退出登录。",
    "codes": "两步验证",
    "codes_off": "没有开。开了以后，登录时除了密码，还要填手机上的六位验证码。",
    "codes_on": "已开。登录时要填手机上的六位验证码。",
    "codes_later": "先设好账号和密码，才能开两步验证。",
    "codes_waiting": "开了一半，还没有填过验证码。",
    "codes_go_on": "接着开",
    "codes_begin": "开两步验证",
    "codes_end": "关掉两步验证",
    "codes_lost": "手机丢了、换了，又没关掉？请管理员重设登录。",
    "sessions": "登录着的设备",
    "this": "这台设备",
    "seen": "最近用过",
    "began": "登录于",
    "unknown_device": "没报名字的设备",
    "end": "退出",
    "end_of": "让这台退出：",
    "end_others": "退出其他所有设备",
    "only_this": "只有这一台。看到不认识的设备，就让它退出，再换密码。",
}

CODES: Final = {
    "heading": "开两步验证",
    "first": "手机上装一个验证器（如微软 Authenticator、腾讯身份验证器），点“添加”，扫这个码：",
    "alt": "给验证器扫的二维码",
    "spelt": "就在这部手机上开，没法扫？在验证器里选“手动输入”，抄这一串：",
    "second": "再把验证器上显示的六位数字填在这里：",
    "code": "验证码",
    "confirm": "确认，开好",
    "cancel": "先不开了",
}

DONE: Final = {
    "saved": "保存好了。",
    "set": "设好了，下次可以用账号和密码登录。",
    "changed": "密码换好了，别的设备都已退出。",
    "codes-on": "两步验证开好了。下次登录记得带手机。",
    "codes-off": "两步验证关掉了。",
    "ended": "已经退出。",
}


class Wrong:
    """What is wrong with what was typed."""

    SIGN_IN = "账号、密码或验证码不对。连错五次会锁一刻钟；急用的话，请管理员发一个登录链接。"
    OLD = "现在的密码不对，请再试。连错五次会锁一刻钟。"
    LOGIN = "账号要 2 到 32 个字，只能用汉字、字母、数字和 . _ - @。"
    TAKEN = "这个账号已经有人用了，换一个吧。"
    MISSING = "请写上新密码。"
    SHORT = "密码太短，至少 10 个字符。"
    LONG = "密码太长，最多 200 个字符。"
    LIKE_LOGIN = "密码不能就是账号，也不能只在账号旁边添一两个字。"
    COMMON = "这个密码太常见，一猜就中，换一个吧。"
    AGAIN = "两遍新密码不一样，请重新写。"
    MEANWHILE = "账号刚刚在别处改过，请看一看再来一次。"
    CODE = "验证码不对。看一下手机时间准不准，等下一个数字出来再填。"


DEVICES: Final = {"phone": "手机", "tablet": "平板", "computer": "电脑", "other": "设备"}

BROWSERS: Final = {
    "wxwork": "企业微信",
    "MicroMessenger": "微信",
    "DingTalk": "钉钉",
    "Lark": "飞书",
    "AlipayClient": "支付宝",
    "MQQBrowser": "QQ浏览器",
    "QQ/": "QQ",
    "UCBrowser": "UC浏览器",
    "HuaweiBrowser": "华为浏览器",
    "MiuiBrowser": "小米浏览器",
    "HeyTapBrowser": "OPPO浏览器",
    "VivoBrowser": "vivo浏览器",
    "SamsungBrowser": "三星浏览器",
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
"""By what a browser says of itself; the first that fits, for most say Chrome and Safari too."""

SOME_BROWSER: Final = "浏览器"
