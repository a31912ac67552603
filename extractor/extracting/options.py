"""What a caller may say, checked when it is said: a wrong type is named, not tripped over later."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from inspect import signature
from pathlib import Path
from typing import Any, TypedDict, TypeVar, cast, get_args

from extractor.calls.base import Ledger
from extractor.calls.core import CallCore
from extractor.calls.ledger.memory import MemoryLedger
from extractor.calls.ledger.spending import SpendingLimits
from extractor.calls.retry import RetryPolicy
from extractor.choices import CoverageMode, ReasoningEffort
from extractor.documents.document import Document
from extractor.errors import ConfigurationError, ExtractorError
from extractor.providers import Progress, Provider
from extractor.types import EvidenceMode, Unverified

Function = TypeVar("Function", bound=Callable[..., object])

_ONE: tuple[type, ...] = (str, bytes, bytearray, os.PathLike, Document)
"""What a single contract may be given as, or looks as if it could be."""


class SetOptions(TypedDict, total=False):
    """`Extractor`'s arguments by name, those that a contract in several documents takes too.

    `Extractor` says what they mean, and their defaults.
    """

    model: str | None
    models: Sequence[str]
    race: bool
    fallback_on: tuple[type[ExtractorError], ...]
    backend: str
    evidence: EvidenceMode
    reasoning_effort: ReasoningEffort | None
    unverified: Unverified
    base_url: str | None
    provider: Provider | None
    providers: Mapping[str, Provider] | None
    prompts: Path | str | None
    instructions: str | None
    max_attempts: int
    max_tokens: int | None
    coverage: CoverageMode
    deadline: float | None
    retry: RetryPolicy | None
    spending: SpendingLimits | None
    metadata: Mapping[str, str] | None
    core: CallCore | None
    progress: Progress


class Options(SetOptions, total=False):
    """All of `Extractor`'s arguments by name; it says what they mean, and their defaults."""

    second_look: bool


def shows_options(
    of: Callable[..., object], *, but: Collection[str] = ()
) -> Callable[[Function], Function]:
    """Have a function's signature name the options that it passes on as `**options`.

    So `help` and a notebook show each with its default, which stands in one place alone.

    Args:
        of: what they are passed on to.
        but: options of that which the function does not take.
    """
    options = [
        each
        for each in signature(of).parameters.values()
        if each.kind is each.KEYWORD_ONLY and each.name not in but
    ]

    def shown(function: Function) -> Function:
        own = signature(function)
        named = [each for each in own.parameters.values() if each.kind is not each.VAR_KEYWORD]
        cast("Any", function).__signature__ = own.replace(parameters=[*named, *options])
        return function

    return shown


def check_options(options: Mapping[str, object]) -> None:
    """Check the types of an `Extractor`'s options; what the values mean is checked where it counts.

    Raises:
        ConfigurationError: an option has a value that it can't have; the message names it.
    """
    for name, value in options.items():
        fits, wanted = _OPTIONS[name]
        if not fits(value):
            raise ConfigurationError(f"{name} is {_shown(value)}; it is {wanted}.")
    check_metadata(cast("Mapping[object, object] | None", options.get("metadata")) or {})
    if options.get("race") and len(cast("Sequence[str]", options["models"])) < 2:
        raise ConfigurationError("race needs two models to ask at once.", hint="Name them: models.")
    if options.get("provider") is not None and options.get("base_url") is not None:
        raise ConfigurationError(
            "base_url has no effect on a provider of your own.",
            hint="Pass it to the provider itself.",
        )


def check_metadata(metadata: Mapping[Any, object]) -> None:
    """Check that metadata is texts by name.

    Raises:
        ConfigurationError: a key or a value is none; the message names it.
    """
    for name, said in metadata.items():
        if not isinstance(name, str):
            raise ConfigurationError(f"A key of metadata is {_shown(name)}; it is a text.")
        if not isinstance(said, str):
            raise ConfigurationError(f"metadata[{name!r}] is {_shown(said)}; it is a text.")


