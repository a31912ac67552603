"""What decides an answer beside the document: schema, prompts, models, parameters; as one hash."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from extractor.types import JsonObject


@dataclass(frozen=True, slots=True)
class Configuration:
    """What all documents of a run are asked under; `told` says it for people and for the hash."""

    told: JsonObject

    @property
    def digest(self) -> bytes:
        """A hash of all of it."""
        return hashlib.sha256(_canonical(self.told)).digest()

    def key(self, sha256: str) -> bytes:
        """Return the key of a document under this configuration, by its content's hash."""
        return key_of(self.digest, sha256)

    @property
    def refreshed(self) -> int:
        """How often everything was asked anew."""
        return int(self.told.get("refreshed", 0))

    def anew(self, times: int) -> Configuration:
        """Return the same with everything asked anew so many times."""
        told = {name: value for name, value in self.told.items() if name != "refreshed"}
        return Configuration(told | {"refreshed": times} if times else told)

    def differs(self, other: Configuration) -> tuple[str, ...]:
        """Name what is not the same in another."""
        names = dict.fromkeys([*self.told, *other.told])
        return tuple(name for name in names if self.told.get(name) != other.told.get(name))


def key_of(digest: bytes, sha256: str) -> bytes:
    """Return a document's key by its configuration's digest, for who needs many of them."""
    return hashlib.sha256(digest + bytes.fromhex(sha256)).digest()


def _canonical(told: JsonObject) -> bytes:
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode()
