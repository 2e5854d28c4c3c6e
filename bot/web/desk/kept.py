"""What was typed into a form whose sign-in had expired, carried through signing in again.

The law of this file: it is carried by the browser's own page and by nothing else: the server keeps nothing.
Passwords, codes and whole files are never carried. It is bounded, and whatever the browser sends back is
looked at as if it came for the first time. It goes on only for the person who typed it, by their own press,
and once.

How. Signing in leaves a mark of the person in the browser (`WAS`). A form that comes without a session is
answered with a page (401) that holds its fields, each under PREFIX, and the mark as it was then. Signing in
on that page leads on only if it is the same person. The form that goes on names `again_of` a cookie of one
use and the new session: pressed a second time, or by somebody else who signed in meanwhile, it is refused.
Nobody else's page can begin this, for every step is a POST of which the Origin was checked; where it goes is
a path of the desk.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web_request import FileField
from multidict import MultiDictProxy

from intake.people import PersonId

WAS: Final = "huying_desk_was"
AGAIN: Final = "huying_desk_again"
ONCE: Final = "once_again"
PREFIX: Final = "k."
FILE: Final = "f."
SECRET: Final = "s"
MOST_SIGNS: Final = 1_000_000
"""More than any form of the desk takes."""
MOST_FIELDS: Final = 500
BROKEN: Final = (
    *(ValueError, LookupError, RuntimeError, AssertionError),
    *(web.RequestPayloadError, HttpProcessingError),
)
"""What the parser of a form raises for one that cannot be read: no boundary, cut off, in no charset."""
_LONGEST_NAME: Final = 100
_FORMS: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_SECRETS: Final = frozenset({"code", "old", "new", "again", "pin", "otp"})
_SECRET: Final = re.compile(r"passw|pwd|secret|token", re.I)
_DOORS: Final = ("/desk/sign-", "/desk/in/", "/desk/demo")
_WORDS: Final = re.compile(r"[^\x00-\x7f]|\S\s+\S")


@dataclass(frozen=True, slots=True)
class Kept:
    """A form on its way: `to` where it goes, `who` the mark of who typed it ("" unknown). `files` are the
    fields and names of files, to be chosen again; `secret`: something was left out that has to be typed
    again; `too_much`: nothing could be carried."""

    to: str
    who: str
    fields: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    secret: bool = False
    too_much: bool = False

    @property
    def words(self) -> list[str]:
        """What a person wrote, as far as one can tell: no number, no fingerprint, no choice."""
        return [value for _, value in self.fields if _WORDS.search(value)]

    @property
    def may_go_on(self) -> bool:
        """Whether the form can be sent again as it was."""
        return bool(self.to and self.who) and not self.secret and not self.too_much

    def hidden(self) -> list[tuple[str, str]]:
        """The fields by which the page that asks to sign in holds all of this."""
        fields = [(PREFIX + name, value) for name, value in self.fields]
        files = [(FILE + name, value) for name, value in self.files]
        marks = [("to", self.to), ("who", self.who), *([(SECRET, "1")] if self.secret else [])]
        return [*marks, *fields, *files]


async def kept_of(request: web.Request) -> Kept | None:
    """The form that came without a session; None where it is none, or nothing to go on with."""
    to = own_form(request.path_qs)
    if not to or request.content_type not in _FORMS:
        return None
    who = request.cookies.get(WAS, "")
    try:
        form = await request.post()
    except web.HTTPException:
        return Kept(to, who, too_much=True)
    except BROKEN:
        return None
    texts = [(name, value) for name, value in form.items() if isinstance(value, str)]
    files = [(name, one.filename) for name, one in form.items() if isinstance(one, FileField)]
    return _bounded(to, who, texts, files)


def kept_again(form: MultiDictProxy[Any]) -> Kept:
    """The same, from the page that held it."""
    pairs = [(name, value) for name, value in form.items() if isinstance(value, str)]
    return _bounded(
        own_form(_one(form, "to")),
        _one(form, "who"),
        [(name.removeprefix(PREFIX), value) for name, value in pairs if name.startswith(PREFIX)],
        [(name.removeprefix(FILE), value) for name, value in pairs if name.startswith(FILE)],
        secret=bool(form.get(SECRET)),
    )


def mark_of(person: PersonId) -> str:
    """By this a page knows the person again. It opens nothing."""
    return hashlib.sha256(f"desk was {person}".encode()).hexdigest()[:32]


def again_of(nonce: str, session: str) -> str:
    """What a form that goes on has to name."""
    return hashlib.sha256(f"desk again {nonce} {session}".encode()).hexdigest()[:32]


def is_again(named: str, nonce: str, session: str) -> bool:
    return bool(nonce) and hmac.compare_digest(named.encode(), again_of(nonce, session).encode())


def own_form(to: str) -> str:
    """`to` if a form of the desk goes there, else "": not outside, not to a door."""
    path = to.partition("?")[0]
    if not path.startswith("/desk/") or path.startswith(_DOORS) or "/." in path:
        return ""
    return to if to.isprintable() and "\\" not in to and "#" not in to else ""


def _bounded(
    to: str,
    who: str,
    texts: Iterable[tuple[str, str]],
    files: Iterable[tuple[str, str]],
    secret: bool = False,
) -> Kept:
    texts, files = list(texts), list(files)
    fields = [(name, value) for name, value in texts if not _is_secret(name)]
    signs = sum(len(name) + len(value) for name, value in (*fields, *files))
    longest = max((len(name) for name, _ in (*fields, *files)), default=0)
    if signs > MOST_SIGNS or len(fields) + len(files) > MOST_FIELDS or longest > _LONGEST_NAME:
        return Kept(to, who, too_much=True)
    left_out = secret or len(fields) < len(texts)
    return Kept(to, who[:_LONGEST_NAME], tuple(fields), tuple(files), left_out)


def _is_secret(name: str) -> bool:
    return name.lower() in _SECRETS or _SECRET.search(name) is not None


def _one(form: MultiDictProxy[Any], name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""
