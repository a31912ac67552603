"""A scanner that reads one JSON value however a model has written it.

It works forwards only and never recurses, so neither depth nor length of a reply can hurt it. The
two hard questions, where a string with unescaped quotes inside ends and where an unquoted scalar
with commas inside ends, are decided by what follows (`json_syntax`): only a quote or comma after
which JSON plausibly goes on ends anything.

In an object, `1,000,000` is one scalar, since no key follows the commas. In an array it is one
only if it could not be JSON numbers (`1,000`: none starts with two zeros) or has a currency;
`[250,500]` is two numbers, as JSON says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from extractor.backends import json_syntax as syntax
from extractor.backends.json_strings import read_key, read_string
from extractor.backends.reading import MAX_DEPTH, RepairLog, TooDeepError, gather
from extractor.paths import Path
from extractor.types import Repair
from extractor.wire.reading import Lexeme


class Scanned(NamedTuple):
    """A value, where it ended, and how it was read.

    `is_doubtful` says that the text is hardly JSON, so that what it contains may be worth a look.
    `steps` counts the values, commas, brackets and pieces of junk that were read.
    """

    value: Any
    end: int
    repairs: tuple[Repair, ...] = ()
    cut: tuple[Path, ...] = ()
    is_doubtful: bool = False
    steps: int = 0


@dataclass(slots=True)
class _Frame:
    """A container being read; `after` is what the cursor is behind: its start, `,` or a value."""

    closer: str
    path: Path = ()
    amounts: bool = False
    key: str | None = None
    after: str = "start"
    pairs: list[tuple[str, Any]] = field(default_factory=list[tuple[str, Any]])
    items: list[Any] = field(default_factory=list[Any])

    @property
    def is_object(self) -> bool:
        return self.closer == "}"

    @property
    def place(self) -> Path:
        """The path of the value being read, or of an object between two of its members."""
        if not self.is_object:
            return (*self.path, len(self.items))
        return self.path if self.key is None else (*self.path, self.key)


def scan(text: str, start: int, *, opened: bool = True) -> Scanned:
    """Read the object or array at `start`; with `opened=False`, members whose brace is missing.

    Raises:
        TooDeepError: the value is nested too deeply.
    """
    return _Scanner(text, start).scan(opened=opened)


class _Scanner:
    def __init__(self, text: str, start: int) -> None:
        self._text = text
        self._pos: int = start
        self._stack: list[_Frame] = []
        self._open = dict.fromkeys(syntax.CLOSING_BRACKET.values(), 0)
        self._log = RepairLog()
        self._cut: list[Path] = []
        self._value: Any = None
        self._doubtful = False

    def scan(self, *, opened: bool) -> Scanned:
        if opened:
            self._push(self._text[self._pos])
        else:
            self._note("missing_open")
            self._stack.append(_Frame("}"))
            self._open["}"] += 1
        steps = 0
        while self._stack:
            steps += 1
            self._skip_gap()
            if self._pos >= len(self._text):
                self._break_off()
            elif self._text.startswith("```", self._pos):
                self._close_down_to(0)
            else:
                self._step(self._stack[-1], self._text[self._pos])
        repairs = self._log.repairs()
        return Scanned(self._value, self._pos, repairs, tuple(self._cut), self._doubtful, steps)

    # --- where we are ------------------------------------------------------------------------

    def _path(self) -> Path:
        """Return the path of the value being read."""
        return self._stack[-1].place if self._stack else ()

    def _note(self, kind: str, *, lossy: bool = False, detail: str = "") -> None:
        path = () if self._log.is_full else self._path()
        self._log.add(kind, path, lossy=lossy, detail=detail)

    def _skip_gap(self) -> None:
        char = self._text[self._pos : self._pos + 1]
        if not (char.isspace() or char in "/#"):
            return
        self._pos = syntax.end_of(syntax.SPACE, self._text, self._pos)
        while comment := syntax.COMMENT.match(self._text, self._pos):
            self._note("comment")
            self._pos = syntax.end_of(syntax.SPACE, self._text, comment.end())

    def _step(self, frame: _Frame, char: str) -> None:
        if char == ",":
            self._comma(frame)
        elif char in syntax.FOREIGN_COMMAS and self._is_comma(frame):
            self._note("foreign_comma")
            frame.after = ","
            self._pos += 1
        elif char in "}])":
            self._close(char)
        elif frame.is_object and frame.key is None:
            self._read_key(frame, char)
        else:
            self._read_value(frame, char)

    # --- containers --------------------------------------------------------------------------

    def _push(self, opener: str) -> None:
        if len(self._stack) >= MAX_DEPTH:
            raise TooDeepError
        if opener == "(":
            self._note("tuple")
        amounts = opener == "[" and syntax.holds_amounts(self._text, self._pos)
        closer = syntax.CLOSING_BRACKET[opener]
        self._stack.append(_Frame(closer, self._path(), amounts))
        self._open[closer] += 1
        self._pos += 1

    def _comma(self, frame: _Frame) -> None:
        self._drop_pending_key(frame)
        start, self._pos = self._pos, syntax.end_of(syntax.COMMAS, self._text, self._pos)
        if frame.after != "value" or self._pos > start + 1:
            self._note("extra_comma")
        frame.after = ","

    def _is_comma(self, frame: _Frame) -> bool:
        if not frame.is_object:
            return frame.after == "value" and self._text[self._pos] != "|"
        return syntax.ends_member(self._text, self._pos)

    def _close(self, closer: str) -> None:
        if not self._open[closer]:
            self._note("stray_close")
            self._pos = syntax.end_of(syntax.CLOSERS[closer], self._text, self._pos)
            return
        depth = len(self._stack)
        while self._stack[depth - 1].closer != closer:
            depth -= 1
        if depth == 1 and closer == "}" and syntax.member_follows(self._text, self._pos + 1):
            self._close_too_early()
            return
        self._close_down_to(depth)
        frame = self._stack[-1]
        self._drop_pending_key(frame)
        if frame.after == ",":
            self._note("trailing_comma")
        self._pos += 1
        self._pop()

    def _close_too_early(self) -> None:
        """Take a bracket that would end all, though a member follows, for another's, or none."""
        self._pos += 1
        if len(self._stack) > 1:
            self._drop_pending_key(self._stack[-1])
            self._log.add("foreign_close", self._stack[-1].path)
            self._pop()
        else:
            self._drop_pending_key(self._stack[-1])
            self._note("stray_close")

    def _close_down_to(self, depth: int) -> None:
        """Close the containers above `depth` whose own closing brackets are missing."""
        while len(self._stack) > depth:
            self._drop_pending_key(self._stack[-1])
            self._log.add("missing_close", self._stack[-1].path)
            self._pop()

    def _pop(self) -> None:
        frame = self._stack.pop()
        self._open[frame.closer] -= 1
        value = gather(frame.pairs, frame.path, self._log) if frame.is_object else frame.items
        if self._stack:
            self._put(self._stack[-1], value)
        else:
            self._value = value

    def _put(self, frame: _Frame, value: Any) -> None:
        frame.after = "value"
        if frame.key is not None:
            frame.pairs.append((frame.key, value))
            frame.key = None
        else:
            frame.items.append(value)

    def _drop_pending_key(self, frame: _Frame) -> None:
        if frame.key is not None:
            self._note("missing_value", lossy=True)
            self._doubtful = True
            frame.key = None

    def _break_off(self) -> None:
        """The text ends inside a value: close what is open, and say so."""
        self._log.add("cut_off", self._cut[0] if self._cut else self._path())
        while self._stack:
            frame = self._stack[-1]
            if frame.key is not None:
                self._cut.append(self._path())
                self._note("incomplete_member", lossy=True)
                frame.key = None
            self._cut.append(frame.path)
            self._pop()

    # --- members and items -------------------------------------------------------------------

    def _read_key(self, frame: _Frame, char: str) -> None:
        if frame.after == "value":
            self._note("missing_comma")
        frame.after = "value"
        if char in syntax.CLOSING_QUOTE:
            self._read_quoted_key(frame, char)
        elif bare := syntax.BARE_KEY.match(self._text, self._pos):
            self._pos = bare.end()
            frame.key = bare[1]
            self._note("unquoted_key")
        elif char == "{" and self._is_item(frame):
            self._close_down_to(len(self._stack) - 1)  # the next item: this one was not closed
        elif unfinished := syntax.BARE_KEY_CUT.match(self._text, self._pos):
            self._log.add("incomplete_member", self._path(), lossy=True)
            self._pos = unfinished.end()
        else:
            self._skip_junk(syntax.JUNK if self._is_item(frame) else syntax.JUNK_BEFORE_KEY)

    def _is_item(self, frame: _Frame) -> bool:
        """Whether an object may be a list's item, and has members already."""
        return bool(frame.pairs) and self._is_open("]")

    def _read_quoted_key(self, frame: _Frame, quote: str) -> None:
        key, ended = self._quoted(quote, None)
        if not ended:
            self._log.add("incomplete_member", self._path(), lossy=True)
            return
        frame.key = key
        self._skip_gap()
        char = self._text[self._pos : self._pos + 1]
        if char == ":":
            self._pos += 1
        elif arrow := syntax.ARROW.match(self._text, self._pos):
            self._note("foreign_colon")
            self._pos = arrow.end()
        elif char and char not in ",}])":
            self._note("missing_colon")

    def _read_value(self, frame: _Frame, char: str) -> None:
        if self._is_member_around(frame):
            self._close_down_to(len(self._stack) - 1)  # the list was not closed
            return
        if frame.after == "value" and not frame.is_object:
            self._note("missing_comma")
        if char in "{[" or (
            char == "(" and not syntax.ACCOUNTING_NUMBER.match(self._text, self._pos)
        ):
            self._push(char)
        elif char in syntax.CLOSING_QUOTE:
            self._read_string(frame, char)
        else:
            self._read_scalar(frame)

    def _is_member_around(self, frame: _Frame) -> bool:
        """Whether in a list a member follows that is no item's: the object around it goes on."""
        if frame.is_object or not frame.items or not self._open["}"]:
            return False
        key, last = syntax.QUOTED_KEY.match(self._text, self._pos), frame.items[-1]
        is_items = key is not None and isinstance(last, dict) and key[1] in last
        return key is not None and self._stack[-2].is_object and not is_items

    def _read_string(self, frame: _Frame, quote: str) -> None:
        value, ended = self._quoted(quote, frame)
        if not ended:
            self._cut.append(self._path())
        self._put(frame, value)

    def _read_scalar(self, frame: _Frame) -> None:
        end = syntax.scalar_end(
            self._text,
            self._pos,
            in_object=frame.is_object,
            amounts=frame.amounts,
            is_open=self._is_open,
        )
        raw = self._text[self._pos : end].rstrip()
        self._pos = end
        at_end = end >= len(self._text)
        if not raw:
            self._skip_junk(syntax.JUNK)
        elif raw in syntax.LITERALS:
            if raw not in syntax.JSON_LITERALS:
                self._note("foreign_literal")
            self._put(frame, syntax.LITERALS[raw])
        elif raw in ("...", "\u2026") and not at_end:
            self._note("ellipsis", lossy=True)
            frame.key, frame.after = None, "value"
        else:
            if not syntax.NUMBER.fullmatch(raw):
                self._note("unquoted_scalar")
                self._doubtful |= len(raw) > syntax.MAX_PLAIN_SCALAR or "{" in raw
            if at_end:
                self._cut.append(self._path())
            if raw.endswith('"') and raw.count('"') == 1:  # its opening one is missing
                self._note("missing_quote")
                raw = raw[:-1]
            self._put(frame, Lexeme(raw))

    def _is_open(self, closer: str) -> bool:
        return self._open[closer] > 0

    def _skip_junk(self, junk: re.Pattern[str]) -> None:
        """Step over what is no part of JSON, such as prose between members."""
        self._pos = syntax.end_of(junk, self._text, self._pos)
        self._note("skipped_text", lossy=True)
        self._doubtful = True

    # --- strings -----------------------------------------------------------------------------

    def _quoted(self, quote: str, frame: _Frame | None) -> tuple[str, bool]:
        """Read a quoted string; False where the text ends before it does."""
        closing = syntax.CLOSING_QUOTE[quote]
        if frame is None:
            read = read_key(self._text, self._pos, closing)
        else:
            ends = partial(self._ends_string, closing=closing, frame=frame)
            read = read_string(self._text, self._pos, closing, ends, in_object=frame.is_object)
        if quote != '"':
            self._note("quote_style")
        for note in read.notes:
            self._note(note.kind, lossy=note.lossy, detail=note.detail)
        self._pos = read.end
        return read.value, read.is_closed

    def _ends_string(self, pos: int, *, closing: str, frame: _Frame) -> bool:
        """Whether the quote before `pos` ends its string, rather than being part of it."""
        follows = syntax.json_goes_on(self._text, pos, closing, in_object=frame.is_object)
        bracket = follows and follows["closer"]
        if follows is None or not bracket:
            return follows is not None
        if not self._open[bracket]:
            return False
        return syntax.is_structural(self._text, follows.end()) or not syntax.is_opened_before(
            self._text, pos, bracket
        )
