"""What every error carries, and those of documents, replies, time and our own files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from extractor.paths import format_path
from extractor.types import PassedOver, Problem, Usage


class ExtractorError(Exception):
    """Base of all errors raised on purpose by this package.

    Attributes:
        message: what happened.
        hint: what to do about it, or None.
        attempts: requests sent before it, failed ones included.
        usage: what these are known to have taken.
        cost_usd: the same in US dollars; None where that is not known.
        problems: what was wrong with the last reply, if there was one.
        partial: what was answered before it, so that nothing paid for is lost: the last data that
            could be read, not validated, or else the last reply as it was written (a refusal's own
            words too); None where no reply came.
        passed_over: the models that were asked before the one whose error this is.
    """

    default_hint: str | None = None

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint or self.default_hint
        if self.hint is not None:
            self.add_note(self.hint)  # so that a traceback shows what to do, too
        self.attempts = 0
        self.usage = Usage()
        self.cost_usd: Decimal | None = Decimal(0)
        self.problems: tuple[Problem, ...] = ()
        self.partial: Any = None
        self.passed_over: tuple[PassedOver, ...] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle and copy the facts as they are, whatever the class is made from.

        `__cause__` goes along where it is one of ours: others may not survive a pickle.
        """
        facts = dict(vars(self))
        if isinstance(self.__cause__, ExtractorError):
            facts["__cause__"] = self.__cause__
        return _remade, (type(self), self.args), facts

    def billed(self, *, attempts: int, usage: Usage, cost_usd: Decimal | None) -> None:
        """Note what had been spent when this error ended an extraction."""
        self.attempts, self.usage, self.cost_usd = attempts, usage, cost_usd

    def facts(self) -> dict[str, Any]:
        """Return the error as one JSON object: what happened, was billed, and is left of it."""
        return {
            "type": type(self).__name__,
            "message": self.message,
            "hint": self.hint,
            "attempts": self.attempts,
            "usage": asdict(self.usage),
            "cost_usd": None if self.cost_usd is None else float(self.cost_usd),
            "problems": problem_records(self.problems),
            "partial": self.partial,
            "passed_over": [asdict(other) for other in self.passed_over],
        }


def _remade(kind: type[ExtractorError], args: tuple[Any, ...]) -> ExtractorError:
    """Make an error without its `__init__`, whose arguments are not kept; unpickling calls this."""
    return kind.__new__(kind, *args)


class ConfigurationError(ExtractorError):
    """The caller asked for something that can't work.

    Nothing was sent, but where a valid answer can't be written as JSON by the schema's own fault:
    that one has its bill.
    """


class DocumentError(ExtractorError):
    """The document can't be used; nothing was sent."""


class UnreadableDocumentError(DocumentError):
    """The file is broken, encrypted or of a kind that no reader knows."""


class EncryptedDocumentError(UnreadableDocumentError):
    """The file is encrypted, and no password or a wrong one was given."""

    default_hint = "Give its password, or open it with that and save a copy without one."


class HostileDocumentError(UnreadableDocumentError):
    """Reading the file took more time, memory or room than a contract ever needs.

    It was given up; nothing of it was kept.
    """

    default_hint = "It is broken or made to do harm: open it with care and print it to a new PDF."


class EmptyDocumentError(DocumentError):
    """The file holds no text, for instance because it is a scan."""


class DeadlineError(ExtractorError):
    """The time that a document may take is up; a request under way may still be billed.

    `deadline` is the seconds it had; `in_outage` says that nobody was answered at its end.
    """

    default_hint = "Raise the deadline, or try again when the provider is quicker."

    def __init__(self, message: str, *, deadline: float, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.deadline = deadline
        self.in_outage = False

    def facts(self) -> dict[str, Any]:
        return super().facts() | {"deadline": self.deadline}


class CacheMissError(ExtractorError):
    """Only recorded replies may be used, and there is none for this request; nothing was sent."""

    default_hint = "Record it first: run once with the cache mode record."


class StoreError(ExtractorError):
    """A file of ours (ledger, reply cache) can't be opened, read or written."""


class ResponseError(ExtractorError):
    """The model answered, and was paid, but the answer can't be used as it is."""


class TruncatedError(ResponseError):
    """The answer ran into the limit on output tokens."""


class RefusalError(ResponseError):
    """The model declined, or a content filter stopped it."""


class ParseError(ResponseError):
    """No structure could be read from the reply, or nothing of it is the schema's."""


class SchemaMismatchError(ResponseError):
    """The reply was read, but does not satisfy the schema.

    The message says where and what kind of problem it is; only `problems` quotes the reply.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        shown = ", ".join(f"{format_path(p.path)} ({p.kind})" for p in problems[:5])
        more = f", and {len(problems) - 5} more" if len(problems) > 5 else ""
        super().__init__(f"The reply does not satisfy the schema: {shown}{more}")
        self.problems = tuple(problems)


class ExtractionError(ExtractorError):
    """No valid value within the allowed attempts; `__cause__` is the last reason."""


class InternalError(ExtractorError):
    """Something was raised that nobody raises on purpose; it is the `__cause__`."""

    default_hint = (
        "It is a fault of this package, or of code of your own (a provider, a schema's validator): "
        "look at the error's __cause__."
    )


def problem_records(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """Return problems as JSON has them: {kind, path, message}."""
    return [{"kind": p.kind, "path": format_path(p.path), "message": p.message} for p in problems]


def did_you_mean(name: str, known: Iterable[str], *, among: str = "There are") -> str:
    """Return a hint for a name that is not among the known ones: those like it, then the first.

    >>> did_you_mean("strct", ["json", "strict", "xml"])
    'Did you mean strict? There are json, strict, xml.'
    """
    known = list(known)
    by_folded = {other.casefold(): other for other in known}
    near = [by_folded[hit] for hit in get_close_matches(name.casefold(), by_folded)]
    question = f"Did you mean {' or '.join(near)}? " if near else ""
    more = " and others" if len(known) > _NAMED else ""
    return f"{question}{among} {', '.join(known[:_NAMED])}{more}."


_NAMED = 50
"""Known names that a hint has: all settings and fields, but not the files of a large run."""
