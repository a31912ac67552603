"""One extraction, with no input or output of its own.

The generator yields each request it needs and is sent the reply; whoever drives it decides how a
request travels. The ladder, cheapest first: what can be repaired without asking is repaired while
parsing; then only the failing fields are asked for again, with the passages they come from; then
the whole answer, with its errors. A reply that ran out of room gets more of it, or is asked for the
rest; a refusal is the end.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Generic, TypeAlias

from extractor.backends.parse import Parsed, best_of, judge
from extractor.documents.document import Document
from extractor.documents.plain import from_text
from extractor.errors import (
    ExtractionError,
    ExtractorError,
    SchemaMismatchError,
    TruncatedError,
)
from extractor.flow.dialogue import Dialogue
from extractor.flow.proving import Proved, proved
from extractor.flow.reask import Reask, apply, carried, given_up, reask_for
from extractor.flow.second_look import improved
from extractor.flow.second_look import second_look as look_for
from extractor.grounding import Locator
from extractor.grounding.fields import is_proved, unsearched
from extractor.paths import format_path
from extractor.planning.layout import Layout, whole
from extractor.planning.plan import Plan, can_ask, vital_fields
from extractor.prompting.prompts import PROCESS_KEY, Prompts, document_nonce
from extractor.types import (
    FieldResult,
    ModelRequest,
    ModelResponse,
    Repair,
    T,
    Unverified,
)
from extractor.wire.merge import merge
from extractor.wire.restored import Leaf, Restored

_MEND = "Mend the validator: it has to raise ValueError, and no other, for a value that it refuses."
_SEE_ALL = "Let the model see all of the document: coverage='full'."


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """A valid value, each of its leaves compared with the document, and what was repaired.

    `coverage` is the share of the document's text that was shown.
    """

    value: T
    fields: Mapping[str, FieldResult]
    repairs: tuple[Repair, ...]
    coverage: float = 1.0
    warnings: tuple[str, ...] = ()


Flow: TypeAlias = Generator[ModelRequest, ModelResponse, Answer[T]]


def extraction(
    plan: Plan[T],
    document: Document,
    prompts: Prompts,
    *,
    layout: Layout[T] | None = None,
    instructions: str | None = None,
    max_attempts: int = 4,
    unverified: Unverified = "drop",
    second_look: bool = True,
    nonce_key: bytes = PROCESS_KEY,
) -> Flow[T]:
    """Ask for one document's fields until the answer is valid, then prove it.

    A document in parts is asked about part by part; the answers are merged, and what then
    contradicts itself or is no valid value is asked for again with its passages.

    Args:
        plan: what to ask of whom, and how.
        document: the contract.
        prompts: the templates.
        layout: which fields are asked of which part of it; by default it is shown as a whole.
        instructions: the caller's own words for the prompt, put after ours.
        max_attempts: how many replies may be asked for, the first included; for each part, and
            then again for what came of them.
        unverified: whether values that nothing proves are left out of the answer.
        second_look: whether the schema's vital fields, where nothing is proved of them, and fields
            that it can't do without and were answered without proof, are looked for once more,
            while attempts are left.
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
    layout = layout or whole(plan)
    nonce = document_nonce(document.text, nonce_key)
    talk = Dialogue(plan, document, prompts, instructions, max_attempts, nonce)
    try:
        parsed, value = yield from _valid(talk, locator, layout, looks_again=second_look)
    except ExtractorError as error:
        is_used_up = isinstance(error, ExtractionError)
        rest = _without_failures(talk, locator) if is_used_up else None
        if rest is None:
            lacking = talk.lack_of_room() if is_used_up else None
            talk.explain(lacking or error)
            if lacking is not None:
                raise lacking from error
            raise
        parsed, value = rest
    answer = proved(plan, parsed, value, document, locator, unverified=unverified)
    if second_look:
        answer = yield from _looked_again(talk, parsed, answer, locator, unverified)
    fields = unsearched(answer.fields) if layout.mode == "passages" else answer.fields
    repairs = (*talk.repairs, *answer.parsed.repairs)
    told = (*layout.warnings(document), *answer.warnings)
    return Answer(answer.value, fields, repairs, layout.share(document), told)


def opening(
    plan: Plan[T], text: str, prompts: Prompts, *, instructions: str | None = None
) -> ModelRequest:
    """Return the first request about a text, under any nonce."""
    nonce = document_nonce(text, PROCESS_KEY)
    talk = Dialogue(plan, from_text(text, ""), prompts, instructions, 1, nonce)
    return next(talk.whole())


def _valid(
    talk: Dialogue[T], locator: Locator, layout: Layout[T], *, looks_again: bool
) -> Generator[ModelRequest, ModelResponse, tuple[Parsed[T], T]]:
    """Ask until there is a value: for everything, then for what fails, then for everything.

    What is looked for once more anyhow, and can be left out till then, is not worth all of that.

    A document in parts is asked about as a whole once: the same questions would have the same
    answers.
    """
    parsed = yield from (talk.whole() if layout.is_whole else _merged(talk, locator, layout))
    fits = partial(can_ask, talk.plan)
    while parsed.value is None:
        talk.best = parsed
        talk.failed(SchemaMismatchError(parsed.problems), parsed.restored.data)
        step = reask_for(talk.plan.shape, parsed, talk.document, locator, fits=fits)
        if step is not None and not (layout.shows_all or step.passages):
            step = None  # it would have to be asked of the whole document
        better = parsed if step is None else (yield from talk.fields(parsed, step))
        if len(better.problems) >= len(parsed.problems):
            rest = _left_to_second_look(talk, locator) if looks_again and step else None
            if rest is not None:
                return rest
            if not layout.is_whole:
                what = f"The answers about {layout} make no valid value."
                hints = {} if layout.mode == "full" else {"hint": _SEE_ALL}
                raise talk.ended(what, **hints) from talk.reason
            again = yield from talk.whole()
            if _fails_in_schema(parsed) and _fails_in_schema(again):
                talk.failed(SchemaMismatchError(again.problems), again.restored.data)
                raise talk.ended("No answer gets through the schema's own code.", hint=_MEND)
            better = best_of((carried(better, again), better, parsed))
        parsed = better
    return parsed, parsed.value


