"""Values that every layer shares.

Nothing here does I/O, knows a provider or reads a document. Frozen dataclasses throughout: a value
that has been handed on is never changed behind anybody's back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias, TypeVar

from extractor.choices import ReasoningEffort
from extractor.paths import Path

if TYPE_CHECKING:
    from pydantic import BaseModel  # a process that only reads files starts without it

T = TypeVar("T", bound="BaseModel")

JsonObject: TypeAlias = dict[str, Any]


def sized(text: str | None) -> str:
    """Write a text that may be confidential as a repr shows it.

    >>> sized("The Supplier shall deliver."), sized(None)
    ('<27 characters>', 'None')
    """
    return "None" if text is None else f"<{len(text):,} characters>"


# --- requests and replies, the same for every provider -----------------------------------------


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation; its repr shows how long it is, never what it says.

    `shared` counts the characters, from the first, that other questions about the same text repeat:
    what a provider's prompt cache is worth having for.
    """

    role: Literal["system", "user", "assistant"]
    content: str
    shared: int = 0

    def __repr__(self) -> str:
        return f"Message(role={self.role!r}, content={sized(self.content)})"


@dataclass(frozen=True, slots=True)
class TextOutput:
    """Free text is asked for; the structure is in the prompt (XML tags)."""


@dataclass(frozen=True, slots=True)
class JsonObjectOutput:
    """JSON mode: the reply is some JSON object, the schema is in the prompt."""


@dataclass(frozen=True, slots=True)
class JsonSchemaOutput:
    """Structured outputs: the provider constrains the reply to `schema`."""

    name: str
    schema: JsonObject
    strict: bool = True


@dataclass(frozen=True, slots=True)
class ToolOutput:
    """A forced call of one tool whose arguments are the answer."""

    name: str
    description: str
    schema: JsonObject
    strict: bool = True


OutputFormat: TypeAlias = TextOutput | JsonObjectOutput | JsonSchemaOutput | ToolOutput


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """What is asked of a model, before any provider's wire format.

    `temperature` is None where the model takes no such parameter, and `reasoning_effort` where
    nobody asked for one: the provider's default holds then. `turn` counts the requests of an
    extraction from 1. It is never sent: it tells apart two that are the same word for word, of
    which the second wants another reply and not the first one again.
    """

    model: str
    messages: tuple[Message, ...]
    output: OutputFormat
    max_tokens: int
    temperature: float | None = None
    turn: int = 1
    reasoning_effort: ReasoningEffort | None = None


class StopReason(StrEnum):
    """Why a model stopped, in one vocabulary for every provider."""

    END = "end"
    LENGTH = "length"
    TOOL_USE = "tool_use"
    REFUSAL = "refusal"
    CONTENT_FILTER = "content_filter"
    CONTEXT_WINDOW = "context_window"
    PAUSE = "pause"


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that were billed.

    `input_tokens` is the inclusive total, as OpenTelemetry counts it: the cached parts
    (`cache_read_input_tokens`, `cache_creation_input_tokens`) are contained in it, and
    `reasoning_tokens` in `output_tokens`.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_input_tokens: int = 0
    cache_creation_input_tokens: int = 0
    reasoning_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cache_read_input_tokens + other.cache_read_input_tokens,
            self.cache_creation_input_tokens + other.cache_creation_input_tokens,
            self.reasoning_tokens + other.reasoning_tokens,
        )

    def __sub__(self, other: Usage) -> Usage:
        return Usage(
            self.input_tokens - other.input_tokens,
            self.output_tokens - other.output_tokens,
            self.cache_read_input_tokens - other.cache_read_input_tokens,
            self.cache_creation_input_tokens - other.cache_creation_input_tokens,
            self.reasoning_tokens - other.reasoning_tokens,
        )

    @property
    def total_tokens(self) -> int:
        return self.input_tokens + self.output_tokens


LimitKind: TypeAlias = Literal["requests", "tokens", "input_tokens", "output_tokens"]


@dataclass(frozen=True, slots=True)
class RateLimitStatus:
    """What a provider's response headers say of one of its limits.

    `limit` is per minute, `remaining` what was left when the headers were written, and `reset` the
    seconds until all of it is available again (None where that is not said). `coarse` marks a reset
    that was given in whole seconds.
    """

    kind: LimitKind
    limit: int
    remaining: int
    reset: float | None = None
    coarse: bool = False


@dataclass(frozen=True, slots=True)
class ModelResponse:
    """What came back, in one piece of raw text.

    A forced tool call's arguments are `text` too, so that every technique parses one string; those
    that the limit on tokens cut off end open, whoever has closed them on the way.
    `usage` is None where the provider did not say what it counted: unknown, which is not nothing.
    `model` is the name the provider says has answered. `refusal` is the model's own words for it.
    `rate_limits` is what the headers say is left of the provider's limits. The repr shows how long
    texts are, never what they say.
    """

    text: str
    usage: Usage | None = None
    stop_reason: StopReason = StopReason.END
    model: str = ""
    response_id: str | None = None
    request_id: str | None = None
    refusal: str | None = None
    rate_limits: tuple[RateLimitStatus, ...] = ()

    def __repr__(self) -> str:
        return (
            f"ModelResponse(text={sized(self.text)}, usage={self.usage!r}, "
            f"stop_reason={self.stop_reason.value!r}, model={self.model!r}, "
            f"response_id={self.response_id!r}, request_id={self.request_id!r}, "
            f"refusal={sized(self.refusal)}, rate_limits={self.rate_limits!r})"
        )


