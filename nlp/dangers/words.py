"""What a danger is made of, and the words that many are told with.

The law of this file: words in pieces of patterns, read against normalised text (see `normalise.py`); what
one class of danger needs alone stands with that class. Rows look for any of a few signs anywhere; cries
are read to the letter, so that their words stand apart, in `plain_words.py`.
"""

from __future__ import annotations

from typing import NamedTuple


class Danger(NamedTuple):
    """A class of danger in the taxonomy. Its rows are pieces of a regular expression each; a model knows
    them by class and place (`E01.0`), so that a new one goes to the end. None can hit where a group of
    `needs` has no sign in the text: a quick sieve. `cries` say the danger outright, see `plain.py`."""

    code: str
    needs: tuple[str, ...]
    rows: tuple[str, ...]
    cries: tuple[str, ...] = ()


WHO = (
    "(?:人|他|她|我(?!们家的?饭)|孩|老|爷|奶|婆|姨|伯|叔|师傅|男|女|娃|爸|妈|爹|娘|"
    "老公|姐|妹|弟|哥|学生|同学|工|司机"
    "|宝|婴|儿子|孙|小伙|姑娘|妇|患者|邻居|业主|保安|丈夫|妻|嫂|婶|舅|友|仔|囡|伙计|老头|bb)"
)
CHILD = (
    "(?:孩|娃|宝|婴|儿子|女儿|孙|小朋友|小男|小女|仔|妹妹|弟弟|外甥|侄|囡|闺女|大宝"
    "|小宝|bb|幺儿|伢|妞|丫头)"
)
ELDER = (
    "(?:老人|爷|奶|婆|公公|外公|阿公|老伯|伯伯|阿伯|老头|老太|爸|妈|爹|娘|父|母|老"
    "伴|老汉|外婆|姥|婶|大姨|老姨|太公|大爷|大妈|老师傅"
    "|岁|痴呆|失智|认知障碍|阿兹海默|糊涂|脑子)"
)
GONE = (
    "(?:不见了|不见|丢了|走丢|走失|找不到|找不着|失踪|没影|没回来|没回家|没有回来|"
    "还没回|走散|不知去向|失联|跑丢|没看见了|寻不到|没找到"
    "|人没了|就没了|没踪影|走脱|跑脱|溜出|不回来|还没到家|找了.{0,6}没|四处找|看到"
    "请|看见请|有没有看到|有没有看见|有没有人看见|有没有人见|有人见过|有人看到|有谁"
    "看见|谁看到|谁看见|见到请|请留住|寻人|甩了)"
)
HURT = (
    "(?:流血|出血|满头血|是血|满脸血|满面血|血流|吐血|喷血|冒血|昏迷|昏过去|晕倒|晕"
    "过去|晕低|晕了|不省人事|没反应|没有反应|没意识|没有意识|无意识"
    "|没呼吸|没气|断气|不动了|动不了|一动不动|抽搐|抽筋|口吐白沫|吐白沫|翻白眼|眼反"
    "白|骨折|断了|站不起来|起不来|倒地|倒在|倒下|倒了|躺在地|躺着不|躺地|躺在"
    "|受伤|重伤|砸伤|压住|压在|夹住|卡住|脸色发白|脸.{0,2}(?:紫|青|黑)|叫不应|叫不"
    "醒|喊不醒|喊不答应|没有心跳|没心跳|骨头|送医|救护车|打开花|开花|凹了|变形|没声"
    "音|血泊|血止不住|一地血)"
)
NOW = (
    "(?:快来|快点|快叫|快打|救命|救人|救救|现在|正在|刚刚|刚才|怎么办|马上|赶紧|来"
    "人|报警|还在|在线等|急急|急!|!!|打110|打119|打120|麻溜|拜托|求求)"
)
# The signs one of which the words above have.
CHILD_SIGNS = "孩娃宝婴儿女孙友男仔妹弟甥侄囡大小b幺伢妞丫岁"
ELDER_SIGNS = "老爷奶婆公伯爸妈爹娘父母姥婶姨太大岁呆智障症糊脑痴"
GONE_SIGNS = "丢失见找影没散向联跑寻踪脱溜看甩回哭走"