def _looked_again(
    talk: Dialogue[T],
    parsed: Parsed[T],
    answer: Proved[T],
    locator: Locator,
    unverified: Unverified,
) -> Generator[ModelRequest, ModelResponse, Proved[T]]:
    """Look once more for vital fields of which nothing is proved.

    The answer so far is valid and paid for: a second look that fails costs no more than itself.
    """
    plan, document = talk.plan, talk.document
    fits = partial(can_ask, plan)
    step = look_for(plan, answer.fields, document, fits=fits)
    if step is None or max(talk.taken, 1) >= talk.max_attempts:
        return answer
    try:
        answers = yield from talk.answers(step)
    except ExtractorError as error:
        sought = ", ".join(format_path(place) for place in step.targets.values())
        told = f"The second look for {sought} failed: {error.message}"
        return replace(answer, warnings=(*answer.warnings, told))

    def put(before: Parsed[T], one: Reask) -> Parsed[T]:
        return apply(plan.schema, plan.shape, before, one, answers)

    def prove(tried: Parsed[T], value: T) -> Proved[T]:
        return proved(plan, tried, value, document, locator, unverified=unverified)

    return improved(parsed, answer, step, put=put, prove=prove)


def _merged(
    talk: Dialogue[T], locator: Locator, layout: Layout[T]
) -> Generator[ModelRequest, ModelResponse, Parsed[T]]:
    """Ask about each part, and make one answer of theirs."""

    def is_found(leaf: Leaf) -> bool:
        return is_proved(leaf, locator, talk.document)

    plan = talk.plan
    parts: list[Restored] = []
    for asked in layout.parts:
        part = talk.about(asked)
        try:
            parts.append((yield from _of_part(part)).restored)
        except ExtractorError as error:
            talk.reason, talk.partial = part.reason, part.partial
            if str(asked):
                error.add_note(f"This was {asked}.")
            raise
        finally:
            talk.repairs += part.repairs
    return judge(plan.schema, plan.shape, merge(plan.shape, parts, is_proved=is_found))


def _of_part(part: Dialogue[T]) -> Generator[ModelRequest, ModelResponse, Parsed[T]]:
    """Ask about one part; once more, if the reply breaks off though there was room for all of it.

    Merged, a list that one part cuts off costs the items of all others too. A second reply that is
    no better costs no more than itself.
    """
    parsed = yield from part.whole()
    if not _breaks_off(parsed) or part.out_of_room or part.taken == part.max_attempts:
        return parsed
    part.failed(SchemaMismatchError(parsed.problems), parsed.restored.data)
    try:
        again = carried(parsed, (yield from part.whole()))
    except (ExtractionError, TruncatedError):
        return parsed
    return best_of((again, parsed)) if _breaks_off(again) else again


def _breaks_off(parsed: Parsed[T]) -> bool:
    return any(problem.kind == "truncated" for problem in parsed.problems)


def _fails_in_schema(parsed: Parsed[T]) -> bool:
    """Whether a validator of the schema failed, which another answer may well not cure."""
    return any(problem.kind == "validator_error" for problem in parsed.problems)


def _left_to_second_look(talk: Dialogue[T], locator: Locator) -> tuple[Parsed[T], T] | None:
    """Leave out what fails, if all of it is looked for once more while attempts are left."""
    plan, best = talk.plan, talk.best
    if best is None or plan.evidence == "none" or talk.taken >= talk.max_attempts:
        return None
    failing = {str(problem.path[0]) for problem in best.problems if problem.path}
    if not failing or not failing <= set(vital_fields(plan.schema)):
        return None
    return _without_failures(talk, locator)


def _without_failures(talk: Dialogue[T], locator: Locator) -> tuple[Parsed[T], T] | None:
    """Give up the optional places that stay wrong, so that these don't cost all the others.

    None where they are not optional, or where nothing else was answered: no value, and no place of
    which several are on record.
    """
    plan, best = talk.plan, talk.best
    step = reask_for(plan.shape, best, talk.document, locator) if best else None
    if best is None or step is None:
        return None
    rest = given_up(plan.schema, plan.shape, best, step)
    is_answer = any(map(_is_answered, rest.restored.leaves.values()))
    return (rest, rest.value) if rest.value is not None and is_answer else None


def _is_answered(leaf: Leaf) -> bool:
    """Whether there is a value, or several of which nobody can say which one holds.

    These say of the document what `conflict` and `ambiguous` are there to tell; an error would say
    that there was no answer.
    """
    has_several = leaf.doubt is not None and leaf.doubt.kind.startswith(("ambiguous_", "conflict"))
    return leaf.value not in (None, []) or has_several
