"""The sentences of the pages of the model.

The law of this file: what a person reads there is written here and nowhere else, in words that need no
knowledge of how a model works.
"""

from __future__ import annotations

from typing import Final

from bot.learning import BUILT, IN_USE
from bot.retraining import DONE, FAILED, RUNNING, WANTED
from bot.versions import BUILT_NAME, CONFIGURED_NAME
from intake.drifting import Move
from nlp.promotion import CALM, CORRECTED, DANGER, HEARD, QUIET, Flaw

MENU: Final = "模型"

MODELS: Final = {
    "title": "模型",
    "lead": "机器靠一个“模型”听懂街坊的话。大家改过的，它夜里学成新的一版；比过不差，才换上。",
    "absent": "这里没有接上模型，没有版本可看。",
    "made": "{at}做好",
    "lines": "学自 {lines} 句话",
    "corrections": "，其中大家改过的 {n} 句",
    "no_corrections": "，还没有大家改过的",
    "unreadable": "这一版的说明读不出来：{why}",
    "score": "大类平均 {value} 分",
    "targets_missed": "{wanted} 项目标里 {missed} 项没达到",
    "targets_reached": "{wanted} 项目标都达到了",
    "open": "看成绩",
    "open_of": "看成绩：{name}",
    "problem": "该换上的那一版用不了，现在还是原来的在读。原因：{why}",
    "configured": "设置里用 HUYING_MODEL 指定了模型，这里不能换、也不能退。要换先去掉这项设置。",
    "only_one": "现在只有这一版。等大家改过的话攒起来，夜里会学出第二版，那时这里会列出："
    "每一版什么时候做的、学了多少句、比上一版好在哪里差在哪里、换没换上、谁换的。",
    "versions": "留着的版本",
    "lessons": "等着学的",
    "lessons_none": "没有等着学的。在待看里改一次、认可一次，这里就会多一条。",
    "lessons_sums": "{fresh} 条会学，还没学；{waiting} 条等第二个人看。",
    "lessons_see": "去看纠正",
    "night": "每天 {at} 有新的就学一次。",
    "night_never": "设置里关了夜里学习，要学请在服务器上运行 huying train。",
    "drift": "近 {days} 天和前 {days} 天比",
    "drift_lead": "看机器读得是不是变了样。打“！”的是不像碰巧的变化。",
    "drift_all": "全部网格合在一起算。",
    "drift_sight": "只算您能看到的事。",
    "drift_none": "这两段时间还没有什么事可比。",
    "drift_few": "另有 {n} 个大类两段都不到 {least} 件，不单列。",
    "category": "大类",
    "requests": "件数",
    "auto": "直接受理",
    "human": "给人看",
    "corrected": "被改过",
    "earlier": "原 {before}",
    "history": "谁换的",
    "history_none": "还没有换过。谁换上、谁退回，都会记在这里。",
    "back": "回模型",
    "promote": "换上这一版",
    "roll_back": "退回上一版",
    "cannot": "换和退由管理员来做。",
    "otherwise": "换了模型，旧单子要不要改？去看一眼",
}

VERSION: Final = {
    "rule": "规则怎么说",
    "rule_yes": "比过了：不比在用的差，可以换上。",
    "rule_was_yes": "换上之前比过了，不差。",
    "rule_no": "规则不让换上，因为：",
    "rule_force": "确实要换，请在服务器上运行 huying promote {name} --force，会记下来。",
    "rule_forced": "规则不让换，是有人在服务器上强行换上的。",
    "rule_none": "还没有比过。换上之前会先比一遍。",
    "rule_built": "这是随程序来的一版，不用比；别的版本都要跟它比。",
    "rule_what": "规则：一句一句地比，漏听求助、打扰闲聊、漏掉险情、误报险情，多得不像碰巧就不换；"
    "哪个大类跌破底线也不换。",
    "comparing": "正在按规则比，比过了就换上。要半分钟左右，比好会自己出来；可以先去做别的。",
    "measuring": "正在量这一版，要十来秒，量好会自己出来。",
    "measuring_rival": "正在量另一版，好比一比，要十来秒，量好会自己出来。",
    "unmeasured": "这一版量不了：{why}",
    "figures": "总成绩",
    "figures_lead": "用一批从来不给机器学的话来量，每一版都是同一批。",
    "beside": "对照的是{rival}。",
    "figure": "量什么",
    "value": "这一版",
    "wanted": "目标",
    "least": "至少 {bound}",
    "most": "至多 {bound}",
    "reached": "✓ 达到",
    "missed": "✗ 没达到",
    "lines": "{n} 句",
    "categories": "各大类",
    "categories_lead": "满分 100。底线：{rival}的分数减 {fall} 分，而且不低于 {lowest} 分；"
    "新的一版跌破底线就不能换上。",
    "categories_alone": "满分 100。等有了第二版，这里会和上一版比，并标出不能跌破的底线。",
    "before": "对照",
    "change": "变化",
    "floor": "底线",
    "same": "一样",
    "below": "跌破",
    "confused_items": "最容易混的事项",
    "confused": "最容易混的大类",
    "pair": "“{true}”读成“{read}”",
    "times": "{n} 句",
    "confused_none": "这批话里没有读混的。",
    "matrix": "大类对照表",
    "matrix_lead": "横着看：这一类的话，机器读成了哪一类。斜线上是读对的，别处是读错的句数。",
    "matrix_true": "说的是",
}

