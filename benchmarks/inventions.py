"""Whether what was read from a reply had been in it.

Written without the readers: the reply is only ever searched, never parsed.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import Any, cast

from pydantic import BaseModel, RootModel

from extractor.backends.parse import Parsed
from extractor.normalizers import number_mentions

_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\(.)", re.DOTALL)
_CONTROL = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_MARKUP = re.compile(r"<!\[CDATA\[|\]\]>|<!--.*?-->", re.DOTALL)
_YES, _NO = re.compile(r"true|yes|\by\b", re.IGNORECASE), re.compile(r"false|no", re.IGNORECASE)
_NUMBERS = (
    re.compile(r"[0-9]*\.?[0-9]+"),
    re.compile(r"[0-9]{1,3}(?:[,.' _\u00a0][0-9]{3})+(?:[.,][0-9]+)?"),
)
_MINUS = re.compile(r"[-\u2212\u2010-\u2015(]")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_LAYERS = 4
"""How many layers of escapes are undone: one of JSON itself, three of JSON in a JSON string."""


class Text:
    """A reply as written, and with one layer of escapes after the other undone."""

    def __init__(self, text: str) -> None:
        plain = _MARKUP.sub("", text)
        forms = [text, text.replace("\x00", ""), plain, html.unescape(plain)]
        layer = text
        for _ in range(_LAYERS):
            layer = _joined(_ESCAPE.sub(_unescaped, layer))
            forms.append(layer)
        self._forms = forms
        self._letters = [_letters(form) for form in forms]
        self._numbers = {
            _digits(number) for form in forms for kind in _NUMBERS for number in kind.findall(form)
        }
        self._floats = {float(number) for form in forms for number in _NUMBERS[0].findall(form)}

    def inventions(self, parsed: Parsed[Any]) -> Iterator[str]:
        """Name what a reading has and the reply has not: values, quotes and raw answers.

        The constant that tells a union's member from the others is no fact, and is told as added.
        """
        tags = {repair.detail for repair in parsed.repairs if repair.kind == "union_tag"}
        for path, leaf in parsed.restored.leaves.items():
            given = (*_scalars(leaf.raw), *leaf.quotes)
            new = (part for part in given if str(part) not in tags and not self.has(part))
            yield from (f"raw {part!r} at {path}" for part in new)
        if parsed.value is not None:
            stated = _scalars(parsed.value.model_dump(exclude_unset=True))
            new = (value for value in stated if str(value) not in tags and not self.has(value))
            yield from (f"value {value!r}" for value in new)

    def has(self, value: Any) -> bool:
        """Whether a value was in the reply.

        The letters and digits of a text stand in the reply in one piece; case and other characters
        are not compared, since names and allowed values are forgiven those, unless there is nothing
        else. A number stands there with the same digits, but for zeros at its ends and what a float
        rounds, or in words; a minus has its sign. A date stands there as it is, or its year, day
        and month do, the month perhaps by name. A flag has its word. Null needs nothing.
        """
        match value:
            case None:
                return True
            case bool():
                return any((_YES if value else _NO).search(form) for form in self._forms)
            case Enum():
                return self.has(value.value)
            case str():
                letters = _letters(value)
                if not letters:
                    return any(value in form for form in self._forms)
                return any(letters in form for form in self._letters)
            case dt.date():
                return self.has(str(value)) or any(_has_date(form, value) for form in self._forms)
            case _:
                rounded = isinstance(value, float) and abs(value) in self._floats
                return self._has_number(Decimal(str(value)), rounded=rounded)

    def _has_number(self, number: Decimal, *, rounded: bool) -> bool:
        signed = number >= 0 or any(_MINUS.search(form) for form in self._forms)
        return signed and (
            rounded
            or _digits(f"{number:f}") in self._numbers
            or any(abs(number) in m.candidates for f in self._forms for m in number_mentions(f))
        )


def unrecorded_defaults(parsed: Parsed[Any]) -> Iterator[str]:
    """Name the places that a default has filled with something, and no repair says so."""
    recorded = {repair.path for repair in parsed.repairs if repair.kind == "default"}
    unset = () if parsed.value is None else _unset(parsed.value, ())
    yield from (f"an unrecorded default at {path}" for path in unset if path not in recorded)


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number).strip("0") or "0"


def _joined(text: str) -> str:
    """Surrogate halves that belong together as one character."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[1], 16)) if match[1] else _CONTROL.get(match[2], match[2])


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _has_date(form: str, day: dt.date) -> bool:
    numbers = {int(digits) for digits in re.findall(r"[0-9]{1,4}", form)}
    is_month = day.month in numbers or _MONTHS.split()[day.month - 1] in form.casefold()
    return is_month and day.day in numbers and (day.year in numbers or day.year % 100 in numbers)


def _scalars(data: Any) -> Iterator[Any]:
    """Everything single in a tree."""
    if isinstance(data, dict):
        for value in cast("Mapping[str, Any]", data).values():
            yield from _scalars(value)
    elif isinstance(data, list | tuple):
        for value in cast("Sequence[Any]", data):
            yield from _scalars(value)
    else:
        yield data


def _unset(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """The places that Pydantic, and not the reply, has filled."""
    if isinstance(value, RootModel):
        yield from _unset(cast("Any", value).root, path)
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            inner = getattr(value, name)
            if name in value.model_fields_set:
                yield from _unset(inner, (*path, name))
            elif inner not in (None, [], {}):
                yield (*path, name)
    elif isinstance(value, list):
        for i, item in enumerate(cast("Sequence[Any]", value)):
            yield from _unset(item, (*path, i))
