"""An agreement with everything that readers of Word files stumble over, and how it reads."""

from tests.documents.readers.docx.building import docx, level, numbered, paragraph, run, table

_STYLES = """
<w:docDefaults><w:rPrDefault><w:rPr><w:sz w:val="22"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"/>
<w:style w:type="paragraph" w:styleId="Heading1"><w:basedOn w:val="Normal"/>
  <w:pPr><w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Heading2"><w:basedOn w:val="Heading1"/>
  <w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Body2"><w:basedOn w:val="Heading2"/></w:style>
<w:style w:type="paragraph" w:styleId="Plain"><w:basedOn w:val="Heading1"/>
  <w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr></w:style>
<w:style w:type="character" w:styleId="Note"><w:rPr><w:vanish/></w:rPr></w:style>
"""
_NUMBERING = (
    '<w:abstractNum w:abstractNumId="7">'
    + level(0, "Article %1", "upperRoman", '<w:pStyle w:val="Heading1"/><w:suff w:val="space"/>')
    + level(1, "%1.%2", "decimal", '<w:pStyle w:val="Heading2"/><w:isLgl/>')
    + level(2, "(%3)", "lowerLetter")
    + level(3, "(%4)", "lowerRoman")
    + "</w:abstractNum>"
    '<w:abstractNum w:abstractNumId="8">' + level(0, "\uf0b7", "bullet") + "</w:abstractNum>"
    '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>'
)
_INS = 'w:id="1" w:author="A" w:date="2026-01-01T00:00:00Z"'


def _styled(style: str, *content: str, mark: str = "") -> str:
    return paragraph(*content, properties=f'<w:pStyle w:val="{style}"/><w:rPr>{mark}</w:rPr>')


def _inserted(text: str) -> str:
    return f"<w:ins {_INS}>{run(text)}</w:ins>"


def _deleted(text: str) -> str:
    return f"<w:del {_INS}><w:r><w:delText>{text}</w:delText></w:r></w:del>"


def _field(instruction: str, result: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'{run(result)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


_BOX = "<w:txbxContent>" + paragraph("Counterpart No. 2") + "</w:txbxContent>"
_FOOTNOTE = '<w:r><w:footnoteReference w:id="2"/></w:r>'
_COMMENT = '<w:r><w:commentReference w:id="0"/></w:r>'
_BREAK = '<w:r><w:br w:type="page"/></w:r>'
_RENDERED = "<w:r><w:lastRenderedPageBreak/></w:r>"

_BODY = "".join(
    (
        _styled("Plain", "MASTER SERVICES AGREEMENT"),
        paragraph(
            "This Agreement is made between ",
            f"<w:sdt><w:sdtContent>{run('Alpha Ltd')}</w:sdtContent></w:sdt>",
            " and ",
            _deleted("Gamma Ltd"),
            _inserted("Beta GmbH"),
            ".",
            "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:wsp><wps:txbx>"
            f"{_BOX}</wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape>"
            f"<v:textbox>{_BOX}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent>"
            "</w:r>",
        ),
        _styled("Heading1", "Definitions"),
        _styled("Heading2", "“Fee” means the sum in Schedule 1.", _FOOTNOTE),
        _styled("Heading2", _deleted("“Tax” means value added tax."), mark=f"<w:del {_INS}/>"),
        _styled("Body2", _inserted("“Term” means two years."), mark=f"<w:ins {_INS}/>"),
        numbered("from signing;", 2),
        numbered("from the Effective Date:", 2),
        numbered("in Germany;", 3),
        numbered("in Austria.", 3),
        numbered("from notice.", 2),
        _styled("Heading1", _RENDERED, "Payment"),
        _styled(
            "Heading2",
            "As set out in clause ",
            _field(" REF _Ref1 \\r \\h ", "1.1"),
            ", the Client pays ",
            run("(twice) ", "<w:vanish/>"),
            run("EUR", "<w:color w:val='FFFFFF'/>"),
            "on the",
            "<w:r><w:noBreakHyphen/></w:r>",
            "day.",
            run("secret", '<w:rStyle w:val="Note"/>'),
            run("tiny print", '<w:sz w:val="2"/>'),
            _COMMENT,
        ),
        f"<w:moveFrom {_INS}>{run('Moved away.')}</w:moveFrom>".join(
            (f"<w:p><w:pPr><w:rPr><w:moveFrom {_INS}/></w:rPr></w:pPr>", "</w:p>")
        ),
        _styled("Heading2", f"<w:moveTo {_INS}>{run('Interest is due monthly.')}</w:moveTo>"),
        paragraph(_BREAK, run("Schedule 1", "<w:b/>")),
        table(
            ("Service", "Fee"),
            (
                "<w:tc><w:tcPr><w:shd w:val='clear' w:fill='000080'/></w:tcPr>"
                + paragraph(run("Hosting", "<w:color w:val='FFFFFF'/>"))
                + "</w:tc>",
                "EUR 500",
            ),
        ),
        paragraph("First.", properties='<w:numPr><w:numId w:val="2"/></w:numPr>'),
        "<w:sectPr/>",
    )
)

TRAP = docx(
    _BODY,
    styles=_STYLES,
    numbering=_NUMBERING,
    footnotes=f'<w:footnote w:id="2">{paragraph("<w:r><w:footnoteRef/></w:r>", " Net of tax.")}'
    "</w:footnote>",
    comments=f'<w:comment w:id="0">{paragraph("Do we want this?")}</w:comment>',
    header1=paragraph("Confidential draft"),
)
PAGES = (
    """MASTER SERVICES AGREEMENT
This Agreement is made between Alpha Ltd and Beta GmbH.
Counterpart No. 2
Article I Definitions
1.1\t“Fee” means the sum in Schedule 1.[1]
[1] Net of tax.
1.2\t“Term” means two years.
(a)\tfrom signing;
(b)\tfrom the Effective Date:
(i)\tin Germany;
(ii)\tin Austria.
(c)\tfrom notice.
""",
    """Article II Payment
2.1\tAs set out in clause 1.1, the Client pays on the\u2011day.
2.2\tInterest is due monthly.
""",
    """Schedule 1
Service | Fee
Hosting | EUR 500
•\tFirst.""",
)
HIDDEN = (
    ("(twice)", "invisible", 2),
    ("EUR", "white", 2),
    ("secret", "invisible", 2),
    ("tiny print", "tiny", 2),
)
WARNINGS = (
    "Hidden text was left out: 4 passages (invisible, tiny, white)",
    "It has tracked changes: 3 insertions taken, 3 deletions left out, 1 move followed",
    "Left out: 1 comment",
    "Left out: 1 header or footer",
)
