"""What a command raises when its user can put it right."""

from __future__ import annotations


class UserError(Exception):
    """Says in one line what is wrong, where, and what to do."""
