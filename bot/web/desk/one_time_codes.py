"""Two-step codes (RFC 6238): six digits, a new one every half minute.

The law of this file: arithmetic on what is handed in. A code is known by the number of its half minute, by
which others see to it that none is used twice.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import Final
from unicodedata import normalize

import pyotp
import segno
from pyotp.exceptions import OTPVerificationError

ISSUER: Final = "呼应"
_DIGITS: Final = 6
_SLACK: Final = 1
"""Half minutes by which a phone's clock may be wrong."""


def new_secret() -> str:
    """What server and phone share from now on."""
    return pyotp.random_base32()


def counter_of(secret: str, code: str, now: datetime) -> int | None:
    """The number of the half minute whose code this is, if that is about now."""
    digits = "".join(normalize("NFKC", code).split())
    if not (len(digits) == _DIGITS and digits.isascii() and digits.isdigit()):
        return None
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(digits, for_time=now, valid_window=_SLACK)
    except OTPVerificationError:
        return None


def spelt(secret: str) -> str:
    """A secret for whoever must type it."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def picture(secret: str, login: str) -> bytes:
    """The QR code, as SVG, by which a phone learns a secret."""
    address = pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", scale=6, light="#fff", xmldecl=False
    )
    return drawn.getvalue()
