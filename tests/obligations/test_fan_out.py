"""From a requirement to what organizations owe: set-based, idempotent, in step with the registry."""

from datetime import datetime, timedelta

import pytest

from accounts.models import BodyGroup, Organization, OrganizationTrait, Trait, User
from obligations.fan_out import BodyReach, fan_out, organizations_of, reach, reconcile
from obligations.models import Obligation, Requirement, ReviewStep
from obligations.states import Act, State
from obligations.workflow import advance
from tests import factories

DAY = timedelta(days=1)


@pytest.fixture
def of_schools(requirement: Requirement) -> Requirement:
    """Item 3.2 is asked of every school."""
    requirement.bodies.create(group=BodyGroup.SCHOOLS)
    return requirement


@pytest.fixture
def four_schools(
    bondarskaya: Organization, pakhotnaya: Organization, morshanskaya: Organization, lyceum: Organization
) -> list[Organization]:
    return [bondarskaya, pakhotnaya, morshanskaya, lyceum]


def joins_ticket(school: Organization, year: int = 2023) -> OrganizationTrait:
    return OrganizationTrait.objects.create(organization=school, academic_year=year, trait=Trait.TICKET_TO_FUTURE)


def owers() -> list[str]:
    return sorted(Obligation.objects.in_force().values_list("organization__short_name", flat=True))


def test_every_open_school_owes_once(
    of_schools: Requirement,
    four_schools: list[Organization],
    stranger_ministry: Organization,
    anna: User,
    now: datetime,
) -> None:
    factories.SchoolFactory(parent=stranger_ministry, short_name="Школа другой области")
    factories.SchoolFactory(parent=four_schools[0].parent, short_name="Школа закрытая", is_active=False)
    assert fan_out(requirements=[of_schools], by=anna, at=now) == 4
    assert owers() == ["Лицей областной", "Школа Бондарская", "Школа Моршанская", "Школа Пахотная"]
    obligation = Obligation.objects.first()
    assert obligation is not None
    assert (obligation.state, obligation.due_on, obligation.note) == (State.OPEN, of_schools.due_on, "")
    assert obligation.created_at == now
    assert Obligation.objects.filter(created_at__lte=now).count() == 4
    assert not Obligation.objects.filter(created_at__lt=now).exists()


def test_run_again_it_adds_latecomers_and_resets_nothing(
    of_schools: Requirement, four_schools: list[Organization], elena: User, anna: User, now: datetime
) -> None:
    fan_out(requirements=[of_schools], by=anna, at=now)
    handed_in = Obligation.objects.get(organization=four_schools[0])
    advance(obligation=handed_in, act=Act.SUBMIT, by=elena, at=now, note="Готово")
    assert fan_out(requirements=[of_schools], by=anna, at=now + DAY) == 0
    factories.SchoolFactory(parent=four_schools[0].parent, short_name="Школа новая")
    assert fan_out(requirements=[of_schools], by=anna, at=now + DAY) == 1
    handed_in.refresh_from_db()
    assert (handed_in.state, handed_in.note) == (State.SUBMITTED, "Готово")
    assert len(owers()) == 5


def test_the_fan_out_is_one_statement_a_group_however_many_schools(
    of_schools: Requirement, bondarsky: Organization, anna: User, now: datetime, django_assert_num_queries: object
) -> None:
    factories.SchoolFactory.create_batch(30, parent=bondarsky)
    transaction, earlier_dates, groups, notices = 2, 2, 1 + len(BodyGroup), 1
    with django_assert_num_queries(transaction + earlier_dates + groups + notices):  # type: ignore[operator]
        assert fan_out(requirements=[of_schools], by=anna, at=now) == 30


def test_schools_in_the_ticket_project_are_left_out_in_that_year_only(
    requirement: Requirement, four_schools: list[Organization], anna: User, now: datetime
) -> None:
    joins_ticket(four_schools[0])
    joins_ticket(four_schools[1], year=2022)
    requirement.bodies.create(group=BodyGroup.SCHOOLS_OUTSIDE_TICKET)
    assert fan_out(requirements=[requirement], by=anna, at=now) == 3
    assert "Школа Бондарская" not in owers()


def test_a_named_organization_and_its_group_make_one_obligation(
    of_schools: Requirement, four_schools: list[Organization], operator: Organization, anna: User, now: datetime
) -> None:
    of_schools.bodies.create(organization=four_schools[0])
    of_schools.bodies.create(organization=operator)
    assert fan_out(requirements=[of_schools], by=anna, at=now) == 5
    assert "ИПК работников образования" in owers()


def test_nothing_asked_of_nobody(requirement: Requirement, anna: User, now: datetime) -> None:
    assert fan_out(requirements=[], by=anna, at=now) == 0
    assert fan_out(requirements=[requirement], by=anna, at=now) == 0


