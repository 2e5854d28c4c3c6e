"""Where a message says its trouble is: the longest unbroken wording of each place.

The law of this file: the learned tagger says where places are; where a grid's own names stand, which
must be found at once, and for a model without a tagger, a message becomes a row of tokens (a building,
a place, a relation, a thing, a lead, other), and `place_grammar.py` joins them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from intake.reading import Span
from nlp.normalise import Folded, fold, grouped_pattern
from nlp.place_grammar import CHINESE, HOMES, JOINERS, MIDDLES, Token, join, place_words, relations
from nlp.place_paths import Stretch
from nlp.place_tagger import PlaceTable, PlaceTagger, may_have_place
from nlp.segment import Segmenter
from nlp.short_words import ShortWords

_BIG = rf"(?:\d{{1,4}}[a-z]?|[a-z]\d{{0,2}}|[{CHINESE}]{{1,4}})"
_ROOM = r"(?:\d{3,4}(?![\d年块元人多])(?:号?[室房])?|[零〇一二三四五六七八九]{3}(?:[室房])?)"
# 一栋, 两座 are counts as often as names, so they need something behind them (一栋楼下).
_BUILDING = (
    rf"(?:第?{_BIG}(?:号楼|号院|#楼|#|号库|号门|号铺|号桥|单元|[栋幢]楼(?!"
    rf"[下上道顶梯])|[栋幢]|座(?![桥山位])|期(?!间|限|付)"
    r"|[区组队社村](?!别|长|里人|民|委)|梯(?!子)|楼(?!梯|道|房|上|盘)|层(?!楼)|层楼))"
)
_UNIT = re.compile(
    rf"(?:{_BUILDING}[、\s]?)*{_BUILDING}(?:{_ROOM})?"
    rf"|(?:负[一二三]|地下[一二三]|b\d)(?:层|楼)?(?=[的车停充有又没灯积水漏,，。\s]|$)"
)
_UNIT_SIGN = re.compile(rf"[\da-z负{CHINESE}]")
_COUNT = re.compile(
    r"(?:[一两几半每整][栋幢座层梯期区组队社村楼]|[二三四五六七八九十]层楼?|[一二三四五]期)$"
)
_ENDINGS = tuple("路街巷村桥河涌湖园场站店铺馆厂院楼厅室苑亭坡塘坊口弄屯庄寨湾")
_LONG_ENDINGS = (
    "小区",
    "花园",
    "新村",
    "大厦",
    "广场",
    "公寓",
    "市场",
    "超市",
    "中心",
    "学校",
    "小学",
    "中学",
    "医院",
    "公园",
)
_NAME_TAGS = ("n", "ns", "nr", "nt", "nz", "nrt", "ng", "b", "f", "s", "j", "vn")
# Nouns that stand before a place without belonging to it, wherever in the word; and whole words.
_NOT_A_NAME = re.compile(
    "今|昨|明天|现在|最近|大家|有人|师傅|老人|孩子|小孩|物业|保安|业主|邻居|时候|领导|同志|阿姨|垃圾"
    "|声音|家长|学生|情况|噪音|地方|位置|一下|通知"
    "|^"
    "[条个只台部架间棵盏把张块片段处件辆根支群位名点号份堆成全整各车灯水电人事味晚早天网气狗猫雨风钱费群旁]"
    "$"
    "|^(?:问题|东西|每天|天天|夜里|白天|半夜|车辆|电动车|工人|居民|村民|司机|老板|男人|女人|路灯)$"
)
# What may surround a place without adding anything: a lead-in such as "就在3栋楼下这里". Folded, and
# no word that others make up, else a long run of it is tried in every way.
_FILLER = re.compile(
    r"(?:就|是|在|喺|我家|我屋企|我们家|俺家|我哋|呢度|𠮶度|位置|地址|地点|我们|我|这里|那里|的|个|啊|呀|那|哦|呢|哈|"
    r"嗯|吧|咧|咯|那边|这边|[\W_])+"
)


# Signs that part places told side by side.
_LISTED = re.compile("[、,]")
_ITEM = re.compile("[^、,]+")
_GAP = "gap"
# Without a token of these kinds, or one of the words of `_cores`, there is no place.
_CORES = frozenset(("unit", "place", "head", "relation"))


@dataclass(frozen=True, slots=True)
class Sketch:
    """A folded text, as far as it is looked at, with what stands fast in it and the gaps between."""

    text: str
    tokens: list[Token]

    @property
    def gaps(self) -> list[str]:
        """What has still to be cut into words."""
        return [token.text for token in self.tokens if token.kind == _GAP]


@cache
def _cores() -> frozenset[str]:
    return relations().union(HOMES)


@cache
def _words_pattern() -> re.Pattern[str]:
    words = [w for w, kind in place_words().items() if len(w) > 1 and kind not in ("never", "lead")]
    return re.compile(grouped_pattern(words))


# A text without any of these signs has no place in it; most chatter ends here.
_ANY_HINT = re.compile(
    rf"[栋幢座楼层梯#{''.join(_ENDINGS)}边面头下旁里处门口库线道期区草树桶屋堂房间墙槽渠社]"
    "|花园|中心|单元|电梯|绿化|天台|阳台|天花|隔[篱离]|老地方"
)


class PlaceFinder:
    """Finds places in folded text. `names` passed to `find` are a grid's own names, as they are said.

    With a learned `table` the tagger says where places are, and the grammar only where a grid's own name
    stands; without one the grammar says it all.
    """

    def __init__(self, segmenter: Segmenter, table: PlaceTable | None = None) -> None:
        self._segmenter = segmenter
        self._kinds = ShortWords(self._kind)
        self._tagger = PlaceTagger(segmenter, table) if table else None

    def find(self, folded: Folded, names: Sequence[str] = (), cap: int = 500) -> tuple[Span, ...]:
        """Spans of the original text, in order."""
        return self.find_all([folded], [names], cap)[0]

    def find_all(
        self, folded: Sequence[Folded], names: Sequence[Sequence[str]], cap: int = 500
    ) -> list[tuple[Span, ...]]:
        """The same for many texts at once, each with its own names."""
        texts = [one.text[:cap] for one in folded]
        known = [[fold(name).text for name in own if name.strip()] for own in names]
        found = (
            self._by_grammar(texts, known) if self._tagger is None else self._tagged(texts, known)
        )
        return [
            tuple(Span(*one.original(start, end)) for start, end in _parted(text, stretches))
            for one, text, stretches in zip(folded, texts, found, strict=True)
        ]

    def _by_grammar(
        self, texts: Sequence[str], names: Sequence[Sequence[str]]
    ) -> list[list[Stretch]]:
        sketches = [self._sketch(text, own) for text, own in zip(texts, names, strict=True)]
        gaps = list(dict.fromkeys(gap for sketch in sketches for gap in sketch.gaps))
        words = dict(zip(gaps, self._segmenter.cut_all(gaps), strict=True))
        return [self._finish(of, [words[gap] for gap in of.gaps]) for of in sketches]

    def _tagged(self, texts: Sequence[str], names: Sequence[Sequence[str]]) -> list[list[Stretch]]:
        assert self._tagger is not None
        found: list[list[Stretch]] = [[] for _ in texts]
        likely = [
            at for at, text in enumerate(texts) if may_have_place(text) and _ANY_HINT.search(text)
        ]
        for at, spans in zip(likely, self._tagger.find([texts[n] for n in likely]), strict=True):
            found[at] = _spanned(texts[at], spans) if len(spans) > 1 else spans
        for at, (text, own) in enumerate(zip(texts, names, strict=True)):
            if own and (said := self._own_names(text, own)):
                grammar = self._by_grammar([text], [own])[0]
                whole = [span for span in found[at] if not self._tears(text, span, said)]
                found[at] = _with_names(whole, grammar, said)
        return found

    def _tears(self, text: str, span: Stretch, names: Sequence[Stretch]) -> bool:
        """Whether a stretch ends inside a word that stands behind a grid's own name: 石龙仔路 in
        石龙仔路灯, where 石龙仔 is the name."""
        for start, end in names:
            if span[0] <= start and end < span[1]:
                behind = text[end:].partition(" ")[0]
                ends = accumulate(map(len, self._segmenter.cut(behind)), initial=end)
                return span[1] < end + len(behind) and span[1] not in set(ends)
        return False

    def _sketch(self, text: str, known: Sequence[str]) -> Sketch:
        """What stands fast in a text; its gaps are then cut into words, for many texts at once."""
        if not _ANY_HINT.search(text) and not any(name in text for name in known):
            return Sketch(text, [])
        own = self._own_names(text, known)
        tokens: list[Token] = []
        at = 0
        for start, end in _fixed_stretches(text, own):
            tokens += self._words(text, at, start)
            kind = "place" if (start, end) in own else "unit"
            tokens.append(Token(kind, start, end, text[start:end]))
            at = end
        tokens += self._words(text, at, len(text))
        return Sketch(text, tokens)

    def _finish(self, sketch: Sketch, words: Sequence[Sequence[str]]) -> list[Stretch]:
        """The places of a text, once the gaps of its sketch are cut into `words`."""
        return list(join(self._filled(sketch, words), sketch.text))

    def _filled(self, sketch: Sketch, words: Sequence[Sequence[str]]) -> list[Token]:
        """All tokens, or none where no place can be among them."""
        classes = [list(map(self._kinds.__getitem__, gap)) for gap in words]
        kinds = {token.kind for token in sketch.tokens}.union(*classes)
        said = {token.text for token in sketch.tokens}.union(*words)
        if _CORES.isdisjoint(kinds) and _cores().isdisjoint(said):
            return []
        tokens: list[Token] = []
        gaps = zip(words, classes, strict=True)
        for token in sketch.tokens:
            if token.kind == _GAP:
                tokens += _tokens(sketch.text, token.start, *next(gaps))
            else:
                tokens.append(token)
        return tokens

    def _own_names(self, text: str, names: Sequence[str]) -> list[tuple[int, int]]:
        """Where the grid's own names stand: the longest first, none inside another word."""
        if not any(name in text for name in names):
            return []
        cut = self._segmenter.cut(text)
        words = _tokens(text, 0, cut, map(self._kinds.__getitem__, cut))
        hits = re.compile(grouped_pattern(names)).finditer(text)
        spans = ((hit.start(), hit.end()) for hit in hits)
        return [span for span in spans if not _in_a_number(text, *span) and self._free(span, words)]

    def _free(self, name: tuple[int, int], words: Sequence[Token]) -> bool:
        """Whether no word swallows a name (大头 in 大头菜), or takes half of one of two signs (新市 in
        新市民) unless that word is of places itself (冼村 in 冼村口)."""
        start, end = name
        for word in words:
            if word.start <= start and end <= word.end and (word.start, word.end) != name:
                return False
            crosses = word.start < start < word.end or word.start < end < word.end
            if crosses and end - start == 2 and word.kind not in ("place", "relation", "head"):
                return False
        return True

    def _words(self, text: str, start: int, end: int) -> Iterator[Token]:
        pattern = _words_pattern()
        at = start
        for hit in pattern.finditer(text, start, end):
            if self._cuts_a_word(text, hit, start, end):
                continue
            yield from _gap(text, at, hit.start())
            yield Token(self._kinds[hit.group()], *hit.span(), hit.group())
            at = hit.end()
        yield from _gap(text, at, end)

    def _cuts_a_word(self, text: str, hit: re.Match[str], start: int, end: int) -> bool:
        """Whether a listed word only seems to stand here: 路口 in 一路口渴."""
        tail = text[hit.end() - 1 : min(end, hit.end() + 1)]
        head = text[max(start, hit.start() - 1) : hit.start() + 1]
        never = place_words()
        return (len(tail) == 2 and never.get(tail) == "never") or (
            len(head) == 2 and never.get(head) == "never"
        )

    def _kind(self, word: str) -> str:
        listed = place_words().get(word)
        if listed == "never":
            return "relation" if word in relations() else "head" if word in _ENDINGS else "other"
        if listed:
            return listed
        if word == "的" or word == "嘅":
            return "of"
        if word in JOINERS:
            return "join"
        tag = self._segmenter.tag(word)
        if len(word) > 1 and word.endswith(_ENDINGS) and tag.startswith("n"):
            return "place"
        if word.endswith(_LONG_ENDINGS) and len(word) > 2:
            return "place"
        if tag in _NAME_TAGS and not _NOT_A_NAME.search(word):
            return "name"
        return "short" if tag in ("a", "ad", "an", "nr", "z") and len(word) <= 2 else "other"


