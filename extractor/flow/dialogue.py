"""The turns with a model about one text: asking, asking for more room, and correcting."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field, replace
from typing import Generic

from extractor.backends.base import request
from extractor.backends.parse import Parsed, parse, parse_part, restored_from
from extractor.documents.chunking import Chunk
from extractor.documents.document import Document
from extractor.documents.passages import Passages
from extractor.documents.plain import clean
from extractor.errors import (
    ContextWindowError,
    ExtractionError,
    ExtractorError,
    ParseError,
    RefusalError,
    ResponseError,
    StoppedError,
    TruncatedError,
)
from extractor.flow.reask import Reask, apply, told_of
from extractor.grounding.paragraphs import Paragraphs
from extractor.planning.layout import Part
from extractor.planning.plan import Plan
from extractor.prompting.prompts import Prompts
from extractor.types import Message, ModelRequest, ModelResponse, Repair, StopReason, T
from extractor.wire.restored import Restored
from extractor.wire.shape import Shape

_TRY = "Try a stronger model or another backend, or let the failing fields be null."

_CLOSED = ("}", "]", ">", "`")
"""What the end of a structure, or of a fence around it, is written with."""


@dataclass(slots=True)
class Dialogue(Generic[T]):
    """The turns with a model about one document, and why the last one was not enough.

    `text` is what is shown of it, in `paragraphs` where these are cited. With `is_part` the answer
    is one of several that are merged. `last_reply` is the last answer to everything, and `told`
    what is wrong with it. `partial` is the last data that could be read, or before that the last
    reply as it was written.
    """

    plan: Plan[T]
    document: Document
    prompts: Prompts
    instructions: str | None
    max_attempts: int
    nonce: str
    text: str = ""
    is_part: bool = False
    taken: int = 0
    reason: ResponseError | None = None
    partial: object = None
    best: Parsed[T] | None = None
    last_reply: str = ""
    told: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    paragraphs: Paragraphs | None = None
    room: int = 0
    out_of_room: bool = False
    repairs: list[Repair] = field(default_factory=list[Repair])

    def __post_init__(self) -> None:
        self.room = self.plan.room
        self.text = self.text or self.document.text
        is_numbered = self.plan.evidence == "paragraphs"
        self.paragraphs = Paragraphs.of(self.text) if is_numbered else None

    def about(self, part: Part[T]) -> Dialogue[T]:
        """Begin another dialogue, about one part alone."""
        text = self._shown(part)
        return replace(self, plan=part.plan, text=text, is_part=True, repairs=[], told=[])

    def _shown(self, part: Part[T]) -> str:
        match part.shown:
            case None:
                return self.document.text
            case Passages():
                return self.prompts.selection(part.shown, self.document)
            case Chunk():
                number, total = part.window
                return self.prompts.window(part.shown, self.document, number=number, total=total)

    def failed(self, reason: ResponseError, partial: object = None) -> None:
        """Note why the last reply is not enough, and what of it could be read."""
        self.reason = reason
        if partial is not None:
            self.partial = partial

    def explain(self, error: ExtractorError) -> None:
        """Note on what ends the extraction why more was asked, and what there was by then."""
        error.partial = self.partial
        if self.reason is not None:
            error.problems = error.problems or self.reason.problems
            if error.__cause__ is not self.reason:
                error.add_note(f"It was asked again because: {self.reason.message}")

    def whole(self) -> Generator[ModelRequest, ModelResponse, Parsed[T]]:
        """Ask for everything, until something of the schema comes back.

        The conversation never grows beyond the last reply and what was wrong with it.
        """
        plan, opening = self.plan, self._opening()
        if self.out_of_room:
            raise _out_of_room(self.room)
        while True:
            response = yield from self._ask(plan.shape, (*opening, *self._correction()))
            self.last_reply = clean(response.text)  # a lone surrogate could not be sent back
            try:
                parsed = self._parsed(response.text)
            except ParseError as error:
                if self.out_of_room:
                    raise _out_of_room(self.room) from error
                self.failed(error)
                self.told = [{"path": "$", "message": error.message}]
            else:
                self.told = list(told_of(parsed))
                return parsed

    def _parsed(self, reply: str) -> Parsed[T]:
        plan = self.plan
        if self.is_part:
            parsed = parse_part(plan.backend, plan.shape, reply)
        else:
            parsed = parse(plan.backend, plan.schema, plan.shape, reply)
        if self.paragraphs is None:
            return parsed
        return replace(parsed, restored=self.paragraphs.quoted(parsed.restored))

    def _correction(self) -> tuple[Message, ...]:
        if not self.last_reply.strip():
            return ()
        said = Message("assistant", self.last_reply)
        return (said, self.prompts.correction(self.told, nonce=self.nonce))

    def fields(
        self, parsed: Parsed[T], step: Reask
    ) -> Generator[ModelRequest, ModelResponse, Parsed[T]]:
        """Ask for the failing places alone; an unusable reply leaves everything as it was."""
        answers = yield from self.answers(step)
        better = apply(self.plan.schema, self.plan.shape, parsed, step, answers)
        if better is parsed:
            self.repairs.append(Repair("field_reask_failed"))
        return better

    def answers(self, step: Reask) -> Generator[ModelRequest, ModelResponse, list[Restored]]:
        """Ask for some places, and return each way in which the reply can be read; it may be none.

        Where passages of theirs are shown, quotes are asked for: these are short.
        """
        plan = self.plan
        is_second_look = step.kind == "second_look"
        numbered = None if step.passages else self.paragraphs
        shape = replace(step.shape, by_paragraph=numbered is not None)
        document = self.document.text if numbered is None else numbered.shown
        messages = self.prompts.fields(
            "second_look" if is_second_look else "passages",
            plan.backend.name,
            passages=step.passages,
            document=None if step.passages else document,
            nonce=self.nonce,
            name=plan.schema.__name__,
            problems=step.told,
            outline=plan.backend.outline(shape, plan.profile),
            evidence=plan.evidence if numbered or plan.evidence == "none" else "quotes",
            instructions=self.instructions,
        )
        # what a second look is cut off in is not worth more room: it may only add
        ask = self._ask_once if is_second_look else self._ask
        response = yield from ask(shape, messages)
        try:
            readings = plan.backend.read(shape, response.text)
        except ParseError:
            readings = ()
        answers = [restored_from(shape, reading) for reading in readings]
        return answers if numbered is None else [*map(numbered.quoted, answers)]

    def _opening(self) -> tuple[Message, ...]:
        plan = self.plan
        return self.prompts.extraction(
            plan.backend.name,
            document=self.text if self.paragraphs is None else self.paragraphs.shown,
            nonce=self.nonce,
            name=plan.schema.__name__,
            outline=plan.backend.outline(plan.shape, plan.profile),
            evidence=plan.evidence,
            instructions=self.instructions,
        )

    def _ask(
        self, shape: Shape, messages: tuple[Message, ...]
    ) -> Generator[ModelRequest, ModelResponse, ModelResponse]:
        """Ask once; while the reply is cut off, again with twice the room that there was.

        A reply that even the most room cuts off is returned: what it holds is worth reading, and
        the rest can be asked for alone. The whole is then never asked for again. One that had just
        come to the end of its answer lacks nothing.
        """
        while True:
            response = yield from self._ask_once(shape, messages)
            is_cut_off = response.stop_reason is StopReason.LENGTH
            if not is_cut_off or self._is_whole(shape, response.text):
                return response
            if self.room >= self.plan.profile.max_output_tokens:
                self.out_of_room = True
                return response
            self.failed(TruncatedError(f"The reply was cut off at {self.room:,} output tokens."))
            self.room = min(self.room * 2, self.plan.profile.max_output_tokens)
            self.repairs.append(Repair("more_room", detail=f"{self.room} output tokens"))

    def _is_whole(self, shape: Shape, reply: str) -> bool:
        """Whether a reply is one structure that is closed, with nothing begun behind it."""
        if not reply.rstrip().endswith(_CLOSED):
            return False  # most are cut off elsewhere, and reading takes time
        try:
            readings = self.plan.backend.read(shape, reply)
        except ParseError:
            return False
        kinds = {repair.kind for reading in readings for repair in reading.repairs}
        is_one = len(readings) == 1 and isinstance(readings[0].value, dict | list)
        return is_one and not readings[0].cut and kinds <= {"code_fence"}

    def _ask_once(
        self, shape: Shape, messages: tuple[Message, ...]
    ) -> Generator[ModelRequest, ModelResponse, ModelResponse]:
        if self.taken == self.max_attempts:
            raise self.ended(
                f"No valid answer within {self.max_attempts} attempts."
            ) from self.reason
        self.taken += 1
        plan = self.plan
        stopped: StoppedError | None = None
        try:
            response = yield request(
                plan.output_of(shape),
                messages,
                model=plan.model,
                profile=plan.profile,
                max_tokens=self.room,
                turn=self.taken,
                reasoning_effort=plan.reasoning_effort,
            )
        except StoppedError as error:
            stopped, response = error, ModelResponse("", stop_reason=error.stop_reason)
        if self.partial is None or isinstance(self.partial, str):
            self.partial = response.text or response.refusal or self.partial
        if response.stop_reason in {StopReason.REFUSAL, StopReason.CONTENT_FILTER}:
            raise RefusalError(
                f"The model declined to answer ({response.stop_reason}).",
                hint="Try another model, or look at what in the document may have caused it.",
            ) from stopped
        if response.stop_reason is StopReason.CONTEXT_WINDOW:
            raise ContextWindowError("The model's context window was full before it had answered.")
        return response

    def lack_of_room(self) -> TruncatedError | None:
        """Return the error to end with where all that is wrong is what the most room cut off."""
        problems = self.best.problems if self.best else ()
        is_all = {problem.kind for problem in problems} == {"truncated"}
        return _out_of_room(self.room) if self.out_of_room and is_all else None

    def ended(self, what: str, hint: str = _TRY) -> ExtractionError:
        """Return the error that ends the extraction, with the last reason."""
        why = self.reason.message if self.reason else ""
        return ExtractionError(f"{what} {why}".strip(), hint=hint)


def _out_of_room(room: int) -> TruncatedError:
    return TruncatedError(
        f"The answer does not fit into {room:,} output tokens, the most that this model writes.",
        hint="Use a model with a larger output limit, or a schema that asks for less.",
    )
