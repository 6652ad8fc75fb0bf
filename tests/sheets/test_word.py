"""Word documents from strangers: what stands in them is read, what harms is refused with a message."""

import contextlib
import io
import random
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import given
from hypothesis import strategies as st

from sheets.word import Paragraph, Table, WordError, WordLimits, read_word, reading
from sheets.word.grid import even_rows


def bytes_of(document: Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def tables(document: Document) -> list[list[tuple[str, ...]]]:
    return [list(block.rows) for block in read_word(bytes_of(document)) if isinstance(block, Table)]


def refusal(data: bytes, limits: WordLimits | None = None) -> str:
    with pytest.raises(WordError) as caught:
        read_word(data, limits=limits)
    return str(caught.value)


def with_part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The document with one of its parts changed, or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, change(old.read(name) if name in old.namelist() else b""))
    return out.getvalue()


# What is read


def test_paragraphs_and_tables_come_in_their_order() -> None:
    document = docx.Document()
    document.add_paragraph("Приказ")
    document.add_paragraph("")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "1.1", "Отчёт\nсводный"
    document.add_paragraph("Подпись")
    assert read_word(bytes_of(document)) == (
        Paragraph("Приказ"),
        Paragraph(""),
        Table((("1.1", "Отчёт сводный"),)),
        Paragraph("Подпись"),
    )


def test_merged_cells_keep_their_text_in_the_first_place() -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=3)
    for row, texts in zip(table.rows, [["Раздел", "", ""], ["1", "а", "общий"], ["2", "б", ""]], strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(0, 0).merge(table.cell(0, 2))
    table.cell(1, 2).merge(table.cell(2, 2))
    assert tables(document) == [[("Раздел", "", ""), ("1", "а", "общий"), ("2", "б", "")]]


def test_an_empty_cell_is_told_from_the_lower_part_of_a_merged_one() -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=2)
    table.cell(0, 0).text = table.cell(0, 1).text = "общий"
    table.cell(0, 1).merge(table.cell(1, 1))
    (read,) = [block for block in read_word(bytes_of(document)) if isinstance(block, Table)]
    assert read.merged == {(1, 1)}


def test_a_table_inside_a_frame_of_one_cell_is_a_table_of_its_own() -> None:
    document = docx.Document()
    frame = document.add_table(rows=1, cols=1).rows[0].cells[0]
    frame.text = "Приложение"
    inner = frame.add_table(rows=1, cols=3)
    for cell, text in zip(inner.rows[0].cells, ["1.1", "Отчёт", "май"], strict=True):
        cell.text = text
    assert tables(document) == [[("Приложение",)], [("1.1", "Отчёт", "май")]]


def test_a_narrow_table_inside_a_cell_is_its_words() -> None:
    document = docx.Document()
    row = document.add_table(rows=1, cols=3).rows[0].cells
    row[0].text, row[2].text = "1.1", "май"
    inner = row[1].add_table(rows=2, cols=1)
    inner.rows[0].cells[0].text, inner.rows[1].cells[0].text = "Отчёт", "Справка"
    assert tables(document) == [[("1.1", "Отчёт Справка", "май")]]


def test_numbers_that_word_counts_itself_are_read() -> None:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for level, kind, text in [(0, "upperRoman", "%1."), (1, "decimal", "%1.%2")]
    )
    numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{levels}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    table = document.add_table(rows=4, cols=3)
    for place, (level, text) in enumerate([(0, "Кадры"), (1, ""), (1, ""), (0, "Школы")]):
        paragraph = table.rows[place].cells[0].paragraphs[0]
        paragraph.text = text
        paragraph._p.get_or_add_pPr().append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>')
        )
    assert [row[0] for row in tables(document)[0]] == ["I. Кадры", "I.1", "I.2", "II. Школы"]


def test_deleted_and_hidden_words_are_left_out_and_inserted_ones_read() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("до ")
    paragraph.add_run("скрыто ").font.hidden = True
    for tag, word in [("del", "1 мая"), ("ins", "1 июня")]:
        text = "delText" if tag == "del" else "t"
        paragraph._p.append(
            parse_xml(f'<w:{tag} {nsdecls("w")}><w:r><w:{text} xml:space="preserve">{word}</w:{text}></w:r></w:{tag}>')
        )
    assert read_word(bytes_of(document)) == (Paragraph("до 1 июня"),)


def test_content_controls_hide_nothing() -> None:
    document = docx.Document()
    table = document.add_table(rows=1, cols=3)
    table.rows[0].cells[1].text = "Отчёт"
    row = table._tbl.find(qn("w:tr"))
    wrapper = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent/></w:sdt>")
    row.addprevious(wrapper)
    wrapper[0].append(row)
    assert tables(document) == [[("", "Отчёт", "")]]


# The grid


