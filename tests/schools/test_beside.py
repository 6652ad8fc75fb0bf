"""What a preview tells beside the changes: repairs, doubles, schools that the list leaves out."""

import pytest

from accounts.models import Organization
from schools.imports.plan import ImportOutcome
from sheets.checks import inn_is_valid
from tests.schools.conftest import Import
from tests.schools.lists import inn, listed, school

pytestmark = pytest.mark.usefixtures("bondarsky")
LOST_ZERO = next(f"{number:09d}" for number in range(199900000, 199900100) if inn_is_valid(f"0{number:09d}"))


def repairs(outcome: ImportOutcome) -> list[tuple[str, str, str]]:
    return [(one.name, one.was, one.becomes) for one in outcome.repairs]


def test_what_is_sure_is_put_right_where_a_person_looks_on(bring_in: Import) -> None:
    rows = listed(
        school(1, inn=LOST_ZERO, name="Шкoла № 1", contact_email="shkоla1@example.test"),
        school(2),
    )
    strict = bring_in(rows, dry_run=True)
    assert [problem.heading for problem in strict.problems] == ["Полное наименование ОО", "ИНН", "Эл. почта"]
    outcome = bring_in(rows, repair=True)
    assert not outcome.problems
    assert repairs(outcome) == [
        ("inn", LOST_ZERO, f"0{LOST_ZERO}"),
        ("name", "Шкoла № 1", "Школа № 1"),
        ("contact_email", "shkоla1@example.test", "shkola1@example.test"),
    ]
    assert outcome.repairs[0].place == "лист «Школы», строка 2, столбец D"
    assert Organization.objects.schools().get(inn=f"0{LOST_ZERO}").name == "Школа № 1"


def test_other_quotation_marks_and_no_dots_over_the_e_are_no_other_name(bring_in: Import) -> None:
    bring_in(listed(school(1, name='МБОУ "Школа "Ёлочка" – 1"', short_name="Ёлочка")))
    again = bring_in(listed(school(1, name="МБОУ “Школа „Елочка“  -  1”", short_name="Елочка")), dry_run=True)
    assert (again.changed, again.unchanged) == (0, 1)
    (change,) = bring_in(listed(school(1, name="МБОУ «Школа „Елка“ – 1»", short_name="Ёлочка"))).to_change[0].changes
    assert change.becomes == "МБОУ «Школа „Елка“ – 1»"


def test_a_new_school_that_looks_like_another_is_doubted_and_taken(bring_in: Import) -> None:
    bring_in(listed(school(1)))
    rows = listed(school(5, name=school(1)["name"]), school(6), school(7, name=school(6)["name"]))
    preview = bring_in(rows, dry_run=True)
    assert not preview.problems
    assert [(one.row.number, one.like) for one in preview.beside.doubles] == [
        (2, f"в реестре есть «Школа № 1», ИНН {inn(1)}"),
        (4, f"так же названа школа в строке 3, ИНН {inn(6)}"),
    ]


def test_who_is_left_out_is_told_of_the_municipalities_that_are_spoken_of(
    bring_in: Import, bondarsky: Organization, morshansky: Organization
) -> None:
    bring_in(listed(school(1), school(2), school(3, municipality="Моршанский")))
    Organization.objects.create(
        region=bondarsky.region, kind="school", parent=bondarsky, name="Школа без ИНН", short_name="Без ИНН"
    )
    preview = bring_in(listed(school(1, level="50"), school(4)), dry_run=True)
    # A row that is wrong in something else still names its school.
    assert preview.beside.absent == (("Школа № 2", "Бондарский"), ("Без ИНН", "Бондарский"))
