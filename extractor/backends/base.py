"""What every technique is: a stateless pair of asking and reading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from extractor.choices import ReasoningEffort
from extractor.types import Message, ModelProfile, ModelRequest, OutputFormat
from extractor.wire.reading import Reading
from extractor.wire.shape import Shape


class Backend(Protocol):
    """One way of asking a model for structure. Who answers is no concern of a backend."""

    @property
    def name(self) -> str: ...

    def outline(self, shape: Shape, profile: ModelProfile, /) -> str | None:
        """Return what the prompt has to say of the schema, or None when the API shows it."""
        ...

    def output(self, shape: Shape, profile: ModelProfile, /) -> OutputFormat:
        """Return what the API is to enforce.

        Raises:
            ConfigurationError: the schema breaks a limit of this technique; the field is named.
        """
        ...

    def read(self, shape: Shape, text: str, /) -> Sequence[Reading]:
        """Read every structure that a reply may hold, most plausible first.

        Raises:
            ParseError: there is none.
        """
        ...


def request(
    output: OutputFormat,
    messages: tuple[Message, ...],
    *,
    model: str,
    profile: ModelProfile,
    max_tokens: int,
    turn: int = 1,
    reasoning_effort: ReasoningEffort | None = None,
) -> ModelRequest:
    """Put what the API is to enforce beside the messages."""
    return ModelRequest(
        model=model,
        messages=messages,
        output=output,
        max_tokens=max_tokens,
        temperature=0.0 if profile.takes_temperature else None,
        turn=turn,
        reasoning_effort=reasoning_effort,
    )
