"""Draws in a process of its own: one order comes in, what was made goes out, and the process ends.

The law of this file: run as a file, it needs nothing of ours. vl-convert holds Python's lock for as long as
it works (seconds at its first time) and keeps 150 MB for its JavaScript: neither is for a server that
answers people.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any


def made(order: dict[str, Any]) -> bytes:
    """The picture of a chart, or the script that draws charts in browsers."""
    import vl_convert

    if order["what"] == "script":
        return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;").encode()
    vl_convert.register_font_directory(order["fonts"])
    return vl_convert.vegalite_to_png(order["chart"], scale=1, allowed_base_urls=[])


def main() -> int:
    if hasattr(os, "nice"):
        os.nice(5)  # whoever waits for a page comes first
    sys.stdout.buffer.write(made(json.load(sys.stdin.buffer)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
