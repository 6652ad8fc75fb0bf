"""Word: official letters, each on a page of its own, ready to be numbered, signed and sent.

Every text goes in as a text of a paragraph: what people typed never becomes a field or a link.
"""

import re
from collections.abc import Sequence
from datetime import date
from io import BytesIO

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph

from exports.cells import NOTHING
from exports.documents import Cell, ColumnKind, Document, OfficialLetter, RowKind, Table

FONT = "Liberation Serif"
SIZE = 12
TABLE_SIZE = 10
# GOST R 7.0.97-2016: at least 20 mm left, top and bottom, 10 mm right.
MARGINS = {"left_margin": Cm(2.5), "right_margin": Cm(1.5), "top_margin": Cm(2), "bottom_margin": Cm(2)}
TEXT_WIDTH = Cm(17)
# So many last rows of the table come to the page of the signature.
KEPT_ROWS = 2
# What XML cannot hold, and half of a surrogate pair.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def write_docx(document: Document) -> bytes:
    """Lay the letters of the document out as a Word document, each from a new page with pages counted from one."""
    word = docx.Document()
    _set_up(word, document)
    for number, letter in enumerate(document.letters):
        if number:
            _page_numbers_from_one(word.add_section(WD_SECTION.NEW_PAGE))
        _write_letter(word, letter)
    stream = BytesIO()
    word.save(stream)
    return stream.getvalue()


def _set_up(word: WordDocument, document: Document) -> None:
    """Set font, margins and properties; a word document of the library begins as an American letter."""
    style = word.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(SIZE)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.element.rPr.append(_element("w:lang", **{"w:val": "ru-RU"}))
    style.paragraph_format.space_after = Pt(0)
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    for name, value in MARGINS.items():
        setattr(section, name, value)
    section.different_first_page_header_footer = True
    header = section.header.paragraphs[0]
    header.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _add_page_number(header)
    _page_numbers_from_one(section)
    properties = word.core_properties
    properties.title, properties.author = _writable(document.title)[:255], "Портал «Профминимум»"
    properties.comments, properties.language = "", "ru-RU"
    properties.created = properties.modified = document.cut_off.replace(tzinfo=None)


def _write_letter(word: WordDocument, letter: OfficialLetter) -> None:
    """Write the parts of a letter in the order a clerk expects them."""
    _paragraph(word, letter.sender, bold=True, align=WD_ALIGN_PARAGRAPH.CENTER, size=14)
    for line in letter.sender_details:
        _paragraph(word, line, align=WD_ALIGN_PARAGRAPH.CENTER, size=TABLE_SIZE)
    _rule_below(word.paragraphs[-1])
    _paragraph(word, "")
    head = word.add_table(rows=1, cols=2)
    head.autofit = False
    left, right = head.rows[0].cells
    _widths(head, [Cm(8), Cm(9)])
    _fill(left, ["______________ №\u00a0______________", "На №\u00a0__________ от\u00a0______________"])
    _fill(right, list(letter.addressee))
    _paragraph(word, "")
    _paragraph(word, letter.subject, bold=True).paragraph_format.right_indent = Cm(8)
    _paragraph(word, "")
    for text in letter.paragraphs:
        _body(word.add_paragraph(), text)
    _paragraph(word, "", size=6)
    _write_table(word, letter.table)
    # No signature on a page of its own: the end of the table comes with it.
    _keep_with_next(_paragraph(word, "", size=6))
    _write_end(word, letter)


def _write_table(word: WordDocument, table: Table) -> None:
    """Write the table: borders, a head repeated on each page, rows that stay whole."""
    columns = table.columns
    written = word.add_table(rows=1, cols=len(columns))
    written.style, written.alignment, written.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    whole = sum(column.width for column in columns)
    widths = [int(TEXT_WIDTH * column.width / whole) for column in columns]
    head, kept = written.rows[0], []
    for cell, column in zip(head.cells, columns, strict=True):
        _fill(cell, [column.title], bold=True, size=TABLE_SIZE, align=WD_ALIGN_PARAGRAPH.CENTER)
    _row_property(head, "w:tblHeader")
    _row_property(head, "w:cantSplit")
    for place, row in enumerate(table.rows):
        line = written.add_row()
        _row_property(line, "w:cantSplit")
        is_group = row.kind is RowKind.GROUP
        if is_group:
            _fill(line.cells[0].merge(line.cells[-1]), [_shown(row.cells[0])], bold=True, size=TABLE_SIZE)
        if is_group or place >= len(table.rows) - KEPT_ROWS:
            # A name stays with what stands below it, the last rows with the signature.
            kept.append(line)
        if is_group:
            continue
        for cell, column, value in zip(line.cells, columns, row.cells, strict=True):
            align = WD_ALIGN_PARAGRAPH.LEFT if column.kind is ColumnKind.TEXT else WD_ALIGN_PARAGRAPH.CENTER
            _fill(cell, [_shown(value)], size=TABLE_SIZE, align=align)
    _widths(written, widths)
    for line in kept:
        _keep_with_next(*(paragraph for cell in line.cells for paragraph in cell.paragraphs))


