"""Options of a wrong type: said at once, by name, and never as Python's own TypeError."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from extractor import (
    ConfigurationError,
    Extractor,
    RetryPolicy,
    ScriptedProvider,
    TokenLimitError,
    aextract,
    aextract_many,
    aextract_set,
    extract,
    extract_many,
    extract_set,
    read_document,
)
from extractor.extracting.options import Options, SetOptions
from extractor.types import JsonObjectOutput


class Terms(BaseModel):
    law: str


CONTRACT = "The laws of Ireland apply."
DOCUMENT = read_document(CONTRACT)


WRONG: list[tuple[str, Any]] = [
    ("model", 3),
    ("model", ["openai:gpt-5.4"]),
    ("backend", 3),
    ("backend", ["json"]),
    ("backend", None),
    ("base_url", 3),
    ("provider", "openai:gpt-5.4"),
    ("provider", ScriptedProvider),
    ("prompts", 3),
    ("instructions", 3),
    ("instructions", b"Answer in English."),
    ("reasoning_effort", "lots"),
    ("reasoning_effort", 3),
    ("max_attempts", "3"),
    ("max_attempts", None),
    ("max_attempts", 2.5),
    ("max_attempts", True),
    ("max_attempts", 0),
    ("max_tokens", "5"),
    ("max_tokens", 1.5),
    ("max_tokens", 0),
    ("retry", 3),
    ("retry", {"attempts": 3}),
]


def waited_for(document: str, schema: type[BaseModel], **options: Any) -> object:
    return asyncio.run(aextract(document, schema, **options))


@pytest.mark.parametrize(("name", "value"), WRONG)
@pytest.mark.parametrize("call", [extract, waited_for])
def test_an_option_of_a_wrong_type_is_named_before_anything_is_sent(
    call: Callable[..., Any], name: str, value: Any
) -> None:
    provider = ScriptedProvider([])
    options: dict[str, Any] = {"provider": provider} | {name: value}
    with pytest.raises(ConfigurationError, match=f"^{name} is .*; it is "):
        call("A contract.", Terms, **options)
    assert provider.requests == []


def test_a_provider_that_lacks_a_part_is_told_what_one_has() -> None:
    class Half:
        name = "half"
        profile = send = asend = close = ScriptedProvider.close

    half: Any = Half()
    with pytest.raises(ConfigurationError, match=r"provider is a Half; it is a .* base_url"):
        Extractor(Terms, provider=half)


@pytest.mark.parametrize("evidence", [3, ["quotes"], None])
def test_evidence_is_one_of_three_and_nothing_else(evidence: Any) -> None:
    with pytest.raises(ConfigurationError, match="one of quotes, paragraphs, none"):
        Extractor(Terms, provider=ScriptedProvider([]), evidence=evidence)


def test_progress_is_a_function() -> None:
    told: Any = "told"
    with pytest.raises(ConfigurationError, match="progress is 'told'; it is a function"):
        Extractor(Terms, provider=ScriptedProvider([]), progress=told)


def test_a_file_is_no_folder_of_prompts(tmp_path: Path) -> None:
    path = tmp_path / "strict.jinja"
    path.touch()
    with pytest.raises(ConfigurationError, match=r"No such folder.*strict\.jinja"):
        Extractor(Terms, provider=ScriptedProvider([]), prompts=path)


def test_a_base_url_for_a_provider_of_ones_own_is_not_ignored_in_silence() -> None:
    with pytest.raises(ConfigurationError, match="no effect"):
        Extractor(Terms, provider=ScriptedProvider([]), base_url="https://gateway.test/v1")


def test_a_value_that_is_no_word_or_number_is_not_repeated() -> None:
    secret: Any = {"api_key": "sk-secret"}
    with pytest.raises(ConfigurationError) as caught:
        Extractor(Terms, provider=ScriptedProvider([]), retry=secret)
    assert caught.value.message == "retry is a dict; it is a RetryPolicy."


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ({"matter": "a", "user": 7}, "metadata['user'] is 7; it is a text."),
        ({"user": None}, "metadata['user'] is a NoneType; it is a text."),
        ({7: "user"}, "A key of metadata is 7; it is a text."),
        (["user"], "metadata is a list; it is a mapping of texts to texts."),
    ],
)
def test_what_is_no_text_in_the_metadata_is_named(metadata: Any, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Extractor(Terms, provider=ScriptedProvider([]), metadata=metadata)
    assert caught.value.message == message


def test_every_option_in_its_own_type_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "system.jinja").write_text("You are ours.", encoding="utf-8")
    extractor = Extractor(
        Terms,
        model="gpt-5.4",
        backend="json",
        evidence="none",
        provider=ScriptedProvider([]),
        prompts=tmp_path,
        instructions="Answer in English.",
        max_attempts=1,
        max_tokens=1,
        retry=RetryPolicy(attempts=1),
        progress=lambda _: None,
    )
    request = extractor.first_request("A contract.")
    assert (request.model, type(request.output)) == ("gpt-5.4", JsonObjectOutput)
    assert request.messages[0].content == "You are ours."
    assert "Answer in English." in request.messages[1].content
    assert "quote" not in request.messages[1].content
    with pytest.raises(TokenLimitError):
        extractor.extract("A contract.")


def test_a_documents_own_metadata_is_checked_too() -> None:
    wrong: Any = {"user": 7}
    provider = ScriptedProvider([])
    with pytest.raises(ConfigurationError, match=r"metadata\['user'\] is 7; it is a text"):
        Extractor(Terms, provider=provider).extract("The laws of Ireland.", metadata=wrong)
    assert provider.requests == []


def options_of(call: Callable[..., Any]) -> dict[str, Any]:
    parameters = inspect.signature(call).parameters.values()
    return {each.name: each.default for each in parameters if each.kind is each.KEYWORD_ONLY}


@pytest.mark.parametrize("call", [extract, aextract])
def test_a_function_takes_what_an_extractor_takes(call: Callable[..., Any]) -> None:
    assert options_of(call) == options_of(Extractor)


@pytest.mark.parametrize("call", [extract_set, aextract_set])
def test_of_a_set_all_is_the_same_but_that_there_is_no_second_look(
    call: Callable[..., Any],
) -> None:
    assert options_of(call) | {"second_look": True} == options_of(Extractor)


@pytest.mark.parametrize("call", [extract_many, aextract_many])
def test_for_many_it_is_said_how_many_at_once_besides(call: Callable[..., Any]) -> None:
    assert options_of(call) == options_of(Extractor) | {"concurrency": 8}


def test_the_types_of_the_options_have_the_same_names() -> None:
    names = options_of(Extractor).keys()
    assert Options.__required_keys__ | Options.__optional_keys__ == names
    assert SetOptions.__annotations__.keys() == names - {"second_look"}


def test_a_second_look_is_no_option_of_a_set() -> None:
    options: Any = {"provider": ScriptedProvider([]), "second_look": True}
    with pytest.raises(TypeError, match="second_look"):
        extract_set([CONTRACT], Terms, **options)


def set_of(documents: Any, schema: type[BaseModel], provider: ScriptedProvider) -> list[object]:
    return [extract_set(documents, schema, provider=provider)]


def many(documents: Any, schema: type[BaseModel], provider: ScriptedProvider) -> list[object]:
    return [*extract_many(documents, schema, provider=provider)]


@pytest.mark.parametrize("one", [CONTRACT, b"A contract.", Path("a.pdf"), DOCUMENT])
@pytest.mark.parametrize("call", [many, set_of])
def test_a_single_contract_is_not_taken_for_many(call: Callable[..., Any], one: Any) -> None:
    provider = ScriptedProvider([])
    with pytest.raises(ConfigurationError, match=r"^documents is a single contract") as caught:
        call(one, Terms, provider)
    assert "Ireland" not in caught.value.message
    assert provider.requests == []
