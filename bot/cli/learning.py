"""`examples` and `drift`: what people corrected, and what has changed in what is read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import click

from bot.cli.errors import UserError
from bot.cli.opening import open_store, settings_with_home
from bot.learning import Gathered, Material, gather, schedule
from bot.taxonomy_file import load_taxonomy
from intake.drifting import Counts, Drift, Move
from intake.reviewing import WAITING, Standing
from storage.drift import drift_over
from storage.examples import StoredExample
from storage.store import Store
from storage.tx import Tx

COMMAND_LINE = "command line"
WHY = {
    Standing.ALONE: "one neighbour's word",
    Standing.CONTRADICTED: "others say otherwise",
    Standing.DOUBTED: "by somebody who is often contradicted",
}
ADVICE = {
    Move(
        "requests", True
    ): "more of all requests than before: something has happened, or other talk is "
    "taken for it; read some of them",
    Move(
        "requests", False
    ): "fewer of all requests than before: it is settled, or read as something "
    "else; look at what rises",
    Move(
        "auto", True
    ): "more is accepted without a question: fine as long as corrections do not rise",
    Move(
        "auto", False
    ): "less is sure: new words or places; huying examples, then the next training",
    Move(
        "human", True
    ): "more goes to a person: new words or places; huying examples, then the next training",
    Move("human", False): "less goes to a person: fine as long as corrections do not rise",
    Move(
        "corrected", True
    ): "more is corrected: huying examples; if a model is new, huying rollback",
    Move("corrected", False): "less is corrected: the last model reads it better",
}
"""What to do about a change."""


@click.group(invoke_without_command=True)
@click.option(
    "--agreement", is_flag=True, help="How far everybody's corrections are borne out, by name."
)
@click.pass_context
def examples(context: click.Context, agreement: bool) -> None:
    """List the corrections that wait for somebody to look at them; see accept and refuse."""
    if context.invoked_subcommand is not None:
        return
    material = Material(load_taxonomy())
    with open_store(settings_with_home()) as store:
        gathered = gather(store, material)
        lines = _agreement(store, gathered) if agreement else _waiting(gathered)
    for line in lines:
        click.echo(line)


def _waiting(gathered: Gathered) -> list[str]:
    standings = gathered.standings or {}
    waiting = [one for one in gathered.examples if standings[one.id] in WAITING]
    learned = f"{len(gathered.lessons)} corrections are learned from"
    if not waiting:
        return [f"None wait; {learned}."]
    lines = [line for one in waiting for line in _shown(one, standings[one.id])]
    return [*lines, f"{len(waiting)} wait: huying examples accept ID… or refuse ID…; {learned}."]


def _shown(one: StoredExample, standing: Standing) -> list[str]:
    example = one.example
    change = f"{example.read_as or '?'} → {example.label}"
    return [f"{one.id}  {change}  {WHY[standing]}", f"    {example.text}"]


def _agreement(store: Store, gathered: Gathered) -> list[str]:
    """By name in alphabetical order: this protects the model and compares nobody."""
    found = gathered.agreement or {}
    people = store.read_now(lambda tx: tx.people.many(found))
    named = sorted((people[id].name if id in people else id, id) for id in found)
    lines = []
    for name, id in named:
        own = found[id]
        share = "too few to say anything" if own.few else f"{own.share:.0%} borne out"
        second = "; each waits for a second person" if own.low else ""
        lines.append(f"{name}: {share} (corrections: {own.said}){second}")
    return lines or ["Nobody has corrected anything yet."]


@examples.command()
@click.argument("ids", type=int, nargs=-1, required=True)
def accept(ids: tuple[int, ...]) -> None:
    """Learn from the corrections IDS."""
    _review(ids, True)
    click.echo(f"{len(ids)} accepted; the next training learns from them.")


@examples.command()
@click.argument("ids", type=int, nargs=-1, required=True)
def refuse(ids: tuple[int, ...]) -> None:
    """Do not learn from the corrections IDS."""
    _review(ids, False)
    click.echo(f"{len(ids)} refused.")


def _review(ids: Sequence[int], accepted: bool) -> None:
    settings, now = settings_with_home(), datetime.now(UTC)

    def work(tx: Tx) -> None:
        unknown = [id for id in ids if not tx.examples.review(id, accepted, COMMAND_LINE, now)]
        if unknown:
            listed = ", ".join(map(str, unknown))
            raise UserError(f"there is no correction {listed}; huying examples lists them")
        schedule(tx, settings.retrain_at, settings.zone, now)

    with open_store(settings) as store:
        store.write_now(work)


@click.command()
@click.option("--days", type=click.IntRange(1, 3650), default=30, show_default=True)
def drift(days: int) -> None:
    """What has changed in what is read, by category: the last days against as many before."""
    taxonomy = load_taxonomy()
    now = datetime.now(UTC)
    with open_store(settings_with_home()) as store:
        found = store.read_now(lambda tx: drift_over(tx.connection, taxonomy, days, now))
    if not found:
        click.echo("No cases yet.")
        return
    click.echo(f"{'':8}{'requests':>16}{'auto':>14}{'ask':>14}{'human':>14}{'corrected':>14}")
    for one in found:
        _tell(
            one,
            taxonomy.categories[one.category].name if one.category in taxonomy.categories else "",
        )
    click.echo("Each figure: now (before). ! marks what is more than chance.")


def _tell(one: Drift, name: str) -> None:
    now, before = one.now, one.before
    cells = [
        f"{_share(now, of):>6} {'(' + _share(before, of) + ')':>7}"
        for of in ("auto", "ask", "human", "corrected")
    ]
    count = f"{now.requests:>7} {'(' + str(before.requests) + ')':>8}"
    click.echo(f"{one.category:8}{count}{''.join(cells)}  {name}")
    for move in one.moved:
        click.echo(f"  ! {ADVICE[move]}")


def _share(counts: Counts, of: str) -> str:
    return f"{getattr(counts, of) / counts.requests:.0%}" if counts.requests else "-"
