"""Nothing compressed comes in.

The law of this file: a body says how large it is. One that would grow when it is unpacked is refused before
a byte of it is, since a few hundred kilobytes may grow to as many megabytes while everybody waits. No browser
sends such a body, and Telegram does not.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

AS_IT_CAME: Final = {"auto_decompress": False}
"""For `handler_args` of the application: else the server unpacks a body before anybody can refuse it."""

_PLAIN: Final = frozenset({"", "identity"})


@web.middleware
async def refuse_compressed(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """415 for a body that is packed, whatever it asks for."""
    named = ",".join(request.headers.getall("Content-Encoding", ()))
    if named.strip().lower() not in _PLAIN:
        return web.Response(status=415, text="compressed bodies are not taken")
    return await handler(request)