def _with_names(
    tagged: Sequence[Stretch], grammar: Sequence[Stretch], names: Sequence[Stretch]
) -> list[Stretch]:
    """What was tagged, and every place with a name of the grid's own, as far as the farther sees it."""
    named = [
        (start, end)
        for start, end in grammar
        if any(start <= first and last <= end for first, last in names)
        and not any(first <= start and end <= last for first, last in tagged)
    ]
    apart = [
        (first, last)
        for first, last in tagged
        if all(last <= start or end <= first for start, end in named)
    ]
    return sorted(named + apart)


def _parted(text: str, spans: Sequence[Stretch]) -> list[Stretch]:
    """Places side by side are several, however alike a tagger finds them: 三栋、五栋, but not what lies
    between two."""
    parts: list[Stretch] = []
    for start, end in spans:
        said = text[start:end]
        if _LISTED.search(said) and not any(middle in said for middle in MIDDLES):
            parts += [(start + hit.start(), start + hit.end()) for hit in _ITEM.finditer(said)]
        else:
            parts.append((start, end))
    return parts


def _spanned(text: str, spans: Sequence[Stretch]) -> list[Stretch]:
    """Two places with 和 between and a middle behind are one, as a tagger of short sight cannot know."""
    whole: list[Stretch] = []
    for start, end in spans:
        joined = whole and text[whole[-1][1] : start] in JOINERS
        if joined and any(middle in text[start:end] for middle in MIDDLES):
            start = whole.pop()[0]
        whole.append((start, end))
    return whole


