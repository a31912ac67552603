"""Where a value stands in an answer, and how that is written."""

from __future__ import annotations

import re
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""Where a value stands: field names and list indices, from the root. `format_path` prints it."""


def format_path(path: Path) -> str:
    """Write a path as people and JSON consumers see it.

    >>> format_path(("parties", 0, "name")), format_path(("fees", "late fee")), format_path(())
    ('parties[0].name', 'fees["late fee"]', '$')
    """
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif step.isidentifier():
            text += f".{step}" if text else step
        else:
            text += f'["{step}"]'
    return text or "$"


_STEP = re.compile(r'\.?([^\W\d]\w*)|\[(\d+)\]|\["(.*?)"\](?=$|[.\[])', re.DOTALL)


def parse_path(text: str) -> Path:
    """Read what `format_path` has written.

    Raises:
        ValueError: the text is no path.

    >>> parse_path('parties[0].name'), parse_path('fees["late fee"]'), parse_path("$")
    (('parties', 0, 'name'), ('fees', 'late fee'), ())
    """
    steps: list[str | int] = []
    at = 0
    if not text:
        raise ValueError("there is no path in an empty text")
    while text != "$" and at < len(text):
        match = _STEP.match(text, at)
        if match is None:
            raise ValueError(f"{text!r} is no path")
        name, index, key = match.groups()
        steps.append(int(index) if index else name or key)
        at = match.end()
    return tuple(steps)
