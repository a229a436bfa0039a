"""How our DOCX looks: real styles, so that whoever goes on writing in Word or LibreOffice writes in the same look.

Also what a Word file needs that python-docx has no word for: fields, links, lists that start anew. Not for what the
document says.
"""

from __future__ import annotations

from typing import Final, cast

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import BaseStyle, CharacterStyle, ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.run import Run

INK: Final = RGBColor(31, 41, 51)
QUIET: Final = RGBColor(86, 97, 108)
ACCENT: Final = RGBColor(0, 92, 148)
ALERT: Final = RGBColor(166, 33, 24)
TEXT_WIDTH: Final = Mm(210 - 2 * 25)

BODY_NAME: Final = "Body Name"
DOCUMENT_KIND: Final = "Document Kind"
SHORT_NAME: Final = "Short Name"
FACT_LABEL: Final = "Fact Label"
FACT: Final = "Fact"
APART_STYLE: Final = "Apart"
CODE: Final = "Code"
DRAFT_MARK: Final = "Draft Mark"
LINK: Final = "Hyperlink"

_FACE: Final = "Calibri"  # on every Word; LibreOffice has Carlito of the same widths
_COMPLEX_FACE: Final = "Arial"  # for Arabic and Hebrew
_MONOSPACE: Final = "Consolas"
_LANGUAGE: Final = "en-GB"
_WORD_2013: Final = "15"


