"""Templates of one's own, as docs/prompts.md describes them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, Field

from extractor import ConfigurationError, Extractor, Message, ScriptedProvider, read_document
from extractor.documents.chunking import chunks
from extractor.documents.passages import Passages
from extractor.prompting.prompts import Prompts
from extractor.types import Span

NONCE = "0123456789abcdef"
GUIDE = (Path(__file__).parents[2] / "docs" / "prompts.md").read_text(encoding="utf-8")
SHIPPED = Path(__file__).parents[2] / "prompts"


class Terms(BaseModel):
    """The terms of a contract."""

    law: str = Field(description="Whose law governs the contract.")


def own(folder: Path, **templates: str) -> Prompts:
    for name, text in templates.items():
        (folder / f"{name}.jinja").write_text(text, encoding="utf-8")
    return Prompts(folder)


def rendered(prompts: Prompts) -> tuple[Message, ...]:
    return prompts.extraction(
        "json",
        document="THE CONTRACT",
        nonce=NONCE,
        name="Terms",
        outline="THE OUTLINE",
        evidence="quotes",
        instructions=None,
    )


def test_a_template_of_ones_own_replaces_ours_by_name(tmp_path: Path) -> None:
    system, user = rendered(own(tmp_path, system="You are terse."))
    assert system.content == "You are terse."
    assert user == rendered(Prompts())[1]


def test_a_part_of_ones_own_is_used_inside_our_templates(tmp_path: Path) -> None:
    _, user = rendered(own(tmp_path, rules="- Only one rule, for {{ name }}."))
    assert "- Only one rule, for Terms." in user.content
    assert "THE CONTRACT" in user.content


def test_a_template_of_ones_own_can_use_ours(tmp_path: Path) -> None:
    _, user = rendered(own(tmp_path, json='{% include "document.jinja" %} Now {{ outline }}!'))
    assert user.content.endswith(f"=== END OF DOCUMENT {NONCE} === Now THE OUTLINE!")


@pytest.mark.parametrize(
    "template",
    [
        "{{ no_such_variable }}",
        "{{ document.no_such_attribute }}",
        "{% if %}",
        "{% include 'missing.jinja' %}",
        "{{ ''.__class__.__mro__ }}",
        "{{ outline.__init__.__globals__ }}",
        "{% for i in range(10000000) %}x{% endfor %}",
        "{{ 1 / 0 }}",
        "{{ document + 1 }}",
        "{{ [1].index(2) }}",
        "{% include 'json.jinja' %}",
    ],
)
def test_a_template_that_does_not_work_or_reaches_too_far_is_a_configuration_error(
    tmp_path: Path, template: str
) -> None:
    with pytest.raises(ConfigurationError, match=r"json\.jinja") as caught:
        rendered(own(tmp_path, json=template))
    assert caught.value.hint
    assert "THE CONTRACT" not in caught.value.message


def test_a_template_that_is_no_text_is_a_configuration_error(tmp_path: Path) -> None:
    (tmp_path / "json.jinja").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match=r"json\.jinja"):
        rendered(Prompts(tmp_path))


def test_a_folder_that_does_not_exist_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="No such folder"):
        Prompts(tmp_path / "none")


def test_templates_are_read_from_their_folder_only(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("a secret", encoding="utf-8")
    folder = tmp_path / "templates"
    folder.mkdir()
    with pytest.raises(ConfigurationError):
        rendered(own(folder, json="{% include '../secret.txt' %}"))


def test_a_template_that_leaves_the_document_out_is_refused(tmp_path: Path) -> None:
    (tmp_path / "document.jinja").write_text("Say hello.", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="does not contain the document"):
        Prompts(tmp_path).extraction(
            "json",
            document="The contract.",
            nonce="n",
            name="Law",
            outline="{}",
            evidence="quotes",
            instructions=None,
        )


@pytest.mark.parametrize(
    ("text", "what"), [("One\n{{ nothing }}", "'nothing' is undefined"), ("One\n{% if %}", "")]
)
def test_an_error_in_an_included_part_names_that_part_and_its_line(
    tmp_path: Path, text: str, what: str
) -> None:
    with pytest.raises(
        ConfigurationError, match=rf"json\.jinja .*{what}.*\(rules\.jinja, line 2\)"
    ):
        rendered(own(tmp_path, rules=text))


def test_a_template_that_nothing_would_use_is_refused_with_the_name_it_may_mean(
    tmp_path: Path,
) -> None:
    with pytest.raises(ConfigurationError, match=r"rule\.jinja would never be used") as caught:
        own(tmp_path, rule="- Be brief.")
    assert caught.value.hint is not None
    assert caught.value.hint.endswith("Did you mean rules.jinja?")


def test_a_part_of_ones_own_by_a_new_name_is_used_where_another_template_includes_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "style.jinja").write_text("Be brief.", encoding="utf-8")
    system, _ = rendered(own(tmp_path, system='{% include "house/style.jinja" %}'))
    assert system.content == "Be brief."


def test_a_name_that_only_rendering_tells_may_be_that_of_any_part(tmp_path: Path) -> None:
    system, _ = rendered(
        own(tmp_path, style="Be brief.", system="{% include 'sty' ~ 'le.jinja' %}")
    )
    assert system.content == "Be brief."


def test_files_beside_the_templates_that_are_no_text_change_nothing(tmp_path: Path) -> None:
    before = own(tmp_path, rules="- Be brief.").digest
    (tmp_path / ".DS_Store").write_bytes(b"\x00\x00\xff\xfe")
    assert Prompts(tmp_path).digest == before


def test_a_folder_without_templates_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rules.j2").write_text("- Be brief.", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="has no prompt template"):
        Prompts(tmp_path)


# --- templates of later turns ---------------------------------------------------------------------


@pytest.mark.parametrize("name", ["reask", "passages", "problems"])
def test_a_template_of_a_later_turn_that_does_not_work_is_known_before_anything_is_sent(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / f"{name}.jinja").write_text("{{ nothing }}", encoding="utf-8")
    provider = ScriptedProvider([])
    with pytest.raises(ConfigurationError, match="nothing"):
        Extractor(Terms, provider=provider, prompts=tmp_path).extract("A contract.")
    assert provider.requests == []


def test_so_is_one_that_leaves_the_passages_out(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"passages\.jinja does not contain the document"):
        rendered(own(tmp_path, passages="{{ problems | length }} problems"))


def test_words_that_cannot_be_encoded_are_a_configuration_error() -> None:
    extractor = Extractor(Terms, provider=ScriptedProvider([]), instructions="Be \udcff")
    with pytest.raises(ConfigurationError, match="half a character"):
        extractor.first_request("A contract.")


# --- the guide ------------------------------------------------------------------------------------


class Recorder(Prompts):
    """Notes which variables each template is given."""

    def __init__(self) -> None:
        super().__init__()
        self.given: dict[str, set[str]] = {}

    def render(self, template: str, /, **variables: Any) -> str:
        self.given[template] = set(variables)
        return super().render(template, **variables)


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading of the guide."""
    section = GUIDE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [line.strip("|").split(" | ") for line in lines]