def _write_end(word: WordDocument, letter: OfficialLetter) -> None:
    """Write the closing words, the signature and who drew the letter up: on one page whatever program opens it.

    They stand in one row that no page break cuts; LibreOffice does not keep a paragraph with a table that follows.
    """
    frame = word.add_table(rows=1, cols=1)
    frame.autofit = False
    _widths(frame, [TEXT_WIDTH])
    _row_property(frame.rows[0], "w:cantSplit")
    cell = frame.rows[0].cells[0]
    for number, text in enumerate(letter.closing):
        _body(cell.add_paragraph() if number else cell.paragraphs[0], text)
    cell.add_paragraph()
    _sign(cell, letter)
    _run(cell.add_paragraph(), letter.executor, bold=False, size=9)


def _sign(cell: _Cell, letter: OfficialLetter) -> None:
    """Leave room for the signature between post and name."""
    block = cell.add_table(rows=1, cols=3)
    block.autofit = False
    _widths(block, [Cm(7), Cm(4), Cm(6)])
    post, line, name = block.rows[0].cells
    _fill(post, [letter.signatory_post or "Руководитель"])
    _fill(line, ["____________"], align=WD_ALIGN_PARAGRAPH.CENTER)
    _fill(name, [letter.signatory_name or "____________________"], align=WD_ALIGN_PARAGRAPH.RIGHT)


def _paragraph(
    word: WordDocument, text: str, *, bold: bool = False, size: int = SIZE, align: WD_ALIGN_PARAGRAPH | None = None
) -> Paragraph:
    """Add a paragraph."""
    paragraph = word.add_paragraph()
    _run(paragraph, text, bold=bold, size=size)
    if align is not None:
        paragraph.alignment = align
    return paragraph


def _keep_with_next(*paragraphs: Paragraph) -> None:
    """Keep paragraphs on the page of what follows them."""
    for paragraph in paragraphs:
        paragraph.paragraph_format.keep_with_next = True


def _body(paragraph: Paragraph, text: str) -> None:
    """Write a paragraph of the letter's text: justified, its first line set in."""
    _run(paragraph, text, bold=False, size=SIZE)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.first_line_indent = Cm(1.25)
    paragraph.paragraph_format.line_spacing = 1.15


def _fill(
    cell: _Cell,
    lines: Sequence[str],
    *,
    bold: bool = False,
    size: int = SIZE,
    align: WD_ALIGN_PARAGRAPH | None = None,
) -> None:
    """Write lines into a cell, a paragraph each."""
    for number, text in enumerate(lines):
        paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
        _run(paragraph, text, bold=bold, size=size)
        if align is not None:
            paragraph.alignment = align


def _run(paragraph: Paragraph, text: str, *, bold: bool, size: int) -> None:
    """Write a text in the given size."""
    run = paragraph.add_run(_writable(text))
    run.bold, run.font.size = bold, Pt(size)


def _widths(table: WordTable, widths: Sequence[int]) -> None:
    """Set widths on columns and on every cell: Word reads the one, LibreOffice the other."""
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width


def _shown(value: Cell) -> str:
    """Write a value as people read it."""
    if value is None:
        return NOTHING
    return f"{value:%d.%m.%Y}" if isinstance(value, date) else str(value)


def _writable(text: str) -> str:
    """Leave out what XML cannot hold."""
    return _UNWRITABLE.sub("", text)


def _row_property(row: _Row, name: str) -> None:
    """Mark a row: a head to repeat, a row that is not cut by a page break."""
    row._tr.get_or_add_trPr().append(_element(name, **{"w:val": "true"}))  # noqa: SLF001 - the library has no other way


def _rule_below(paragraph: Paragraph) -> None:
    """Draw the line that parts the head from the letter."""
    borders = _element("w:pBdr")
    borders.append(_element("w:bottom", **{"w:val": "single", "w:sz": "8", "w:space": "4", "w:color": "auto"}))
    paragraph._p.get_or_add_pPr().append(borders)  # noqa: SLF001 - the library has no other way


def _add_page_number(paragraph: Paragraph) -> None:
    """Put the number of the page, which the reader's program counts."""
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        if kind:
            run._r.append(_element("w:fldChar", **{"w:fldCharType": kind}))  # noqa: SLF001 - the library has no fields
        else:
            instruction = _element("w:instrText", **{"xml:space": "preserve"})
            instruction.text = text
            run._r.append(instruction)  # noqa: SLF001 - the library has no fields


def _page_numbers_from_one(section: object) -> None:
    """Count the pages of each letter anew."""
    section._sectPr.append(_element("w:pgNumType", **{"w:start": "1"}))  # type: ignore[attr-defined]  # noqa: SLF001


def _element(name: str, **attributes: str):  # type: ignore[no-untyped-def]
    """Make an element of the document's own markup."""
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(key), value)
    return element
