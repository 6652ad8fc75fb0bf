"""``manage.py import_roadmap``: the order as it is, from a file to a draft edition."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import Organization, Region
from accounts.reference import prepare_database
from roadmap.models import Item, Roadmap, RoadmapState
from tests.roadmap.stories import ORDER, draft_of, order_of, row_counts

ANNEX = Path(settings.BASE_DIR) / "fixtures" / "roadmap_2381.txt"
OF_2381 = ("--order", "2381", "--dated", "2023-08-25", "--year", "2023")


def run(*arguments: str | Path) -> str:
    """Run the command and return what it printed."""
    out = io.StringIO()
    call_command("import_roadmap", *map(str, arguments), stdout=out)
    return out.getvalue()


def run_json(*arguments: str | Path) -> dict[str, Any]:
    """Run the command for programs: one object, nothing else."""
    found: dict[str, Any] = json.loads(run(*arguments, "--json"))
    return found


@pytest.fixture
def order(tmp_path: Path) -> Path:
    """The small order in a file."""
    path = tmp_path / "order.txt"
    path.write_text(ORDER, encoding="utf-8")
    return path


@pytest.mark.django_db
def test_the_real_order_is_read_whole_into_an_empty_portal() -> None:
    read = run_json(ANNEX, *OF_2381)
    assert Region.objects.get().code == "68"
    assert [section["number"] for section in read["sections"]] == ["1", "2", "3", "4"]
    assert read["sections"][3]["title"] == "Информационное сопровождение внедрения профориентационного минимума"
    expected = [f"{section}.{n}" for section, last in ((1, 14), (2, 11), (3, 16), (4, 3)) for n in range(1, last + 1)]
    assert [item["number"] for item in read["items"]] == expected
    assert [item["number"] for item in read["items"] if item["unresolved"]] == []
    assert [item["number"] for item in read["items"] if not item["bodies"]] == []
    assert [item["number"] for item in read["items"] if item["kind"] == "unresolved"] == []
    assert [item["number"] for item in read["items"] if not item["occurrences"]] == ["2.5", "2.6", "2.11"]
    by_number = {item["number"]: item for item in read["items"]}
    shared = {by_number[number]["expected_result"] for number in ("1.1", "1.2", "1.3")}
    assert len(shared) == 1
    assert "назначены ответственные сотрудники" in shared.pop()
    assert by_number["1.1"]["occurrences"] == [{"start": None, "due": "2023-07-10"}]
    assert by_number["1.4"]["occurrences"] == [{"start": "2023-07-01", "due": "2023-07-31"}]
    assert by_number["3.7"]["bodies"] == [
        {
            "text": "Образовательные организации, не являющиеся участниками проекта «Билет в будущее»",
            "organization": None,
            "group": "schools_outside_ticket",
        }
    ]
    assert by_number["1.14"]["bodies"][0]["organization"] == (
        "ТОГОАУ ДПО «Институт повышения квалификации работников образования»"
    )
    assert len(by_number["4.3"]["occurrences"]) == 9
    assert (read["created"], read["state"], read["edition"]) == (True, "draft", 1)
    assert Item.objects.filter(section__roadmap=read["roadmap"]).count() == 44


@pytest.mark.django_db
def test_the_same_order_is_not_saved_a_second_time() -> None:
    first = run_json(ANNEX, *OF_2381)
    counts = row_counts()
    again = run_json(ANNEX, *OF_2381)
    assert row_counts() == counts
    assert (again["roadmap"], again["created"]) == (first["roadmap"], False)
    assert "Этот текст уже сохранён: редакция 1 (проект)" in run(ANNEX, *OF_2381)


def test_people_get_a_summary_with_what_to_look_at(ministry: Organization, order: Path) -> None:
    said = run(order, *OF_2381)
    assert "Приказ № 2381 от 25.08.2023, 2023/2024 учебный год" in said
    assert "Прочитано: 2\u00a0раздела, 5\u00a0мероприятий; без дат — 2, требуют внимания — 2." in said
    assert "3.1: не распознан ответственный «Все школы области»" in said
    assert "1.2: дат в тексте нет" in said
    assert f"Сохранён проект: редакция 1, запись {Roadmap.objects.get().pk}." in said


def test_the_order_says_itself_what_the_command_line_leaves_out(ministry: Organization, order: Path) -> None:
    read = run_json(order)
    assert read["order"] == {"number": "2381", "date": "2023-08-25"}
    assert read["academic_year"] == 2023


@pytest.mark.parametrize("encoding", ["cp1251", "utf-8-sig", "utf-16"])
def test_a_file_of_any_usual_encoding_is_read(ministry: Organization, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "order.txt"
    path.write_bytes(ORDER.replace("\n", "\r\n").encode(encoding))
    assert len(run_json(path, *OF_2381)["items"]) == 5


def test_a_dry_run_reads_all_and_leaves_nothing(order: Path, db: None) -> None:
    before = row_counts()
    read = run_json(order, *OF_2381, "--dry-run")
    assert len(read["items"]) == 5
    assert (read["roadmap"], read["created"]) == (None, False)
    assert row_counts() == before, "not even the region's reference data"


def test_the_region_is_named_where_there_are_several(
    ministry: Organization, stranger_ministry: Organization, order: Path
) -> None:
    with pytest.raises(CommandError, match="Укажите субъект РФ: --region КОД"):
        run(order, *OF_2381)
    with pytest.raises(CommandError, match="с кодом «99» нет"):
        run(order, *OF_2381, "--region", "99")
    run(order, *OF_2381, "--region", "48")
    assert Roadmap.objects.get().region == stranger_ministry.region


@pytest.mark.parametrize(
    ("content", "arguments", "message"),
    [
        (None, OF_2381, "Нет файла"),
        ("Уважаемые коллеги!".encode(), OF_2381, "Не нашли в\u00a0тексте таблицу дорожной карты"),
        (b"", OF_2381, "Файл пустой"),
        (b"PK\x03\x04", OF_2381, "Файл повреждён"),
        (ORDER.encode(), (*OF_2381[:3], "2023-08-32", *OF_2381[4:]), "Дата приказа «2023-08-32» не читается"),
        (ORDER.encode(), (*OF_2381[:3], "0023-08-25", *OF_2381[4:]), "Дата приказа «0023-08-25»: проверьте год"),
        (ORDER.encode(), (*OF_2381[:5], "двадцать"), "Учебный год «двадцать» не читается"),
        (ORDER.encode(), ("--order", "№" * 41), "Номер приказа длиннее 40 знаков"),
        (order_of(("3.1", "А", "Постоянно", "Школы")).encode(), (), "--order, --dated, --year"),
        (order_of(("3.1", "А", "До 1 мая " * 40, "Школы")).encode(), OF_2381, "срок длиннее 300 знаков"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    db: None, tmp_path: Path, content: bytes | None, arguments: tuple[str, ...], message: str
) -> None:
    path = tmp_path / "order.txt"
    if content is not None:
        path.write_bytes(content)
    before = row_counts()
    out = io.StringIO()
    with pytest.raises(CommandError, match=message) as refusal:
        call_command("import_roadmap", str(path), *arguments, "--json", stdout=out)
    assert refusal.value.returncode == 1
    assert message in json.loads(out.getvalue())["error"]
    assert row_counts() == before


def test_a_folder_is_no_file(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="не читается"):
        run(tmp_path, *OF_2381)


def test_an_order_that_differs_is_the_next_edition(ministry: Organization, order: Path) -> None:
    first = draft_of(ministry.region)
    order.write_text(ORDER.replace("20.10.2023", "21.10.2023"), encoding="utf-8")
    read = run_json(order, *OF_2381)
    assert (read["edition"], read["created"]) == (2, True)
    first.refresh_from_db()
    assert first.state == RoadmapState.DRAFT


def test_a_database_that_has_its_tables_is_left_alone(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    tables = connection.introspection.table_names()
    prepare_database()
    assert connection.introspection.table_names() == tables
    assert capsys.readouterr().out == ""
