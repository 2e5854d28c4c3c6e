"""The parts of an address, from the town to the room, as pieces of regular expressions.

The law of this file: a piece names one part in every way it is written, and nothing of what stands around
it; how parts follow one another is told in address_ends.py. No piece repeats without a bound. Patterns see
folded text, where 嗰 has become 𠮶, and spelt right (`spelt`).
"""

from __future__ import annotations

NUMERAL = r"[一二三四五六七八九十廿卅百零〇两]{1,5}"
BIG = rf"(?:[0-9]{{1,3}}[a-z]?|[a-z]{{1,2}}[0-9]{{0,2}}|[甲乙丙丁戊]|{NUMERAL}|[0-9]\s[0-9])"
FREE = r"(?<![a-z0-9一二三四五六七八九十廿卅])"
# What stands between two parts: 3栋-2单元, 3栋的501, 26栋业主1单元的2303.
SEP = r"(?:[\s,，\-–/、的嘅]|业主|住户){0,2}"
LIKELY_ROOM = r"(?:[1-9]|[1-3][0-9])(?:0[1-9]|1[0-9])"

# ---- names ----
# A sign that a name may hold: no pronoun, no little word (the letters of such words never are one).
N = (
    r"[^\W\da-z_我你您他她它佢咱俺哋们的了嘅咗是系有在住到去嚟把被俾给跟那这𠮶呢个谁什么怎没冇又就也还"
    r"很请问找揾叫说讲得吧吗呀啊哦嘛啦喺号送寄]"
)
TOWN = r"[\u4e00-\u9fff]{2,4}?(?:省|市|区|县|镇|街道|社区|村(?:委会?)?|新区)"
# Hong Kong and Macau write the quarter alone before the street: 氹仔 成都街.
QUARTER = (
    r"(?:(?:(?:香港|澳门)\s?)?(?:氹仔|路环|路氹|筷子基|黑沙环|新口岸|高士德|水坑尾|九龙|新界|港岛|中环|上环|西环|湾仔|铜锣湾|北角|鲗鱼涌|柴湾"
    r"|筲箕湾|香港仔|鸭脷洲|油麻地|旺角|尖沙咀|深水埗|长沙湾|荔枝角|红磡|土瓜湾|九龙城|黄大仙|钻石山|观塘|官塘|牛头角"
    r"|蓝田|将军澳|西贡|沙田|大围|马鞍山|大埔|粉岭|上水|元朗|天水围|屯门|荃湾|葵涌|葵芳|青衣|东涌|长洲)|香港|澳门)"
)
# Builders' names open the names of their estates: 保利7栋, 碧桂园天玺T3-2905.
BUILDERS = (
    r"保利|万科|恒大|碧桂园|华发|龙湖|中海|绿地|融创|金地|招商|华润|雅居乐|富力|世茂|时代|格力|龙光|越秀"
    r"|奥园|合景|美的|绿城|旭辉|金茂|星河|合生|珠江|星湖|新城"
)
NO_FLOOR = r"(?<![号一二三四五六七八九十廿卅几两高整每本上下顶层大座栋字])"
# How the names of estates end, and of what workers and farmers live in.
_ESTATE_END = (
    r"花园|小区|新村|公寓|公馆|大厦|广场|家园|屋邨|宿舍|山庄|[家大]属?院|家属[楼房区]|平房区?|明珠|半岛|国际|[花名国]都"
    r"|生活区|宿舍区|职工楼|[湖湾水]畔|人家|世家|天[下际地]|印象|香堤|[御丽帝]景|名城|绿洲|海岸|水岸|春天|小筑|雅筑|别墅区?|[苑园府城邸阁轩庭湾居邨舍厦峰玺郡墅]"
    rf"|{NO_FLOOR}楼|商住楼|(?<![家屋这那哪区群手夜城院村])里|山|(?<![阳天平前柜舞电站灶窗吧戏讲收])台"
)
ESTATE = rf"(?:{N}{{1,10}}?(?:{_ESTATE_END})|(?:{BUILDERS}){N}{{0,6}})"
# Somebody lives there or has it sent there: the word before the number is a name, whatever its last sign.
ESTATE_SAID = (
    r"(?:(?<=[住喺])|(?<=[住家]在)|(?<=[送寄搬]到)|(?<=[送寄]去)|(?<=地址[:是系]))\s?"
    rf"(?!隔[壁离篱]|对[面门]|旁边|附近|楼|顶楼|小区|本|家|门口|同一|后面|前面){N}{{2,6}}"
)
_ZONE = (
    r"(?:[a-z东南西北中]区|(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})[期区片]"
    r"|[a-z甲乙丙丁东南西北中一二三四五六]组团)"
)
ZONE = rf"(?:{_ZONE}|\({_ZONE}\))"
BRANCH = (
    r"(?:第?(?:[一二三四五六七八九十]{1,3}|[0-9]{1,2}(?![0-9])|[0-9]{3}(?=\s?[巷弄]))\s?"
    r"(?:条?横?巷|街|路|弄|条胡同|[小大]?[队组]|社|邻))"
)
# The third section of a long road: 民权东路五段.
SECTION = r"[0-9一二三四五六七八九十]\s?段"
ROAD_NAME = (
    r"[\u4e00-\u9fff]{1,5}?(?:大道|大街|大?马路|路|街|巷|弄|胡同|村|里|坊|围|[桥口场四南北坊庙仓][一二三四五六七八九十]条|[东南西北]约|屯|坳|寨|农场|大队|前地"
    r"|居民小组|(?<![知味通频车隧报难楼管过地渠跑人])道)"
    rf"[尾头口内]?(?:弄堂[里底]?|\s?{SECTION})?(?:\s?[东南西北中上下]?{BRANCH}|[东西南北中上下][路街巷])?"
)

