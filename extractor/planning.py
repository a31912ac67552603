"""What will be asked of whom, and how: settled before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Literal, TypeAlias, get_args

from extractor.backends import Backend, backend_named
from extractor.documents.document import Document
from extractor.errors import ConfigurationError, ContextWindowError
from extractor.types import JsonSchemaOutput, ModelProfile, T, ToolOutput
from extractor.wire.compile import compile_schema
from extractor.wire.json_schema import wire_schema
from extractor.wire.shape import Array, Map, Node, Reference, Scalar, Shape, children

EvidenceMode: TypeAlias = Literal["quotes", "none"]

_TOKENS_PER_LEAF = 128
"""Room for a value, its quote and the syntax around both."""

_BYTES_PER_TOKEN_AT_MOST = 8
"""No tokenizer packs contract text tighter than this: what doesn't fit by it surely doesn't fit."""


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


def check_size(plan: Plan[T], document: Document) -> None:
    """Refuse a document that can't fit into the model's context window, before it is sent.

    Raises:
        ContextWindowError: it is larger than any tokenizer could make it fit.
    """
    least = len(document.text.encode()) // _BYTES_PER_TOKEN_AT_MOST
    if least > plan.profile.context_window:
        raise ContextWindowError(
            f"{document.source} has {len(document.text):,} characters, at least {least:,} tokens; "
            f"{plan.model} reads {plan.profile.context_window:,}."
        )


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
