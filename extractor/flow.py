"""One extraction, with no input or output of its own.

The generator yields each request it needs and is sent the reply; whoever drives it decides how a
request travels. The ladder, cheapest first: what can be repaired without asking is repaired while
parsing; then only the failing fields are asked for again, with the passages they come from; then
the whole answer, with its errors. A reply that ran out of room gets more of it, or is asked for the
rest; a refusal is the end.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeAlias

from extractor.backends.base import request
from extractor.backends.parse import Parsed, best_of, parse
from extractor.documents.document import Document
from extractor.documents.plain import clean
from extractor.errors import (
    ContextWindowError,
    ExtractionError,
    ExtractorError,
    ParseError,
    RefusalError,
    ResponseError,
    SchemaMismatchError,
    TruncatedError,
)
from extractor.grounding import Locator
from extractor.grounding.fields import field_results
from extractor.planning import Plan
from extractor.prompting import PROCESS_KEY, Prompts, document_nonce
from extractor.reask import Reask, apply, carried, given_up, reask_for, told_of
from extractor.types import (
    FieldResult,
    Message,
    ModelRequest,
    ModelResponse,
    Repair,
    StopReason,
    T,
)
from extractor.wire.shape import Shape


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """A valid value, each of its leaves compared with the document, and what was repaired."""

    value: T
    fields: Mapping[str, FieldResult]
    repairs: tuple[Repair, ...]


Flow: TypeAlias = Generator[ModelRequest, ModelResponse, Answer[T]]


def extraction(
    plan: Plan[T],
    document: Document,
    prompts: Prompts,
    *,
    instructions: str | None = None,
    max_attempts: int = 4,
    nonce_key: bytes = PROCESS_KEY,
) -> Flow[T]:
    """Ask for one document's fields until the answer is valid, then prove it.

    Args:
        plan: what to ask of whom, and how.
        document: the contract.
        prompts: the templates.
        instructions: the caller's own words for the prompt, put after ours.
        max_attempts: how many replies may be asked for, the first included.
        nonce_key: the secret that the document's fence is made with. The same key, document and
            replies make the same requests, byte for byte.

    Raises:
        RefusalError: the model declined.
        TruncatedError: the answer does not fit into the model's largest output.
        ContextWindowError: the model stopped because its context window was full.
        ExtractionError: the attempts are used up, and what is still wrong is no optional field;
            its `__cause__` is the last reason.
    """
    locator = Locator.of(document)
    nonce = document_nonce(document.text, nonce_key)
    talk = _Dialogue(plan, document, prompts, instructions, max_attempts, nonce)
    try:
        parsed, value = yield from _valid(talk, locator)
    except ExtractorError as error:
        is_used_up = isinstance(error, ExtractionError)
        rest = _without_failures(talk, locator) if is_used_up else None
        if rest is None:
            talk.explain(error)
            raise
        parsed, value = rest
    fields = field_results(
        parsed.restored.leaves, parsed.changed, document, locator, evidence=plan.evidence
    )
    return Answer(value, fields, (*talk.repairs, *parsed.repairs))


def _valid(
    talk: _Dialogue[T], locator: Locator
) -> Generator[ModelRequest, ModelResponse, tuple[Parsed[T], T]]:
    """Ask until there is a value: for everything, then for what fails, then for everything."""
    parsed = yield from talk.whole()
    while parsed.value is None:
        talk.best = parsed
        talk.failed(SchemaMismatchError(parsed.problems), parsed.restored.data)
        step = reask_for(talk.plan.shape, parsed, talk.document, locator)
        better = parsed if step is None else (yield from talk.fields(parsed, step))
        if len(better.problems) >= len(parsed.problems):
            again = yield from talk.whole()
            better = best_of((carried(better, again), better, parsed))
        parsed = better
    return parsed, parsed.value


def _without_failures(talk: _Dialogue[T], locator: Locator) -> tuple[Parsed[T], T] | None:
    """Give up the optional places that stay wrong, so that these don't cost all the others.

    None where they are not optional, or where there are no others.
    """
    plan, best = talk.plan, talk.best
    step = reask_for(plan.shape, best, talk.document, locator) if best else None
    if best is None or step is None:
        return None
    rest = given_up(plan.schema, plan.shape, best, step)
    has_others = any(leaf.value not in (None, []) for leaf in rest.restored.leaves.values())
    return (rest, rest.value) if rest.value is not None and has_others else None


@dataclass(slots=True)
class _Dialogue(Generic[T]):
    """The turns with a model about one document, and why the last one was not enough.

    `last_reply` is the last answer to everything, and `told` what is wrong with it. `partial` is
    the last data that could be read, or before that the last reply as it was written.
    """

    plan: Plan[T]
    document: Document
    prompts: Prompts
    instructions: str | None
    max_attempts: int
    nonce: str
    taken: int = 0
    reason: ResponseError | None = None
    partial: object = None
    best: Parsed[T] | None = None
    last_reply: str = ""
    told: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    room: int = 0
    out_of_room: bool = False
    repairs: list[Repair] = field(default_factory=list[Repair])

    def __post_init__(self) -> None:
        self.room = self.plan.room

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
                parsed = parse(plan.backend, plan.schema, plan.shape, response.text)
            except ParseError as error:
                if self.out_of_room:
                    raise _out_of_room(self.room) from error
                self.failed(error)
                self.told = [{"path": "$", "message": error.message}]
            else:
                self.told = list(told_of(parsed))
                return parsed

    def _correction(self) -> tuple[Message, ...]:
        if not self.last_reply.strip():
            return ()
        said = Message("assistant", self.last_reply)
        return (said, self.prompts.correction(self.told, nonce=self.nonce))

    def fields(
        self, parsed: Parsed[T], step: Reask
    ) -> Generator[ModelRequest, ModelResponse, Parsed[T]]:
        """Ask for the failing places alone; an unusable reply leaves everything as it was."""
        plan = self.plan
        messages = self.prompts.fields(
            plan.backend.name,
            passages=step.passages,
            document=None if step.passages else self.document.text,
            nonce=self.nonce,
            name=plan.schema.__name__,
            problems=step.told,
            outline=plan.backend.outline(step.shape, plan.profile),
            quotes=plan.evidence == "quotes",
            instructions=self.instructions,
        )
        response = yield from self._ask(step.shape, messages)
        try:
            readings = plan.backend.read(step.shape, response.text)
        except ParseError:
            readings = ()
        better = apply(plan.schema, plan.shape, parsed, step, readings)
        if better is parsed:
            self.repairs.append(Repair("field_reask_failed"))
        return better

    def _opening(self) -> tuple[Message, ...]:
        plan = self.plan
        return self.prompts.extraction(
            plan.backend.name,
            document=self.document.text,
            nonce=self.nonce,
            name=plan.schema.__name__,
            outline=plan.backend.outline(plan.shape, plan.profile),
            quotes=plan.evidence == "quotes",
            instructions=self.instructions,
        )

    def _ask(
        self, shape: Shape, messages: tuple[Message, ...]
    ) -> Generator[ModelRequest, ModelResponse, ModelResponse]:
        """Ask once; while the reply is cut off, again with twice the room that there was.

        A reply that even the most room cuts off is returned: what it holds is worth reading, and
        the rest can be asked for alone. The whole is then never asked for again.
        """
        while True:
            response = yield from self._ask_once(shape, messages)
            if response.stop_reason is not StopReason.LENGTH:
                return response
            if self.room >= self.plan.profile.max_output_tokens:
                self.out_of_room = True
                return response
            self.failed(TruncatedError(f"The reply was cut off at {self.room:,} output tokens."))
            self.room = min(self.room * 2, self.plan.profile.max_output_tokens)
            self.repairs.append(Repair("more_room", detail=f"{self.room} output tokens"))

    def _ask_once(
        self, shape: Shape, messages: tuple[Message, ...]
    ) -> Generator[ModelRequest, ModelResponse, ModelResponse]:
        if self.taken == self.max_attempts:
            raise self._used_up() from self.reason
        self.taken += 1
        plan = self.plan
        response = yield request(
            plan.backend,
            shape,
            messages,
            model=plan.model,
            profile=plan.profile,
            max_tokens=self.room,
            turn=self.taken,
        )
        if self.partial is None or isinstance(self.partial, str):
            self.partial = response.text or response.refusal or self.partial
        if response.stop_reason in {StopReason.REFUSAL, StopReason.CONTENT_FILTER}:
            raise RefusalError(
                f"The model declined to answer ({response.stop_reason}).",
                hint="Try another model, or look at what in the document may have caused it.",
            )
        if response.stop_reason is StopReason.CONTEXT_WINDOW:
            raise ContextWindowError("The model's context window was full before it had answered.")
        return response

    def _used_up(self) -> ExtractionError:
        why = self.reason.message if self.reason else ""
        return ExtractionError(
            f"No valid answer within {self.max_attempts} attempts. {why}".strip(),
            hint="Try a stronger model or another backend, or let the failing fields be null.",
        )


def _out_of_room(room: int) -> TruncatedError:
    return TruncatedError(
        f"The answer does not fit into {room:,} output tokens, the most that this model writes.",
        hint="Use a model with a larger output limit, or a schema that asks for less.",
    )
