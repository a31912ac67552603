"""What becomes of one request in a batch, as each API writes it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from benchmarks.fault_server.asked import Api, Asked
from benchmarks.fault_server.replies import Reply, body, cut_off, error_body, invalid, right
from extractor.types import JsonObject


def _refused(_: Asked) -> Reply:
    return Reply("", refusal="I can't help with that.")


REPLIES: Mapping[str, Callable[[Asked], Reply]] = {
    "right": right,
    "invalid": invalid,
    "cut_off": cut_off,
    "refused": _refused,
}
"""The fates that are replies, and are billed."""

_ERRORS: Mapping[str, tuple[int, str, str]] = {
    "bad_request": (400, "invalid_request_error", "This request is not right."),
    "no_room": (
        400,
        "invalid_request_error",
        "Could not finish the message because max_tokens or model output limit was reached.",
    ),
    "overloaded": (529, "overloaded_error", "Overloaded."),
    "server_error": (500, "api_error", "Something broke."),
    "no_credit": (402, "billing_error", "Your credit balance is too low."),
}
_UNDONE = {"expired": "batch_expired", "canceled": "batch_cancelled"}

_SPOILED = frozenset({"no_reply", "junk", "missing"})
"""Replies that were made, and are billed, but never arrive: a 200 that holds none, half a line."""

FATES = (*REPLIES, *_ERRORS, *_UNDONE, *_SPOILED, "undone")
"""All that can become of a request; `undone` leaves no line of a batch that ended early."""


@dataclass(frozen=True, slots=True)
class Item:
    """A request of a batch and its fate."""

    custom_id: str
    asked: Asked
    fate: str

    @property
    def reply(self) -> Reply | None:
        """What is billed for it; None where nothing is."""
        make = right if self.fate in _SPOILED else REPLIES.get(self.fate)
        return None if make is None else make(self.asked)

    @property
    def is_output(self) -> bool:
        """Whether OpenAI has it in the file of outputs, and not in that of errors."""
        return self.fate in REPLIES or self.fate in {"no_reply", "junk"}

    def undone(self, fate: str) -> Item:
        """Return it with the end of a batch that came first."""
        return replace(self, fate=fate)

    def line(self) -> bytes:
        """Write the line of it; nothing where there is none."""
        if self.fate in {"missing", "undone"}:
            return b""
        if self.fate == "junk":
            return b'{"custom_id": "' + self.custom_id.encode() + b'", "resp\n'
        told = self._openai() if self.asked.api == "openai" else self._anthropic()
        return (
            json.dumps({"custom_id": self.custom_id, **told}, ensure_ascii=False).encode() + b"\n"
        )

    def _openai(self) -> JsonObject:
        if code := _UNDONE.get(self.fate):
            return {"response": None, "error": {"code": code, "message": "This was not done."}}
        status, made = 200, self._body()
        if self.fate in _ERRORS:
            status = 429 if self.fate == "no_credit" else _ERRORS[self.fate][0]
        response = {"status_code": status, "request_id": "req_1", "body": made}
        return {"id": "batch_req_1", "response": response, "error": None}

    def _anthropic(self) -> JsonObject:
        if self.fate in _UNDONE:
            return {"result": {"type": self.fate}}
        if self.fate in _ERRORS:
            return {"result": {"type": "errored", "error": self._body()}}
        return {"result": {"type": "succeeded", "message": self._body()}}

    def _body(self) -> JsonObject:
        made: JsonObject = {"id": "nothing_1"}
        if self.fate in _ERRORS:
            _, kind, message = _ERRORS[self.fate]
            code = "insufficient_quota" if self.fate == "no_credit" else None
            made = json.loads(error_body(self.asked.api, kind, message, code=code))
        elif self.fate != "no_reply" and self.reply is not None:
            made = json.loads(body(self.asked, self.reply))
        return made


def stray(api: Api) -> bytes:
    """Write lines that are no request's: one of nobody, one in half, one that is no object."""
    told: JsonObject = {"result": {"type": "expired"}}
    if api == "openai":
        told = {"response": None, "error": {"code": "batch_expired", "message": "Late."}}
    return json.dumps({"custom_id": "nobody-1", **told}).encode() + b'\n{"custom_id": "\n[1]\n\n'