@dataclass(frozen=True, slots=True)
class CountedTokens:
    """A provider's own count of the input tokens that a request would have."""

    input_tokens: int
    request_id: str | None = None
    rate_limits: tuple[RateLimitStatus, ...] = ()


# --- facts about models (the table is providers/profiles.py) -----------------------------------


@dataclass(frozen=True, slots=True)
class SchemaRules:
    """What one provider's constrained decoding accepts of JSON Schema.

    `keywords` are the validation keywords that may be sent; all others move into descriptions and
    are enforced by Pydantic afterwards. None means that no such limit is known.
    """

    keywords: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    recursion: bool = True
    max_depth: int | None = None
    max_properties: int | None = None
    max_enum_values: int | None = None
    max_name_chars: int | None = None
    max_unions: int | None = None
    max_optionals: int | None = None


@dataclass(frozen=True, slots=True)
class ModelProfile:
    """Facts about a model: data, not code.

    `techniques` are the backends it can serve, best first. `shows_schema` says whether a schema
    sent beside the messages is put before the model's eyes (OpenAI, Anthropic) or only constrains
    its decoding (llama.cpp, vLLM), in which case the prompt has to carry it. `efforts` are what its
    API knows of reasoning efforts, none where it takes none. `forces_tools` says
    whether a request may insist on a tool call; Claude models that always think refuse such a one.
    `says_null_early` is for small models that answer null wherever they may: a second look allows
    none, since what they are made to say counts only where its quote proves it.
    """

    context_window: int
    max_output_tokens: int
    techniques: tuple[str, ...]
    rules: SchemaRules
    shows_schema: bool = True
    takes_temperature: bool = False
    forces_tools: bool = True
    says_null_early: bool = False
    efforts: tuple[ReasoningEffort, ...] = ()


# --- what an extraction is made of -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range of code points in a document's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Repair:
    """One thing that was changed between the reply and the value.

    `lossy` marks a repair after which something of the reply is no longer in the value.
    """

    kind: str
    path: Path = ()
    lossy: bool = False
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a reply is not yet a valid value."""

    kind: str
    path: Path
    message: str


EvidenceStatus: TypeAlias = Literal[
    "exact", "normalized", "fuzzy", "elided", "altered", "ambiguous", "missing"
]

FieldStatus: TypeAlias = Literal[
    "found",
    "unverified",
    "absent",
    "not_searched",
    "unreadable",
    "ambiguous",
    "conflict",
    "derived",
    "invalid",
]


EvidenceMode: TypeAlias = Literal["quotes", "paragraphs", "none"]
"""What a model proves values with: words that it copies, paragraphs that it cites, or nothing."""

Unverified: TypeAlias = Literal["drop", "keep"]
"""What becomes of values that no quote proves: left out where the schema can do without, or not."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One place in the document that a quote was found at, or the note that it was not.

    `text` is what the document has at `span`, word for word. These and `page` (from 1) are None
    when the quote is `missing`. `score` is the similarity of the quote and the text found, 0 to 1.
    An `altered` quote resembles a passage whose figures, negations, modal verbs or names differ:
    the passage is shown, and never accepted as proof.
    `document` names which document of a set it is in; None where there is only one.
    """

    quote: str
    status: EvidenceStatus
    span: Span | None = None
    page: int | None = None
    score: float = 0.0
    text: str | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class FieldResult:
    """What is known of one leaf value.

    `found`: a quote was located in the document and bears the value, as far as code can tell.
    `derived`: the value follows from it by a rule. `ambiguous`, `conflict`: the quote has several
    readings, or contradicts itself. `unverified`: there is a value, but no quote that bears it.
    `invalid`: an answer that did not fit was taken back. `absent`: the model found nothing.
    `unreadable`: it found nothing, and some pages could not be read.
    `not_searched`: the reply says nothing of it, or not all of the document was read. `note` has
    the reason for all but a plain `found`.

    `value` is what the object has there, as JSON has it: a date is a text. `raw` is what the model
    wrote, before any coercion. `evidence` has an item per occurrence, the chosen first.
    """

    status: FieldStatus
    value: Any = None
    raw: Any = None
    evidence: tuple[Evidence, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A model that did not give the answer although it stood before, or beside, the one that did.

    `error` is the class of what went wrong, or `Cancelled` where another was quicker.
    """

    model: str
    error: str
    message: str


@dataclass(frozen=True, slots=True)
class Extraction(Generic[T]):
    """One document's validated answer, with the proof of each value and the bill.

    `model` is the one that answered; `passed_over` says of each other that was to be asked why it
    did not. `attempts`, `usage` and `cost_usd` count what all of them took.

    `attempts` counts the requests that were sent. `cost_usd` is None when the model's price or what
    a request used is not known (never 0 for that reason), `usage` then holds what is known, and a
    warning says so. `coverage` is the share of the document that the model was shown: of its pages
    that hold anything those that could be read, and in passages mode what was selected of these.
    """

    value: T
    fields: Mapping[str, FieldResult]
    model: str
    backend: str
    attempts: int
    repairs: tuple[Repair, ...]
    usage: Usage
    cost_usd: Decimal | None
    warnings: tuple[str, ...]
    coverage: float
    passed_over: tuple[PassedOver, ...] = ()
