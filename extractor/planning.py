"""What will be asked of whom, and how: settled before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, Literal, TypeAlias, get_args

from extractor.backends import Backend, backend_named
from extractor.documents.chunking import Chunk, chunks
from extractor.documents.document import Document
from extractor.errors import ConfigurationError, ContextWindowError
from extractor.types import JsonSchemaOutput, ModelProfile, T, ToolOutput
from extractor.wire.compile import compile_schema
from extractor.wire.json_schema import wire_schema
from extractor.wire.partial import partial
from extractor.wire.shape import Array, Map, Node, Reference, Scalar, Shape, children

EvidenceMode: TypeAlias = Literal["quotes", "none"]

_TOKENS_PER_LEAF = 128
"""Room for a value, its quote and the syntax around both."""

WHOLE = 0.6
"""The share of a context window that one request may fill. The rest is for the answer, for what a
correction sends along, and for what was counted too low; and attention fades in a full window."""

_LEAST_WINDOW = 500
"""Tokens of contract below which a window says too little to be understood."""

_WINDOW_WORDS = 60
"""Tokens of our own words in `window.jinja`."""


@dataclass(frozen=True, slots=True)
class Plan(Generic[T]):
    """One document's extraction, before the first request.

    `room` is the first request's limit on output tokens; a truncated reply gets more. `skipped`
    says for each technique that was preferred but passed over, why.
    """

    schema: type[T]
    shape: Shape
    backend: Backend
    model: str
    profile: ModelProfile
    evidence: EvidenceMode
    room: int
    warnings: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()


def plan(
    schema: type[T],
    *,
    model: str,
    profile: ModelProfile,
    backend: str = "auto",
    evidence: EvidenceMode = "quotes",
) -> Plan[T]:
    """Choose the technique for a schema and a model, and check the schema against its limits.

    Raises:
        ConfigurationError: no technique of this model can carry the schema, or not the one asked
            for; the message names the field.
    """
    if evidence not in get_args(EvidenceMode):
        raise ConfigurationError(f"There is no evidence {evidence!r}; it is quotes or none.")
    shape = compile_schema(schema, quotes=evidence == "quotes")
    chosen, skipped = _choose(shape, profile, backend)
    warnings: tuple[str, ...] = ()
    if isinstance(chosen.output(shape, profile), JsonSchemaOutput | ToolOutput):
        warnings = wire_schema(shape, profile.rules).warnings
    room = 512 + _TOKENS_PER_LEAF * asked_values(shape)
    room = max(room, profile.max_output_tokens // 8)
    return Plan(
        schema=schema,
        shape=shape,
        backend=chosen,
        model=model,
        profile=profile,
        evidence=evidence,
        room=min(room, profile.max_output_tokens),
        warnings=warnings,
        skipped=skipped,
    )


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
        ConfigurationError: the technique can't carry the schema for parts, in which any value may
            be missing; the message names the field.
    """
    room = int(plan.profile.context_window * WHOLE)
    if len(document.text.encode("utf-8", "surrogatepass")) <= room // 2:
        return ()  # a text has no more tokens than bytes, and the schema seldom as many
    left = room - overhead()
    if count(document.text) <= left:
        return ()
    if left < _LEAST_WINDOW:
        raise ContextWindowError(
            f"The questions of {plan.schema.__name__} leave {max(left, 0):,} tokens for the "
            f"document, of the {plan.profile.context_window:,} that {plan.model} reads.",
            hint="Use a model with a larger context window, or a smaller schema.",
        )
    for_parts(plan)
    return chunks(document, budget=left - _WINDOW_WORDS, count=count)


def for_parts(plan: Plan[T]) -> Plan[T]:
    """Return how the same is asked of a part of a document, which need not hold every value.

    Raises:
        ConfigurationError: the technique can't carry that.
    """
    shape = partial(plan.shape)
    plan.backend.output(shape, plan.profile)
    return replace(plan, shape=shape)


def asked_values(shape: Shape) -> int:
    """Count the values that a schema asks for; a list counts as three of its items."""
    return _leaves(shape, shape.root, frozenset())


def _choose(shape: Shape, profile: ModelProfile, wanted: str) -> tuple[Backend, tuple[str, ...]]:
    offered = ", ".join(profile.techniques)
    if wanted != "auto":
        backend = backend_named(wanted)
        if wanted not in profile.techniques:
            raise ConfigurationError(
                f"This model does not offer the backend {wanted!r}.", hint=f"It offers: {offered}."
            )
        backend.output(shape, profile)
        return backend, ()
    skipped: list[str] = []
    reason: ConfigurationError | None = None
    for name in profile.techniques:
        backend = backend_named(name)
        try:
            backend.output(shape, profile)
        except ConfigurationError as error:
            reason = error
            skipped.append(f"{name}: {error.message}")
        else:
            return backend, tuple(skipped)
    raise ConfigurationError(
        f"None of the techniques {offered} can carry the schema. " + " ".join(skipped)
    ) from reason


def _leaves(shape: Shape, node: Node, above: frozenset[str]) -> int:
    if isinstance(node, Reference):
        if node.name in above:
            return 0
        return _leaves(shape, shape.definitions[node.name], above | {node.name})
    if isinstance(node, Scalar):
        return 0 if node.is_constant else 1
    inner = sum(_leaves(shape, child, above) for child in children(node))
    return inner * 3 if isinstance(node, Array | Map) else inner
