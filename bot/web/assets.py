"""The pages' own files: scripts, styles, pictures.

The law of this file: everything is read once at start-up and served from memory under a path that carries
the hash of all of it, so that a browser keeps it for ever and a new version is a new path.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bot.web.site import SECURITY_HEADERS

_FOLDER = Path(__file__).parent / "static"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    type: str
    plain: bytes
    packed: bytes


def shared(*names: str) -> dict[str, bytes]:
    """Files of `static/shared`, for parts of the site that have them in common."""
    return {name: (_FOLDER / "shared" / name).read_bytes() for name in names}


class Assets:
    """The files of one folder, and those that are `written` by the server, below `path`."""

    def __init__(self, folder: str, path: str, written: Mapping[str, bytes] | None = None) -> None:
        self._path = path
        self._files = {
            file.name: file.read_bytes() for file in sorted((_FOLDER / folder).iterdir())
        }
        self._files |= written or {}
        digest = hashlib.sha256()
        for name, data in sorted(self._files.items()):
            digest.update(name.encode() + b"\0" + data)
        self.version = digest.hexdigest()[:12]
        self._assets = {name: _asset(name, data) for name, data in self._files.items()}

    @property
    def base(self) -> str:
        return f"{self._path}/{self.version}"

    @property
    def modules(self) -> list[str]:
        """The scripts' paths, to be fetched side by side."""
        return [f"{self.base}/{name}" for name in self._files if name.endswith(".js")]

    def routes(self) -> list[web.RouteDef]:
        return [web.get(f"{self._path}/{{version}}/{{name}}", self.serve)]

    async def serve(self, request: web.Request) -> web.StreamResponse:
        asset = self._assets.get(request.match_info["name"])
        if asset is None:
            return web.Response(status=404, headers=SECURITY_HEADERS)
        known = request.match_info["version"] == self.version
        headers = dict(SECURITY_HEADERS)
        headers["Cache-Control"] = "public, max-age=31536000, immutable" if known else "no-cache"
        headers["Vary"] = "Accept-Encoding"
        packed = "gzip" in request.headers.get("Accept-Encoding", "")
        if packed:
            headers["Content-Encoding"] = "gzip"
        body = asset.packed if packed else asset.plain
        return web.Response(body=body, content_type=asset.type, charset="utf-8", headers=headers)


def _asset(name: str, data: bytes) -> Asset:
    return Asset(_TYPES[Path(name).suffix], data, gzip.compress(data, 9, mtime=0))
