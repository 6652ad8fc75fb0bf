"""Taking the good rows of a list while the others wait."""

import pytest

from accounts.models import Organization
from schools.models import SchoolImport
from tests.schools.conftest import Import
from tests.schools.lists import inn, listed, ogrn, school
from tests.schools.test_importing import counts

pytestmark = pytest.mark.usefixtures("bondarsky")


def test_good_rows_come_in_and_the_others_are_named(bring_in: Import) -> None:
    rows = listed(school(1), school(2, level="50"), school(3))
    assert bring_in(rows).is_refused
    assert not Organization.objects.schools().exists()
    outcome = bring_in(rows, only_good=True)
    assert not outcome.is_refused
    assert counts(outcome) == (2, 0, 0)
    assert [problem.row for problem in outcome.problems] == [3]
    assert set(Organization.objects.schools().values_list("inn", flat=True)) == {inn(1), inn(3)}


def test_which_of_two_rows_with_one_number_is_right_only_a_person_can_say(bring_in: Import) -> None:
    rows = listed(school(1), school(2), school(3, inn=inn(1)))
    assert bring_in(rows, dry_run=True).good_rows == 1
    assert counts(bring_in(rows, only_good=True)) == (1, 0, 0)
    assert Organization.objects.schools().get().inn == inn(2)


def test_a_list_without_a_good_row_leaves_no_trace(bring_in: Import) -> None:
    outcome = bring_in(listed(school(1, level="50")), only_good=True)
    assert outcome.is_refused
    assert not SchoolImport.objects.exists()


def test_registration_numbers_come_in_checked(bring_in: Import) -> None:
    outcome = bring_in(listed(school(1), school(2, ogrn=ogrn(2)[:-1] + str((int(ogrn(2)[-1]) + 1) % 10))))
    (problem,) = outcome.problems
    assert (problem.row, problem.heading) == (3, "ОГРН")
    assert "контрольная цифра" in problem.message
    bring_in(listed(school(1)))
    assert Organization.objects.schools().get().ogrn == ogrn(1)


def test_a_registration_number_belongs_to_one_school(bring_in: Import) -> None:
    bring_in(listed(school(1)))
    outcome = bring_in(listed(school(2, ogrn=ogrn(1)), school(3), school(4, ogrn=ogrn(3))))
    assert [(problem.row, problem.message) for problem in outcome.problems] == [
        (2, f"ОГРН {ogrn(1)} принадлежит организации «Школа № 1» с другим ИНН."),
        (4, f"ОГРН {ogrn(3)} уже указан: лист «Школы», строка 3. Оставьте у одной школы."),
    ]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("inn", "1,6E+09"),
        ("inn", "6.8990E+9"),
        ("inn", "1,6Е+09"),  # a Cyrillic «Е»
        ("inn", "6899000000"),
        ("ogrn", "1,03E+12"),
        ("ogrn", "1030000000000"),
    ],
)
def test_a_number_that_a_program_has_shortened_cannot_be_guessed(bring_in: Import, number: str, text: str) -> None:
    (problem,) = bring_in(listed(school(1, **{number: text}))).problems
    assert "последние цифры потеряны" in problem.message
    assert "«Текстовый»" in problem.message
