"""What columns mean is shown, put right, remembered for the region and forgotten; the file comes back with remarks."""

import io
import math
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Organization, User
from schools.imports.plan import ImportOutcome
from schools.imports.reading import from_sheets, read_list
from schools.imports.remarks import faulty_rows, with_remarks
from schools.models import ColumnMapping, SchoolImport, SchoolUpload
from sheets.cells import excel_text
from sheets.headings import REMARKS
from sheets.spreadsheets import RawSheet, Sheet, SheetRow
from tests import factories
from tests.schools.lists import book, inn, school
from tests.schools.test_import_page import confirm, text
from tests.schools.test_importing import snapshot

SignIn = Callable[[User], Client]
HEAD = ["Код", "Кто это", "Где", "Часы", "Примечание"]
ROWS: list[list[Any]] = [[inn(1), "Школа № 1", "Бондарский", 40, "ок"], [inn(2), "Школа № 2", "Бондарский", 60, ""]]
MEANINGS = {"column_0": "inn", "column_1": "name", "column_2": "municipality", "column_3": "level", "column_4": ""}


@pytest.fixture
def zoyas(sign_in: SignIn, zoya: User, bondarsky: Organization) -> Client:
    """Zoya's browser."""
    return sign_in(zoya)


def upload(client: Client, data: bytes, name: str = "Школы.xlsx") -> SchoolUpload:
    sent = {"academic_year": 2023, "list_file": SimpleUploadedFile(name, data)}
    answer = client.post(reverse("schools:import"), sent)
    assert answer.status_code == 302, text(answer)
    return SchoolUpload.objects.latest("at")


def columns(kept: SchoolUpload) -> str:
    return reverse("schools:import_columns", args=[kept.pk])


def explain(client: Client, kept: SchoolUpload, **changes: str) -> Any:
    chosen = {f"t0-{name}": value for name, value in (MEANINGS | changes).items()}
    return client.post(columns(kept), {"table": "0", **chosen})


def sheet_of(answer: Any) -> list[list[Any]]:
    found = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    return [[cell.value for cell in row] for row in found.iter_rows()]


def test_a_head_that_nobody_knows_is_explained_once(zoyas: Client, sign_in: SignIn, ministry: Organization) -> None:
    kept = upload(zoyas, book({"Лист1": [["Список"], HEAD, *ROWS]}))
    page = text(zoyas.get(kept.get_absolute_url()))
    assert "Не нашли строку заголовков" in page
    assert columns(kept) in page
    page = text(zoyas.get(columns(kept)))
    assert "Что в столбце B «Кто это»" in page
    assert "Школа № 2" in page

    before = snapshot()
    answer = explain(zoyas, kept, column_4="inn")
    assert answer.status_code == 422
    assert text(answer).count("«ИНН» выбрано в нескольких столбцах. Оставьте в одном.") >= 2
    assert snapshot() == before

    assert explain(zoyas, kept)["Location"] == kept.get_absolute_url()
    page = text(zoyas.get(kept.get_absolute_url()))
    assert "Новые школы: 2" in page
    assert "столбцы прочитаны так, как запомнено" in page

    # The next file of the same people, by another administrator, is read at once: in another order, with remarks.
    zinaida = sign_in(factories.person("zinaida", "administrator", ministry))
    turned: list[list[Any]] = [[*reversed(row), ""] for row in (HEAD, *ROWS)]
    turned[0][-1] = REMARKS
    hers = upload(zinaida, book({"Другой": turned}))
    assert "Новые школы: 2" in text(zinaida.get(hers.get_absolute_url()))

    mapping = ColumnMapping.objects.get()
    assert "Код, Кто это, Где, Часы, Примечание" in text(zinaida.get(reverse("schools:import")))
    forget = reverse("schools:mapping_forget", args=[mapping.pk])
    assert zinaida.post(forget, {"next": columns(hers)})["Location"] == columns(hers)
    assert "Не нашли строку заголовков" in text(zinaida.get(hers.get_absolute_url()))
    assert zinaida.post(forget).status_code == 404


