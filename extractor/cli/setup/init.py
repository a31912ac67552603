"""`extractor init [DIR]`: a folder to begin with: settings, a schema, and a contract to try."""

from __future__ import annotations

import argparse
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from extractor.cli.exits import OK
from extractor.cli.streams import Output
from extractor.cli.terminal import safe
from extractor.errors import ConfigurationError, StoreError

_NEXT = """\
Written to {place}: {names}.
What to do next:
  {cd}extractor run contracts --schema lease_schema.py:Lease --out runs/first
  extractor show runs/first sample-lease.txt
  extractor export runs/first -o first.xlsx
Without a model in extractor.toml the embedded one answers (extra `local`) on this machine."""


def run(options: argparse.Namespace, out: Output) -> int:
    """Write the files, none of them over one that is there."""
    place = Path(options.folder)
    starter = dict(_files(files("extractor") / "starter", Path()))
    try:
        taken = [name for name in starter if (place / name).exists()]
        if taken:
            raise ConfigurationError(
                f"{', '.join(map(str, taken))} is there already; nothing was written.",
                hint="Name another folder: `extractor init DIR`.",
            )
        for name, source in starter.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            with (place / name).open("xb") as file:
                file.write(source.read_bytes())
    except OSError as error:
        raise StoreError(
            f"{safe(place)} can't be written: {error.strerror or error}.",
            hint="Check the folder's rights and the room on the disk, or name another one.",
        ) from error
    names = [str(name) for name in starter]
    if options.json:
        out.write_json({"folder": str(place), "files": names})
        return OK
    cd = "" if place == Path() else f"cd {safe(place)}\n  "
    out.write(_NEXT.format(place=safe(place.resolve()), names=", ".join(names), cd=cd))
    return OK


def _files(folder: Traversable, below: Path) -> list[tuple[Path, Traversable]]:
    found: list[tuple[Path, Traversable]] = []
    for each in sorted(folder.iterdir(), key=lambda each: each.name):
        if each.is_dir() and each.name != "__pycache__":
            found += _files(each, below / each.name)
        elif each.is_file():
            found.append((below / each.name, each))
    return found
