"""Counts for the home page, each in one query."""

from datetime import date, datetime, timedelta
from typing import Protocol

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organization, Region
from obligations import aggregates
from obligations.aggregates import InboxCounts, OverdueCount, OwnCounts, Tally
from obligations.models import Obligation, TallyEntry
from tests import factories


class Owes(Protocol):
    """Makes an organization owe something due so many days from today, in a state."""

    def __call__(self, organization: Organization, days: int, state: str = "open", year: int = 2023) -> Obligation: ...


@pytest.fixture
def owes(now: datetime, today: date) -> Owes:
    """Make the organization owe something due so many days from today, in the given state."""

    def _owes(organization: Organization, days: int, state: str = "open", year: int = 2023) -> Obligation:
        due_on = today + timedelta(days=days)
        moment = None if state in ("open", "cancelled") else now
        return factories.ObligationFactory(
            requirement=factories.RequirementFactory(region=organization.region, due_on=due_on, academic_year=year),
            organization=organization,
            state=state,
            first_submitted_at=moment,
            submitted_at=moment,
            decided_at=moment,
        )

    return _owes


def test_own_counts_know_what_is_returned_and_overdue_at_once(
    owes: Owes, bondarskaya: Organization, today: date, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for days, state in [(-1, "open"), (-3, "returned"), (5, "returned"), (9, "reopened"), (0, "open"), (7, "open")]:
        owes(bondarskaya, days, state)
    for days, state in [(8, "open"), (-2, "submitted"), (3, "declared_nil"), (-9, "accepted"), (2, "cancelled")]:
        owes(bondarskaya, days, state)
    owes(bondarskaya, -200, "open", year=2022)
    owes(bondarskaya, -200, "accepted", year=2022)
    with django_assert_num_queries(1):
        counts = aggregates.own_counts(Obligation.objects.all(), today=today, academic_year=2023)
    assert counts == OwnCounts(
        overdue=2, returned=3, returned_overdue=1, soon=2, later=1, under_review=2, accepted=1, earlier=1
    )
    assert counts.to_do == 7


def test_the_inbox_tells_municipalities_from_schools(
    owes: Owes, ministry: Organization, bondarsky: Organization, lyceum: Organization, operator: Organization
) -> None:
    owes(ministry, -1, "submitted")
    owes(bondarsky, -1, "submitted")
    owes(lyceum, -1, "declared_nil")
    owes(lyceum, -1, "submitted")
    owes(operator, -1, "submitted")
    owes(lyceum, -1, "open")
    owes(bondarsky, -1, "accepted")
    counts = aggregates.inbox_counts(Obligation.objects.all())
    assert counts == InboxCounts(total=5, municipalities=1, schools=2, own=1)
    assert counts.institutions == 1


def test_a_tally_adds_up_to_its_total(owes: Owes, bondarskaya: Organization, today: date) -> None:
    for days, state in [
        (-1, "open"),
        (0, "open"),
        (3, "returned"),
        (-4, "reopened"),
        (1, "submitted"),
        (1, "accepted"),
    ]:
        owes(bondarskaya, days, state)
    owes(bondarskaya, 1, "cancelled")
    found = aggregates.tally_of(Obligation.objects.all(), region=bondarskaya.region, today=today)
    assert found == Tally(obligations=6, accepted=1, under_review=1, open=4, overdue=2, due=5, on_time=3)
    assert found.obligations == found.accepted + found.under_review + found.in_progress + found.overdue


def test_nothing_owed_is_zeros_not_blanks(region: Region, today: date) -> None:
    assert aggregates.tally_of(Obligation.objects.all(), region=region, today=today) == Tally()
    assert aggregates.inbox_counts(Obligation.objects.all()) == InboxCounts(0, 0, 0)


def test_the_worst_organization_comes_first(
    owes: Owes, bondarskaya: Organization, pakhotnaya: Organization, morshanskaya: Organization, today: date
) -> None:
    owes(bondarskaya, -1)
    owes(pakhotnaya, -1)
    owes(pakhotnaya, -2)
    owes(morshanskaya, 1)
    found = aggregates.most_overdue(Obligation.objects.all(), today=today, limit=5)
    assert found == [
        OverdueCount("Школа Пахотная", 2, pakhotnaya.pk),
        OverdueCount("Школа Бондарская", 1, bondarskaya.pk),
    ]
    assert aggregates.most_overdue(Obligation.objects.all(), today=today, limit=1) == found[:1]


def test_a_municipality_counts_with_its_schools_and_regional_schools_stand_beside(
    owes: Owes,
    bondarsky: Organization,
    morshansky: Organization,
    bondarskaya: Organization,
    pakhotnaya: Organization,
    morshanskaya: Organization,
    lyceum: Organization,
    operator: Organization,
    today: date,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for organization in (bondarsky, bondarskaya, pakhotnaya, morshanskaya, lyceum, lyceum, operator):
        owes(organization, -1)
    owes(morshanskaya, 0)
    owes(morshanskaya, -1, "submitted")
    with django_assert_num_queries(1):
        found = aggregates.most_overdue_municipalities(TallyEntry.objects.all(), today=today, limit=5)
    assert found == [
        OverdueCount("Бондарский", 3, bondarsky.pk),
        OverdueCount("Школы на региональном бюджете", 2),
        OverdueCount("Другие организации региона", 1),
        OverdueCount("Моршанский", 1, morshansky.pk),
    ]
    assert aggregates.most_overdue_municipalities(TallyEntry.objects.all(), today=today, limit=1) == found[:1]
