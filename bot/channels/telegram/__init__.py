"""Telegram: updates by webhook or polling, posts through python-telegram-bot."""

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.shape import NAME, NotAnUpdate
from bot.channels.telegram.webhook import PATH, webhook_routes

__all__ = ["NAME", "PATH", "NotAnUpdate", "Poller", "TelegramChannel", "webhook_routes"]
