"""The sentences of going on with a form after signing in again."""

from __future__ import annotations

from typing import Final

KEPT: Final = {
    "heading": "登录过期了，写的还在",
    "heading_empty": "登录过期了",
    "lead": "请先登录。登录好了，按一下“继续刚才的操作”，就接着做，不用重写。",
    "only_look": "请先登录。这一步没有做；写的都在下面，请先复制下来，登录后再填一次。",
    "too_much": "请先登录。这次交的内容太多，这一页放不下。请按“返回”回到刚才那一页，先把写的复制下来。",
    "empty": "请先登录。这一步还没有做。",
    "secret": "密码和验证码不会留下来，要重新填。",
    "written": "您刚才写的",
    "files": "文件要重新选一次：",
    "sign_in": "登录",
    "by_link": "用一次性链接登录？就在这个浏览器里打开链接，登录好再回到这一页，按：",
    "signed_in": "我已经登录好了",
    "not_yet": "还没有登录好。请先登录，再按一次。",
    "plain_sign_in": "去登录",
    "ready": "登录好了",
    "ready_lead": "刚才那一步还没有做。按一下就接着做。",
    "go_on": "继续刚才的操作",
    "file_again": "重新选：{name}",
    "leave": "不做了",
    "twice_heading": "没有再交一次",
    "twice": "这一步刚才已经交过，或者换了人登录，所以没有再交。去看一看做好了没有；写的都在下面。",
}
