"""What values a setting may have: Pydantic types, each with the words for people beside it."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, TypeAlias, cast

from pydantic import AfterValidator, BeforeValidator, Field, Strict, ValidationInfo

_DAY = 86_400
_FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


@dataclass(frozen=True, slots=True)
class Kind:
    """What is wanted, in words that go on after "it is", and how a text is read as it.

    `read` leaves a text that it can't read as it is: validation then says what is wanted.
    """

    wanted: str
    read: Callable[[str], object] = str


def _read_number(text: str) -> object:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return int(number) if re.fullmatch(r"[+-]?[0-9][0-9_]*", text.strip()) else number


def _read_flag(text: str) -> object:
    return _FLAGS.get(text.strip().lower(), text)


def _read_list(text: str) -> object:
    return tuple(item.strip() for item in text.split(",") if item.strip())


def _as_decimal(value: object) -> object:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return Decimal(str(value)) if is_number else value


def _as_float(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value


def _located(value: object, info: ValidationInfo) -> object:
    """Read `~`, and take a relative path for one beside the file that it stands in."""
    if not isinstance(value, str):
        return value
    if not value or "\0" in value:
        raise ValueError("no path")
    try:
        path = Path(value).expanduser()
    except RuntimeError:
        raise ValueError("a home folder that is nobody's") from None
    context = cast("Mapping[str, object]", info.context or {})
    folder = context.get("folder")
    return folder / path if isinstance(folder, Path) else path


def _known_zone(name: str) -> str:
    if name != "UTC":  # which needs no list of zones, and so always works
        try:
            zoneinfo.ZoneInfo(name)
        except (OSError, ValueError, zoneinfo.ZoneInfoNotFoundError):
            raise ValueError("no time zone") from None
    return name


_NUMBER = BeforeValidator(_as_float)

Text: TypeAlias = Annotated[str, Strict(), Field(min_length=1), Kind("a text")]
Texts: TypeAlias = Annotated[tuple[Text, ...], Kind("a list of texts", _read_list)]
Flag: TypeAlias = Annotated[bool, Strict(), Kind("true or false", _read_flag)]
Count: TypeAlias = Annotated[
    int, Strict(), Field(ge=1), Kind("a whole number from 1", _read_number)
]
Seconds: TypeAlias = Annotated[
    float,
    Strict(),
    _NUMBER,
    Field(gt=0, allow_inf_nan=False),
    Kind("a number of seconds above 0", _read_number),
]
Wait: TypeAlias = Annotated[
    float,
    Strict(),
    _NUMBER,
    Field(ge=0, le=_DAY),
    Kind(f"a number of seconds from 0 to {_DAY:,}, a day", _read_number),
]
Usd: TypeAlias = Annotated[
    Decimal,
    Strict(),
    BeforeValidator(_as_decimal),
    Field(ge=0, allow_inf_nan=False),
    Kind("an amount of US dollars, such as 2.50", _read_number),
]
File: TypeAlias = Annotated[Path, BeforeValidator(_located), Kind("a path")]
Variable: TypeAlias = Annotated[
    Text,
    Field(pattern=r"\A[A-Z_][A-Z0-9_]*\z"),
    Kind("the name of an environment variable, in capitals, never the key itself"),
]
Zone: TypeAlias = Annotated[
    Text, AfterValidator(_known_zone), Kind("a time zone, such as Europe/Dublin")
]
ModelName: TypeAlias = Annotated[str, Field(pattern=r"\A[^:]+:.+\z"), Kind("provider:model")]
ProviderName: TypeAlias = Annotated[
    str,
    Field(pattern=r"\A(?:openai|anthropic|compatible)\z"),
    Kind("openai, anthropic or compatible"),
]
"""Who is asked at an address, and by a key; nothing is to be set for the others."""
