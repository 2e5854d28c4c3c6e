"""Buttons and text in the measures that Telegram takes.

The law of this file: Telegram takes 1 to 64 bytes of data a button, 8 buttons a row, 100 in all, and
4,096 signs of text. On a phone all buttons of a row are equally wide, so a long label needs a row of
its own to be readable.
"""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import east_asian_width

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.channels.base import SendRefused
from bot.channels.telegram.cleaning import clean
from intake.notices import Button

TEXT_LENGTH = 4096
_DATA_BYTES = 64
_BUTTONS = 100
_ROW_BUTTONS = 8
_ROW_CELLS = 30  # half-width signs that a narrow phone shows in a row of buttons


def keyboard(buttons: Sequence[Button]) -> InlineKeyboardMarkup | None:
    """The buttons in rows, in their order. Raises SendRefused for what Telegram would refuse."""
    if not buttons:
        return None
    if len(buttons) > _BUTTONS:
        raise SendRefused(f"{len(buttons)} buttons; Telegram takes {_BUTTONS}")
    rows: list[list[InlineKeyboardButton]] = []
    widest = 0
    for button in buttons:
        made, width = _button(button), _cells(button.label)
        together = max(widest, width)
        if rows and len(rows[-1]) < _ROW_BUTTONS and together * (len(rows[-1]) + 1) <= _ROW_CELLS:
            rows[-1].append(made)
            widest = together
        else:
            rows.append([made])
            widest = width
    return InlineKeyboardMarkup(rows)


def fitted(text: str) -> str:
    """`text` cut to what one message holds. Telegram counts a sign outside the basic plane as two.
    Raises SendRefused when there is nothing to say."""
    text = clean(text)
    if not text.strip():
        raise SendRefused("the post has no text")
    units = text.encode("utf-16-le")
    if len(units) <= TEXT_LENGTH * 2:
        return text
    return units[: (TEXT_LENGTH - 1) * 2].decode("utf-16-le", "ignore") + "…"


def in_messages(text: str) -> list[str]:
    """A long text as messages, cut between lines; a line longer than a message is cut short."""
    made: list[str] = []
    for line in filter(None, clean(text).splitlines()):
        line = fitted(line)
        if made and _units(made[-1]) + _units(line) < TEXT_LENGTH:
            made[-1] += f"\n{line}"
        else:
            made.append(line)
    return made


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _button(button: Button) -> InlineKeyboardButton:
    size = len(button.data.encode("utf-8", "replace"))
    if not 1 <= size <= _DATA_BYTES or not button.label.strip():
        raise SendRefused(
            f"button “{button.label}” carries {size} bytes; Telegram takes 1 to {_DATA_BYTES}"
            " and a label that can be seen"
        )
    return InlineKeyboardButton(clean(button.label), callback_data=button.data)


def _cells(label: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in label) + 1
