"""Where a request comes from.

The law of this file: a proxy on this machine is believed, for nobody else reaches us by loopback; what
others write into a request about themselves is not. Who has one address of IPv6 has a whole network of
them: they count as one.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from aiohttp import web


def address_of(request: web.Request) -> str:
    """Whose tries are counted together: an address, or a household's network of them; "" where there
    is none."""
    found = request.remote or ""
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        if forwarded and _address(found).is_loopback:
            found = forwarded
        address = _address(found)
    except ValueError:
        return found[:60]
    if isinstance(address, IPv6Address):
        return str(ip_network(f"{address}/64", strict=False))
    return str(address)


def _address(text: str) -> IPv4Address | IPv6Address:
    """An old address in the dress of a new one is the old one: else all of them were one network."""
    address = ip_address(text)
    return getattr(address, "ipv4_mapped", None) or address
