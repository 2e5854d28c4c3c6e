"""`replay`: recorded group chats in, decisions out."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bot.cli.loading import load_reader
from bot.json_lines import dumps
from bot.replaying import Replay
from bot.settings import load_settings
from bot.transcript import read_transcripts
from bot.work_calendar import ChineseCalendar
from intake.rules import Rules


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def replay(files: tuple[Path, ...]) -> None:
    """Run the whole intake on recorded group chats (JSONL); print one decision a line."""
    settings = load_settings()
    said = read_transcripts(files, settings.zone)
    reader, taxonomy = load_reader(settings)
    rules = Rules(taxonomy, ChineseCalendar(), settings.zone, propose=False)
    with Replay(rules, reader, settings.quiet) as run:
        for decision in run.play(said):
            sys.stdout.buffer.write(dumps(decision) + b"\n")
    sys.stdout.flush()