def test_borders_moved_by_a_hair_do_not_shift_columns() -> None:
    rows = [
        [(0, 1, "№"), (1, 2, "Дело"), (3, 1, "Срок")],
        [(0, 2, "1"), (2, 1, "Отчёт"), (3, 1, "май")],
        [(0, 4, "Раздел")],
        [(0, 1, "2"), (1, 3, "План")],
    ]
    assert even_rows(rows) == [["№", "Дело", "Срок"], ["1", "Отчёт", "май"], ["Раздел", "", ""], ["2", "План", ""]]


def test_an_empty_table_has_no_rows() -> None:
    assert even_rows([]) == []
    assert even_rows([[], []]) == []


GRIDS = st.lists(
    st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5), st.sampled_from(["", "а", "б"])), max_size=6), max_size=6
)


@given(GRIDS)
def test_any_grid_gives_rows_of_one_width_with_every_word(grid: list[list[tuple[int, int, str]]]) -> None:
    rows = even_rows(grid)
    assert len({len(row) for row in rows}) <= 1
    words = "".join(sorted(text for row in grid for _, _, text in row))
    assert "".join(sorted("".join(row).replace("\n", "") for row in rows)).count("а") == words.count("а")


# What is refused


def test_a_document_with_macros_is_refused_whatever_it_is_called() -> None:
    plain = bytes_of(docx.Document())
    assert "макросы" in refusal(with_part(plain, "word/vbaProject.bin", lambda _: b"\x00"))
    renamed = with_part(
        plain,
        "[Content_Types].xml",
        lambda kinds: kinds.replace(
            b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            b"application/vnd.ms-word.document.macroEnabled.main+xml",
        ),
    )
    assert "макросы" in refusal(renamed)


def test_a_document_of_two_thousand_tables_is_refused_with_their_number() -> None:
    document = docx.Document()
    body = document.element.body
    for _ in range(2_000):
        body.insert(0, parse_xml(f"<w:tbl {nsdecls('w')}><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"))
    assert "таблиц: 2\u00a0000, а читаем не более 500" in refusal(bytes_of(document))


def test_more_rows_or_words_than_a_document_may_have_are_refused() -> None:
    document = docx.Document()
    for _ in range(10):
        document.add_paragraph("слово")
    data = bytes_of(document)
    assert "больше 5 строк" in refusal(data, WordLimits(rows=5))
    assert "слишком много памяти" in refusal(data, WordLimits(characters=20))


@pytest.mark.parametrize("kept", [3, 30, 300, 3_000, 20_000])
def test_a_document_cut_short_is_damaged(kept: int) -> None:
    assert "повреждён" in refusal(bytes_of(docx.Document())[:kept])


def test_bombs_are_refused() -> None:
    plain = bytes_of(docx.Document())
    unpacked = with_part(plain, "word/media/image.png", lambda _: b"\0" * 1_000_000)
    assert "слишком много памяти" in refusal(unpacked, WordLimits(unpacked_size=900_000))
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a0 "взрыв">{entities}]><w:document {nsdecls("w")}><w:body>'
    text = "<w:p><w:r><w:t>&a11;</w:t></w:r></w:p></w:body></w:document>"
    data = with_part(plain, "word/document.xml", lambda _: (bomb + text).encode())
    with pytest.raises(WordError):
        read_word(data)
    deep = "<w:p>" * 100_000 + "</w:p>" * 100_000
    nested = with_part(
        plain,
        "word/document.xml",
        lambda _: f"<w:document {nsdecls('w')}><w:body>{deep}</w:body></w:document>".encode(),
    )
    assert "повреждён" in refusal(nested)


def test_a_file_outside_is_never_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("тайна", encoding="utf-8")
    body = (
        f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a SYSTEM "file://{secret}">]><w:document {nsdecls("w")}><w:body>'
        "<w:p><w:r><w:t>до&a;после</w:t></w:r></w:p></w:body></w:document>"
    )
    data = with_part(bytes_of(docx.Document()), "word/document.xml", lambda _: body.encode())
    try:
        read = str(read_word(data))
    except WordError as error:
        read = str(error)
    assert "тайна" not in read


def test_a_document_that_keeps_the_reader_busy_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    endless = tmp_path / "endless.py"
    endless.write_text("while True: pass", encoding="utf-8")
    monkeypatch.setattr(reading, "_CHILD", endless)
    assert "слишком много памяти или времени" in refusal(bytes_of(docx.Document()), WordLimits(seconds=1))


def test_a_reader_that_cannot_start_is_no_fault_of_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    assert "Не удалось запустить" in refusal(bytes_of(docx.Document()))


@pytest.mark.parametrize("seed", range(12))
def test_mutated_documents_are_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(bytes_of(docx.Document()))
    for _ in range(chance.choice([1, 5, 50])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    with contextlib.suppress(WordError):
        assert all(isinstance(block, Paragraph | Table) for block in read_word(bytes(data)))
