"""``manage.py build_report``: the report without a worker; what cannot be built leaves no file."""

import os
import socket
import stat
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from python_calamine import CalamineWorkbook

from accounts.models import Organization, Region
from exports.building import WRITERS
from exports.models import ExportFormat
from roadmap.models import Occurrence, Roadmap
from tests import factories
from tests.exports.test_writers import pages


@pytest.fixture(autouse=True)
def _that_day(now: datetime) -> Iterator[None]:
    """The command is given on the day on which the stories play."""
    with time_machine.travel(now, tick=False):
        yield


def command(out: Path, *options: str, file_format: str = "xlsx") -> str:
    """Give the command; return what it printed."""
    printed = StringIO()
    call_command("build_report", "roadmap", "--format", file_format, "--out", str(out), *options, stdout=printed)
    return printed.getvalue()


def refusal(out: Path, *options: str) -> str:
    """Give a command that must be refused; return what it says, having left nothing behind."""
    before = sorted(out.parent.glob("*")) if out.parent.is_dir() else []
    with pytest.raises(CommandError) as caught:
        command(out, *options)
    assert caught.value.returncode == 1
    assert (sorted(out.parent.glob("*")) if out.parent.is_dir() else []) == before
    return str(caught.value)


def last_row(content: bytes) -> list[Any]:
    """The grand total of the items' sheet."""
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name("Мероприятия").to_python()[-1]


def test_the_regions_workbook(road: Roadmap, story: dict[str, Occurrence], tmp_path: Path) -> None:
    out = tmp_path / "отчёт.xlsx"
    printed = command(out)
    assert printed.count("\n") == 1
    assert "О ходе исполнения дорожной карты" in printed
    assert str(out) in printed
    assert last_row(out.read_bytes())[5:10] == [10, 3, 3, 4, 2]
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["отчёт.xlsx"]


