"""A look at a folder before anything is agreed to: what its files hold, and what is to be asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from extractor.calls.storage.database import storable
from extractor.documents.options import Limits
from extractor.errors import ExtractorError
from extractor.runs.base import Contents
from extractor.runs.configuration import Configuration, key_of
from extractor.runs.folder import contents_of, stamp_of


@dataclass(frozen=True, slots=True)
class Looked:
    """The files of a folder, in their order, and what they hold; None for what can't be opened.

    New files that nothing else has the size of were not read: what they hold is nothing else's.
    """

    paths: Sequence[str]
    contents: Mapping[str, Contents | None]

    def unanswered(self, asked: Configuration, ended: Collection[bytes]) -> list[str]:
        """Return a file for each content that is to be asked about, in the order of the files.

        Files with the same content are asked about once, and what can't be opened is not at all.

        Args:
            asked: what they are asked under.
            ended: the keys of documents about which nothing more is asked.
        """
        digest = asked.digest
        first: dict[bytes | str, str] = {}
        for path in self.paths:
            if path not in self.contents:
                first[path] = path
            elif held := self.contents[path]:
                first.setdefault(key_of(digest, held.sha256), path)
        return [path for key, path in first.items() if key not in ended]


def look(
    folder: Path,
    paths: Iterable[str],
    known: Mapping[str, Contents],
    limits: Limits,
    *,
    tell: Callable[[int], None],
) -> Looked:
    """Look at each file, and read those that may hold what another does. Nothing is written down.

    Args:
        folder: where they are.
        paths: below it.
        known: what they held when they were looked at last: what has not changed is not read.
        limits: on what is loaded.
        tell: is told how many were looked at, now and then.
    """
    seen: list[str] = []
    contents: dict[str, Contents | None] = {}
    sizes: dict[str, int] = {}
    for path in paths:
        seen.append(path)
        before, stamp = known.get(storable(path)), stamp_of(folder / path)
        if before is None and stamp is not None:
            sizes[path] = stamp[0]
        elif before is not None and stamp in (None, (before.size, before.changed_at)):
            contents[path] = before
        else:
            contents[path] = _contents(folder / path, limits)
        if len(seen) % _EVERY == 0:
            tell(len(seen))
    held = Counter(sizes.values()) + Counter({each.size for each in known.values()})
    for path, size in sizes.items():
        if held[size] > 1:
            contents[path] = _contents(folder / path, limits)
    return Looked(seen, contents)


_EVERY = 1_000


def _contents(path: Path, limits: Limits) -> Contents | None:
    try:
        return contents_of(path, limits)[1]
    except ExtractorError:
        return None
