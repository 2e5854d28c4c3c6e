"""What the tests of the Telegram channel share."""

from __future__ import annotations

from fake_bot_api import bot_api

__all__ = ["bot_api"]
