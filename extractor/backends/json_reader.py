"""Read the JSON of a model's reply, whatever surrounds it and however it is written.

A clean document goes through the standard library at its speed. Anything else is searched for
values (`json_candidates`), which are read by a forgiving scanner (`json_scanner`). All that was
found is handed on, the likeliest first: which of them is the answer only the schema can tell, and
a reader that takes the first, or the last, can be led astray by JSON that the model merely quotes.
"""

from __future__ import annotations

import re
from dataclasses import replace

from extractor.backends.json_candidates import find_json
from extractor.backends.json_strict import NotCleanError, read_clean
from extractor.backends.json_strings import unescape_all
from extractor.backends.reading import RepairLog, TooDeepError, make_storable
from extractor.errors import ParseError
from extractor.types import Repair
from extractor.wire.reading import Reading

_ESCAPED_STRUCTURE = re.compile(r'[{\[]\s*+(?:\\[nrt]\s*+)*+(?:[{\[]|\\")|\\"\s*+:')
_ESCAPED_SPACE = re.compile(r'[{\[,]\s*+(?:\\[nrt]\s*+)++["{\[}\]]')
_STRING_OR_SPACE = re.compile(r'("(?:[^"\\]++|\\.)*+")|\\[nrt]', re.DOTALL)
_MAX_LAYERS = 3
"""How often JSON may have been put into a JSON string."""


def read_json(text: str) -> list[Reading]:
    """Return every value that may be the answer in a reply, likeliest first.

    A clean JSON document gives exactly one reading without repairs. Numbers come as `Lexeme`.

    Raises:
        ParseError: there is no JSON structure, or only one that is nested beyond reason.
    """
    log = RepairLog()
    storable = make_storable(text, log)
    try:
        readings = _read(storable, _MAX_LAYERS)
    except TooDeepError as error:
        raise ParseError(f"The reply's JSON is {error}.") from None
    if not readings:
        raise ParseError(
            f"No JSON object or array was found in the reply of {len(text)} characters.",
            hint="Ask again, or use a backend that constrains the reply to JSON.",
        )
    made = log.repairs()
    return [replace(one, repairs=(*made, *one.repairs)) for one in readings] if made else readings


def _read(text: str, layers: int) -> list[Reading]:
    try:
        value = read_clean(text)
    except NotCleanError:
        return find_json(text) or _read_escaped(text)
    whole = Reading(value)
    if not isinstance(value, str) or layers == 0 or not ("{" in value or "[" in value):
        return [whole]
    try:
        inner = _read(value, layers - 1)
    except TooDeepError:
        inner = []
    return [*(_marked(one, "json_in_string") for one in inner), whole]


def _read_escaped(text: str) -> list[Reading]:
    r"""Read JSON that was escaped once too often, such as `{\"a\": 1}`, or its line ends alone."""
    if not _ESCAPED_STRUCTURE.search(text):
        if not _ESCAPED_SPACE.search(text):
            return []
        spaced = _STRING_OR_SPACE.sub(lambda piece: piece[1] or " ", text)
        return [_marked(one, "escaped_json") for one in find_json(spaced)]
    return [_marked(one, "escaped_json") for one in find_json(unescape_all(text))]


def _marked(reading: Reading, kind: str) -> Reading:
    return replace(reading, repairs=(Repair(kind), *reading.repairs))
