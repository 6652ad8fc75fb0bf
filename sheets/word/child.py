"""Runs alone, in a process of its own: bytes of a .docx on standard input, JSON with its text on standard output.

Why a process: a document from a stranger may unpack or nest without end. Here the worst that can happen is the death
of this process under its limits of memory and time, and the parent turns that into a message. So this file imports
nothing of the project and is started by its path.

The answer is ``{"blocks": […]}``: a paragraph is ``["p", text]``, a table ``["t", [row, …]]`` with rows of cells
``[first column, columns, text, whether a merge from above goes on in it]``; where one does there is no text.
"""

import io
import json
import resource
import sys
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml.ns import qn

Answer = dict[str, Any]
Block = list[Any]

_TEXT, _TAB, _BREAK, _RETURN = qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr")
_NO_BREAK_HYPHEN, _RUN, _PARAGRAPH, _TABLE = qn("w:noBreakHyphen"), qn("w:r"), qn("w:p"), qn("w:tbl")
_ROW, _CELL, _VALUE = qn("w:tr"), qn("w:tc"), qn("w:val")
# What is deleted, drawn, said twice for old versions, or not meant to be seen.
_SKIPPED = frozenset(
    (
        *(qn(name) for name in ("w:del", "w:moveFrom", "w:drawing", "w:pict", "w:object", "w:instrText", "w:rPr")),
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent",
    )
)
# Wrappers that stand between what we look for and where it stands: content controls, insertions, links.
_OWN_COLUMNS = 3


class TooMuch(Exception):
    """The document has more of something than we agree to read; the answer says of what."""


def paragraph_text(paragraph: Any) -> str:
    """The visible text of a paragraph."""
    parts: list[str] = []
    _collect(paragraph, parts)
    return "".join(parts)


def _collect(element: Any, parts: list[str]) -> None:
    for child in element:
        tag = child.tag
        if tag in _SKIPPED or not isinstance(tag, str) or (tag == _RUN and _is_hidden(child)):
            continue
        if tag == _TEXT:
            parts.append(child.text or "")
        elif tag in (_TAB, _BREAK, _RETURN):
            parts.append(" ")
        elif tag == _NO_BREAK_HYPHEN:
            parts.append("-")
        else:
            _collect(child, parts)


def _is_hidden(run: Any) -> bool:
    mark = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return mark is not None and mark.get(_VALUE) not in ("0", "false")


def _number(element: Any, path: str, default: int) -> int:
    """The number in an attribute ``w:val`` down this path."""
    found = element.find("/".join(qn(name) for name in path.split("/")))
    value = found.get(_VALUE) if found is not None else None
    return int(value) if value and value.lstrip("-").isdigit() and len(value) < 6 else default


def _goes_on(cell: Any) -> bool:
    """Whether the cell is the lower part of one merged down: its mark says so by saying nothing, or «continue»."""
    mark = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return mark is not None and mark.get(_VALUE) in (None, "continue")


def _inner(element: Any, wanted: tuple[str, ...]) -> Iterator[Any]:
    """The paragraphs, tables, rows or cells of an element, through the wrappers that may surround them."""
    for child in element:
        if child.tag in wanted:
            yield child
        elif isinstance(child.tag, str) and child.tag not in _SKIPPED and child.tag not in (_PARAGRAPH, _TABLE):
            yield from _inner(child, wanted)


