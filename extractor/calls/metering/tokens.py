"""How many tokens a request takes, before it is sent: what to expect, and the most it can be.

OpenAI's tokenizers are public and counted with. Claude's is not, nor is that of somebody's own
server: there OpenAI's count is taken times a factor, which starts high and is learned per model
from what the provider bills. Where a count has to be quick, bytes are counted: no tokenizer in use
makes more tokens of a text than it has bytes.
"""

from __future__ import annotations

import json
import logging
import math
import re
import threading
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

from extractor.calls.metering.encodings import EncodingName, count_tokens
from extractor.calls.steps import Target
from extractor.types import JsonSchemaOutput, ModelRequest, ToolOutput

_log = logging.getLogger("extractor.calls")

MARGIN = 1.2
"""How far an upper bound stays above the highest factor seen; the next contract may differ."""

_TRUSTED = 20
"""Requests after which the factors that were seen replace the one to start with."""

_TOLD_MARGIN, _TOLD_ADDED = 1.02, 50
"""How far a bill may be above the provider's own count of the same request."""

_TELLING = 500
"""Tokens below which a request teaches nothing: what the provider adds weighs too much in it."""

_TOKENS_PER_BYTE = 0.25
"""Of prompts for English contracts with OpenAI's tokenizers (`fixtures/contracts`: 0.23)."""

_COSTLY = re.compile(rb"[0-9\x80-\xff]+|([^A-Za-z])\1+")
"""What other tokenizers may write byte by byte where OpenAI's don't: digits, scripts, runs."""


@dataclass(frozen=True, slots=True)
class TokenCount:
    """The input tokens of a request that was not sent yet.

    `expected` is the likely number, `upper` one that the real number does not exceed. The others
    are what `TokenCounter.learn` needs: the `bytes` and `tokens` that were counted (`tokens` is
    None in a rough count), and how many the provider likely adds of its own.
    """

    expected: int
    upper: int
    bytes: int
    tokens: int | None = None
    added: int = 0


class _Tokenizer(NamedTuple):
    """What a model's tokens are counted with: an encoding, and the factor on it to start with.

    `exact` says that it is the model's own; a factor then only says what the provider adds.
    """

    encoding: EncodingName
    factor: float
    exact: bool = False


# From Opus 4.7 on, Claude has a new tokenizer; it takes 1.20 to 1.47 of the old one's tokens for
# English, by third-party measurements. The old one took a few percent more than cl100k.
_OLD_CLAUDE = re.compile(
    r"claude-(?:v?[123]|instant|(?:opus|sonnet|haiku)-4(?:$|-[0-6](?!\d)|-20\d{6}))"
)