def code(cell: str) -> set[str]:
    return set(re.findall(r"`(\w+)`", cell))


def test_the_guide_names_every_template_with_the_variables_that_it_gets() -> None:
    told = {name: code(cells[2]) for cells in rows("Templates") for name in code(cells[0])}
    parts = {name for name, given in told.items() if not given and name != "system"}
    recorder = Recorder()
    for technique in ("strict", "native", "tools", "json", "xml"):
        recorder.extraction(
            technique,
            document="d",
            nonce=NONCE,
            name="Terms",
            outline=None,
            evidence="quotes",
            instructions=None,
        )
    document = read_document("A contract.")
    (window,) = chunks(document, budget=1_000, count=len)
    recorder.window(window, document, number=1, total=1)
    recorder.selection(Passages((Span(0, 5),), 1), document)
    assert {name: told[name] for name in recorder.given} == recorder.given
    assert set(recorder.given) | parts == {file.stem for file in SHIPPED.glob("*.jinja")}
    assert {"document", "rules", "problems"} == parts


def test_the_guide_explains_every_variable() -> None:
    given = set[str]().union(*(code(cells[2]) for cells in rows("Templates")))
    assert {name for cells in rows("Variables") for name in code(cells[0])} == given


def test_the_guides_example_works_as_it_says(tmp_path: Path) -> None:
    name, text = re.findall(r"`([a-z]+)\.jinja`:\n\n```jinja\n(.+?)```", GUIDE, re.DOTALL)[0]
    _, user = rendered(own(tmp_path, **{name: text}))
    promised = re.findall(r"```text\n(.+?)```", GUIDE, re.DOTALL)[0].strip()
    assert promised in user.content
    assert user.content.count("Rules:") == 1
    assert "THE CONTRACT" in user.content