SURE: Final = {
    "promote": "换上 {name}？",
    "promote_lead": "先按规则比一遍，要半分钟左右，比不过就不换。换上后几秒钟，街坊的新消息就由它来读；"
    "已经开的单子不变。",
    "promote_go": "比一遍，不差就换上",
    "rollback": "退回到 {name}？",
    "rollback_lead": "现在用的是 {left}。退回后几秒钟，街坊的新消息就由退回的那一版来读；已经开的单子不变。",
    "rollback_go": "确定退回",
    "record": "您的名字会记在“谁换的”里。",
    "no": "再想想",
}

ROLLED_BACK: Final = "退回了，几秒钟内就由原来的一版来读。"

NAMES: Final = {BUILT_NAME: "随程序来的一版", CONFIGURED_NAME: "设置里指定的一版"}

TAGS: Final = {
    "in_use": "在用",
    "former": "上一版",
    "refused": "规则不让换",
    "forced": "强行换上的",
    "problem": "读不出来",
}

RIVALS: Final = {IN_USE: "在用的那一版", BUILT: "随程序来的那一版"}

MEASURES: Final = {
    HEARD: "听出求助",
    QUIET: "不打扰闲聊",
    DANGER: "听出险情",
    CALM: "不误报险情",
    CORRECTED: "大家改过的读对",
}

FLAWS: Final[dict[Flaw, str]] = {
    Flaw.NOT_FINITE: "它算出来的数不成数。",
    Flaw.WORSE: "{about}：和{rival}比，{lost} 句原来对的错了，只有 {won} 句原来错的对了。",
    Flaw.FALLEN: "{about}：{mine} 分，跌破底线 {floor} 分（{rival}是 {theirs} 分）。",
    Flaw.LOW: "{about}：{mine} 分，低于底线 {floor} 分。",
    Flaw.SAID: "{about}",
}

FIGURES: Final[dict[str, str]] = {
    "category_f1": "大类分得对（平均分）",
    "lead_accuracy": "派对了单位",
    "item_top1": "第一个猜的就是对的事项",
    "item_top3": "三个猜测里有对的事项",
    "auto_share": "敢直接受理的",
    "auto_precision": "直接受理的，事项对",
    "ask_truth": "问一句时，两个选项里有对的",
    "item_ece": "它说的把握和实际差多少",
    "level_a_as_c": "最急的事当成不急",
    "private_missed": "私密的事没当私密",
    "talk_meant_gate_recall": "群里的求助听出来",
    "talk_meant_gate_precision": "群里报上来的真是求助",
    "danger_recall": "险情听出来",
    "danger_false_alike": "只是像险情的话误报",
    "mask_recall": "该打码的打了码",
    "mask_precision": "打了码的确实该打",
    "place_f1": "地点找得准",
}
"""The figures that are shown, in the order of the report; the rest stands in `huying evaluate`."""

MOVES: Final[dict[Move, str]] = {
    Move("requests", True): "报得比以前多：可能真出了事，也可能别的话被当成了它，挑几件看看。",
    Move("requests", False): "报得比以前少：可能办好了，也可能被读成了别的，看看哪一类多了。",
    Move("auto", True): "直接受理的多了：只要被改的不多就好。",
    Move("auto", False): "拿得准的少了：可能有新词新地名，多看看纠正，夜里学了会好。",
    Move("human", True): "给人看的多了：可能有新词新地名，多看看纠正，夜里学了会好。",
    Move("human", False): "给人看的少了：只要被改的不多就好。",
    Move("corrected", True): "被改的多了：看看纠正；要是刚换过模型，可以退回。",
    Move("corrected", False): "被改的少了：这一版读得更好。",
}

TRAINING: Final = {
    WANTED: "已经排上，今夜学。",
    RUNNING: "正在学。",
    DONE: "上次学习：{at}，学完了。",
    FAILED: "上次学习：{at}，没学成，在用的一版照常。请管理员看看 huying doctor。",
}

CHANGES: Final = {
    "promote": "换上",
    "refuse": "想换，规则不让",
    "force": "强行换上",
    "roll back": "从这一版退回",
}


class Wrong:
    """Why something cannot be done."""

    NO_VERSION = "没有这一版。可能已经清掉了，旧的只留几版。"
    CONFIGURED = "设置里用 HUYING_MODEL 指定了模型，这里换不了。要换先去掉这项设置。"
    IN_USE = "这一版已经在用了。"
    NOT_IN_USE = "刚刚有人换过模型了，请看一眼再决定。"
    NOTHING_BEFORE = "在用的是随程序来的一版，前面没有可退的了。"
    NOT_PROMOTABLE = "随程序来的一版不能直接换上，一步步退回就是它。"
    REFUSED = "比过了，规则不让换上，在用的不变。原因在下面。"
    BROKEN = "没换成，在用的不变。请管理员看看服务器的日志。"
    UNUSABLE = "这一版用不了，在用的不变。原因：{why}"
    BUSY = "有人正在换模型，请等一会儿再试。"
