"""What will be asked of whom, and how: settled before anything is sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Generic, get_args

from pydantic import BaseModel

from extractor.about import declared
from extractor.backends import Backend, backend_named
from extractor.checks import checks_of
from extractor.choices import ReasoningEffort
from extractor.deriving import rules_of
from extractor.documents.chunking import Chunk, chunks
from extractor.documents.document import Document
from extractor.errors import ConfigurationError, ContextWindowError
from extractor.types import (
    EvidenceMode,
    JsonSchemaOutput,
    ModelProfile,
    OutputFormat,
    T,
    ToolOutput,
)
from extractor.wire.compile import compile_schema
from extractor.wire.groups import asked_values, groups
from extractor.wire.json_schema import wire_schema
from extractor.wire.partial import partial
from extractor.wire.shape import Shape

_TOKENS_PER_LEAF = 128
"""Room for a value, its quote and the syntax around both."""

_TOKENS_PER_ANSWER = 48
"""What each value takes of an answer that just fits: half as much again as what was measured."""

WIDEST = 120
"""Values that one request asks for at the most; more are asked for in groups of fields.

Frontier models answered schemas of some tens of fields, and gave no valid answer at all to one of
369 (ExtractBench, arXiv 2602.12247). Nothing between was measured: this is the geometric mean of
369 and the 41 categories of CUAD, which models have been asked for at once.
"""

WHOLE = 0.6
"""The share of a context window that one request may fill. The rest is for the answer, for what a
correction sends along, and for what was counted too low; and attention fades in a full window."""

_LEAST_WINDOW = 500
"""Tokens of contract below which a window says too little to be understood."""

_SLICES, _SLICE = 16, 64
"""Slices of a text that are counted first, and the characters of each.

Cut words make a few tokens more each: a text seldom has more than its slices say.
"""

_SPREAD = 1.25
"""Times that a text may have more tokens than its slices make believe; with `WHOLE` the window is
then still twice as large."""

_WINDOW_WORDS = 60
"""Tokens of our own words in `window.jinja`."""


@dataclass(frozen=True, eq=False)
class Plan(Generic[T]):
    """One document's extraction, before the first request.

    `groups` are the parts of the schema that are asked for one by one: the whole `shape`, if that
    fits. `room` is the first request's limit on output tokens; a truncated reply gets more.
    `skipped` says for each technique that was preferred but passed over, why.
    """

    schema: type[T]
    shape: Shape
    groups: tuple[Shape, ...]
    backend: Backend
    model: str
    profile: ModelProfile
    evidence: EvidenceMode
    room: int
    warnings: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    reasoning_effort: ReasoningEffort | None = None

    @cached_property
    def output(self) -> OutputFormat:
        """What is asked for with the whole shape, written once for all documents."""
        return self.backend.output(self.shape, self.profile)

    def output_of(self, shape: Shape) -> OutputFormat:
        """Return what is asked for with a shape: this one's, or a part of it."""
        return self.output if shape is self.shape else self.backend.output(shape, self.profile)


