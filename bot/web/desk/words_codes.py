"""The sentences of the desk's page of codes and of the poster."""

from __future__ import annotations

from typing import Final

PLACE_LIMIT: Final = 40

CODES: Final = {
    "menu": "二维码",
    "heading": "扫码报事",
    "lead": "给网格、楼栋或一个地方做一个码，贴在看得见的地方。"
    "居民扫一下就能报事，不用装软件，也可以不留名。",
    "make": "做一个新码",
    "grid": "哪个网格",
    "place": "贴在哪里（可以不填）",
    "place_hint": "例如：3栋2单元电梯。填了，报事时就不用再写地点。",
    "go": "做码",
    "no_grid": "您的岗位不管具体网格，码由网格员或街道来做。",
    "only_here": "现在的网址 {address} 只有本机打得开，手机扫了没用。"
    "请管理员先设好对外网址（HUYING_PUBLIC_URL），再打印。",
    "list": "做好的码",
    "none": "还没有码。在上面做第一个。",
    "whole": "整个网格",
    "made": "{when}做的",
    "poster": "打印海报",
    "png": "存成图片",
    "more": "更多",
    "svg": "SVG 图（给印刷店）",
    "open": "看看居民看到的页面",
    "revoke": "停用",
    "revoke_sure": "停用后，贴出去的这个码就不能报事了。确定停用？",
    "revoke_go": "确定停用",
    "revoked": "已停用的码",
    "revoked_at": "{when}停用",
}

POSTER: Final = {
    "title": "扫码报事海报",
    "heading": "这里有事，扫码说一声",
    "lead": "灯不亮、电梯坏、垃圾没人清……扫一下，一分钟说完。",
    "points": ("不用装软件，不用注册", "可以不留名字", "当场给单号，随时能看办到哪一步"),
    "qr": "报事二维码",
    "by_hand": "扫不了？在手机浏览器里输入：",
    "danger": "着火、漏气、有人受伤，别扫码，先打 119 / 120 / 110",
    "print": "打印（A4）",
    "back": "回二维码列表",
}


class Refused:
    """Why something cannot be done."""

    NO_CODE = "没有找到这个码，或者不归您管。"
    NO_GRID = "请选一个您管的网格。"
    PLACE_LONG = f"地点最多 {PLACE_LIMIT} 个字，请短一点。"
