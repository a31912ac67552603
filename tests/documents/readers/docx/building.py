"""Word files written part by part, so that a test shows the very XML that it is about."""

import io
import zipfile
from collections.abc import Mapping

from extractor.documents.document import Document
from extractor.documents.options import ReadOptions
from extractor.documents.readers.docx import read_docx

_OFFICE = "http://schemas.openxmlformats.org"
_SPACES = {
    "w": f"{_OFFICE}/wordprocessingml/2006/main",
    "r": f"{_OFFICE}/officeDocument/2006/relationships",
    "m": f"{_OFFICE}/officeDocument/2006/math",
    "a": f"{_OFFICE}/drawingml/2006/main",
    "wp": f"{_OFFICE}/drawingml/2006/wordprocessingDrawing",
    "mc": f"{_OFFICE}/markup-compatibility/2006",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "v": "urn:schemas-microsoft-com:vml",
}
XMLNS = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _SPACES.items())
_ROOTS = {
    "styles": "w:styles",
    "numbering": "w:numbering",
    "footnotes": "w:footnotes",
    "endnotes": "w:endnotes",
    "comments": "w:comments",
    "header1": "w:hdr",
    "footer1": "w:ftr",
}


def run(text: str, properties: str = "") -> str:
    """Return a run with a text."""
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*content: str, properties: str = "") -> str:
    """Return a paragraph of runs, or of texts."""
    runs = "".join(item if item.startswith("<") else run(item) for item in content)
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def numbered(text: str, level: int = 0, num: int = 1, mark: str = "") -> str:
    """Return a paragraph of a list; `mark` is what its paragraph mark's properties hold."""
    return paragraph(
        text,
        properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>'
        f"<w:rPr>{mark}</w:rPr>",
    )


def level(at: int, text: str, form: str = "decimal", more: str = "", start: int = 1) -> str:
    """Return a level of a list's definition."""
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def lists(*levels: str, overrides: str = "", more: str = "") -> str:
    """Return a numbering part with one definition and list 1 of it."""
    return (
        f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="0"/>{overrides}</w:num>{more}'
    )


def table(*rows: tuple[str, ...]) -> str:
    """Return a table of cells with texts, or with the XML of cells."""
    body = ""
    for row in rows:
        cells = (c if c.startswith("<") else f"<w:tc>{paragraph(c)}</w:tc>" for c in row)
        body += f"<w:tr>{''.join(cells)}</w:tr>"
    return f"<w:tbl>{body}</w:tbl>"


def docx(body: str, members: Mapping[str, bytes] | None = None, /, **parts: str) -> bytes:
    """Return a package with a body and parts by name: what stands within their root elements."""
    relations = ""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            kind = name.rstrip("1")
            relations += (
                f'<Relationship Id="{name}" Target="{name}.xml" '
                f'Type="{_OFFICE}/officeDocument/2006/relationships/{kind}"/>'
            )
            root = _ROOTS[name]
            archive.writestr(f"word/{name}.xml", f"<{root} {XMLNS}>{content}</{root}>")
        archive.writestr(
            "word/document.xml", f"<w:document {XMLNS}><w:body>{body}</w:body></w:document>"
        )
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{_OFFICE}/package/2006/relationships">{relations}'
            "</Relationships>",
        )
        for name, data in (members or {}).items():
            archive.writestr(name, data)
    return out.getvalue()


def read(body: str, options: ReadOptions = ReadOptions(), **parts: str) -> Document:  # noqa: B008
    """Read a package with a body; options are immutable."""
    return read_docx(docx(body, **parts), "contract.docx", options)
