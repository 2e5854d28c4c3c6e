"""`places` and `words`: the names of a neighbourhood's own, repeatable, and possible while the server
runs.

The law of this file: what may be a name is decided by the same rule as in the staff chat, and every change
is on record as the command line's. One name that cannot be is a mistake: nothing is changed then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import click

from bot.cli.errors import UserError
from bot.cli.opening import open_store, settings_with_home
from bot.places import DICTIONARIES, model_folder
from bot.settings import Settings
from intake.naming import (
    EVERYWHERE,
    MOST_NAMES,
    Judged,
    Naming,
    Reason,
    Sort,
    found,
    judge,
    names_in,
)
from nlp.lexicon import Lexicon
from nlp.model import WORDS
from nlp.privacy import personal_in
from nlp.segment import Segmenter
from storage.tx import Tx

ACTOR = "cli"
Told = list[tuple[str, tuple[str, ...]]]
"""What a command did, and with which names."""

_ACTIONS = click.Choice(["add", "remove", "list"])
_MISTAKES = {
    Reason.PERSONAL: "looks like personal data; a name says where or what, never who",
    Reason.EVERYDAY: "is a word that everybody uses; write something more particular",
    Reason.FULL: f"is one too many: at most {MOST_NAMES}, so remove some first",
}
_SHAPES = {
    Sort.PLACE: "write 2 to 12 Chinese signs, letters or digits, not digits alone",
    Sort.WORD: "write 2 to 12 Chinese signs",
}


@click.command()
@click.argument("grid")
@click.argument("action", type=_ACTIONS, default="list")
@click.argument("names", nargs=-1)
def places(grid: str, action: str, names: tuple[str, ...]) -> None:
    """List, add or remove a grid's own place names, e.g. `huying places DEMO-1 add 老榕树头`.
    Messages are read with them at once."""
    if action == "list":
        _show(names, lambda tx: list(_present(tx, Sort.PLACE, grid)))
    else:
        _change(Sort.PLACE, grid, action, names)


@click.command()
@click.argument("action", type=_ACTIONS, default="list")
@click.argument("words", nargs=-1)
def words(action: str, words: tuple[str, ...]) -> None:
    """List, add or remove words for all grids, e.g. `huying words add 穗康码`. They count from the
    next training on. `remove` takes a word from the grids too that added it in their staff chat."""
    if action == "list":
        _show(words, _every_word)
    else:
        _change(Sort.WORD, EVERYWHERE, action, words)


def _every_word(tx: Tx) -> list[str]:
    return [
        one.word if one.scope == EVERYWHERE else f"{one.word}  {one.scope}"
        for one in tx.words.all()
    ]


def _show(given: Sequence[str], lines: Callable[[Tx], list[str]]) -> None:
    if given:
        raise UserError(f"{given[0]}: list takes no names; to add one, write add before it")
    with open_store(settings_with_home()) as store:
        for line in store.read_now(lines):
            click.echo(line)


def _change(sort: Sort, scope: str, action: str, given: Sequence[str]) -> None:
    names = names_in(" ".join(given))
    if not names:
        raise UserError(f"{action}: name at least one")
    settings = settings_with_home()
    lexicon = known_words(settings)
    change = _add if action == "add" else _remove
    with open_store(settings) as store:
        told = store.write_now(lambda tx: change(tx, sort, scope, names, lexicon))
    for what, some in told:
        if some:
            click.echo(f"{what}: {'、'.join(some)}")


def known_words(settings: Settings) -> Lexicon:
    """What the model in use knows of words; without a model, what it would be trained with."""
    written = model_folder(settings) / WORDS
    if written.is_file():
        return Lexicon(Segmenter.read(written))
    own = DICTIONARIES / "words.txt"
    return Lexicon(Segmenter.from_jieba(own if own.is_file() else None))


def _present(tx: Tx, sort: Sort, scope: str) -> tuple[str, ...]:
    if sort is Sort.WORD:
        return tx.words.of([scope]).get(scope, ())
    grid = tx.grids.get(scope)
    if grid is None:
        known = ", ".join(g.id for g in tx.grids.all()[:10]) or "none yet: import-grids first"
        raise UserError(f"grid {scope}: there is none; known are {known}")
    return grid.places


def _add(tx: Tx, sort: Sort, scope: str, names: tuple[str, ...], lexicon: Lexicon) -> Told:
    present = _present(tx, sort, scope)
    line = "、".join(names)
    masked = personal_in(line)
    judged = judge(sort, names, present, lexicon, masked)
    if judged.refused:
        raise UserError(_mistakes(sort, judged))
    if judged.new:
        tx.words.apply(Naming(scope, sort, judged.new, (), ACTOR, datetime.now(UTC)))
    return [("added", judged.new), ("there already", judged.known)]


def _mistakes(sort: Sort, judged: Judged) -> str:
    return "; ".join(
        f"{'、'.join(names)}: {_MISTAKES.get(reason, _SHAPES[sort])}"
        for reason, names in judged.refused.items()
    )


def _remove(tx: Tx, sort: Sort, scope: str, names: tuple[str, ...], lexicon: Lexicon) -> Told:
    """From the scope; words from every scope that has them."""
    scopes = {scope} if sort is Sort.PLACE else {one.scope for one in tx.words.all()}
    removed: dict[str, None] = {}
    for where in sorted(scopes):
        spelt = found(names, _present(tx, sort, where), lexicon).values()
        gone = tuple(dict.fromkeys(name for name in spelt if name is not None))
        if gone:
            tx.words.apply(Naming(where, sort, (), gone, ACTOR, datetime.now(UTC)))
        removed |= dict.fromkeys(gone)
    left = found(names, tuple(removed), lexicon)
    missing = tuple(name for name, spelling in left.items() if spelling is None)
    return [("removed", tuple(removed)), ("not there", missing)]
