"""Bytes of a file become the text of its document, or are refused in words; never anything else."""

import contextlib
import io
from collections.abc import Callable
from dataclasses import replace

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadmap.imports.documents import LARGEST_FILE, LARGEST_TEXT, NotADocument, decode_document, read_document
from roadmap.imports.drafts import RoadmapDraft
from roadmap.imports.reader import read_roadmap
from tests.roadmap.documents import (
    HEAD,
    ORDER,
    add_table,
    bytes_of,
    excel_order,
    open_document,
    open_document_order,
    word_order,
    workbook,
)

RUSSIAN = st.text(st.sampled_from("абвгдеёжз АБВЁ№«»–—\t\n0123456789.,"), min_size=1)


def contents(draft: RoadmapDraft) -> list[tuple[object, ...]]:
    """Everything a reader finds but where it stood."""
    return [
        (section.number, section.title, replace(one, line=0, place=""))
        for section in draft.sections
        for one in section.items
    ]


def read(data: bytes, name: str) -> RoadmapDraft:
    return read_roadmap(read_document(data, name))


def refusal(data: bytes, name: str) -> str:
    with pytest.raises(NotADocument) as caught:
        read_document(data, name)
    return str(caught.value)


# One order in every format


@pytest.mark.parametrize("build", [word_order, excel_order, open_document_order])
@pytest.mark.parametrize("name", ["приказ", "приказ.txt"])
def test_the_order_reads_the_same_from_every_office(build: Callable[[], bytes], name: str) -> None:
    expected, draft = read_roadmap(ORDER), read(build(), name)
    assert contents(draft) == contents(expected)
    assert draft.problems == ()
    assert (draft.title, draft.order_number, draft.order_date, draft.academic_year) == (
        expected.title,
        expected.order_number,
        expected.order_date,
        expected.academic_year,
    )


def test_the_signature_below_a_word_table_is_no_part_of_it() -> None:
    last = read(word_order(), "приказ.docx").items[-1]
    assert last.expected_result == read_roadmap(ORDER).items[-1].expected_result
    assert last.doubts == ()


def test_sections_in_paragraphs_between_tables_are_sections() -> None:
    document = docx.Document()
    for title, number in [("1. Кадры", "1.1"), ("2. Школы", "2.1")]:
        document.add_paragraph(title)
        add_table(document, [HEAD, [number, "Отчёт", "Май", "Школы", "Отчёты"]])
    document.add_paragraph("3. Контроль оставляю за собой")
    draft = read(bytes_of(document), "приказ.docx")
    assert [(section.number, section.title, len(section.items)) for section in draft.sections] == [
        ("1", "Кадры", 1),
        ("2", "Школы", 1),
    ]


def test_a_table_that_goes_on_without_its_head_is_read_to_the_end() -> None:
    document = docx.Document()
    add_table(document, [HEAD, ["1. Кадры", "", "", "", ""], ["1.1", "Отчёт", "Май", "Школы", "Отчёты"]])
    document.add_paragraph("стр. 2")
    add_table(document, [["1.2", "План", "Июнь", "Школы", "Планы"]])
    document.add_paragraph()
    add_table(document, [["Школа", "ИНН"], ["СОШ № 1", "6800000000"]])
    assert [one.number for one in read(bytes_of(document), "приказ.docx").items] == ["1.1", "1.2"]


def test_a_table_that_goes_on_with_other_columns_is_not_lost_silently() -> None:
    document = docx.Document()
    add_table(document, [HEAD, ["1. Кадры", "", "", "", ""], ["1.1", "Отчёт", "Май", "Школы", "Отчёты"]])
    document.add_paragraph()
    add_table(document, [["1.2", "План", "Июнь", "Школы"]])
    draft = read(bytes_of(document), "приказ.docx")
    assert [str(problem).replace("\u00a0", " ") for problem in draft.problems] == [
        (
            "Таблица 2, строка 1: Отсюда таблица пропущена: в ней другое число столбцов, а заголовка нет. "
            "Повторите в ней заголовок"
        )
    ]


@pytest.mark.parametrize(
    "line",
    [
        "от 25.08.2023 № 2381",
        "«25» августа 2023 г. № 2381",
        "25.08.2023 г. Тамбов № 2381",
        "от __25.08.2023__ № _2381_",
        "Приказ № 2381 от 25 августа 2023 года",
    ],
)
def test_the_orders_number_and_date_are_found_in_its_body(line: str) -> None:
    document = docx.Document()
    for text in ("МИНИСТЕРСТВО", line, "В целях исполнения приказа от 01.02.2020 № 15 приказываю:", "Дорожная карта"):
        document.add_paragraph(text)
    add_table(document, [HEAD, ["1.1", "Отчёт", "Май", "Школы", "Отчёты"]])
    draft = read(bytes_of(document), "приказ.docx")
    assert (draft.order_number, str(draft.order_date)) == ("2381", "2023-08-25")


def test_empty_columns_and_title_rows_of_a_sheet_do_not_matter() -> None:
    rows = [["", "", "План мероприятий"], [], ["", "", *HEAD], ["", "", "1. Кадры"]]
    book = workbook("Лист", *rows, ["", "", "1.1", "Отчёт", "Май", "Школы", "Отчёты"])
    assert [one.number for one in read(book, "план.xlsx").items] == ["1.1"]


