"""Sixty hostile texts through an export, and what spreadsheets make of it.

    python -m benchmarks.hostile_cells

Each is a file's name, a field's key, a value, a quote, a note and a warning of one run. openpyxl
reads the Excel file, and takes the cells of the CSV file one by one; LibreOffice, if `soffice` is
installed, converts both. Forbidden are formulas, links, and a blank where there was a text.
"""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from lxml import etree

from extractor.runs.exports import ExportFormat, write_export
from extractor.types import JsonObject
from tests.runs.exports.composed_run import composed_run, field, result

_openpyxl: Any = import_module("openpyxl")

HOSTILE = (
    # formulas, and what else spreadsheets begin to calculate at
    *("=1+1", "=SUM(A1:A9)", "=cmd|' /C calc'!A0", "+cmd|' /C calc'!A0", "-2+3", "+1+1", "--1"),
    *("@SUM(1+1)*cmd|' /C calc'!A0", '=HYPERLINK("http://evil.example","x")', "{=1+1}", "=1/0"),
    *('=WEBSERVICE("http://evil.example")', '=DDE("cmd";"/C calc";"x")', "=A1", "%0A=1+1"),
    # behind what is dropped or not seen
    *("\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "\u00a0=1+1", "\u3000=1+1", "\ufeff=1+1", "\x0b=1"),
    *("\u200b=1+1", "\u200e=1+1", '"=1+1', "'=1+1", '""=1+1', "\u201c=1+1", "\x00=1+1", "\x1b=1"),
    # wide and small forms
    *("\uff1d1+1", "\uff0b1+1", "\uff0d1+1", "\uff20SUM(1)", "\ufe661+1"),
    # out of a cell
    *('a","=1+1', 'a"\r\n=1+1', "a\t=1+1", "a\n=1+1", "a\r=1+1"),
    # links
    *("http://evil.example/", "https://evil.example/?q=1", "mailto:x@evil.example", "ftp://e.x/"),
    *("file:///etc/passwd", "internal:Run!A1", "external:x.xlsx", "\\\\evil\\share\\x"),
    # markup, escapes, and characters that files refuse
    *("<r><t>a</t></r>", "<r></f>=1</r>", "]]><f>1+1</f>", "&#61;1+1", "_x003D_1+1", "<f>1+1</f>"),
    *("\ud83d", "\ufffe", "a\x00b", "\x07", "\x85"),
)
"""Texts that must be no more than texts in a cell."""

_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_NAME = f"{{{_TABLE}}}name"
_REPEATED = f"{{{_TABLE}}}number-columns-repeated"
_CSV = "CSV:44,34,76,1,,0,false,true,false,false,false,-1"
"""Comma, double quote, UTF-8; what LibreOffice does with a CSV file by itself."""


_FILLED = {
    "csv": 66 + 5 * len(HOSTILE),
    # Values; Evidence: 10 cells of each field, and the note of one; Problems: a field, a warning.
    "xlsx": 66 + 5 * len(HOSTILE) + 11 + 21 * len(HOSTILE) + 6 + 8 * len(HOSTILE),
}
"""Cells that hold something, the sheet Run left out."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a spreadsheet has seen of an export: cells that hold something, and what else."""

    cells: int
    expected: int
    formulas: int
    links: int

    @property
    def is_harmless(self) -> bool:
        """Whether every text is there, as a text."""
        return self.cells == self.expected and not self.formulas and not self.links


def exported(folder: Path, form: ExportFormat) -> Path:
    """Write the hostile run into a folder, export it there, and return the file."""
    files: dict[str, JsonObject] = {
        text: result(
            {
                "term": field(text, status="conflict", quote=text, note=text),
                f'terms["{text}"]': field(text, quote=text),
            },
            warnings=(text,),
        )
        for text in HOSTILE
    }
    to = folder / f"hostile.{form}"
    with composed_run(folder, files) as reader:
        write_export(reader, to, form)
    return to


def seen_by_openpyxl(path: Path) -> Verdict:
    """Read an Excel file; or put a CSV file's cells into a sheet, as a program would."""
    if path.suffix == ".csv":
        book = _openpyxl.Workbook()
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                book.active.append([_openpyxl_takes(cell) for cell in row])
    else:
        book = _openpyxl.load_workbook(path)
    sheets = [sheet for sheet in book if sheet.title != "Run"]
    cells = [cell for sheet in sheets for row in sheet.iter_rows() for cell in row]
    return Verdict(
        cells=sum(cell.value not in (None, "") for cell in cells),
        expected=_FILLED[path.suffix[1:]],
        formulas=sum(cell.data_type == "f" for cell in cells),
        links=sum(cell.hyperlink is not None for cell in cells),
    )


def seen_by_libreoffice(path: Path) -> Verdict:
    """Have LibreOffice convert a file to its flat XML, and count what it has made of the cells."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
        command += [f"--infilter={_CSV}"] if path.suffix == ".csv" else []
        command += ["--convert-to", "fods", "--outdir", folder, str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        tree = etree.parse(str(Path(folder, f"{path.stem}.fods")), etree.XMLParser(huge_tree=True))
    sheets = [sheet for sheet in tree.iter(f"{{{_TABLE}}}table") if sheet.get(_NAME) != "Run"]
    cells = [cell for sheet in sheets for cell in sheet.iter(f"{{{_TABLE}}}table-cell")]
    return Verdict(
        cells=sum(int(cell.get(_REPEATED, 1)) for cell in cells if _words(cell)),
        expected=_FILLED[path.suffix[1:]],
        formulas=sum(f"{{{_TABLE}}}formula" in cell.attrib for cell in cells),
        links=sum(1 for _ in tree.iter(f"{{{_TEXT}}}a")),
    )


def _openpyxl_takes(cell: str) -> str:
    """Return a cell without what openpyxl refuses; none of it stands at its beginning."""
    return "".join(char for char in cell if char >= " " or char in "\t\r\n")


def _words(cell: Any) -> str:
    return "".join(cell.itertext(f"{{{_TEXT}}}p", f"{{{_TEXT}}}span", f"{{{_TEXT}}}s"))


def main() -> int:
    """Print a line for each spreadsheet and format; 1 if any text became more than a text."""
    seers = {"openpyxl": seen_by_openpyxl}
    if shutil.which("soffice"):
        seers["LibreOffice"] = seen_by_libreoffice
    else:
        print("soffice is not installed: LibreOffice is not asked.")
    is_harmless = True
    forms: tuple[ExportFormat, ...] = ("xlsx", "csv")
    for form in forms:
        with tempfile.TemporaryDirectory() as folder:
            path = exported(Path(folder), form)
            for name, seen in seers.items():
                verdict = seen(path)
                is_harmless &= verdict.is_harmless
                print(
                    f"{form:4} {name:11} {verdict.cells:,} of {verdict.expected:,} texts, "
                    f"{verdict.formulas} formulas, {verdict.links} links"
                )
    return 0 if is_harmless else 1


if __name__ == "__main__":
    sys.exit(main())