def test_what_was_recognised_wrongly_is_put_right(zoyas: Client) -> None:
    rows: list[list[Any]] = [
        ["Муниципалитет", "Наименование", "ИНН", "Уровень", "Школа"],
        ["Бондарский", "Село", inn(1), 40, "Лицей"],
    ]
    kept = upload(zoyas, book({"Школы": rows}))
    assert "не читаем столбец «Школа» (E)" in text(zoyas.get(kept.get_absolute_url()))
    meant = {"column_0": "municipality", "column_1": "", "column_2": "inn", "column_3": "level", "column_4": "name"}
    explain(zoyas, kept, **meant)
    page = text(zoyas.get(kept.get_absolute_url()))
    assert "Лицей" in page
    assert "Не читаем" not in page.replace("не читаем", "")


def test_a_person_may_say_where_the_head_stands(zoyas: Client) -> None:
    kept = upload(zoyas, book({"Лист1": [["Это", "не", "та", "строка", "вовсе", "совсем"], HEAD, *ROWS]}))
    assert "Что в столбце A «Это»" in text(zoyas.get(columns(kept)))
    address = f"{columns(kept)}?sheet=Лист1&row=2"
    assert "Что в столбце A «Код»" in text(zoyas.get(address))
    chosen = {f"t0-{name}": value for name, value in MEANINGS.items()}
    zoyas.post(address, {"table": "0", **chosen})
    assert "Новые школы: 2" in text(zoyas.get(kept.get_absolute_url()))


WRONG: list[list[Any]] = [
    ["Муниципалитет", "Название", "ИНН", "Уровень", "Заметки"],
    ["Бондарский", "Школа № 1", inn(1), 40, '=HYPERLINK("https://example.test")'],
    ["Бондарский", "=1+1", inn(2), 50, "x"],
    ["Бондарский", "Школа № 3", inn(3), "основной", 12.5],
    ["Бондарский", "Школа № 4", inn(3), "основной", ""],
]


def wrong_list() -> bytes:
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    sheet.title = "Школы"
    for row in WRONG:
        sheet.append(row)
    for cell in (sheet["E2"], sheet["B3"]):
        cell.data_type = "s"
    sheet["C2"].number_format = "@"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_the_file_comes_back_as_it_was_with_remarks_and_nothing_is_written(zoyas: Client) -> None:
    kept = upload(zoyas, wrong_list())
    before = snapshot()
    zoyas.get(kept.get_absolute_url())
    zoyas.get(columns(kept))
    answer = zoyas.get(reverse("schools:import_remarks", args=[kept.pk]))
    assert snapshot() == before
    assert "filename*=utf-8''" in answer["Content-Disposition"]
    rows = sheet_of(answer)
    assert [row[:5] for row in rows] == [[None if cell == "" else cell for cell in row] for row in WRONG]
    remarks = [row[5] for row in rows]
    assert remarks[:2] == [REMARKS, None]
    assert "Столбец B «Полное наименование ОО»: Наименование: текст похож на формулу" in remarks[2]
    assert "Столбец D «Уровень»: Неизвестный уровень «50»." in remarks[2]
    assert "оставьте верную" in remarks[3]
    assert "уже указан" in remarks[4]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["Школы"]
    assert [sheet.cell(3, at).fill.fgColor.rgb for at in (2, 4)] == ["FFFFC7CE"] * 2
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert sheet["B3"].quotePrefix
    # Sent back as it is, it is the same list: our column is not read.
    again = read_list(answer.content, "Школы.xlsx")
    assert [dict(row.cells) for row in again.rows] == [
        dict(row.cells) for row in read_list(wrong_list(), "a.xlsx").rows
    ]
    assert again.remarks == ("Лист «Школы»: не читаем столбец «Заметки» (E).",)


