"""Where a request comes from.

The law of this file: a proxy on this machine is believed, for nobody else reaches us by loopback; what
others write into a request about themselves is not.
"""

from __future__ import annotations

from ipaddress import ip_address

from aiohttp import web


def address_of(request: web.Request) -> str:
    """The address by which tries are counted; "" where there is none."""
    remote = request.remote or ""
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return forwarded if forwarded and _is_loopback(remote) else remote


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