# ---- the building and what divides it ----
# 永安邨勤乐楼1216: the house is named behind the estate, and takes nothing of its name.
_HOUSE_NAME = rf"(?!公寓|小区|花园|宿舍|新村|[邨村苑园寓区舍]){N}{{1,3}}"
BUILDING = (
    rf"(?:(?:[甲乙丙丁戊]\s?|[东南西北](?=[0-9一二三四五六七八九十]{{1,3}}楼)|第\s?(?![a-z]))?{BIG}\s?(?:(?:栋|幢|座)(?:之[一二三四五六七八九0-9]|平房)?|号\s?楼|号\s?大?院儿?|号(?=\s?[0-9]{{3,4}}室)"
    # 南5楼1单元403: no storey comes before a unit, so this 楼 is a building.
    rf"|楼(?=\s?{BIG}\s?(?:单元|门)\s?[0-9一二三四五六七八九十])|#楼?|单元楼|斋|舍)|[东南西北]座|[前后]座(?=\s?[0-9一二三四五六七八九十])"
    rf"|{_HOUSE_NAME}[阁轩楼](?=\s?[0-9]{{1,2}}\s?[楼层座])|{_HOUSE_NAME}[阁轩](?=\s?[0-9]{{1,4}})"
    rf"|{_HOUSE_NAME}{NO_FLOOR}楼(?=\s?(?:(?:rm|room|flat)\.?\s?)?[0-9]{{3,4}}(?![0-9a-z\-.线米元块人户]|路(?!灯))))"
)
NO_DOOR = r"(?![口外前卫禁岗诊铃锁框边旁进出])"
NUMBERED_UNIT = rf"(?:第?{BIG}\s?(?:单元|梯|门洞|楼道|门{NO_DOOR}))"
UNIT = rf"(?:{NUMBERED_UNIT}|[东南西北中左右](?:单元|梯|首|门洞?{NO_DOOR}|(?=\s?{LIKELY_ROOM}(?![0-9]))))"
FLOOR = (
    rf"(?:{BIG}\s?(?:字?楼|层|/f)|[0-9]{{1,2}}f(?![a-z0-9])|地下(?![室车停库通])"
    r"|(?:地下|负)[一二三1-3]层|[顶底][楼层])"
)

