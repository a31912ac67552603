"""What laying a schema over a reply has given: data for Pydantic, its leaves, what was done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from extractor.paths import Path
from extractor.types import Problem, Repair
from extractor.wire.reading import Lexeme
from extractor.wire.shape import Node

_MOVED = frozenset({"wrapped_item", "unwrapped_list", "wrapped_scalar"})


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value as the model gave it: before coercion (`raw`), after (`value`), and its quotes.

    `given` is False where the reply leaves the place out. `doubt` is what was wrong with an earlier
    answer, where the model was asked again and then took it back.
    """

    raw: Any
    value: Any
    quotes: tuple[str, ...] = ()
    node: Node | None = None
    given: bool = True
    doubt: Problem | None = None


@dataclass(slots=True)
class Restored:
    """Data for Pydantic, its leaves by path, and what was done and found on the way.

    `recognized` says whether anything in the reply was the schema's: an object without one of its
    keys is no answer, even if every field is optional.
    """

    data: Any = None
    leaves: dict[Path, Leaf] = field(default_factory=dict[Path, Leaf])
    repairs: list[Repair] = field(default_factory=list[Repair])
    problems: list[Problem] = field(default_factory=list[Problem])
    recognized: bool = False


def fit(restored: Restored, missing: int) -> tuple[int, int, int]:
    """Weigh a reading of a union's member, the smaller the better.

    First what is wrong and lost, then what was put into another container, then texts that are no
    longer what was written: "12.10" as a number, "three" as 3.
    """
    lost = sum(repair.lossy for repair in restored.repairs) + missing
    moved = sum(repair.kind in _MOVED for repair in restored.repairs)
    changed = sum(map(_is_changed, restored.leaves.values()))
    return len(restored.problems) * 100 + lost, moved, changed


def _is_changed(leaf: Leaf) -> bool:
    """Whether a value is not what was written: "12.10" as a number, JSON's 12 as a text."""
    if isinstance(leaf.value, str) and isinstance(leaf.raw, Lexeme | bool):
        return True
    if not isinstance(leaf.raw, str):
        return False
    return str(leaf.value).lower() != leaf.raw.lower()