def check_documents(documents: object) -> None:
    """Check that one contract does not stand where several do.

    Of a text each letter would be asked about, and paid for.

    Raises:
        ConfigurationError: it does; the message doesn't repeat it.
    """
    if isinstance(documents, _ONE):
        raise ConfigurationError(
            f"documents is a single contract (a {type(documents).__name__}).",
            hint="Put it in a list, or call `extract`.",
        )


def check_day(spending: SpendingLimits, ledger: Ledger) -> None:
    """Refuse a daily limit that each new process would forget.

    Raises:
        ConfigurationError: there is one, and the ledger is in memory.
    """
    if spending.per_day is not None and isinstance(ledger, MemoryLedger):
        raise ConfigurationError(
            "A limit per day needs a ledger that outlives the process.",
            hint="Give the extractor core=CallCore(ledger=SqliteLedger(path)).",
        )


def _shown(value: object) -> str:
    return repr(value) if isinstance(value, str | int | float) else f"a {type(value).__name__}"


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _is_folder(value: object) -> bool:
    return isinstance(value, str | os.PathLike)


def _is(kind: type) -> Callable[[object], bool]:
    return lambda value: isinstance(value, kind)


def _are_texts(value: object) -> bool:
    if isinstance(value, str) or not isinstance(value, Sequence):
        return False
    return all(isinstance(item, str) for item in cast("Sequence[object]", value))


def _are_errors(value: object) -> bool:
    if not isinstance(value, tuple):
        return False
    kinds = cast("tuple[object, ...]", value)
    return all(isinstance(kind, type) and issubclass(kind, ExtractorError) for kind in kinds)


def _is_time(value: object) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and 0 < cast("float", value) < math.inf


def _is_provider(value: object) -> bool:
    if isinstance(value, type) or not hasattr(value, "base_url"):
        return False
    methods = (getattr(value, name, None) for name in ("profile", "send", "asend", "close"))
    return isinstance(getattr(value, "name", None), str) and all(map(callable, methods))


def _are_providers(value: object) -> bool:
    if not isinstance(value, Mapping):
        return False
    items = cast("Mapping[object, object]", value).items()
    return all(isinstance(name, str) and _is_provider(made) for name, made in items)


def _or_none(fits: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: value is None or fits(value)


_OPTIONS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "model": (_or_none(_is_text), "a text, provider:name"),
    "reasoning_effort": (
        _or_none(lambda value: value in get_args(ReasoningEffort)),
        f"one of {', '.join(get_args(ReasoningEffort))}",
    ),
    "backend": (_is_text, "a technique's name, or auto"),
    "base_url": (_or_none(_is_text), "a text"),
    "provider": (
        _or_none(_is_provider),
        "a provider: an object with name, base_url, profile, send, asend, close (see `Provider`)",
    ),
    "providers": (_or_none(_are_providers), "a mapping of models' full names to providers"),
    "prompts": (_or_none(_is_folder), "the path of a folder"),
    "instructions": (_or_none(_is_text), "a text"),
    "second_look": (_is(bool), "True or False"),
    "unverified": (lambda value: value in get_args(Unverified), "drop or keep"),
    "max_attempts": (_is_count, "a whole number from 1"),
    "max_tokens": (_or_none(_is_count), "a whole number from 1"),
    "coverage": (lambda value: value in get_args(CoverageMode), "full or passages"),
    "models": (_are_texts, "a list of texts, provider:name each"),
    "race": (_is(bool), "True or False"),
    "fallback_on": (_are_errors, "a tuple of classes of ExtractorError"),
    "deadline": (_or_none(_is_time), "a number of seconds above 0"),
    "retry": (_or_none(_is(RetryPolicy)), "a RetryPolicy"),
    "spending": (_or_none(_is(SpendingLimits)), "SpendingLimits"),
    "metadata": (_or_none(_is(Mapping)), "a mapping of texts to texts"),
    "concurrency": (_is_count, "a whole number from 1"),
    "core": (_or_none(_is(CallCore)), "a CallCore"),
    "progress": (callable, "a function that takes a text"),
}
