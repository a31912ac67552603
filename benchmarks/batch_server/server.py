"""The server: both Batch APIs over HTTP/1.1, a thread for each connection, all state in memory."""

from __future__ import annotations

import email
import json
import re
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast
from urllib.parse import parse_qs, urlsplit

from benchmarks.batch_server.items import Item, stray
from benchmarks.batch_server.plan import BatchPlan, BatchTruth, Handed
from benchmarks.fault_server.asked import Api, read
from benchmarks.fault_server.replies import body as reply_body
from benchmarks.fault_server.replies import error_body, right
from extractor.types import JsonObject

_STATUSES = {"failed line": "failed", "busy": "failed"}


@dataclass(slots=True)
class Batch:
    """A batch under way; `ending` is what becomes of it as a whole."""

    id: str
    api: Api
    items: list[Item]
    ending: str
    created_at: float
    seconds: float
    metadata: JsonObject | None

    @property
    def share(self) -> float:
        """How much of its time has passed."""
        return min(1.0, (time.time() - self.created_at + 1e-9) / (self.seconds + 1e-9))

    @property
    def is_over(self) -> bool:
        return self.share >= 1


class Batches:
    """All batches and files, the plan, and the truth about what came. Hold `lock` to use it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.begin(BatchPlan())

    def begin(self, plan: BatchPlan) -> None:
        """Forget what was and follow a plan from now on."""
        self.plan, self.truth = plan, BatchTruth()
        self.batches: dict[str, Batch] = {}
        self.files: dict[str, bytes] = {}

    def fault(self, name: str) -> int | None:
        """Note a request to an endpoint, and return the status that it is to fail with."""
        self.truth.asked[name] = self.truth.asked.get(name, 0) + 1
        left = self.plan.statuses.get(name)
        return left.pop(0) if left else None

    def hand_in(
        self, api: Api, bodies: list[tuple[str, JsonObject]], metadata: JsonObject
    ) -> Batch:
        """Begin a batch, and bill what will be answered."""
        ending = self.plan.endings.pop(0) if self.plan.endings else "completed"
        items = [self._item(api, custom_id, sent) for custom_id, sent in bodies]
        if ending in {"expired", "cancelled"}:
            left = "undone" if ending == "cancelled" and api == "openai" else ending
            left = left.replace("cancelled", "canceled")
            done = len(items) // 2
            items = items[:done] + [item.undone(left) for item in items[done:]]
        if ending in {"failed", *_STATUSES}:
            items = [item.undone("undone") for item in items]
        batch = self._add(api, items, ending, metadata)
        self.truth.batches.append(
            Handed(
                id=batch.id,
                api=api,
                custom_ids=[item.custom_id for item in items],
                numbers=[item.asked.number for item in items],
            )
        )
        for item in items:
            self._bill(item)
        return batch

    def answer(self, api: Api, content: bytes) -> bytes:
        """Answer a request by itself, rightly."""
        asked = read(api, content)
        self._bill(Item("", asked, "right"))
        return reply_body(asked, right(asked))

    def add_foreign(self, api: Api, count: int) -> None:
        """Begin a batch of somebody else's."""
        sent: JsonObject = {"model": "m", "messages": []}
        items = [
            Item(f"theirs-{n}", read(api, json.dumps(sent).encode()), "expired")
            for n in range(count)
        ]
        self._add(api, items, "completed", None)  # as OpenAI tells it where none was given

    def newest(self, api: Api, after: str | None, limit: int) -> tuple[list[Batch], bool]:
        """Return a page of batches, the newest first, and whether there are more."""
        ids = [batch.id for batch in reversed(self.batches.values()) if batch.api == api]
        start = ids.index(after) + 1 if after else 0
        return [self.batches[id_] for id_ in ids[start : start + limit]], start + limit < len(ids)

    def _bill(self, item: Item) -> None:
        if (reply := item.reply) is not None:
            number = item.asked.number
            self.truth.billed[number] = self.truth.billed.get(number, 0) + 1
            self.truth.input_tokens += item.asked.input_tokens
            self.truth.output_tokens += reply.output_tokens

    def _add(self, api: Api, items: list[Item], ending: str, metadata: JsonObject | None) -> Batch:
        id_ = f"{'batch' if api == 'openai' else 'msgbatch'}_{len(self.batches) + 1}"
        batch = Batch(id_, api, items, ending, time.time(), self.plan.seconds, metadata)
        self.batches[id_] = batch
        return batch

    def _item(self, api: Api, custom_id: str, sent: JsonObject) -> Item:
        asked = read(api, json.dumps(sent).encode())
        left = self.plan.fates.get(asked.number)
        return Item(custom_id, asked, left.pop(0) if left else "right")


def openai_record(batch: Batch) -> JsonObject:
    """Write a batch as OpenAI does."""
    done = sum(item.is_output for item in batch.items)
    record: JsonObject = {
        "id": batch.id,
        "object": "batch",
        "status": "in_progress",
        "created_at": int(batch.created_at),
        "metadata": batch.metadata,
        "output_file_id": None,
        "error_file_id": None,
        "request_counts": {
            "total": len(batch.items),
            "completed": int(done * batch.share),
            "failed": int((len(batch.items) - done) * batch.share),
        },
    }
    if batch.is_over:
        record["status"] = _STATUSES.get(batch.ending, batch.ending)
        files = {"output_file_id": done > 0, "error_file_id": done < len(batch.items)}
        if record["status"] == "failed":
            error: JsonObject = {
                "code": "invalid_json_line",
                "message": "The file is not right.",
                "line": None,
            }
            error |= {"line": 1} if batch.ending == "failed line" else {}
            error |= {"code": "token_limit_exceeded"} if batch.ending == "busy" else {}
            record["errors"] = {"object": "list", "data": [error]}
        else:
            record |= {name: f"{name}-{batch.id}" for name, is_there in files.items() if is_there}
    return record