# ---- the room ----
# What follows makes a number something else than a room's.
ROOM_END = (
    r"(?![0-9a-z]|\s[元块蚊]|[年月日元块蚊万米斤点度人栋多几余名位份号线岁秒厘吨瓦页件袋票层]"
    r"|路(?![灯由边面口])|楼(?![上下道])|平(?![台时])|方(?!便)|分(?![水户])|公[里斤]|升(?!降)|步(?!梯)|箱(?!子)"
    r"|个(?!水[龙喉]|花[盆洒]|厕|租客|业主|阿|热水|冷气|空调|窗|门)"
    r"|户(?!主)|次(?!卧)|(?<=0)来(?![呗吧拿取接])|[车泊]位|(?<![0零〇][1-9一二三四五六七八九])家(?![的嘅里门又有在])|教室|诊室|诊|窗口|会议|办公|病房|包[间厢]|考场|自习|期"
    r"|[国省县]道)"
)
ROOM_NUMBER = (
    r"(?:[0-9]{3,4}[a-z]?|[0-9](?:\s[0-9]){2,3}|[一二三四五六七八九十幺]?[零〇一二三四五六七八九幺]{3}|"
    r"[一二三四五六七八九]百?零[一二三四五六七八九])"
)
ROOM = (
    rf"(?:[a-h]?{ROOM_NUMBER}(?:\s?号?[室房](?!间)|号(?=$|[^线楼院栋]))|[a-h]?{ROOM_NUMBER}{ROOM_END}"
    rf"|{BIG}\s?(?:号?[室房](?!间))|\([0-9]{{3,4}}\)|(?:rm|room|flat)\.?\s?[0-9a-z]{{1,4}}(?![0-9a-z]))"
)
# 803户, 7栋6户: one household. How many of them are without water is no address.
HOUSEHOLD = (
    rf"(?:(?:{LIKELY_ROOM}|[一二三四五六七八九]零[一二三四五六七八九])户(?![主型都全共居人停])"
    r"|(?<!梯)(?<![每一两][栋幢座层])(?:[1-9]|[一二三四五六七八九十])户"
    r"(?![主型口都全人居业住家没冇无停受断均报共总同多里中联签已还有以左缺被集合要想通一参未也正]))"
)
# 14楼P, 十六楼之三, 三楼乙. 3楼A区 and 二楼K歌 are something else.
_NO_FLAT = (
    r"(?![区馆厅口出入栋货客电扶梯超歌恤级班组段柜标照套餐型类款项站场台档楼号字点牌轮通手柱])"
)
LETTER_ROOM = (
    rf"{FLOOR}\s?(?:(?:[a-z]|[甲乙丙丁戊](?![级醛方等苯烷型肝类组班]))(?:\s?(?:[室座房]|单[位元])|(?![a-z0-9]){_NO_FLAT})"
    r"|之\s?[一二三四五六七八九0-9]|(?<=字楼)\s?[0-9]{1,2}室)"
)
# 9栋西数第三个门: a door that one finds by counting.
_COUNTED = (
    r"(?:从?[东南西北左右前后][边头]?(?:往[东南西北左右前后])?(?:边|起)?数(?:过[去来])?第?[一二两三四五六七八九]个?"
    r"(?:[户家间]|门(?![禁岗牌锁洞]))(?![店铺房]))"
)
# A home told by its side of the floor: 八楼中间那户(803), 三楼后座, 四楼西户, 二楼东头第一家.
SIDE = (
    r"(?:[前后]座(?![椅垫位套])(?:\s?[梗尾头]房)?|[东南西北中左右][东西]?户|[东南西北]屋|[东西]厢房?|正[房屋]|[东南西北]房(?![间产]|[东南西北左右里][头边])|亭子间|(?:天台|天面|楼顶)?铁皮屋"
    rf"|(?:天台|天面|楼顶)[屋间]|[尾梗前后]房|后进|{_COUNTED}"
    r"|(?:[东南西北]房)?(?:尽|最|靠)?(?:[东南西北左右前后里][边手面侧头首]边?|中间|尽头|把头)(?:第[一二三四五六]|[那𠮶这]?一?)[户家间屋]"
    r"(?!公|杂|水|电|厕|活|棋|店|铺|空|都))(?:\s?\([0-9]{3,4}\))?"
)
# 五楼右边, 三楼靠左, 二楼左; but 3栋左边 is no home.
# Who speaks without a stop goes on with what is there: 五楼东来个人, 四楼西钥匙在隔壁.
HAND = (
    r"(?:(?:[左右](?:手边?|边)?|[东南西北])(?=$|[,，。\s]|来个?人|钥匙|[那这𠮶]一?[户家]|漏|家)"
    r"|[左右中]门(?![口前外框禁锁])|靠[左右][边手面]?)(?:\s?\([0-9]{3,4}\))?"
)
# 十二楼三号, 18C, 3A: rooms told without 室.
NUMBERED_DOOR = rf"{FLOOR}\s?{BIG}\s?号(?![线楼院栋机])"
FLAT = r"[0-9]{1,2}[a-h](?![a-z0-9栋幢座])"
# In hilly towns the floor and the door: 3幢12-5. Hours, days and storeys are told alike, but with a word.
HILL_ROOM = (
    r"负?[0-9]{1,2}-(?:[1-9]|10)(?=$|[,，。!！?？;；的家住业漏室房]|户主|楼[上下]|门[口垫前外铃把]"
    r"|[那这𠮶]一?[户家]|暖|空调|马桶|下水|老[人太奶]|放(?!假)|收(?![费水电卫])|\s(?![0-9]))"
)
# What tells a door from a day of the month: 丙单元4号门口.
DOOR_TOLD = r"(?=出门|门[口前]|[的嘅]?[那这𠮶]一?[户家]|住户|业主|楼[上下])"
UNIT_ROOM = (
    r"[0-9]{1,2}(?:[-–](?:[0-9]{3,4}(?![0-9-])|[a-h](?![a-z0-9-]))"
    rf"|\s{LIKELY_ROOM}(?![0-9-]){ROOM_END})"
)
# 地下室杂物间零零七号: a cellar as somebody's own door.
_CELLAR = (
    rf"(?:(?:地下室|负[一二]层|地下[一二]层){SEP})?(?:储藏|储物|杂物)[间室房]\s?"
    r"[0-9零〇一二三四五六七八九十]{1,4}号|地下室\s?[0-9一二三四五六七八九十]{1,2}\s?号(?![水电车泊库出入门灯机泵梯楼口])"
)
INSIDE = (
    rf"(?:{LETTER_ROOM}|{NUMBERED_DOOR}|{FLOOR}\s?0[1-9]{ROOM_END}|{_CELLAR}|(?:{FLOOR}{SEP})?(?:{HOUSEHOLD}|{ROOM}|{SIDE})"
    rf"|{FLOOR}{SEP}{HAND})"
)

