"""The ZIP package around a DOCX (ISO/IEC 29500-2), checked before anything is unpacked."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from urllib.parse import unquote

from extractor.documents.options import MEGABYTE, Limits
from extractor.documents.readers.docx.xml import parse_part
from extractor.documents.readers.elements import Element
from extractor.errors import (
    EncryptedDocumentError,
    HostileDocumentError,
    UnreadableDocumentError,
)

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""All that a package may use (ISO/IEC 29500-2, annex B)."""

_ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True)
class Relationship:
    """What a part refers to: `kind` is the last word of its type, `target` a part's name.

    `target` is None where it leads out of the package.
    """

    kind: str
    target: str | None


class Package:
    """The parts of one file; each is unpacked when it is asked for."""

    def __init__(self, data: bytes, source: str, limits: Limits) -> None:
        """Open a package.

        Raises:
            EncryptedDocumentError: its members are encrypted.
            HostileDocumentError: it passes a limit, or its member names are a trick.
            UnreadableDocumentError: it is no ZIP archive.
        """
        self.source = source
        self._limits = limits
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
            raise self._broken("it is no whole ZIP archive") from error
        self._members = self._checked(self._archive.infolist())

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all parts, in the archive's order."""
        return tuple(info.filename for info in self._members.values())

    def xml(self, name: str) -> Element | None:
        """Return a part's root element, None if there is no such part.

        Raises:
            HostileDocumentError: see `parse_part`.
            UnreadableDocumentError: it can't be unpacked or is no XML.
        """
        info = self._members.get(name.lower())
        if info is None:
            return None
        try:
            data = self._archive.read(info)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError) as error:
            raise self._broken("a part can't be unpacked") from error
        return parse_part(data, f"A part of {self.source}", depth=self._limits.depth)

    def relationships(self, part: str) -> dict[str, Relationship]:
        """Return what a part ("" for the package) refers to, by id."""
        folder, name = posixpath.split(part)
        root = self.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        found: dict[str, Relationship] = {}
        for item in root.iterchildren("{*}Relationship") if root is not None else ():
            kind = item.get("Type", "").rpartition("/")[2]
            inside = item.get("TargetMode") != "External"
            target = _resolved(folder, item.get("Target", "")) if inside else None
            found[item.get("Id", "")] = Relationship(kind, target)
        return found

    def _checked(self, infos: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
        limits = self._limits
        if len(infos) > limits.entries:
            raise HostileDocumentError(f"{self.source} has {len(infos)} entries")
        if sum(info.file_size for info in infos) > limits.unpacked:
            raise HostileDocumentError(
                f"{self.source} unpacks to more than {limits.unpacked} bytes"
            )
        members: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            self._check(info)
            if info.filename.lower() in members:  # names are one regardless of case
                raise HostileDocumentError(f"{self.source} has two entries of one name")
            members[info.filename.lower()] = info
        return members

    def _check(self, info: zipfile.ZipInfo) -> None:
        ratio = info.file_size / max(1, info.compress_size)
        if info.file_size > MEGABYTE and ratio > self._limits.ratio:
            raise HostileDocumentError(f"{self.source} has an entry packed {ratio:.0f} to 1")
        if info.filename.startswith(("/", "\\")) or ".." in info.filename.split("/"):
            raise HostileDocumentError(f"{self.source} has an entry that points outside of it")
        if info.flag_bits & _ENCRYPTED:
            raise EncryptedDocumentError(f"{self.source} is a ZIP archive with a password")
        if info.compress_type not in _METHODS:
            raise self._broken("it is packed as no Office file is")

    def _broken(self, why: str) -> UnreadableDocumentError:
        return UnreadableDocumentError(
            f"{self.source} can't be read as DOCX: {why}",
            hint="Open it with Word or LibreOffice and save it again.",
        )

    def main_part(self) -> str:
        """Return the name of the part that holds the text.

        Raises:
            UnreadableDocumentError: there is none, or the file is no text document.
        """
        named = [
            relation.target
            for relation in self.relationships("").values()
            if relation.kind == "officeDocument" and relation.target
        ]
        for name in (*named, "word/document.xml"):
            if name.lower() in self._members:
                return name
        raise self._broken("it holds no document")


def package_warnings(package: Package, relations: dict[str, Relationship]) -> list[str]:
    """Tell what of a package is not looked at: macros, embedded files, links to the outside."""
    names = [name.lower() for name in package.names]
    warnings: list[str] = []
    if any(name.endswith("vbaproject.bin") for name in names):
        warnings.append("Its macros were ignored")
    embedded = sum("/embeddings/" in name for name in names)
    if embedded:
        warnings.append(f"Files embedded in it were not read: {embedded}")
    outside = Counter(
        relation.kind
        for relation in relations.values()
        if relation.target is None and relation.kind != "hyperlink"
    )
    if outside:
        kinds = ", ".join(sorted(outside))
        warnings.append(f"Links to files outside were not followed: {outside.total()} ({kinds})")
    return warnings


def _resolved(folder: str, target: str) -> str | None:
    """Return a target as a part's name; None if it leads out of the package."""
    path = unquote(target.partition("#")[0]).replace("\\", "/")
    name = posixpath.normpath(path if path.startswith("/") else posixpath.join(folder, path))
    return None if name.startswith("..") or ":" in name else name.lstrip("/")