def test_a_municipalitys_pdf(road: Roadmap, story: dict[str, Occurrence], tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    command(out, "--municipality", "бондарский", file_format="pdf")
    text = " ".join(pages(out.read_bytes()))
    assert "Школа Пахотная 2 1 0 1 1 50,0 %" in text
    assert "Моршанский" not in text


@pytest.mark.parametrize("name", ["bondarskiy", "Бондарский", " БОНДАРСКИЙ ", "Бонд", "Организация «Бондарский»"])
def test_a_municipality_is_known_by_code_name_and_beginning(
    road: Roadmap, story: dict[str, Occurrence], tmp_path: Path, name: str
) -> None:
    command(tmp_path / "r.xlsx", "--municipality", name)
    assert last_row((tmp_path / "r.xlsx").read_bytes())[5] == 5


def test_another_day_counts_what_is_overdue_at_its_end(
    road: Roadmap, story: dict[str, Occurrence], tmp_path: Path
) -> None:
    command(tmp_path / "r.xlsx", "--today", "2023-10-21")
    content = (tmp_path / "r.xlsx").read_bytes()
    assert last_row(content)[9] == 4
    summary = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name("Сводка").to_python()
    assert ["По состоянию на", datetime(2023, 10, 21, 23, 59)] in [row[:2] for row in summary]  # noqa: DTZ001


def test_the_year_is_chosen_by_its_first_calendar_year(road: Roadmap, now: datetime, tmp_path: Path) -> None:
    factories.RoadmapFactory(region=road.region, academic_year=2022, state="approved", approved_at=now)
    assert "отчёт" in command(tmp_path / "r.xlsx", "--year", "2022").casefold()
    found = refusal(tmp_path / "x.xlsx", "--year", "2019")
    assert found == "Нет утверждённой дорожной карты на 2019/2020 учебный год. Есть: 2022/2023, 2023/2024."


def test_an_unknown_municipality_gets_the_near_ones(
    road: Roadmap, story: dict[str, Occurrence], tmp_path: Path
) -> None:
    assert refusal(tmp_path / "r.xlsx", "--municipality", "Бандарский") == (
        "Нет муниципалитета «Бандарский». Похожие: Бондарский (bondarskiy)."
    )
    found = refusal(tmp_path / "r.xlsx", "--municipality", "Шанхай")
    assert found == "Нет муниципалитета «Шанхай». Есть: Бондарский (bondarskiy), Моршанский (morshanskiy)."


def test_a_name_of_two_municipalities_is_asked_back(
    road: Roadmap, ministry: Organization, bondarsky: Organization, tmp_path: Path
) -> None:
    factories.MunicipalityFactory(parent=ministry, code="bondarevo", short_name="Бондарево")
    found = refusal(tmp_path / "r.xlsx", "--municipality", "бонд")
    assert found.startswith("Под «бонд» подходят несколько муниципалитетов: ")
    assert "Бондарево (bondarevo)" in found


def test_several_regions_are_told_apart_by_code(road: Roadmap, stranger_ministry: Organization, tmp_path: Path) -> None:
    assert refusal(tmp_path / "r.xlsx").startswith("Субъектов РФ несколько")
    assert refusal(tmp_path / "r.xlsx", "--region", "99").startswith("Нет субъекта РФ с кодом «99». Есть: ")
    assert refusal(tmp_path / "r.xlsx", "--region", "48") == (
        "Липецкая область: нет ни одной утверждённой дорожной карты."
    )
    command(tmp_path / "r.xlsx", "--region", "68")


@pytest.mark.django_db
def test_an_empty_base_says_what_to_do(tmp_path: Path) -> None:
    assert refusal(tmp_path / "r.xlsx").startswith("В базе нет ни одного субъекта РФ")


def test_a_folder_that_is_not_there_is_named(road: Roadmap, tmp_path: Path) -> None:
    assert refusal(tmp_path / "nowhere" / "r.xlsx").startswith(f"Нет папки {tmp_path / 'nowhere'}")


def test_a_file_that_cannot_be_written_is_named_and_what_was_there_stays(road: Roadmap, tmp_path: Path) -> None:
    folder = tmp_path / "r.xlsx"
    folder.mkdir()
    assert refusal(folder).startswith(f"Файл {folder} нельзя записать")


def test_a_pipe_is_written_into_and_stays_a_pipe(
    road: Roadmap, story: dict[str, Occurrence], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """As «--out /dev/stdout | …» does; what is said goes elsewhere."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    printed = command(pipe)
    content = os.read(reading, 1 << 16)
    os.close(reading)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert last_row(content)[5:10] == [10, 3, 3, 4, 2]
    assert printed == ""
    assert "О ходе исполнения дорожной карты" in capfd.readouterr().err


def test_what_takes_no_bytes_is_named_and_stays_what_it_is(road: Roadmap, tmp_path: Path) -> None:
    door = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(door))
        with pytest.raises(CommandError, match=f"В {door} нельзя записать"):
            command(door)
    assert stat.S_ISSOCK(door.stat().st_mode)


def test_a_link_leads_to_the_file_and_stays_a_link(road: Roadmap, story: dict[str, Occurrence], tmp_path: Path) -> None:
    kept = tmp_path / "kept.xlsx"
    kept.write_bytes(b"old")
    link = tmp_path / "link.xlsx"
    link.symlink_to(kept)
    command(link)
    assert link.is_symlink()
    assert last_row(kept.read_bytes())[5:10] == [10, 3, 3, 4, 2]


def test_a_writer_that_stumbles_leaves_the_old_file(
    road: Roadmap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "r.xlsx"
    out.write_bytes(b"old")

    def stumble(_document: object) -> bytes:
        raise MemoryError

    monkeypatch.setitem(WRITERS, ExportFormat.XLSX, stumble)
    with pytest.raises(MemoryError):
        command(out)
    assert out.read_bytes() == b"old"


@pytest.mark.parametrize("options", [["--today", "31.09.2023"], ["--format", "doc"], ["--year", "x"], ["--year", "-1"]])
def test_a_command_line_that_makes_no_sense_is_refused(region: Region, tmp_path: Path, options: list[str]) -> None:
    with pytest.raises(CommandError):
        command(tmp_path / "r.xlsx", *options)
    assert not (tmp_path / "r.xlsx").exists()
