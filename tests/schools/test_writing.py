"""Plain tuples come into a table as they are, whatever signs are in them."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Organization, OrganizationKind, Region
from schools.imports.writing import write_rows
from schools.models import Level, SchoolProfile, SchoolYear
from tests import factories

NAMES = ("inn", "parent", "name", "short_name")
TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0") | st.sampled_from("\"'\\{},% NUL"),
    max_size=20,
)


def insert(ministry: Organization, *schools: tuple[str, str, str]) -> None:
    same = {"region": ministry.region_id, "kind": OrganizationKind.SCHOOL.value}
    write_rows(Organization, NAMES, [(inn, ministry.pk, name, short) for inn, name, short in schools], same=same)


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=4))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_comes_back_as_it_was_written(ministry: Organization, names: list[tuple[str, str]]) -> None:
    Organization.objects.schools().delete()
    insert(ministry, *((str(number), *pair) for number, pair in enumerate(names, start=1)))
    found = Organization.objects.schools().order_by("inn").values_list("name", "short_name")
    assert list(found) == names


def test_what_is_not_named_gets_the_default_of_the_model(ministry: Organization, region: Region) -> None:
    insert(ministry, ("1", "Школа", "Школа"))
    school = Organization.objects.schools().get()
    assert (school.region, school.parent, school.is_active) == (region, ministry, True)
    assert (school.code, school.email, school.phone, school.site, school.addressee) == ("", "", "", "", "")


def test_a_row_that_is_there_takes_over_the_named_fields_alone(ministry: Organization) -> None:
    school = factories.SchoolFactory(parent=ministry)
    profile = SchoolProfile.objects.create(organization=school, contact_name="Анна", contact_post="Завуч")
    row = [(school.pk, "Ольга", "Директор")]
    names = ("organization", "contact_name", "contact_post")
    write_rows(SchoolProfile, names, row, unique=["organization"], update=["contact_name"])
    profile.refresh_from_db()
    assert (profile.contact_name, profile.contact_post) == ("Ольга", "Завуч")


def test_without_fields_to_update_a_row_that_is_there_stays(ministry: Organization) -> None:
    school, other = factories.SchoolFactory(parent=ministry), factories.SchoolFactory(parent=ministry)
    first, second = Level.objects.order_by("hours")[:2]
    SchoolYear.objects.create(organization=school, academic_year=2023, level=first)
    rows = [(school.pk, second.pk), (other.pk, None)]
    unique = ["organization", "academic_year"]
    write_rows(SchoolYear, ("organization", "level"), rows, same={"academic_year": 2023}, unique=unique)
    assert dict(SchoolYear.objects.values_list("organization", "level")) == {school.pk: first.pk, other.pk: None}


@pytest.mark.django_db
def test_no_rows_are_no_work() -> None:
    write_rows(Organization, NAMES, [])
    assert not Organization.objects.schools().exists()
