"""Templates of all our pages.

The law of this file: whatever is put into a page is escaped, and a name that a template does not know is an
error, not a blank.
"""

from __future__ import annotations

import io
from pathlib import Path

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.bccache import Bucket

_TEMPLATES = Path(__file__).parent / "templates"


class _Compiled(BytecodeCache):
    """Compiled templates, kept in memory: each part of the site has an environment of its own."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (kept := self._kept.get(bucket.key)) is not None:
            bucket.load_bytecode(io.BytesIO(kept))

    def dump_bytecode(self, bucket: Bucket) -> None:
        written = io.BytesIO()
        bucket.write_bytecode(written)
        self._kept[bucket.key] = written.getvalue()


_COMPILED = _Compiled()


def templates() -> Environment:
    """An environment for `templates/…`, to which its owner gives globals and filters."""
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_COMPILED,
    )
