"""Facts about models: what fits into them, and which ways of asking for structure they serve.

A table, meant to be extended by a line. Within a provider the longest prefix of the model's name
wins, and the empty prefix stands for every model that the table does not know. Numbers are the
providers' published ones; where a limit is not published the smaller guess stands here, since too
small a number costs one more call and too large a one an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

from extractor.choices import ReasoningEffort
from extractor.types import ModelProfile, SchemaRules

_FORMATS = frozenset(
    {"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"}
)

OPENAI_RULES = SchemaRules(
    keywords=frozenset(
        {
            "pattern",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "minItems",
            "maxItems",
        }
    ),
    formats=_FORMATS,
    max_depth=10,
    max_properties=5_000,
    max_enum_values=1_000,
    max_name_chars=120_000,
)
"""OpenAI's strict structured outputs and strict tools."""

ANTHROPIC_RULES = SchemaRules(
    formats=_FORMATS | {"uri"}, recursion=False, max_unions=16, max_optionals=24
)
"""Claude's `output_config` and strict tools; optional and union-typed properties are counted."""

LLAMA_RULES = SchemaRules(
    keywords=frozenset({"pattern", "minimum", "maximum", "minItems", "maxItems"}),
    formats=frozenset({"date-time", "time", "date", "uuid"}),
)
"""llama.cpp's grammars. It enforces `maxLength` too, but by cutting a sentence in the middle."""

COMPATIBLE_RULES = SchemaRules(
    keywords=frozenset({"minimum", "maximum", "minItems", "maxItems"}), formats=_FORMATS
)
"""What the common servers (vLLM, llama.cpp, Ollama) have in common; `pattern` dialects differ."""

_EFFORTS: tuple[ReasoningEffort, ...] = get_args(ReasoningEffort)
_CLAUDE_EFFORTS: tuple[ReasoningEffort, ...] = ("low", "medium", "high", "xhigh", "max")

_REASONING = ModelProfile(
    400_000, 128_000, ("strict", "tools", "json", "xml"), OPENAI_RULES, efforts=_EFFORTS
)
_GPT_6 = replace(  # Chat Completions refuses function tools together with these models' reasoning
    _REASONING, context_window=1_050_000, techniques=("strict", "json", "xml")
)
_GPT_4O = replace(
    _REASONING,
    context_window=128_000,
    max_output_tokens=16_384,
    takes_temperature=True,
    efforts=(),
)
_O_SERIES = replace(_REASONING, context_window=200_000, max_output_tokens=100_000)

_CLAUDE_4 = ModelProfile(200_000, 64_000, ("native", "tools", "xml"), ANTHROPIC_RULES)
_CLAUDE_5 = replace(
    _CLAUDE_4, context_window=1_000_000, max_output_tokens=128_000, efforts=_CLAUDE_EFFORTS
)
_CLAUDE_THINKING = replace(_CLAUDE_5, techniques=("native", "xml", "tools"), forces_tools=False)
_CLAUDE_OLD = replace(_CLAUDE_4, techniques=("tools", "xml"))  # before structured outputs

_COMPATIBLE = ModelProfile(
    32_768,
    8_192,
    ("strict", "json", "xml", "tools"),
    COMPATIBLE_RULES,
    shows_schema=False,
    takes_temperature=True,
    efforts=_EFFORTS,
)

PROFILES: Mapping[str, Mapping[str, ModelProfile]] = {
    "openai": {
        "": _REASONING,
        "gpt-4o": _GPT_4O,
        "gpt-4.1": replace(_GPT_4O, context_window=1_047_576, max_output_tokens=32_768),
        "o1": _O_SERIES,
        "o3": _O_SERIES,
        "o4": _O_SERIES,
        "gpt-5.4": replace(_REASONING, context_window=1_050_000),
        "gpt-5.4-mini": _REASONING,
        "gpt-5.4-nano": _REASONING,
        "gpt-5.5": replace(_REASONING, context_window=1_000_000),
        "gpt-5.6": _GPT_6,
        "gpt-6": _GPT_6,
    },
    "anthropic": {
        "": replace(_CLAUDE_THINKING, context_window=200_000, max_output_tokens=64_000),
        "claude-3": replace(_CLAUDE_OLD, max_output_tokens=4_096),
        "claude-3-5": replace(_CLAUDE_OLD, max_output_tokens=8_192),
        "claude-3-7": _CLAUDE_OLD,
        "claude-opus-4-0": replace(_CLAUDE_OLD, max_output_tokens=32_000),
        "claude-opus-4-1": replace(_CLAUDE_OLD, max_output_tokens=32_000),
        "claude-opus-4-2025": replace(_CLAUDE_OLD, max_output_tokens=32_000),
        "claude-sonnet-4-0": _CLAUDE_OLD,
        "claude-sonnet-4-2025": _CLAUDE_OLD,
        "claude-opus-4-5": replace(_CLAUDE_4, efforts=_CLAUDE_EFFORTS),
        "claude-sonnet-4-5": _CLAUDE_4,
        "claude-haiku-4-5": _CLAUDE_4,
        "claude-opus-4": _CLAUDE_5,
        "claude-sonnet-4-6": replace(_CLAUDE_5, max_output_tokens=64_000),
        "claude-opus-5": _CLAUDE_5,
        "claude-sonnet-5": _CLAUDE_5,
        "claude-haiku-5": _CLAUDE_5,
        "claude-opus-5-5": _CLAUDE_THINKING,
        "claude-sonnet-5-5": _CLAUDE_THINKING,
        "claude-fable-5": _CLAUDE_THINKING,
        "claude-mythos-5": _CLAUDE_THINKING,
    },
    "compatible": {"": _COMPATIBLE},
    "local": {
        "": replace(
            _COMPATIBLE,
            techniques=("strict", "json", "xml"),
            rules=LLAMA_RULES,
            says_null_early=True,
            efforts=(),
        )
    },
    "scripted": {
        "": ModelProfile(
            1_000_000,
            128_000,
            ("strict", "native", "tools", "json", "xml"),
            SchemaRules(keywords=OPENAI_RULES.keywords, formats=OPENAI_RULES.formats),
            takes_temperature=True,
            efforts=_EFFORTS,
        )
    },
}


def profile_for(provider: str, model: str) -> ModelProfile:
    """Return what is known of a model, or what is safe to assume of an unknown one.

    A provider that the table does not have is taken for an OpenAI-compatible server. Fine-tuned
    models (`ft:gpt-4o-...`) have the profile of the model they were made from.

    >>> profile_for("openai", "gpt-5.4-mini-2026-03-17").context_window
    400000
    """
    table = PROFILES.get(provider, PROFILES["compatible"])
    base = model.removeprefix("ft:")
    return table[max((prefix for prefix in table if base.startswith(prefix)), key=len)]
