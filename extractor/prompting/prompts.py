"""Schema and template to messages.

The document stands first and the questions last, so that a re-ask or another group of fields
reuses the provider's cached prefix. It is fenced by a secret nonce and put in unescaped: text that
was changed on its way in could not be quoted back. Spotlighting by delimiters follows Hines et al.
2024.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import count
from pathlib import Path

from extractor.documents.chunking import Chunk
from extractor.documents.document import Document
from extractor.documents.passages import Passages
from extractor.documents.plain import clean
from extractor.documents.structure.furniture import body_view
from extractor.errors import ConfigurationError
from extractor.prompting.templates import Templates
from extractor.types import EvidenceMode, Message, Span

PROCESS_KEY = secrets.token_bytes(32)
"""The key of this process's nonces, where no reply cache keeps one for longer."""

_REHEARSED = 64
"""Questions that are known to work with all templates."""

_OPENING = 256
"""Characters of a document that are looked for before the rest is compared."""


def document_nonce(text: str, key: bytes) -> str:
    """Return the code of a document's fence: 16 hexadecimal digits that do not occur in it.

    It is a keyed hash of the text (HMAC-SHA256, RFC 2104). Whoever writes a document and lacks the
    key can't tell its code from a random one, and so can't end the fence from inside. Nor does a
    code that got known help: it is that of one text, and a text that has it written into it is
    another, with another code. The same text under the same key has the same code, so that a
    question asked again is the same bytes, for a provider's prompt cache and for the reply cache.
    """
    content = text.encode("utf-8", "surrogatepass")
    codes = (hmac.digest(key, b"%d:" % n + content, "sha256").hex()[:16] for n in count())
    return next(code for code in codes if code not in text)


class Prompts(Templates):
    """What a model is sent, written by the templates: ours, or those of a user's own."""

    def __init__(self, folder: Path | str | None = None) -> None:
        super().__init__(folder)
        self._rehearsed: set[tuple[str | None, ...]] = set()

    def extraction(
        self,
        technique: str,
        *,
        document: str,
        nonce: str,
        name: str,
        outline: str | None,
        evidence: EvidenceMode,
        instructions: str | None,
    ) -> tuple[Message, ...]:
        """Write the messages that ask for a whole document's fields.

        The templates of later turns are tried too: that one of them does not work should be known
        before the first answer is paid for.

        Raises:
            ConfigurationError: a template is broken, uses a variable that does not exist, or leaves
                out the text that the questions are about.
        """
        user = self.render(
            technique,
            document=document,
            nonce=nonce,
            name=name,
            outline=outline,
            **_proof(evidence),
            instructions=instructions,
            empty=_empty_answer(technique, outline),
        )
        asked = _about(technique, document, user)
        self._rehearse(
            technique,
            nonce=nonce,
            name=name,
            outline=outline,
            evidence=evidence,
            instructions=instructions,
        )
        return (self._system, asked)

    @cached_property
    def _system(self) -> Message:
        return Message("system", self.render("system"))

    def window(self, chunk: Chunk, document: Document, *, number: int, total: int) -> str:
        """Write what a model is shown of one of a document's `total` windows.

        As `chunks` counts it: running heads and feet once, with line-end hyphens joined.

        Raises:
            ConfigurationError: the template is broken, or leaves out the window's text.
        """
        body = body_view(document)

        def passage(span: Span | None) -> str:
            inside = body.from_raw(span) if span else Span(0, 0)
            return body.text[inside.start : inside.end]

        text = passage(Span((chunk.overlap or chunk.span).start, chunk.span.end))
        shown = self.render(
            "window",
            preamble=passage(chunk.preamble),
            definitions=[passage(definition.span) for definition in chunk.definitions],
            breadcrumb=chunk.breadcrumb,
            number=number,
            total=total,
            text=text,
        )
        _insist("window", shown, [text])
        return shown

    def selection(self, selected: Passages, document: Document) -> str:
        """Write what a model is shown of a document that is read by passages.

        Raises:
            ConfigurationError: the template is broken, or leaves out a passage.
        """
        body = body_view(document)
        inside = [body.from_raw(span) for span in selected.spans]
        texts = [body.text[span.start : span.end].strip() for span in inside]
        shown = self.render("selection", passages=texts)
        _insist("selection", shown, texts)
        return shown

    def correction(self, problems: Sequence[Mapping[str, str]], *, nonce: str) -> Message:
        """Write the turn that says what was wrong with a whole answer, which stands before it."""
        told = [_defused(problem | {"raw": ""}, nonce) for problem in map(dict, problems)]
        return Message("user", self.render("reask", problems=told, nonce=nonce))

    def fields(
        self,
        template: str,
        technique: str,
        *,
        passages: Sequence[str],
        document: str | None,
        nonce: str,
        name: str,
        problems: Sequence[Mapping[str, str]],
        outline: str | None,
        evidence: EvidenceMode,
        instructions: str | None,
    ) -> tuple[Message, ...]:
        """Write the messages that ask for some fields only, by the template for that.

        Their passages are shown, or the whole `document` where these are not known.
        """
        user = self.render(
            template,
            passages=passages,
            document=document,
            nonce=nonce,
            name=name,
            problems=[_defused(problem, nonce) for problem in problems],
            outline=outline,
            form="as XML tags" if technique == "xml" else "as one JSON object",
            **_proof(evidence),
            instructions=instructions,
            empty=_empty_answer(technique, outline),
        )
        if document is not None:
            return (self._system, _about(template, document, user))
        _insist(template, user, passages)
        return (self._system, Message("user", user))

    def _rehearse(
        self,
        technique: str,
        *,
        nonce: str,
        name: str,
        outline: str | None,
        evidence: EvidenceMode,
        instructions: str | None,
    ) -> None:
        """Render the templates of later turns, once for the same questions."""
        questions = (technique, name, outline, evidence, instructions)
        if questions in self._rehearsed:
            return
        problems = [{"path": "$", "message": "is missing", "raw": "none"}]
        self.correction(problems, nonce=nonce)
        turns: tuple[tuple[str, list[str], str | None], ...] = (
            ("passages", ["A passage."], None),
            ("passages", [], "The document."),
            ("second_look", ["A passage."], None),
        )
        for template, passages, document in turns:
            self.fields(
                template,
                technique,
                passages=passages,
                document=document,
                nonce=nonce,
                name=name,
                problems=problems,
                outline=outline,
                evidence=evidence,
                instructions=instructions,
            )
        if len(self._rehearsed) >= _REHEARSED:  # instructions may be another one's each time
            self._rehearsed.clear()
        self._rehearsed.add(questions)