class TokenFactors:
    """What real counts are of ours, learned per model. Safe for threads.

    `expected` is the mean, weighted by size. `upper` is the highest that was seen, with a margin;
    until enough was seen, no less than the factor to start with.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: dict[str, _Seen] = {}

    def learn(self, target: Target, counted: int, real: int) -> None:
        """Take note of a request of which `counted` tokens were counted and `real` ones billed."""
        if counted <= 0:
            return
        with self._lock:
            seen = self._seen.setdefault(str(target), _Seen())
            seen.times += 1
            seen.counted += counted
            seen.real += real
            seen.highest = max(seen.highest, real / counted)

    def expected(self, target: Target, start: float) -> float:
        """Return the mean factor; `start` before anything was learned."""
        with self._lock:
            seen = self._seen.get(str(target))
            return seen.real / seen.counted if seen else start

    def upper(self, target: Target, start: float, *, margin: float = MARGIN) -> float:
        """Return a factor that is safe to plan with, never below any that was seen."""
        with self._lock:
            seen = self._seen.get(str(target), _NOTHING)
            at_least = start if seen.times < _TRUSTED else 0.0
            return max(at_least, seen.highest) * margin


@dataclass(slots=True)
class _Seen:
    times: int = 0
    counted: int = 0
    real: int = 0
    highest: float = 0.0


_NOTHING = _Seen()


@dataclass(frozen=True, slots=True)
class TokenCounter:
    """Counts requests, and learns from their bills what its counts are worth. Safe for threads.

    Counted are all messages with what each adds, and the schema or tool beside them.
    """

    by_token: TokenFactors = field(default_factory=TokenFactors)
    by_byte: TokenFactors = field(default_factory=TokenFactors)

    def count(self, request: ModelRequest, target: Target) -> TokenCount:
        """Count with a tokenizer: 0.3 microseconds a token, three times that for Claude.

        Raises:
            ConfigurationError: the tokenizers' ranks are not installed.
        """
        encoding, start, exact = tokenizer_of(target)
        texts = _texts(request)
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        size = sum(map(len, encoded))
        tokens = sum(count_tokens(text, encoding) for text in texts)
        if exact:
            most = tokens * max(start, self.by_token.upper(target, start, margin=1.0))
        else:
            most = tokens * self.by_token.upper(target, start)
            most += sum(len(run[0]) for text in encoded for run in _COSTLY.finditer(text))
        likely = min(round(tokens * self.by_token.expected(target, start)), size)
        added = _added(request, target)
        return TokenCount(
            expected=likely + added.expected,
            upper=min(math.ceil(most), size) + added.upper,
            bytes=size,
            tokens=tokens,
            added=added.expected,
        )

    def text(self, text: str, target: Target) -> int:
        """Return how many tokens a text is likely to have."""
        encoding, start, _ = tokenizer_of(target)
        return round(count_tokens(text, encoding) * self.by_token.expected(target, start))

    def roughly(self, request: ModelRequest, target: Target) -> TokenCount:
        """Count bytes, which takes no tokenizer; `upper` is then four or five times too high."""
        size = sum(len(text.encode("utf-8", "surrogatepass")) for text in _texts(request))
        start = tokenizer_of(target).factor * _TOKENS_PER_BYTE
        likely = min(round(size * self.by_byte.expected(target, start)), size)
        added = _added(request, target)
        return TokenCount(
            expected=likely + added.expected,
            upper=size + added.upper,
            bytes=size,
            added=added.expected,
        )

    def told(self, target: Target, count: TokenCount, real: int) -> TokenCount | None:
        """Take over the provider's own count of a request, and learn from it.

        It calls that an estimate, from which the bill differs a little. None where it can't be
        true: less than half of the tokens that were counted here.
        """
        if count.tokens is None or 2 * real < count.tokens:
            return None
        self.learn(target, count, real)
        upper = min(count.upper, math.ceil(real * _TOLD_MARGIN) + _TOLD_ADDED)
        return replace(count, expected=real, upper=upper)

    def learn(self, target: Target, count: TokenCount, real: int) -> None:
        """Learn from a bill: `real` input tokens, cached ones included, for a counted request."""
        if real - count.added < _TELLING:
            return
        self.by_byte.learn(target, count.bytes, real - count.added)
        if count.tokens is not None:
            self.by_token.learn(target, count.tokens, real - count.added)


def tokenizer_of(target: Target) -> _Tokenizer:
    """Return what to count a model's tokens with; a name that is not known is warned of once."""
    if target.provider == "openai":
        return _openai(target.model)
    if target.provider == "anthropic" and _OLD_CLAUDE.match(target.model):
        return _Tokenizer("cl100k_base", 1.2)
    return _Tokenizer("cl100k_base", 1.5)


@lru_cache(maxsize=256)
def _openai(model: str) -> _Tokenizer:
    import tiktoken.model

    base = model.removeprefix("ft:").partition(":")[0]
    try:
        known = tiktoken.model.encoding_name_for_model(base)
    except KeyError:
        _log.warning("The tokenizer of openai:%s is not known; o200k_base is taken for it", model)
        return _Tokenizer("o200k_base", 1.2)
    is_new = known in {"o200k_base", "o200k_harmony"}
    return _Tokenizer("o200k_base" if is_new else "cl100k_base", 1.0, exact=True)


def _texts(request: ModelRequest) -> list[str]:
    texts = [message.content for message in request.messages]
    output = request.output
    if isinstance(output, ToolOutput):
        texts += [output.name, output.description]
    if isinstance(output, JsonSchemaOutput | ToolOutput):
        texts.append(json.dumps(output.schema, ensure_ascii=False))
    return texts


class _Added(NamedTuple):
    expected: int
    upper: int


def _added(request: ModelRequest, target: Target) -> _Added:
    """Say what the provider adds to the texts: what frames each message, and words of its own.

    OpenAI's cookbook counts four tokens a message and three a request. Claude's documentation has
    300 to 800 for the system prompt that comes with a tool; that of a schema is not told.
    """
    messages = len(request.messages)
    is_told_more = isinstance(request.output, JsonSchemaOutput | ToolOutput)
    if is_told_more and target.provider == "anthropic":
        return _Added(4 * messages + 400, 10 * messages + 1_000)
    return _Added(4 * messages + 3, 10 * messages + 100)
