"""Values as text, and text as files take it that refuse some characters."""

from __future__ import annotations

import json
import re
from typing import Any

_REFUSED = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_text(value: Any) -> str | None:
    """Return a value of JSON as text: a string as it is, null as None, all else as JSON.

    >>> as_text("007"), as_text(1.5), as_text(True), as_text(["a"])
    ('007', '1.5', 'true', '["a"]')
    """
    if value is None or isinstance(value, str):
        return value
    return as_json(value)


def as_json(value: Any) -> str:
    """Return a value as JSON; letters of all languages stay readable."""
    return json.dumps(value, ensure_ascii=False)


def kind_of(value: Any) -> str:
    """Name the type that a value has in JSON.

    >>> kind_of("1"), kind_of(1), kind_of(1.0), kind_of(False), kind_of(None)
    ('string', 'integer', 'number', 'boolean', 'null')
    """
    return _KINDS[type(value)]


_KINDS = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    type(None): "null",
    list: "array",
    dict: "object",
}


def visible(text: str) -> str:
    r"""Show control characters, and all else that XML refuses, as U+FFFD; not tabs and line ends.

    >>> visible("a\x00b\x1b[1m")
    'a�b�[1m'
    """
    return _REFUSED.sub("\N{REPLACEMENT CHARACTER}", text)
