"""``manage.py import_schools``: what it prints, what it leaves behind."""

import json
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts.models import Organization, OrganizationTrait, Region
from fixtures import make_school_lists
from schools.models import SchoolImport, SchoolProfile, SchoolYear
from tests import factories
from tests.schools.lists import school, workbook
from tests.schools.test_importing import snapshot

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
SAMPLE = FIXTURES / make_school_lists.SAMPLE
FAULTY = FIXTURES / make_school_lists.FAULTY


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Exit code, standard output and the message of the command."""
    code, message = 0, ""
    try:
        call_command("import_schools", *map(str, arguments))
    except CommandError as error:
        code, message = error.returncode, str(error)
    return code, capsys.readouterr().out, message


def run_json(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, dict[str, Any]]:
    code, out, _ = run(capsys, *arguments, "--json")
    return code, json.loads(out)


@pytest.mark.django_db
class TestOnAnEmptyDatabase:
    """The first thing a new installation does."""

    def test_a_dry_run_counts_five_hundred_and_leaves_the_database_empty(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        counts = {"created": 500, "changed": 0, "unchanged": 0, "errors": []}
        assert run_json(capsys, SAMPLE, "--dry-run") == (0, counts)
        assert not Region.objects.exists()

    def test_the_reference_region_may_be_named_and_no_other(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run_json(capsys, SAMPLE, "--dry-run", "--region", "68")[1]["created"] == 500
        code, answer = run_json(capsys, SAMPLE, "--region", "48")
        assert (code, answer["created"]) == (1, 0)
        assert not Region.objects.exists()

    def test_the_sample_comes_in_and_comes_in_again_unchanged(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run_json(capsys, SAMPLE, "--year", 2023) == (
            0,
            {"created": 500, "changed": 0, "unchanged": 0, "errors": []},
        )
        schools = Organization.objects.schools()
        assert schools.count() == SchoolProfile.objects.count() == SchoolYear.objects.count() == 500
        assert Organization.objects.on_regional_budget().count() == 12
        assert schools.values("parent").distinct().count() == 31
        assert schools.filter(parent__code="tambov").count() == 60
        takers = [one for one in make_school_lists.make_sample() if one.takes_part == "да"]
        assert OrganizationTrait.objects.count() == len(takers)
        code, out, _ = run(capsys, SAMPLE, "--year", 2023)
        assert (code, out.strip().replace("\u00a0", " ")) == (0, "Создано 0 школ, изменено 0, без изменений 500.")
        assert SchoolImport.objects.count() == 2

    def test_the_faulty_sample_changes_nothing_and_names_every_fault(self, capsys: pytest.CaptureFixture[str]) -> None:
        code, answer = run_json(capsys, FAULTY)
        assert code == 1
        assert (answer["created"], answer["changed"], answer["unchanged"]) == (0, 0, 0)
        assert not Region.objects.exists()
        letters = dict(zip(make_school_lists.School.__dataclass_fields__, "ABCDEFGHIJKL", strict=True))
        other = {
            field: letter for (_, field), letter in zip(make_school_lists.SECOND_SHEET_ORDER, "ABCDEFGHI", strict=True)
        }
        first, second = make_school_lists.make_faulty()
        expected = [
            (sheet, row, columns[fault.field])
            for sheet, faults, columns in (("Муниципальные ОО", first, letters), ("Областные и прочие", second, other))
            for row, fault in enumerate(faults, start=7)
            if fault.field
        ]
        assert [(error["sheet"], error["row"], error["column"]) for error in answer["errors"]] == expected
        assert all(error["message"] and error["heading"] for error in answer["errors"])


def test_errors_are_told_in_words(capsys: pytest.CaptureFixture[str], bondarsky: Organization, tmp_path: Path) -> None:
    path = tmp_path / "schools.xlsx"
    path.write_bytes(workbook(school(1, level="50")))
    before = snapshot()
    code, out, message = run(capsys, path)
    assert (code, out) == (1, "")
    assert message.replace("\u00a0", " ").startswith(
        "Ничего не загружено: 1 ошибка.\n  лист «Школы», строка 2, столбец E: Неизвестный уровень «50»."
    )
    assert snapshot() == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("nowhere.xlsx", None),
        ("letter.xlsx", b"Dear colleagues"),
        ("empty.csv", b""),
        ("fruit.csv", "Яблоки;Груши".encode()),
    ],
)
def test_what_is_no_list_is_one_error_without_a_place(
    capsys: pytest.CaptureFixture[str], region: Region, tmp_path: Path, name: str, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    code, answer = run_json(capsys, tmp_path / name)
    assert code == 1
    (error,) = answer["errors"]
    assert error["message"]
    assert (error["sheet"], error["row"], error["column"]) == (None, None, None)


def test_the_year_is_the_one_that_runs_in_the_region(
    capsys: pytest.CaptureFixture[str], bondarsky: Organization, tmp_path: Path
) -> None:
    path = tmp_path / "schools.xlsx"
    path.write_bytes(workbook(school(1)))
    # Midnight has passed in Moscow, where the region is, and not yet in UTC: a new academic year there.
    with time_machine.travel("2024-08-31T21:30:00+00:00", tick=False):
        assert run(capsys, path)[0] == 0
    assert SchoolYear.objects.get().academic_year == 2024


def test_the_region_must_be_named_where_there_are_several(
    capsys: pytest.CaptureFixture[str], bondarsky: Organization, stranger_ministry: Organization, tmp_path: Path
) -> None:
    path = tmp_path / "schools.xlsx"
    path.write_bytes(workbook(school(1)))
    code, answer = run_json(capsys, path)
    assert code == 1
    assert "--region" in answer["errors"][0]["message"]
    code, answer = run_json(capsys, path, "--region", "99")
    assert "48 — Липецкая область, 68 — Тамбовская область" in answer["errors"][0]["message"]
    code, answer = run_json(capsys, path, "--region", "68")
    assert (code, answer["created"]) == (0, 1)
    assert Organization.objects.schools().get().parent == bondarsky


def test_an_impossible_year_is_refused(capsys: pytest.CaptureFixture[str], db: None) -> None:
    assert "нет такого учебного года" in run(capsys, SAMPLE, "--year", "23")[2]


def test_newcomers_obligations_are_told(
    capsys: pytest.CaptureFixture[str], bondarsky: Organization, tmp_path: Path
) -> None:
    requirement = factories.RequirementFactory(region=bondarsky.region)
    requirement.bodies.create(group="schools")
    path = tmp_path / "schools.xlsx"
    path.write_bytes(workbook(school(1)))
    _, out, _ = run(capsys, path, "--year", 2023)
    assert out.replace("\u00a0", " ").splitlines() == [
        "Создана 1 школа, изменено 0, без изменений 0.",
        "Добавлено поручений: 1.",
    ]
