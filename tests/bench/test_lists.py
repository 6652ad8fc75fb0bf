"""The lists the bench makes are good ones: a refusal would measure nothing."""

from datetime import timedelta
from typing import Any

from accounts.academic_years import AcademicYear
from accounts.models import Organization, Region
from accounts.reference import load_region
from bench.inserting import columns, insert, literal, table
from bench.lists import school_list
from obligations.models import Obligation, Requirement
from schools.imports import import_school_list
from tests import factories
from tests.conftest import NOW, TODAY


def test_a_list_of_the_bench_is_taken_over_without_a_complaint(db: None) -> None:
    region = load_region().region
    outcome = import_school_list(
        region=region,
        data=school_list(70),
        filename="schools.xlsx",
        academic_year=AcademicYear.of(TODAY).start_year,
        by=None,
        now=NOW,
    )
    assert (outcome.created, outcome.problems) == (70, ())
    schools = Organization.objects.filter(region=region).schools()
    assert schools.values("parent").distinct().count() == 30


def test_the_same_call_makes_the_same_file_at_any_time(time_machine: Any) -> None:
    time_machine.move_to(NOW)
    first = school_list(3)
    time_machine.move_to(NOW + timedelta(days=1))
    assert school_list(3) == first


def test_a_row_is_inserted_with_the_defaults_of_what_is_not_named(region: Region, bondarskaya: Organization) -> None:
    requirement = factories.RequirementFactory(region=region)
    written = insert(
        Obligation,
        {
            "requirement": str(requirement.pk),
            "organization": "school.id",
            "due_on": f"'{TODAY}'",
            "created_at": "'2023-10-16 07:00:00'",
        },
        f"{table(Organization)} school WHERE school.id = %s",
        [bondarskaya.pk],
    )
    obligation = Obligation.objects.get()
    assert written == 1
    assert (obligation.organization, obligation.state, obligation.note) == (bondarskaya, "open", "")
    assert obligation.submitted_at is None
    assert '"id"' not in columns(Requirement)


def test_literals_cannot_break_out_of_their_quotes() -> None:
    values = (None, True, 7, "it's")
    assert [literal(value) for value in values] == ["NULL", "TRUE", "7", "'it''s'"]
