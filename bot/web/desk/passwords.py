"""Passwords and logins of staff: what is good enough, and whether one is right.

The law of this file: hashing runs beside the event loop, a few at a time, for it takes memory on purpose; a
password that belongs to nobody takes as long as a wrong one.
"""

from __future__ import annotations

import asyncio
import re
from typing import Final
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST: Final = 10
LONGEST: Final = 200
"""Nobody makes us hash a book."""

_AT_ONCE: Final = 4
_FEWEST_SIGNS: Final = 5
_MORE_THAN_LOGIN: Final = 4
_MOST_LOGIN: Final = 64
_LOGIN = re.compile(r"[\w.@-]{2,32}")

# OWASP's choice for argon2id on a small machine: 19 MiB, two passes.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODYS: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1$aHV5aW5naHV5aW5naHV5aQ$"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)

_COMMONEST: Final = """
    0123456789 1234567890 12345678910 123456789a 123456789q 1234567891 12345678901 0987654321 9876543210
    1122334455 1020304050 1472583690 1234512345 123123123a 123321123a 5201314520 1314520520 1357924680
    a123456789 a1234567890 aa123456789 aaa123456789 abc1234567 abc12345678 abc123456789 abcd123456
    abcd12345678 abcde12345 abcdefghij abcdefghijk asd123456789 asdf123456 asdfghjkl1 asdfghjkl123
    qq123456789 qwe123456789 qwer123456 qwerty1234 qwerty12345 qwerty123456 qwertyuiop qwertyuiop123
    1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc 1qazxsw23edc q1w2e3r4t5 zaq12wsxcde3 zxcvbnm123 zxcvbnm123456
    password01 password12 password123 password1234 passw0rd123 p@ssw0rd123 pa55word123 admin12345
    admin123456 admin@12345 administrator root123456 test123456 welcome123 letmein123 iloveyou123
    iloveyou520 woaini1314 woaini520520 woaini1314520 woaini123456 wodemima123 mima123456 zhongguo123
    shequ12345 wangge12345 wanggeyuan huying12345 huying123456 huyinghuying
"""
COMMON: Final = frozenset(_COMMONEST.split())
"""The commonest that are long enough."""


class Passwords:
    """Hashes and compares, off the event loop."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def hashed(self, password: str) -> str:
        """What is kept of a password."""
        async with self._turns:
            return await asyncio.to_thread(_HASHER.hash, plain(password))

    async def matches(self, kept: str | None, password: str) -> bool:
        """Whether `password` is the one of which `kept` is kept; None, which takes as long: nobody's."""
        async with self._turns:
            return await asyncio.to_thread(_matches, kept, password)


def _matches(kept: str | None, password: str) -> bool:
    if kept is None or len(password) > LONGEST:
        kept, password = _NOBODYS, ""
    try:
        return _HASHER.verify(kept, plain(password))
    except (VerificationError, InvalidHashError):
        return False


def plain(password: str) -> str:
    """A password however it was typed: full-width signs of a Chinese keyboard count as the plain ones."""
    return normalize("NFKC", password)


def plain_login(login: str) -> str:
    """A login as it is kept: in small letters, however it was typed."""
    return normalize("NFKC", login[:_MOST_LOGIN]).strip().casefold()


def is_login(login: str) -> bool:
    """Whether a login (as `plain_login` makes it) can be one."""
    return _LOGIN.fullmatch(login) is not None


def is_too_short(password: str) -> bool:
    return len(plain(password)) < SHORTEST


def is_like_login(password: str, login: str) -> bool:
    """The login itself, or the login with little beside it."""
    folded = plain(password).casefold()
    rest = folded.replace(login, "") if login else folded
    return rest != folded and len(rest) < _MORE_THAN_LOGIN


def is_common(password: str) -> bool:
    """One that is tried first: of the list, or of few different signs."""
    folded = plain(password).casefold()
    return folded in COMMON or len(set(folded)) < _FEWEST_SIGNS