def _gap(text: str, start: int, end: int) -> Iterator[Token]:
    if start < end:
        yield Token(_GAP, start, end, text[start:end])


def _tokens(text: str, start: int, words: Iterable[str], kinds: Iterable[str]) -> list[Token]:
    """The words that `text` has from `start` on, where they stand."""
    found = []
    for word, kind in zip(words, kinds, strict=True):
        start = text.index(word, start)
        end = start + len(word)
        found.append(Token(kind, start, end, word))
        start = end
    return found


def _in_a_number(text: str, start: int, end: int) -> bool:
    """Whether a name with letters or digits at its edge is only part of a longer run: 3栋 in 13栋."""
    before, after = text[start - 1 : start] + text[start], text[end - 1] + text[end : end + 1]
    return any(len(edge) == 2 and edge.isascii() and edge.isalnum() for edge in (before, after))


def _fixed_stretches(text: str, own: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """A grid's own names and building numbers, which segmentation must not tear."""
    taken = list(own)
    for hit in _UNIT.finditer(text) if _UNIT_SIGN.search(text) else ():
        free = all(hit.end() <= start or end <= hit.start() for start, end in taken)
        if free and not (_COUNT.match(hit.group()) and not _followed(text, hit.end())):
            taken.append(hit.span())
    return iter(sorted(taken))


@cache
def _follow_pattern() -> re.Pattern[str]:
    return re.compile(grouped_pattern(relations() | set("和跟与同到至灯又停没的")))


def _followed(text: str, at: int) -> bool:
    return bool(_follow_pattern().match(text, at))


def is_bare_place(text: str, places: Sequence[Span]) -> bool:
    """Whether `text` is a place and nothing else (a lead-in, or a supplement)."""
    if not places:
        return False
    rest, at = [], 0
    for span in places:
        rest.append(text[at : span.start])
        at = span.end
    left = fold("".join([*rest, text[at:]])).text
    return not left or _FILLER.fullmatch(left) is not None