def anthropic_record(batch: Batch) -> JsonObject:
    """Write a batch as Anthropic does: nothing counts as done before all is."""
    kinds = [
        json.loads(item.line() or b"{}").get("result", {}).get("type", "errored")
        for item in batch.items
        if item.fate not in {"junk", "missing", "undone"}
    ]
    counts = {kind: kinds.count(kind) for kind in ("succeeded", "errored", "canceled", "expired")}
    counts["succeeded"] += len(batch.items) - len(kinds)
    over = counts | {"processing": 0}
    under_way = dict.fromkeys(counts, 0) | {"processing": len(batch.items)}
    return {
        "id": batch.id,
        "type": "message_batch",
        "processing_status": "ended" if batch.is_over else "in_progress",
        "created_at": datetime.fromtimestamp(batch.created_at, UTC).isoformat(),
        "request_counts": over if batch.is_over else under_way,
        "results_url": "http://169.254.169.254/never-to-be-asked" if batch.is_over else None,
    }


_ROUTES = (
    (re.compile(r"POST /v1/files"), "POST files"),
    (re.compile(r"GET /v1/files/(\w+)-(\w+)/content"), "GET results"),
    (re.compile(r"GET /v1/messages/batches/(\w+)/results"), "GET results"),
    (re.compile(r"POST /v1/(?:messages|chat/completions)"), "POST live"),
    (re.compile(r"POST /v1(?:/messages)?/batches"), "POST batches"),
    (re.compile(r"GET /v1(?:/messages)?/batches"), "GET list"),
    (re.compile(r"GET /v1(?:/messages)?/batches/(\w+)"), "GET batch"),
)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"

    @property
    def state(self) -> Batches:
        """What all connections share."""
        return cast("Server", self.server).state

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""

    def _serve(self) -> None:
        content = self.rfile.read(int(self.headers.get("content-length", 0)))
        with self.state.lock:
            status, body = self._answer(content)
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def _answer(self, content: bytes) -> tuple[int, bytes]:
        state, path = self.state, urlsplit(self.path).path
        match f"{self.command} {path}":
            case "POST /plan":
                state.begin(BatchPlan.model_validate_json(content))
                return 200, b"{}"
            case "GET /truth":
                return 200, state.truth.model_dump_json().encode()
            case "POST /foreign":
                state.add_foreign(**json.loads(content))
                return 200, b"{}"
            case asked:
                pass
        api: Api = "anthropic" if "/messages" in path else "openai"
        for pattern, name in _ROUTES:
            if found := pattern.fullmatch(asked):
                status = state.fault(name)
                if status is not None:
                    return status, error_body(api, "api_error", "This was to fail.")
                return self._done(api, name, found.groups(), content)
        return 404, error_body(api, "not_found_error", "Nothing is here.")

    def _done(self, api: Api, name: str, ids: tuple[str, ...], content: bytes) -> tuple[int, bytes]:
        state = self.state
        told = openai_record if api == "openai" else anthropic_record
        match name:
            case "POST files":
                file = f"file_{len(state.files) + 1}"
                state.files[file] = self._upload(content)
                return 200, json.dumps({"id": file, "object": "file"}).encode()
            case "POST batches":
                batch = state.hand_in(api, *self._handed(api, content))
                if state.plan.swallowed > 0:
                    state.plan.swallowed -= 1
                    return 500, error_body(api, "api_error", "Nobody knows.")
                return 200, json.dumps(told(batch)).encode()
            case "POST live":
                return 200, state.answer(api, content)
            case "GET list":
                return 200, self._page(api)
            case "GET results":
                return 200, self._results(api, ids)
            case _:
                return 200, json.dumps(told(state.batches[ids[0]])).encode()

    def _upload(self, content: bytes) -> bytes:
        head = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        for part in email.message_from_bytes(head + content).walk():
            if part.get_filename():
                found = part.get_payload(decode=True)
                return found if isinstance(found, bytes) else b""
        return b""

    def _handed(self, api: Api, content: bytes) -> tuple[list[tuple[str, JsonObject]], JsonObject]:
        sent: JsonObject = json.loads(content)
        if api == "anthropic":
            return [(each["custom_id"], each["params"]) for each in sent["requests"]], {}
        lines = self.state.files[sent["input_file_id"]].splitlines()
        requests = [json.loads(line) for line in lines]
        return [(each["custom_id"], each["body"]) for each in requests], sent["metadata"]

    def _page(self, api: Api) -> bytes:
        query = parse_qs(urlsplit(self.path).query)
        after = query.get("after_id", query.get("after", [None]))[0]
        found, has_more = self.state.newest(api, after, int(query["limit"][0]))
        told = openai_record if api == "openai" else anthropic_record
        page: JsonObject = {"data": [told(batch) for batch in found], "has_more": has_more}
        return json.dumps(page | {"last_id": found[-1].id if found else None}).encode()

    def _results(self, api: Api, ids: tuple[str, ...]) -> bytes:
        batch = self.state.batches[ids[-1]]
        wanted = [
            item
            for item in batch.items
            if api == "anthropic" or item.is_output == (ids[0] == "output_file_id")
        ]
        written = b"".join(item.line() for item in reversed(wanted))
        return written + (stray(api) if self.state.plan.strays else b"")


class Server(ThreadingHTTPServer):
    """The address, and the state behind it."""

    daemon_threads = True

    def __init__(self) -> None:
        self.state = Batches()
        super().__init__(("127.0.0.1", 0), Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients are killed here."""


def main() -> None:
    """Serve until interrupted; the first line says where."""
    with Server() as server:
        print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
        server.serve_forever()