def test_good_rows_are_taken_and_the_others_wait_in_a_file(zoyas: Client) -> None:
    kept = upload(zoyas, wrong_list())
    page = text(zoyas.get(kept.get_absolute_url()))
    assert "Загрузить 1 строку без ошибок" in page
    faulty = sheet_of(zoyas.get(reverse("schools:import_faulty", args=[kept.pk])))
    assert [row[2] for row in faulty] == ["ИНН", inn(2), inn(3), inn(3)]

    confirm(zoyas, kept, only_good=1, created=1, changed=0, unchanged=0)
    assert [one.inn for one in Organization.objects.schools()] == [inn(1)]
    record = SchoolImport.objects.get()
    page = text(zoyas.get(record.get_absolute_url()))
    assert "Загружены не все строки" in page
    assert "реестр изменился" not in page
    rest = SchoolUpload.objects.get(rest_of=record)
    assert rest.filename == "Школы — строки с ошибками.xlsx"
    assert rest.get_absolute_url() in page
    assert "В списке" in text(zoyas.get(rest.get_absolute_url()))

    # Put right and sent again, the rest comes in.
    fixed = openpyxl.load_workbook(io.BytesIO(zoyas.get(reverse("schools:import_faulty", args=[rest.pk])).content))
    sheet = fixed.worksheets[0]
    sheet["B2"], sheet["D2"], sheet["C4"] = "Школа № 2", 80, inn(4)
    out = io.BytesIO()
    fixed.save(out)
    mended = upload(zoyas, out.getvalue())
    confirm(zoyas, mended)
    assert set(Organization.objects.schools().values_list("inn", flat=True)) == {inn(1), inn(2), inn(3), inn(4)}


def test_a_list_without_a_fault_offers_no_half(zoyas: Client) -> None:
    kept = upload(
        zoyas,
        book(
            {
                "Школы": [
                    ["Муниципалитет", "Название", "ИНН", "Уровень"],
                    [school(1)[name] for name in ("municipality", "name", "inn", "level")],
                ]
            }
        ),
    )
    assert "only_good" not in text(zoyas.get(kept.get_absolute_url()))


CELLS = st.one_of(
    st.text(max_size=20), st.floats(), st.booleans(), st.sampled_from(["=1+1", "@x", "-1", "'", inn(1), "Бондарский"])
)


@given(st.lists(st.lists(CELLS, max_size=6), max_size=6), st.sets(st.integers(1, 8), max_size=3))
@settings(max_examples=60, deadline=None)
def test_whatever_stands_in_the_cells_comes_back_as_it_stood(rows: list[list[Any]], hidden: set[int]) -> None:
    head = ["Муниципалитет", "Название", "ИНН", "Уровень"]
    values = [[cell if not isinstance(cell, float) or math.isfinite(cell) else "" for cell in row] for row in rows]
    sheet = RawSheet("Л", [(1, head), *enumerate(values, start=2)], hidden_rows=frozenset(hidden))
    texts = [[excel_text(str(cell)) for cell in row] for row in values]
    listed = from_sheets((Sheet("Л", tuple(SheetRow(n, tuple(row)) for n, row in enumerate([head, *texts], start=1))),))
    problems = tuple(row.problem("inn", "=ИНН не тот") for row in listed.rows)
    outcome = ImportOutcome(problems=problems, tables=listed.tables)
    written = openpyxl.load_workbook(io.BytesIO(with_remarks([sheet], outcome)))["Л"]
    assert not [cell for row in written.iter_rows() for cell in row if cell.data_type == "f"]
    for number, row in enumerate(values, start=2):
        for at, value in enumerate(row, start=1):
            back = written.cell(number, at).value
            if isinstance(value, str):
                assert (back or "") == excel_text(value) or excel_text(value).strip() == ""
            else:
                assert back == pytest.approx(value, rel=1e-12)
    openpyxl.load_workbook(io.BytesIO(faulty_rows([sheet], outcome)))