def test_numbers_that_excel_has_shortened_are_told_by_their_neighbours() -> None:
    rows = [[f"1.{number}", "Отчёт", "Май", "Школы", "Отчёты"] for number in range(1, 12)]
    rows[9][0] = "1.1"
    draft = read(workbook("Лист", HEAD, ["1. Кадры"], *rows), "план.xlsx")
    assert [one.number for one in draft.items] == [f"1.{number}" for number in range(1, 12)]
    assert [doubt.message for doubt in draft.items[9].doubts] == [
        "В\u00a0документе стоит «1.1»; прочитано как\u00a01.10, потому что таблица теряет ноль на конце"
    ]
    assert draft.problems == ()


def test_a_csv_file_is_read_as_a_table() -> None:
    text = ";".join(HEAD) + "\n1. Кадры;;;;\n1.1;Отчёт;Май;Школы;Отчёты\n"
    assert [one.number for one in read(text.encode("cp1251"), "план.csv").items] == ["1.1"]


@pytest.mark.parametrize(
    ("merge", "result", "said"),
    [(True, "Отчёты", "Результат общий с\u00a0п.\u00a01.1"), (False, "", "Ожидаемый результат не указан")],
)
def test_an_empty_cell_of_word_takes_words_from_above_only_where_it_is_merged(
    merge: bool, result: str, said: str
) -> None:
    document = docx.Document()
    rows = [["1.1", "Отчёт", "Май", "Школы", "Отчёты"], ["1.2", "План", "Июнь", "Школы", ""]]
    table = document.add_table(rows=4, cols=len(HEAD))
    for row, texts in zip(table.rows, [HEAD, ["1. Кадры", "", "", "", ""], *rows], strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    if merge:
        table.cell(2, 4).merge(table.cell(3, 4))
    last = read(bytes_of(document), "приказ.docx").items[-1]
    assert (last.expected_result, [doubt.message for doubt in last.doubts]) == (result, [said])


@pytest.mark.parametrize(
    ("merge", "result", "said"),
    [(True, "Отчёты", "Результат общий с\u00a0п.\u00a01.1"), (False, "", "Ожидаемый результат не указан")],
)
def test_an_empty_cell_of_a_sheet_does_so_too(merge: bool, result: str, said: str) -> None:
    items = [["1.1", "Отчёт", "Май", "Школы", "Отчёты"], ["1.2", "План", "Июнь", "Школы", ""]]
    rows = [["", *row] for row in ([], HEAD, [], ["1. Кадры"], *items)]
    excel = workbook("Лист", *rows, merged="F5:F6" if merge else "")
    for data, name in ((excel, "план.xlsx"), (open_document(rows, {4: 2} if merge else {}), "план.ods")):
        last = read(data, name).items[-1]
        assert (last.expected_result, [doubt.message for doubt in last.doubts]) == (result, [said])


def test_where_a_file_says_nothing_of_merged_cells_a_doubt_remains() -> None:
    text = ";".join(HEAD) + "\n1. Кадры;;;;\n1.1;Отчёт;Май;Школы;Отчёты\n1.2;План;Июнь;Школы;\n"
    for data, name in ((text.encode("cp1251"), "план.csv"), (text.replace(";", "\t").encode(), "план.txt")):
        last = read(data, name).items[-1]
        assert (last.expected_result, last.doubts[0].message) == ("Отчёты", "Результат общий с\u00a0п.\u00a01.1")


# What is refused


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"", "приказ.docx", "пустой"),
        (b"PK\x03\x04", "приказ.docx", "повреждён"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "приказ.docx", "защищён паролем"),
        (OLE + "WordDocument".encode("utf-16-le"), "приказ.doc", "старого формата"),
        (OLE + "Book Antiqua WordDocument".encode("utf-16-le"), "приказ.doc", "старого формата"),
        (OLE, "приказ.docx", "повреждён"),
        (b"\x89PNG\r\n\x1a\n\0", "приказ.docx", "внутри картинка"),
        (b"%PDF-1.7", "приказ.docx", "внутри документ PDF"),
        (b"{\\rtf1", "приказ.docx", "внутри документ RTF"),
        (b"MZ\0\0", "приказ.docx", "внутри программа"),
        (b"a\x00b", "приказ.txt", "нет текста"),
        ("Это просто текст".encode(), "приказ.docx", "Это не документ Word"),
        ("Это просто текст".encode("cp1251"), "приказ.DOC", "Это не документ Word"),
        (b"a" * (LARGEST_FILE + 1), "приказ.docx", "больше 20 МБ"),
        (b"a" * (LARGEST_TEXT + 1), "приказ.txt", "больше 2 МБ"),
    ],
)
def test_a_file_of_another_kind_says_what_it_is(data: bytes, name: str, message: str) -> None:
    assert message in refusal(data, name)


def test_a_document_cut_short_and_an_archive_are_refused() -> None:
    assert "повреждён" in refusal(word_order()[:9_000], "приказ.docx")
    out = io.BytesIO()
    docx.Document().save(out)
    assert "Дорожную карту" not in read_document(out.getvalue(), "пустой.docx")
    assert read_roadmap(read_document(out.getvalue(), "пустой.docx")).problems


# Plain text


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.csv", "a.docx", "", "a.xls"]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    with contextlib.suppress(NotADocument):
        assert "\x00" not in read_document(data, name)


@given(RUSSIAN)
def test_utf_8_is_read_back(text: str) -> None:
    assert decode_document(text.encode()) == text
    assert decode_document(text.encode("utf-8-sig")) == text
    assert decode_document(text.encode("utf-16")) == text


def test_windows_1251_is_read_back() -> None:
    text = "Приказ № 2381 «О профминимуме» — ёлка"
    assert decode_document(text.encode("cp1251")) == text


@pytest.mark.parametrize("data", [b"a\x00b", b"\xff\xfea"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(NotADocument, match="нет текста"):
        decode_document(data)
