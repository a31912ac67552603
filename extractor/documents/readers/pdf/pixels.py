"""A rendered page in shades of grey, and the PNG of it."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Pixels:
    """Rows of grey values, 0 (black) to 255; a row takes `stride` bytes."""

    data: bytes
    width: int
    height: int
    stride: int

    def __repr__(self) -> str:
        return f"Pixels({self.width} x {self.height})"

    def contrast(self, left: int, top: int, right: int, bottom: int) -> int:
        """Return the greatest difference of two pixels of a box, edges included; 0 if outside."""
        left, right = max(0, min(left, right)), min(self.width - 1, max(left, right))
        top, bottom = max(0, min(top, bottom)), min(self.height - 1, max(top, bottom))
        if left > right or top > bottom:
            return 0
        rows = [self._row(row)[left : right + 1] for row in range(top, bottom + 1)]
        return max(map(max, rows)) - min(map(min, rows))

    def is_blank(self) -> bool:
        """Say whether all pixels are one colour, or as good as."""
        return self.contrast(0, 0, self.width - 1, self.height - 1) < 8

    def turned(self, quarters: int) -> Pixels:
        """Return the picture turned clockwise by so many quarters of a turn."""
        rows = [self._row(row) for row in range(self.height)]
        match quarters % 4:
            case 0:
                return self
            case 2:
                turned = b"".join(row[::-1] for row in reversed(rows))
                return Pixels(turned, self.width, self.height, self.width)
            case quarter:
                packed, wide = b"".join(rows), self.width
                columns = [packed[column::wide] for column in range(wide)]
                turned = b"".join(
                    [column[::-1] for column in columns] if quarter == 1 else reversed(columns)
                )
                return Pixels(turned, self.height, self.width, self.height)

    def png(self, dpi: float) -> bytes:
        """Write a PNG (ISO/IEC 15948), 8 bits of grey a pixel, each row as it is (filter 0)."""
        rows = b"".join(b"\x00" + self._row(row) for row in range(self.height))
        per_metre = round(dpi / 0.0254)
        header = struct.pack(">IIBBBBB", self.width, self.height, 8, 0, 0, 0, 0)
        return b"".join(
            (
                _SIGNATURE,
                _chunk(b"IHDR", header),
                _chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1)),
                _chunk(b"IDAT", zlib.compress(rows, 1)),
                _chunk(b"IEND", b""),
            )
        )

    def _row(self, row: int) -> bytes:
        return self.data[row * self.stride : row * self.stride + self.width]


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