def test_the_preview_counts_whom_a_body_reaches_and_why_others_stay_out(
    requirement: Requirement, four_schools: list[Organization], operator: Organization
) -> None:
    joins_ticket(four_schools[0])
    joins_ticket(four_schools[0], year=2022)
    closed = factories.SchoolFactory(parent=four_schools[0].parent, is_active=False)
    joins_ticket(closed)
    region_id = requirement.region_id

    def reached(group: str = "", organization: Organization | None = None) -> BodyReach:
        return reach(region_id=region_id, academic_year=2023, organization=organization, group=group)

    assert reached(BodyGroup.SCHOOLS) == BodyReach("Общеобразовательные организации", 4, closed=1)
    outside = reached(BodyGroup.SCHOOLS_OUTSIDE_TICKET)
    assert (outside.reached, outside.closed, outside.with_trait) == (3, 1, 1)
    assert reached(organization=operator) == BodyReach("ИПК работников образования", 1)
    assert reached(organization=closed).closed == 1


def test_the_preview_tells_what_the_fan_out_does(
    requirement: Requirement, four_schools: list[Organization], bondarsky: Organization, anna: User, now: datetime
) -> None:
    joins_ticket(four_schools[2])
    for group in BodyGroup:
        asked = factories.RequirementFactory(region=requirement.region)
        asked.bodies.create(group=group)
        preview = organizations_of(
            region_id=requirement.region_id, academic_year=2023, organization_id=None, group=group
        )
        fan_out(requirements=[asked], by=anna, at=now)
        assert set(asked.obligations.values_list("organization", flat=True)) == {one.pk for one in preview}


def test_a_school_that_closes_is_let_off_and_one_that_opens_again_owes_again(
    of_schools: Requirement, four_schools: list[Organization], anna: User, now: datetime
) -> None:
    school = four_schools[0]
    fan_out(requirements=[of_schools], by=anna, at=now)
    school.is_active = False
    school.save()
    assert reconcile(requirements=[of_schools], by=None, at=now + DAY) == (0, 1)
    assert reconcile(requirements=[of_schools], by=None, at=now + DAY) == (0, 0)
    assert "Школа Бондарская" not in owers()
    step = ReviewStep.objects.get()
    assert (step.act, step.by, step.comment) == (Act.LEAVE, None, "Организация закрыта.")

    school.is_active = True
    school.save()
    assert reconcile(requirements=[of_schools], by=None, at=now + 2 * DAY) == (1, 0)
    assert "Школа Бондарская" in owers()
    assert list(ReviewStep.objects.values_list("from_state", "to_state")) == [
        ("open", "cancelled"),
        ("cancelled", "open"),
    ]


def test_a_school_that_joins_the_ticket_project_is_let_off(
    requirement: Requirement, four_schools: list[Organization], anna: User, now: datetime
) -> None:
    requirement.bodies.create(group=BodyGroup.SCHOOLS_OUTSIDE_TICKET)
    fan_out(requirements=[requirement], by=anna, at=now)
    trait = joins_ticket(four_schools[0])
    assert reconcile(requirements=[requirement], by=None, at=now + DAY) == (0, 1)
    assert "больше не входит" in ReviewStep.objects.get().comment
    trait.delete()
    assert reconcile(requirements=[requirement], by=None, at=now + 2 * DAY) == (1, 0)
    assert len(owers()) == 4


def test_what_the_ministry_cancelled_stays_cancelled(
    of_schools: Requirement, four_schools: list[Organization], anna: User, now: datetime
) -> None:
    fan_out(requirements=[of_schools], by=anna, at=now)
    obligation = Obligation.objects.get(organization=four_schools[0])
    advance(obligation=obligation, act=Act.CANCEL, by=anna, at=now, comment="На капитальном ремонте")
    assert reconcile(requirements=[of_schools], by=None, at=now + DAY) == (0, 0)
    obligation.refresh_from_db()
    assert obligation.state == State.CANCELLED


def test_what_was_accepted_is_not_taken_away(
    of_schools: Requirement, four_schools: list[Organization], elena: User, boris: User, anna: User, now: datetime
) -> None:
    fan_out(requirements=[of_schools], by=anna, at=now)
    done = Obligation.objects.get(organization=four_schools[0])
    advance(obligation=done, act=Act.SUBMIT, by=elena, at=now, note="Готово")
    advance(obligation=done, act=Act.ACCEPT, by=boris, at=now)
    Organization.objects.filter(pk=four_schools[0].pk).update(is_active=False)
    assert reconcile(requirements=[of_schools], by=None, at=now + DAY) == (0, 0)
    done.refresh_from_db()
    assert done.state == State.ACCEPTED