class Labels:
    """Numbers that Word counts itself («1.1» in a list) and that therefore stand nowhere in the text."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._lists: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._styles: dict[str, tuple[str, int]] = {}
        try:
            numbering = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        for abstract in numbering.findall(qn("w:abstractNum")):
            levels = {}
            for level in abstract.findall(qn("w:lvl")):
                text, kind = level.find(qn("w:lvlText")), level.find(qn("w:numFmt"))
                levels[int(level.get(qn("w:ilvl")) or 0)] = (
                    (text.get(_VALUE) or "") if text is not None else "",
                    (kind.get(_VALUE) or "") if kind is not None else "decimal",
                    _number(level, "w:start", 1),
                )
            self._levels[abstract.get(qn("w:abstractNumId"))] = levels
        for one in numbering.findall(qn("w:num")):
            self._lists[one.get(qn("w:numId"))] = str(_number(one, "w:abstractNumId", -1))
        for style in document.styles.element.findall(qn("w:style")):
            properties = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            if properties is not None:
                self._styles[style.get(qn("w:styleId"))] = self._place(properties)

    def _place(self, properties: Any) -> tuple[str, int]:
        return str(_number(properties, "w:numId", 0)), _number(properties, "w:ilvl", 0)

    def of(self, paragraph: Any) -> str:
        """The label in front of a paragraph, counted on; empty for bullets and for plain paragraphs."""
        properties = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if properties is not None:
            number, level = self._place(properties)
        else:
            style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
            number, level = self._styles.get(style.get(_VALUE) if style is not None else "", ("0", 0))
        levels = self._levels.get(self._lists.get(number, ""), {})
        if level not in levels:
            return ""
        counts = self._counts.setdefault(self._lists[number], {})
        counts[level] = counts.get(level, levels[level][2] - 1) + 1
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        label, kind, _ = levels[level]
        if kind in ("bullet", "none"):
            return ""
        for at in range(level + 1):
            start, shown_as = levels.get(at, ("", "decimal", 1))[2], levels.get(at, ("", "decimal", 1))[1]
            label = label.replace(f"%{at + 1}", _figure(counts.get(at, start), shown_as))
        return label


def _figure(number: int, kind: str) -> str:
    """A counter as the list shows it."""
    if kind not in ("upperRoman", "lowerRoman") or not 0 < number < 4000:
        return str(number)
    text = ""
    for value, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        text += sign * (number // value)
        number %= value
    return text if kind == "upperRoman" else text.lower()


class Reader:
    """Goes through a document once and stops where it grows beyond the limits."""

    def __init__(self, document: Any, *, tables: int, rows: int, characters: int) -> None:
        self._labels = Labels(document)
        self._limits = {"tables": tables, "rows": rows, "characters": characters}
        self._counted = dict.fromkeys(self._limits, 0)
        self.blocks: list[Block] = []

    def read(self, body: Any) -> list[Block]:
        """The blocks of the document's body in order."""
        # Counted before reading: a document of thousands of tables is refused at once, with its number.
        self._count("tables", sum(1 for _ in body.iter(_TABLE)))
        for element in _inner(body, (_PARAGRAPH, _TABLE)):
            if element.tag == _PARAGRAPH:
                # Empty ones too: they part what stands in front of a table.
                self._count("rows", 1)
                self.blocks.append(["p", self._paragraph(element)])
            else:
                self._table(element)
        return self.blocks

    def _count(self, what: str, number: int) -> None:
        self._counted[what] += number
        if self._counted[what] > self._limits[what]:
            raise TooMuch(what, self._counted[what])

    def _paragraph(self, paragraph: Any) -> str:
        text = f"{self._labels.of(paragraph)} {paragraph_text(paragraph)}".strip()
        self._count("characters", len(text))
        return text

    def _table(self, table: Any) -> None:
        """Add the table, and behind it the tables of some width that stand in its cells."""
        rows: list[list[list[Any]]] = []
        nested: list[Any] = []
        self.blocks.append(["t", rows])
        for row in _inner(table, (_ROW,)):
            self._count("rows", 1)
            place = _number(row, "w:trPr/w:gridBefore", 0)
            cells: list[list[Any]] = []
            for cell in _inner(row, (_CELL,)):
                span = max(1, _number(cell, "w:tcPr/w:gridSpan", 1))
                cells.append([place, span, self._cell_text(cell, nested), _goes_on(cell)])
                place += span
            rows.append(cells)
        for inner in nested:
            self._table(inner)

    def _cell_text(self, cell: Any, nested: list[Any]) -> str:
        parts = []
        for element in _inner(cell, (_PARAGRAPH, _TABLE)):
            if element.tag == _PARAGRAPH:
                parts.append(self._paragraph(element))
            elif any(sum(1 for _ in _inner(row, (_CELL,))) >= _OWN_COLUMNS for row in _inner(element, (_ROW,))):
                # A table laid out within a cell of a frame; a narrow one only arranges the cell's own words.
                nested.append(element)
            else:
                parts += [
                    self._cell_text(inner, nested)
                    for row in _inner(element, (_ROW,))
                    for inner in _inner(row, (_CELL,))
                ]
        return "\n".join(part for part in parts if part)


def read(data: bytes, *, tables: int, rows: int, characters: int) -> Answer:
    """The document's paragraphs and tables in order, or ``{"trouble": …}``."""
    document = docx.Document(io.BytesIO(data))
    reader = Reader(document, tables=tables, rows=rows, characters=characters)
    try:
        return {"blocks": reader.read(document.element.body)}
    except TooMuch as trouble:
        what, number = trouble.args
        return {"trouble": f"too_many_{what}", "number": number}


def main(arguments: list[str]) -> None:
    """Arguments: limits of tables, rows, characters, memory in bytes, processor time in seconds."""
    tables, rows, characters, memory, seconds = map(int, arguments)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    data = sys.stdin.buffer.read()
    try:
        answer = read(data, tables=tables, rows=rows, characters=characters)
    except MemoryError:
        answer = {"trouble": "too_big"}
    except Exception:  # noqa: BLE001 - whatever a broken document makes the reader raise
        answer = {"trouble": "damaged"}
    sys.stdout.buffer.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main(sys.argv[1:])
