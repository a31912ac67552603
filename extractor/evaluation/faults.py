"""What is wrong with a file of labels or predictions, told so that it can be found."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from extractor.errors import DocumentError


def no_utf8(path: Path, *, hint: str = "Save it as UTF-8.") -> DocumentError:
    """Return the error of a file in which somebody has met bytes that are no UTF-8."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                line.decode()
            except UnicodeDecodeError as error:
                odd = f"(byte 0x{line[error.start]:02x})"
                return DocumentError(f"{path}, line {number} is no text in UTF-8 {odd}", hint=hint)
    return DocumentError(f"{path} is no text in UTF-8", hint=hint)


def fault(where: str, error: ValidationError) -> str:
    """Say what is wrong first with what stands somewhere, without a word of it."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"]))
    return ": ".join(filter(None, (where, place, first["msg"])))
