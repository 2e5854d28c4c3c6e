"""Where Huying is served, and what every page of it carries.

The law of this file: a change is taken only from our own pages; nothing is loaded from elsewhere, nothing
runs that is not a file of ours; a demo is only where nobody from outside can come.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

_PROXY_HEADERS = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via")


@dataclass(frozen=True, slots=True)
class Site:
    """Where the room is served. `public_url` is its outside address, if another; `demo` says that one
    may speak as a demo persona: only where the server listens on loopback and demo data is seeded.
    `base_url` is where people reach the pages, to be printed."""

    public_url: str | None = None
    demo: bool = False
    base_url: str = ""

    def address(self, request: web.Request) -> str:
        """Where people reach the pages, without a slash at the end."""
        return (self.base_url or self.public_url or str(request.url.origin())).rstrip("/")

    def allows_demo(self, request: web.Request) -> bool:
        """The Host is looked at too: another site's name may point at loopback. Behind a proxy, or
        with an outside address, everybody would come from loopback: then there is no demo."""
        outside = (
            self.public_url is not None
            and _host_name(urlsplit(self.public_url).netloc) not in _LOOPBACK
        )
        proxied = any(name in request.headers for name in _PROXY_HEADERS)
        return self.demo and not outside and not proxied and _host_name(request.host) in _LOOPBACK

    def secure(self, request: web.Request) -> bool:
        return request.secure or (self.public_url or "").startswith("https://")

    def is_ours(self, origin: str | None, request: web.Request) -> bool:
        """Whether a page of ours asks for a change; browsers say so with every one."""
        if origin is None:
            return False
        public = self.public_url
        if public is not None and _origin(public) == _origin(origin):
            return True
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        return parts.scheme in ("http", "https") and parts.netloc == request.host


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _origin(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.scheme, parts.netloc


def go_to(path: str) -> web.Response:
    """Sends the browser on to `path`, with GET."""
    return web.Response(status=303, headers={"Location": path})
