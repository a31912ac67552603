"""HTML for people: one file, no scripts, nothing fetched, and all words escaped."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from extractor.outputs.texts import visible


@cache
def html_template(path: Path) -> Template:
    """Return a template of ours, with a filter `json`; whatever it is given is text."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, finalize=_shown
    )
    environment.filters["json"] = _json
    return environment.from_string(path.read_text(encoding="utf-8"))


def _shown(value: Any) -> Any:
    """Show control characters as such; what our own macros have written is markup."""
    return visible(value) if type(value) is str else value


def _json(value: Any) -> str:
    return "none" if value is None else json.dumps(value, ensure_ascii=False, default=str)
