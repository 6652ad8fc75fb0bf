"""A school that comes later owes what is ahead; one that closes is released; both histories say why."""

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from accounts.models import BodyGroup, Organization, Region
from obligations.fan_out import fan_out
from obligations.models import Obligation, Requirement
from obligations.reconciling import reconcile_region
from obligations.states import Act, State
from obligations.tasks import reconcile_one_region, reconcile_regions
from tests import factories

DAY = timedelta(days=1)


@pytest.fixture
def asked(region: Region, bondarskaya: Organization, now: datetime) -> dict[str, Requirement]:
    """Every school owes three things: one past due, one due today, one due in November."""
    days = {"past": date(2023, 10, 2), "today": date(2023, 10, 16), "ahead": date(2023, 11, 20)}
    made: dict[str, Requirement] = {
        name: factories.RequirementFactory(region=region, due_on=day) for name, day in days.items()
    }
    for requirement in made.values():
        requirement.bodies.create(group=BodyGroup.SCHOOLS)
    fan_out(requirements=list(made.values()), by=None, at=now - 30 * DAY)
    return made


def owed(school: Organization) -> set[int]:
    return set(Obligation.objects.in_force().filter(organization=school).values_list("requirement", flat=True))


def test_a_newcomer_owes_what_is_due_from_its_first_day_on(
    asked: dict[str, Requirement], region: Region, bondarsky: Organization, bondarskaya: Organization, now: datetime
) -> None:
    newcomer = factories.SchoolFactory(parent=bondarsky)
    assert reconcile_region(region=region, by=None, at=now, note="Список школ от 16 октября.") == (2, 0)
    assert owed(newcomer) == {asked["today"].pk, asked["ahead"].pk}
    for obligation in Obligation.objects.filter(organization=newcomer):
        step = obligation.steps.get()
        assert (step.act, step.from_state, step.to_state) == (Act.JOIN, State.OPEN, State.OPEN)
        assert step.comment == (
            "Организация вошла в число исполнителей 16\u00a0октября\u00a02023\u00a0г. Список школ от 16 октября."
        )
    # Those who were there from the beginning are told nothing, and a second run changes nothing.
    assert not Obligation.objects.get(requirement=asked["ahead"], organization=bondarskaya).steps.exists()
    assert reconcile_region(region=region, by=None, at=now + DAY) == (0, 0)


def test_what_fell_due_while_a_school_was_closed_does_not_come_back(
    asked: dict[str, Requirement], region: Region, bondarskaya: Organization, now: datetime
) -> None:
    """What it was late with before it closed does: closing is no way out of a debt."""
    bondarskaya.is_active = False
    bondarskaya.save()
    assert reconcile_region(region=region, by=None, at=now, note="Ремонт.") == (0, 3)
    assert owed(bondarskaya) == set()
    step = Obligation.objects.get(requirement=asked["ahead"]).steps.get()
    assert (step.act, step.comment) == (Act.LEAVE, "Организация закрыта. Ремонт.")

    bondarskaya.is_active = True
    bondarskaya.save()
    assert reconcile_region(region=region, by=None, at=now + 5 * DAY) == (2, 0)
    assert owed(bondarskaya) == {asked["past"].pk, asked["ahead"].pk}


def test_only_the_organizations_named_are_looked_at(
    asked: dict[str, Requirement], region: Region, bondarsky: Organization, now: datetime
) -> None:
    first, second = (factories.SchoolFactory(parent=bondarsky) for _ in range(2))
    assert reconcile_region(region=region, by=None, at=now, organizations=[first.pk]) == (2, 0)
    assert owed(second) == set()
    assert reconcile_region(region=region, by=None, at=now, organizations=[]) == (0, 0)


def test_the_first_schools_of_a_region_are_no_newcomers(
    asked: dict[str, Requirement], region: Region, bondarsky: Organization, bondarskaya: Organization, now: datetime
) -> None:
    """The roadmap came before the list of schools: what is past due is owed all the same."""
    Obligation.objects.all().delete()
    asked["past"].bodies.create(group=BodyGroup.MUNICIPALITIES)
    factories.ObligationFactory(requirement=asked["past"], organization=bondarsky)
    assert reconcile_region(region=region, by=None, at=now) == (3, 0)
    assert len(owed(bondarskaya)) == 3


def test_years_that_are_over_are_history(
    asked: dict[str, Requirement], region: Region, bondarsky: Organization, now: datetime
) -> None:
    Requirement.objects.update(academic_year=2022)
    factories.SchoolFactory(parent=bondarsky)
    assert reconcile_region(region=region, by=None, at=now) == (0, 0)
    assert reconcile_region(region=region, by=None, at=now, academic_year=2022) == (3, 0)


def test_the_night_and_the_shell_do_the_same(
    asked: dict[str, Requirement],
    region: Region,
    bondarsky: Organization,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    newcomer = factories.SchoolFactory(parent=bondarsky)
    # The messages go straight to their worker.
    monkeypatch.setattr(reconcile_one_region, "delay", reconcile_one_region)
    with time_machine.travel(now, tick=False):
        reconcile_regions()
    assert len(owed(newcomer)) == 2
    Organization.objects.filter(pk=newcomer.pk).update(is_active=False)
    said = StringIO()
    with time_machine.travel(now + DAY, tick=False):
        call_command("reconcile_obligations", "--region", "68", stdout=said)
    assert said.getvalue() == "Тамбовская область: добавлено 0, снято 2\n"
    with pytest.raises(CommandError, match="99"):
        call_command("reconcile_obligations", "--region", "99")
