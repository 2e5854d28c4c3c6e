"""All commands under one name, and one way to fail.

The law of this file: success is 0; a mistake of the user's is 2, with one line on stderr that says what is
wrong, where, and what to do.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from bot.cli.errors import UserError
from bot.settings import SettingsError
from intake.taxonomy import TaxonomyError

# Which module knows a command. Only that one is imported: `classify` need not wait for databases and web
# servers that it never opens.
COMMANDS = {
    "serve": "serving",
    "worker": "serving",
    "demo": "serving",
    "classify": "classifying",
    "replay": "transcripts",
    "train": "models",
    "evaluate": "measuring",
    "promote": "models",
    "rollback": "models",
    "models": "models",
    "examples": "learning",
    "drift": "learning",
    "words": "names",
    "places": "names",
    "migrate": "neighbourhood",
    "seed-demo": "neighbourhood",
    "import-grids": "neighbourhood",
    "bind": "neighbourhood",
    "invite": "neighbourhood",
    "create-admin": "neighbourhood",
    "sign-in": "signing",
    "duty": "neighbourhood",
    "outlet": "neighbourhood",
    "doctor": "doctor",
}


class Commands(click.Group):
    """The commands of `COMMANDS`, each imported when it is asked for."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        found = getattr(import_module(f"bot.cli.{COMMANDS[name]}"), name.replace("-", "_"))
        assert isinstance(found, click.Command)
        return found


@click.group(
    cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option("-v", "--verbose", is_flag=True, help="Log more.")
def huying(verbose: bool) -> None:
    """Huying 呼应: hears the calls in neighbourhood group chats until they are answered."""
    level = logging.INFO if verbose else logging.WARNING
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("jieba").setLevel(logging.ERROR)


def run(arguments: Sequence[str]) -> int:
    """Run one command; its exit code. Nothing but a bug ends in a traceback."""
    try:
        result = huying.main(list(arguments), prog_name="huying", standalone_mode=False)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.Abort:
        return 130
    except click.ClickException as error:
        return _fail(error.format_message())
    except (UserError, SettingsError, TaxonomyError) as error:
        return _fail(str(error))
    return result if isinstance(result, int) else 0


def _fail(message: str) -> int:
    """One line on stderr, whatever the message's own line breaks."""
    print("huying: " + "; ".join(message.split("\n")), file=sys.stderr)
    return 2
