"""What a caller may say, checked when it is said: a wrong type is named, not tripped over later."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from extractor.calls.retry import RetryPolicy
from extractor.errors import ConfigurationError


def check_options(options: Mapping[str, object]) -> None:
    """Check the types of an `Extractor`'s options; what the values mean is checked where it counts.

    Raises:
        ConfigurationError: an option has a value that it can't have; the message names it.
    """
    for name, value in options.items():
        fits, wanted = _OPTIONS[name]
        if not fits(value):
            raise ConfigurationError(f"{name} is {_shown(value)}; it is {wanted}.")
    if options["provider"] is not None and options["base_url"] is not None:
        raise ConfigurationError(
            "base_url has no effect on a provider of your own.",
            hint="Pass it to the provider itself.",
        )


def _shown(value: object) -> str:
    return repr(value) if isinstance(value, str | int | float) else f"a {type(value).__name__}"


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _is_folder(value: object) -> bool:
    return isinstance(value, str | os.PathLike)


def _is_policy(value: object) -> bool:
    return isinstance(value, RetryPolicy)


def _is_provider(value: object) -> bool:
    asked = ("profile", "send", "asend", "close")
    is_named = isinstance(getattr(value, "name", None), str) and not isinstance(value, type)
    return is_named and all(callable(getattr(value, name, None)) for name in asked)


def _or_none(fits: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: value is None or fits(value)


_OPTIONS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "model": (_or_none(_is_text), "a text, provider:name"),
    "backend": (_is_text, "a technique's name, or auto"),
    "base_url": (_or_none(_is_text), "a text"),
    "provider": (_or_none(_is_provider), "a provider, such as a ScriptedProvider"),
    "prompts": (_or_none(_is_folder), "the path of a folder"),
    "instructions": (_or_none(_is_text), "a text"),
    "max_attempts": (_is_count, "a whole number from 1"),
    "max_tokens": (_or_none(_is_count), "a whole number from 1"),
    "retry": (_or_none(_is_policy), "a RetryPolicy"),
    "progress": (callable, "a function that takes a text"),
}