def prepare(document: Document) -> None:
    """A4, our styles, no leftovers of the library's own template."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin, section.bottom_margin = Mm(24), Mm(24)
    section.header_distance = section.footer_distance = Mm(11)
    section.different_first_page_header_footer = True
    _language(document)
    _newest_layout(document)
    package = document.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            del package.rels[key]

    _paragraph(document, "Normal", 11, INK, after=6, line=1.12)
    _paragraph(document, "Title", 24, INK, bold=True, before=12, after=2)
    _paragraph(document, "Heading 1", 14, ACCENT, bold=True, before=16, after=3)
    _paragraph(document, "Heading 2", 12, ACCENT, bold=True, before=12, after=2)
    _paragraph(document, "Heading 3", 11, INK, bold=True, before=8, after=2)
    _paragraph(document, "Quote", 11, QUIET, italic=True, left=7)
    for name in ("List Bullet", "List Number"):
        for level in ("", " 2", " 3"):
            _paragraph(document, name + level, 11, None, after=3)
    for name in ("Header", "Footer"):
        style = _paragraph(document, name, 8.5, QUIET, after=0)
        stops = style.paragraph_format.tab_stops
        for stop in list(stops):
            stops.clear_all()
            del stop
        stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)

    style = _paragraph(document, BODY_NAME, 10.5, ACCENT, bold=True, after=0)
    style.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    _border(style, "top", 12, ACCENT, space=8)
    _paragraph(document, DOCUMENT_KIND, 10.5, QUIET, after=0)
    _paragraph(document, SHORT_NAME, 14, ACCENT, bold=True, after=12)
    _paragraph(document, FACT_LABEL, 10, QUIET, before=2, after=2)
    _paragraph(document, FACT, 10, INK, before=2, after=2)
    _paragraph(document, CODE, 9.5, QUIET, face=_MONOSPACE)
    style = _paragraph(document, APART_STYLE, 10, QUIET, based_on="Heading 1", before=24, after=0, bold=False)
    _border(style, "top", 6, ACCENT, space=6)
    _character(document, DRAFT_MARK, ALERT, bold=True)
    _character(document, LINK, ACCENT, underline=True)


def add_field(paragraph: Paragraph, code: str) -> None:
    """A field that Word computes (`PAGE`, `NUMPAGES`); until it has, it reads 1."""
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("text", "1"), ("end", "")):
        run = paragraph.add_run()
        if kind in {"begin", "separate", "end"}:
            run._r.append(_element("w:fldChar", **{"w:fldCharType": kind}))
        elif kind == "text":
            run.text = text
        else:
            instruction = _element("w:instrText")
            instruction.text = f" {text} "
            instruction.set(qn("xml:space"), "preserve")
            run._r.append(instruction)


def link(run: Run, paragraph: Paragraph, url: str) -> None:
    """Makes a run a link."""
    key = paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    hyperlink = _element("w:hyperlink", **{"r:id": key})
    run._r.addprevious(hyperlink)
    hyperlink.append(run._r)
    run.style = LINK


def right_to_left(paragraph: Paragraph) -> None:
    """The paragraph is read from the right."""
    paragraph._p.get_or_add_pPr().insert_element_before(
        _element("w:bidi"), "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl", "w:rPr", "w:sectPr"
    )


def new_list(document: Document, style_name: str, start: int) -> int:
    """A list of its own in a numbered style, counting from `start`; returns what `put_in_list` takes."""
    numbering = document.part.numbering_part.element
    abstract = numbering.num_having_numId(document.styles.numbers[style_name]).abstractNumId.val
    number = numbering.add_num(abstract)
    number.add_lvlOverride(ilvl=0).add_startOverride(start)
    return int(number.numId)


def put_in_list(paragraph: Paragraph, number: int) -> None:
    """Counts the paragraph in the list."""
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = number


def _paragraph(
    document: Document,
    name: str,
    size: float,
    colour: RGBColor | None,
    *,
    bold: bool | None = None,
    italic: bool | None = None,
    before: float = 0,
    after: float = 6,
    line: float | None = None,
    left: float = 0,
    face: str = _FACE,
    based_on: str = "Normal",
) -> ParagraphStyle:
    style = cast("ParagraphStyle", _style(document, name, WD_STYLE_TYPE.PARAGRAPH))
    if name not in {"Normal", based_on} and style.base_style is None:
        style.base_style = cast("ParagraphStyle", document.styles[based_on])
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, italic
    style.font.cs_bold, style.font.cs_italic = bold, italic
    _set_face(style, face, size)
    if colour is not None:
        style.font.color.rgb = colour
    layout = style.paragraph_format
    layout.space_before, layout.space_after = Pt(before), Pt(after)
    if line is not None:
        layout.line_spacing = line
    if left:
        layout.left_indent = Mm(left)
    layout.widow_control = True
    for border in style.element.get_or_add_pPr().findall(qn("w:pBdr")):
        style.element.pPr.remove(border)  # the library's template underlines its Title
    return style


def _character(
    document: Document, name: str, colour: RGBColor, *, bold: bool | None = None, underline: bool | None = None
) -> None:
    style = cast("CharacterStyle", _style(document, name, WD_STYLE_TYPE.CHARACTER))
    style.font.color.rgb, style.font.bold, style.font.underline = colour, bold, underline


def _style(document: Document, name: str, kind: WD_STYLE_TYPE) -> BaseStyle:
    if name in document.styles:
        return cast("BaseStyle", document.styles[name])
    return cast("BaseStyle", document.styles.add_style(name, kind))


def _set_face(style: ParagraphStyle, face: str, size: float) -> None:
    """Also for complex scripts, and without the theme's fonts, which would win."""
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name, value in (("ascii", face), ("hAnsi", face), ("eastAsia", face), ("cs", _COMPLEX_FACE)):
        fonts.set(qn(f"w:{name}"), value)
    for old in properties.findall(qn("w:szCs")):
        properties.remove(old)
    properties.insert_element_before(
        _element("w:szCs", **{"w:val": str(round(size * 2))}),
        *("w:highlight", "w:u", "w:effect", "w:bdr", "w:shd", "w:vertAlign", "w:rtl", "w:cs", "w:lang"),
    )


def _border(style: ParagraphStyle, side: str, width: int, colour: RGBColor, space: int) -> None:
    """A line at a side of the paragraph; `width` in eighths of a point, `space` in points."""
    borders = _element("w:pBdr")
    borders.append(
        _element(
            f"w:{side}",
            **{"w:val": "single", "w:sz": str(width), "w:space": str(space), "w:color": str(colour)},
        )
    )
    style.element.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl"
    )


def _language(document: Document) -> None:
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), _LANGUAGE)


def _newest_layout(document: Document) -> None:
    """So that Word does not open the file in its compatibility mode."""
    settings = document.settings.element
    compatibility = settings.find(qn("w:compat"))
    if compatibility is None:
        compatibility = _element("w:compat")
        settings.append(compatibility)
    for old in compatibility.findall(qn("w:compatSetting")):
        compatibility.remove(old)
    compatibility.append(
        _element(
            "w:compatSetting",
            **{
                "w:name": "compatibilityMode",
                "w:uri": "http://schemas.microsoft.com/office/word",
                "w:val": _WORD_2013,
            },
        )
    )


def _element(tag: str, **attributes: str) -> BaseOxmlElement:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(name), value)
    return element