# ---- the house on its road ----
HOUSE = (
    r"(?:[甲乙丙丁戊]\s?)?(?:[0-9]{1,4}|[0-9]{2,4}-[1-9]|[1-9]-[1-9](?=\s?号\s?[0-9]{1,2}\s?[楼f])|[一二三四五六七八九十廿卅百零〇]{1,6})(?:支?弄(?:[0-9]{1,3}支弄)?[0-9]{1,4})?\s?"
    r"号(?!线|楼|公交|站|文件|通知|水[井塔]|车|台|机|球|桌|窗|摊|井|泵|馆|电)(?:大院[0-9]{1,4}号)?(?:\s?院(?![子长内里墙门])(?:[0-9]{1,3}号(?![线楼院栋]))?)?"
    r"(?:[之附](?:[0-9]{1,3}|[一二三四五六七八九十]{1,3}(?!楼))号?)?(?:[a-h](?![a-z0-9座栋幢区口楼梯]))?"
)
# A house number stands behind its road; the road's name is taken along with the names before it.
AFTER_ROAD = (
    r"(?=[\s,，\-–/、0-9甲乙丙丁戊一二三四五六七八九十廿卅百零〇])(?:(?<=[道街路巷弄同村里坊围约队组社尾屯坳寨])|(?<=[0-9一二三四五六七八九十]邻)"
    r"|(?<=[路街道][0-9一二三四五六七八九十]段)|(?<=[路街道][0-9一二三四五六七八九十]\s段)|(?<=[路街道]\s[0-9一二三四五六七八九十]\s段)|(?<=弄堂)|(?<=弄堂[里底])"
    # The numbered lanes of Peking: 北新桥三条.
    r"|(?<=[桥口场四南北坊庙仓][一二三四五六七八九十]条))[\s,，\-–/、]{0,2}"
)
LANE = r"(?<![\u4e00-\u9fff0-9])第?[一二三四五六七八九十]{1,3}巷"
# A home over a shop or behind it: 5座地下C铺楼上2B.
_SHOP_BELOW = r"地下\s?(?:[0-9]{1,2}\s?号?|[a-h])?\s?铺\s?"
OVER_SHOP = rf"(?:{_SHOP_BELOW}(?:楼上|[后上]面|后边|阁楼){SEP})?"
ABOVE_SHOP = rf"{_SHOP_BELOW}(?:阁楼|[前后尾]房|[前后]座)"
# A part of a house is a home as well, and so is a floor of a house that has few: 梨花巷8号2楼.
_FLOOR_OF_HOUSE = (
    rf"[的嘅之]?(?:{UNIT}{SEP})?{FLOOR}(?:-[1-9](?![0-9楼层-]))?(?![道梯板盘管台长]|[a-z0-9])"
    r"(?:(?:天[面台]|楼顶)?加盖(?:[那𠮶]间)?|[前后左右](?=$|[,，。\s]))?"
)
_STOREY = (
    rf"(?:{_FLOOR_OF_HOUSE}|地下(?![室车停库通])|平房|后[进院](?![墙子里门])|阁楼|[前后]座(?![椅垫位套])"
    r"|第[一二三四五六七八九十]间(?![店铺房]))"
)
BELOW_HOUSE = (
    rf"(?:[-–]{UNIT_ROOM}|\s?[0-9]{{1,2}}-[0-9]{{1,2}}-[0-9]{{1,3}}(?![0-9a-z-])|{SEP}{ABOVE_SHOP}|院?{SEP}{OVER_SHOP}(?:[前后][栋座]{SEP})?(?:[\u4e00-\u9fff]{{1,4}}[阁苑园居轩庭厦楼]{SEP})?(?:{BUILDING}{SEP})?"
    rf"(?:{UNIT}{SEP})?{INSIDE}|{SEP}(?:[前后][栋座]{SEP})?{_STOREY})?"
)
# A home in a row of homes: 三排五号, 第一排第二户. 3排6号 alone is a seat.
ROW = rf"第?{BIG}\s?排{SEP}"
IN_ROW = rf"(?:第?{BIG}[户家间](?![店铺房])|{SIDE})"
# Flat C, 18/F, Block 3: as on Hong Kong's letter boxes, in either order.
WESTERN = (
    r"(?:(?:flat|room|rm|unit|block|blk|tower)\.?\s?[0-9a-z]{1,4}|[0-9]{1,2}\s?/f)(?![0-9a-z])"
)
