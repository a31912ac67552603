"""The Jinja files that prompts are written by, and what can be wrong with one's own.

Ours are in `prompts/`; a user's own folder overrides them file by file.
"""

from __future__ import annotations

import hashlib
import traceback
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)
from jinja2.meta import find_referenced_templates
from jinja2.sandbox import ImmutableSandboxedEnvironment

from extractor.errors import ConfigurationError

_SHIPPED = Path(__file__).parents[1] / "prompts"

_NAMES = "A template replaces that of ours which has its name, such as rules.jinja."

_TEMPLATE_ERRORS = (
    TemplateError,
    ArithmeticError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What a template of a user's own can raise: Jinja's errors, and Python's for `{{ 1 / 0 }}`."""


class Templates:
    """The templates, with a user's folder before the shipped one.

    Args:
        folder: a folder whose `.jinja` files replace the shipped ones of the same name.

    Raises:
        ConfigurationError: the folder does not exist, or a template in it would never be used.
    """

    def __init__(self, folder: Path | str | None = None) -> None:
        if folder is not None and not Path(folder).is_dir():
            raise ConfigurationError(f"No such folder of prompt templates: {folder}")
        folders = [_SHIPPED] if folder is None else [Path(folder), _SHIPPED]
        self._environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader(folders),
            undefined=StrictUndefined,
            autoescape=False,  # escaped text could not be quoted back; the nonce fences it
            keep_trailing_newline=False,
            auto_reload=False,  # one extractor asks all documents alike
        )
        if folder is not None:
            _require_used(Path(folder), self._environment)

    @property
    def digest(self) -> str:
        """A hash of all templates, as hexadecimal digits: another one, other questions."""
        loader = cast(FileSystemLoader, self._environment.loader)
        digest = hashlib.sha256()
        for name in loader.list_templates():
            try:
                source, _, _ = loader.get_source(self._environment, name)
            except ValueError:
                continue  # it is no text, so no template: a file manager's, say
            digest.update(f"{name}\0{source}\0".encode())
        return digest.hexdigest()

    def render(self, template: str, /, **variables: Any) -> str:
        """Render one template by name, without its `.jinja`."""
        try:
            text = self._environment.get_template(f"{template}.jinja").render(variables).strip()
            text.encode()
        except UnicodeEncodeError as error:
            raise ConfigurationError(
                f"The prompt made of {template}.jinja holds half a character (a lone surrogate).",
                hint="Look at the instructions, the schema's descriptions and your own templates.",
            ) from error
        except _TEMPLATE_ERRORS as error:
            what = str(error) if isinstance(error, TemplateError) else type(error).__name__
            raise ConfigurationError(
                f"The prompt template {template}.jinja can't be rendered: {what}{_place(error)}",
                hint="`extractor prompt show` renders every template without calling a model.",
            ) from error
        return text


def _place(error: Exception) -> str:
    """Say in which file of those that a template includes an error is, and on which line."""
    if isinstance(error, TemplateSyntaxError):
        return f" ({error.name}, line {error.lineno})"
    frames = traceback.extract_tb(error.__traceback__)
    lines = [(Path(frame.filename).name, frame.lineno) for frame in frames]
    inside = [f" ({name}, line {line})" for name, line in lines if name.endswith(".jinja")]
    return inside[-1] if inside else ""


def _require_used(folder: Path, environment: Environment) -> None:
    """Refuse a folder with a template that stands in for none and that no other one names.

    It is misspelt: the prompt would go out without it, and nobody would know.
    """
    ours = {path.name for path in _SHIPPED.glob("*.jinja")}
    own = {path.relative_to(folder).as_posix() for path in folder.rglob("*.jinja")}
    if not own:
        raise ConfigurationError(f"{folder} has no prompt template.", hint=_NAMES)
    included: set[str | None] = set()
    for name in own:
        try:
            source = Path(folder, name).read_text("utf-8")
            included.update(find_referenced_templates(environment.parse(source)))
        except (TemplateError, ValueError, OSError):
            continue  # it is broken, which is told where it is rendered
    unused = sorted(own - ours - included)
    if unused and None not in included:  # a name that only rendering tells may be any
        near = get_close_matches(unused[0], ours, n=1)
        meant = f" Did you mean {near[0]}?" if near else ""
        raise ConfigurationError(
            f"{folder / unused[0]} would never be used: it has the name of none of our templates, "
            "and no other includes it.",
            hint=f"{_NAMES}{meant}",
        )