def _proof(evidence: EvidenceMode) -> dict[str, bool]:
    """Say to a template whether quotes are asked for, and whether they are labels."""
    return {"quotes": evidence != "none", "paragraphs": evidence == "paragraphs"}


def _about(template: str, document: str, question: str) -> Message:
    """Return a question with what others about the same document share: all until it ends.

    The line that closes its fence belongs to it. A question without the document is refused.
    """
    text = document.strip()
    start = question.find(text[:_OPENING])
    if not question.startswith(text, max(0, start)):  # told quickly where it does
        start = question.find(text)
    if start < 0:
        raise _without_text(template)
    end = start + len(text)
    fence = question.find("\n\n", end)
    return Message("user", question, shared=end if fence < 0 else fence)


def _insist(template: str, prompt: str, texts: Iterable[str]) -> None:
    """Refuse a prompt without the text that its questions are about."""
    if not all(text.strip() in prompt for text in texts):
        raise _without_text(template)


def _without_text(template: str) -> ConfigurationError:
    return ConfigurationError(
        f"The prompt made of {template}.jinja does not contain the document.",
        hint="Include document.jinja, or put {{ document }} into your own template; into "
        "passages.jinja the {{ passage }} of each of the passages too.",
    )


def _defused(problem: Mapping[str, str], nonce: str) -> dict[str, str]:
    """Write each part of a problem on one line and without the nonce.

    All of them can hold words of the reply, and so of the contract: none may end the fence.
    """
    return {
        key: clean(" ".join(text.split())).replace(nonce, "...") for key, text in problem.items()
    }


def _empty_answer(technique: str, outline: str | None) -> str:
    """Say how nothing is answered.

    The outline writes every field that may be null as such. A schema that only the API shows may
    have a list of none or one in its place, where the provider allows too few nullable fields.
    """
    if technique == "xml":
        return "leave its value empty"
    return "answer null" if outline else "answer null, or an empty list where the schema has a list"
