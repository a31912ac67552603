"""What comes next in a reply, which decides what an odd tag is: markup, or words of a text.

Each question looks ahead to the next tag that matters and no further, so that all of them together
take time in proportion to the reply.
"""

from __future__ import annotations

from collections.abc import Sequence

from extractor.backends.xml_frame import Frame
from extractor.backends.xml_grammar import Element, Grammar
from extractor.backends.xml_tokens import FORMATTING_TAGS, Token
from extractor.wire.shape import QUOTE, VALUE, Node

_NO_KEYS = FORMATTING_TAGS | {"element", "entry", "row"}
"""What elements in a map may be called without being named after its keys."""


class Lookahead:
    """Answers a scanner's questions about the token at an index.

    Args:
        text: the whole reply.
        tokens: what looks like markup in it.
        grammar: the schema's tags.
        stack: the elements that are open; the scanner's own list, which changes as it reads.
    """

    def __init__(
        self, text: str, tokens: Sequence[Token], grammar: Grammar, stack: Sequence[Frame]
    ) -> None:
        self._text = text
        self._tokens = tokens
        self._grammar = grammar
        self._stack = stack

    def route(self, frame: Frame, token: Token) -> tuple[Element, ...]:
        """Return what leads from an element to a tag; see `Grammar.route`."""
        return self._grammar.route(frame.place, token.name, token.folded)

    def is_meant_to_close(self, index: int) -> bool:
        """Whether an opening tag is an element's closing one, its slash forgotten or put last.

        Nothing may stand between it and what comes after the element, else it could be a second
        value; so it could where an item may be null.
        """
        token, frame = self._tokens[index], self._stack[-1]
        is_item = frame.element.is_item
        if token.folded != frame.tag or token.attributes or (is_item and frame.place.is_nullable):
            return False
        following = self._next_to(index) if frame.has_text or frame.has_children else None
        if following is None:
            return False
        if following.folded == frame.tag:
            return is_item and following.kind == "open"
        around = self._stack[:-1]
        if following.kind == "close":
            return any(one.tag == following.folded for one in around)
        is_inside = bool(self.route(frame, following))
        return not is_inside and any(self.route(one, following) for one in around)

    def is_half(self, index: int) -> bool:
        """Whether the first thing in a single value is a quote or value of its own.

        Where the schema asks for no quotes these may be words, and where a field around is called
        so it may be that one, unless nothing else is in the value.
        """
        frame, token = self._stack[-1], self._tokens[index]
        if token.folded not in (QUOTE, VALUE) or not frame.element.is_bare or frame.is_cited:
            return False
        if frame.has_text or frame.has_children:
            return False
        around = self._stack[-2].place.by_folded.get(token.folded)
        is_field = around is not None and (around.is_bare or token.folded == VALUE)
        return (self._grammar.quotes and not is_field) or self._is_filled_by(index)

    def has_keys(self, index: int, values: Node) -> bool:
        """Whether a map, of which this is the first tag, has nothing but elements for its keys.

        In each of them is only text, or a quote and a value where these are asked for. One look
        through all of them decides, which ends at the first thing that may not be there.
        """
        frame, key, end = self._stack[-1], "", self._tokens[index].start
        if frame.has_text or frame.has_children:
            return False
        around = {one.tag for one in self._stack if one.tag}
        halves = self._grammar.place(values).by_folded
        for i in range(index, len(self._tokens)):
            token = self._tokens[i]
            is_aside = token.kind in ("comment", "instruction")
            if key:
                is_end = token.kind == "close" and token.folded == key
                if not (is_end or is_aside or token.folded in halves or token.content is not None):
                    return False
                key = "" if is_end else key
            elif self._text[end : token.start].strip():
                return False
            elif token.kind == "close":
                return token.folded in around
            elif self._may_be_key(token):
                key = token.folded if token.kind == "open" else ""
            elif not is_aside:
                return False
            end = token.end
        return bool(key) or not self._text[end:].strip()

    def _may_be_key(self, token: Token) -> bool:
        """Whether a tag is no other one's, not of words in a text, and says nothing by itself."""
        is_known = token.folded in self._stack[-1].known or token.folded in _NO_KEYS
        is_plain = token.kind in ("open", "empty") and not token.attributes
        return is_plain and token.folded != "" and not is_known

    def _is_filled_by(self, index: int) -> bool:
        """Whether behind a value's first element its other half follows directly, or its end."""
        first, end = self._tokens[index], index
        if first.kind == "open":
            later = range(index + 1, len(self._tokens))
            halves = (i for i in later if self._tokens[i].folded in (QUOTE, VALUE))
            end = next(halves, index)
        following = self._next_to(end)
        if following is None or self._tokens[end].folded != first.folded:
            return False
        if following.kind == "close":
            return following.folded == self._stack[-1].tag
        return {first.folded, following.folded} == {QUOTE, VALUE}

    def _next_to(self, index: int) -> Token | None:
        """Return the tag that follows a token directly: blanks and comments may be in between."""
        end = self._tokens[index].end
        for i in range(index + 1, len(self._tokens)):
            token = self._tokens[i]
            if self._text[end : token.start].strip():
                return None
            if token.kind not in ("comment", "instruction"):
                return token if token.folded else None
            end = token.end
        return None

    def _next_known(self, index: int) -> Token | None:
        """Return the next tag after `index` that is known where we are."""
        following = self._next_known_at(index)
        return None if following is None else self._tokens[following]

    def _next_known_at(self, index: int) -> int | None:
        known = self._stack[-1].known
        for i in range(index + 1, len(self._tokens)):
            if self._tokens[i].folded and self._tokens[i].folded in known:
                return i
        return None

    def is_words(self, index: int) -> bool:
        """Whether an odd tag is part of the text: the text's own closing tag is still to come."""
        frame, token, following = self._stack[-1], self._tokens[index], self._next_known(index)
        if following is None or following.kind != "close" or following.folded != frame.tag:
            return False
        is_next_item = token.kind == "open" and token.folded == frame.tag and frame.element.is_item
        return not is_next_item

    def crossed_at(self, index: int) -> int | None:
        """Return where a text is closed that ends at the tag at `index`: `<a>x<b>y</a></b>`.

        None if the two elements do not cross, as where `</b>` is that of an element around.
        """
        token, frame = self._tokens[index], self._stack[-1]
        if token.kind != "open" or token.folded not in frame.known or not frame.is_text:
            return None
        if any(one.tag == token.folded for one in self._stack):
            return None
        end = self._next_known_at(index)
        if end is None or (self._tokens[end].kind, self._tokens[end].folded) != (
            "close",
            frame.tag,
        ):
            return None
        behind = self._next_to(end)
        is_crossed = behind and (behind.kind, behind.folded) == ("close", token.folded)
        has_place = any(self.route(one, token) for one in self._stack[:-1])
        return end if is_crossed and has_place else None

    def is_other_half(self, index: int) -> bool:
        """Whether a quote begins inside a value that was not closed, or a value inside a quote.

        It was words if it has come before, or comes when the one around it has ended, at its own
        closing tag, which `_is_words` has seen.
        """
        token, frame = self._tokens[index], self._stack[-1]
        if {token.folded, frame.tag} != {QUOTE, VALUE} or self._stack[-2].has(token.folded):
            return False
        later = range(index + 1, len(self._tokens))
        end = next(i for i in later if self._tokens[i].folded == frame.tag)
        following = self._next_known(end)
        return following is not None and following.folded != token.folded

    def closes_later(self, index: int) -> bool:
        """Whether a closing tag is part of the text, since the same one follows after more text."""
        frame, following = self._stack[-1], self._next_known(index)
        if following is None or following.kind != "close" or following.folded != frame.tag:
            return False
        if any(one.tag == frame.tag for one in self._stack[:-1]):
            return False
        return bool(self._text[self._tokens[index].end : following.start].strip())
