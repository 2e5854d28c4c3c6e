"""Pictures as phones send them, and as nobody should."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image

GPS = 0x8825
ORIENTATION = 0x0112


def jpeg(size: tuple[int, int], **exif: int) -> bytes:
    image = Image.new("RGB", size, (200, 120, 40))
    out = io.BytesIO()
    tags = image.getexif()
    tags[0x010E] = "王阿姨家门口"
    tags[ORIENTATION] = exif.get("orientation", 1)
    tags.get_ifd(GPS)[1] = "N"
    image.save(out, "JPEG", exif=tags)
    return out.getvalue()


def bomb_png(width: int, height: int) -> bytes:
    """A small file that claims to be an enormous picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