def plan(
    schema: type[T],
    *,
    model: str,
    profile: ModelProfile,
    backend: str = "auto",
    evidence: EvidenceMode = "quotes",
    reasoning_effort: ReasoningEffort | None = None,
) -> Plan[T]:
    """Choose the technique for a schema and a model, and check the schema against its limits.

    The first technique of the model that can carry the schema whole is taken, or in no more groups
    than its width asks for; else the first that can in smaller ones.

    Raises:
        ConfigurationError: no technique of this model can carry the schema, or not the one asked
            for, in whatever groups; the message names the field. Or the model does not take the
            reasoning effort.
    """
    if reasoning_effort is not None and reasoning_effort not in profile.efforts:
        raise ConfigurationError(
            f"{model} does not take the reasoning effort {reasoning_effort!r}.",
            hint=f"It takes {', '.join(profile.efforts) or 'none at all: leave it out'}.",
        )
    if evidence not in get_args(EvidenceMode):
        offered = ", ".join(get_args(EvidenceMode))
        raise ConfigurationError(f"There is no evidence {evidence!r}; it is one of {offered}.")
    shape = compile_schema(schema, quotes=evidence != "none")
    for read in (vital_fields, rules_of, checks_of):
        read(schema)  # a slip should be known before anything is paid for
    if evidence == "paragraphs":
        shape = replace(shape, by_paragraph=True)
    chosen, parts, skipped = _choose(shape, profile, backend)
    warnings: list[str] = []
    for part in parts:
        if isinstance(chosen.output(part, profile), JsonSchemaOutput | ToolOutput):
            warnings += wire_schema(part, profile.rules).warnings
    room = 512 + _TOKENS_PER_LEAF * max(map(asked_values, parts))
    room = max(room, profile.max_output_tokens // 8)
    return Plan(
        schema=schema,
        shape=shape,
        groups=parts,
        backend=chosen,
        model=model,
        profile=profile,
        evidence=evidence,
        room=min(room, profile.max_output_tokens),
        warnings=tuple(dict.fromkeys(warnings)),
        skipped=skipped,
        reasoning_effort=reasoning_effort,
    )


def vital_fields(schema: type[BaseModel]) -> tuple[str, ...]:
    """Return the fields of a schema's root that are worth a second look: its `vital`.

    Raises:
        ConfigurationError: it is no list of the names of fields.
    """
    names = declared(schema, "vital")
    for name in names:
        if not isinstance(name, str) or name not in schema.model_fields:
            raise ConfigurationError(
                f"{schema.__name__}.vital names {name!r}, which is no field of the schema.",
                hint="It is a tuple of the names of fields.",
            )
    return tuple(map(str, names))


def questions(plan: Plan[T], *, of_part: bool = False) -> tuple[Plan[T], ...]:
    """Return how each group of fields is asked for, by itself.

    A part of a document need not hold every value: what is asked `of_part` may all be missing.

    Raises:
        ConfigurationError: the technique can't carry the schema for parts, in which any value may
            be missing; the message names the field.
    """
    shapes = plan.groups
    if of_part:
        shapes = _split(partial(plan.shape), plan.backend, plan.profile)
    elif len(shapes) == 1 and shapes[0] is plan.shape:
        return (plan,)  # with what it has worked out for the documents before
    return tuple(replace(plan, shape=shape, groups=(shape,)) for shape in shapes)


def can_ask(plan: Plan[T], shape: Shape) -> bool:
    """Say whether one request of this plan can ask for all of a schema."""
    return _fits(plan.backend, shape, plan.profile)


def shares_prefix(plan: Plan[T]) -> bool:
    """Say whether questions about the same text find it in the provider's prompt cache.

    A schema or a tool that the provider shows to the model stands before the text there: questions
    with another one have nothing in common. OpenAI says so of response formats and tools, Claude's
    documentation of `output_config.format` and of tools.
    """
    is_shown = isinstance(
        plan.backend.output(plan.groups[0], plan.profile), JsonSchemaOutput | ToolOutput
    )
    return not (is_shown and plan.profile.shows_schema)


def windows(
    plan: Plan[T],
    document: Document,
    *,
    overhead: Callable[[], int],
    count: Callable[[str], int],
) -> tuple[Chunk, ...]:
    """Cut a document that does not fit into one request into windows; return none if it does.

    Args:
        plan: what is asked of whom.
        document: the contract.
        overhead: says how many tokens a request has beside the document.
        count: says how many tokens a text has.

    Raises:
        ContextWindowError: the schema and the prompt leave no room for a part worth reading.
    """
    room = int(plan.profile.context_window * WHOLE)
    if len(document.text.encode("utf-8", "surrogatepass")) <= room // 2:
        return ()  # a text has no more tokens than bytes, and the schema seldom as many
    left = room - overhead()
    if _sampled(document.text, count) * _SPREAD <= left or count(document.text) <= left:
        return ()
    if left < _LEAST_WINDOW:
        raise ContextWindowError(
            f"The questions of {plan.schema.__name__} leave {max(left, 0):,} tokens for the "
            f"document, of the {plan.profile.context_window:,} that {plan.model} reads.",
            hint="Use a model with a larger context window, or a smaller schema.",
        )
    return chunks(document, budget=left - _WINDOW_WORDS, count=count)


def _sampled(text: str, count: Callable[[str], int]) -> float:
    """Return how many tokens a text has if all of it is like some slices: a quick look."""
    starts = range(0, len(text), max(1, len(text) // _SLICES))
    sample = [text[start : start + _SLICE] for start in starts]
    return count("\n".join(sample)) * len(text) / max(1, sum(map(len, sample)))


def _choose(
    shape: Shape, profile: ModelProfile, wanted: str
) -> tuple[Backend, tuple[Shape, ...], tuple[str, ...]]:
    """Return the technique, the groups in which it carries the schema, and who was passed over."""
    offered = ", ".join(profile.techniques)
    if wanted != "auto":
        backend = backend_named(wanted)
        if wanted not in profile.techniques:
            raise ConfigurationError(
                f"This model does not offer the backend {wanted!r}.", hint=f"It offers: {offered}."
            )
        return backend, _split(shape, backend, profile), ()
    if not profile.techniques:
        raise ConfigurationError("This model offers no technique to ask with.")
    backends = [backend_named(name) for name in profile.techniques]
    parts = groups(
        shape, lambda part: asked_values(part) <= _widest(profile), widest=_widest(profile)
    )
    for number, backend in enumerate(backends):
        if all(_carries(backend, part, profile) for part in parts):
            return backend, parts, _passed_over(backends[:number], parts, profile)
    refused: dict[str, ConfigurationError] = {}
    for number, backend in enumerate(backends):
        try:
            smaller = _split(shape, backend, profile)
        except ConfigurationError as error:
            refused[backend.name] = error
        else:
            return backend, smaller, _passed_over(backends[:number], (shape,), profile)
    raise ConfigurationError(
        f"None of the techniques {offered} can carry the schema. "
        + " ".join(f"{name}: {error.message}" for name, error in refused.items())
    ) from [*refused.values()][-1]


def _split(shape: Shape, backend: Backend, profile: ModelProfile) -> tuple[Shape, ...]:
    """Return the groups in which a technique carries a schema.

    Raises:
        ConfigurationError: a single field breaks a limit by itself; the message names it.
    """
    parts = groups(shape, lambda part: _fits(backend, part, profile), widest=_widest(profile))
    for part in parts:
        backend.output(part, profile)
    return parts


def _fits(backend: Backend, shape: Shape, profile: ModelProfile) -> bool:
    return asked_values(shape) <= _widest(profile) and _carries(backend, shape, profile)


def _widest(profile: ModelProfile) -> int:
    """Return how many values one request may ask for, so that the answer has room."""
    return max(1, min(WIDEST, profile.max_output_tokens // _TOKENS_PER_ANSWER))


def _carries(backend: Backend, shape: Shape, profile: ModelProfile) -> bool:
    try:
        backend.output(shape, profile)
    except ConfigurationError:
        return False
    return True


def _passed_over(
    backends: Sequence[Backend], parts: Sequence[Shape], profile: ModelProfile
) -> tuple[str, ...]:
    reasons: list[str] = []
    for backend in backends:
        try:
            for part in parts:
                backend.output(part, profile)
        except ConfigurationError as error:
            reasons.append(f"{backend.name}: {error.message}")
    return tuple(reasons)
