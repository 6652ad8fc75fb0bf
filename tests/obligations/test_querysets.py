"""Scope, and the questions asked of obligations."""

from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import Organization, User
from obligations.models import Obligation, Requirement
from obligations.states import Act, State, Urgency
from obligations.workflow import advance
from tests import factories


@pytest.fixture
def everybody_owes(
    requirement: Requirement,
    ministry: Organization,
    operator: Organization,
    bondarsky: Organization,
    morshansky: Organization,
    bondarskaya: Organization,
    pakhotnaya: Organization,
    morshanskaya: Organization,
    lyceum: Organization,
    stranger_ministry: Organization,
) -> None:
    for organization in Organization.objects.all():
        factories.ObligationFactory(requirement=requirement, organization=organization)


def names(obligations: object) -> list[str]:
    return sorted(obligations.values_list("organization__short_name", flat=True))  # type: ignore[attr-defined]


@pytest.mark.usefixtures("everybody_owes")
def test_everybody_sees_their_own_branch(
    elena: User, boris: User, anna: User, oleg: User, zoya: User, viktor: User, pavel: User
) -> None:
    def sees(user: User | AnonymousUser) -> list[str]:
        return names(Obligation.objects.visible_to(user))

    whole_region = names(Obligation.objects.exclude(organization__region__code="48"))
    assert len(whole_region) == 8
    assert sees(elena) == ["Школа Бондарская"]
    assert sees(pavel) == ["Лицей областной"]
    assert sees(boris) == ["Бондарский", "Школа Бондарская", "Школа Пахотная"]
    for person in (anna, oleg, zoya):
        assert sees(person) == whole_region
    assert sees(viktor) == ["Министерство Липецкой области"]
    assert sees(AnonymousUser()) == []
    assert len(sees(factories.UserFactory(is_superuser=True))) == 9


@pytest.mark.usefixtures("everybody_owes")
def test_each_reviewer_reviews_those_directly_below(boris: User, anna: User, oleg: User, elena: User) -> None:
    def reviews(user: User) -> list[str]:
        return names(Obligation.objects.reviewed_by(user))

    assert reviews(boris) == ["Школа Бондарская", "Школа Пахотная"]
    assert len(reviews(anna)) == 5
    assert {"Бондарский", "Моршанский", "Лицей областной"} < set(reviews(anna))
    assert "Школа Бондарская" not in reviews(anna)
    assert reviews(oleg) == reviews(elena) == []


@pytest.mark.usefixtures("everybody_owes")
def test_people_owe_what_their_organization_owes(boris: User, zoya: User) -> None:
    assert names(Obligation.objects.owed_by(boris)) == ["Бондарский"]
    assert names(Obligation.objects.owed_by(zoya)) == []


@pytest.mark.parametrize(
    ("state", "days", "urgency"),
    [
        (State.OPEN, -1, Urgency.OVERDUE),
        (State.RETURNED, -1, Urgency.OVERDUE),
        (State.REOPENED, -1, Urgency.OVERDUE),
        (State.RETURNED, 30, Urgency.RETURNED),
        (State.REOPENED, 0, Urgency.RETURNED),
        (State.OPEN, 0, Urgency.SOON),
        (State.OPEN, 7, Urgency.SOON),
        (State.OPEN, 8, Urgency.LATER),
        (State.SUBMITTED, -1, Urgency.AT_REVIEWER),
        (State.DECLARED_NIL, 1, Urgency.AT_REVIEWER),
        (State.ACCEPTED, -1, Urgency.ACCEPTED),
        (State.CANCELLED, -1, Urgency.CANCELLED),
    ],
)
def test_what_burns(
    bondarskaya: Organization, now: datetime, today: date, state: State, days: int, urgency: Urgency
) -> None:
    obligation = factories.ObligationFactory(
        organization=bondarskaya, state=state, due_on=today + timedelta(days=days), submitted_at=now, decided_at=now
    )
    assert Obligation.objects.with_urgency(today).of_urgency(urgency).get() == obligation
    assert Obligation.objects.overdue(today).exists() is (urgency == Urgency.OVERDUE)
    assert obligation.is_overdue(today) is (urgency == Urgency.OVERDUE)


def test_what_burns_comes_first_and_then_by_date_and_number(bondarskaya: Organization, today: date) -> None:
    def owed(number: str, days: int, state: State = State.OPEN) -> Obligation:
        due_on = today + timedelta(days=days)
        requirement = factories.RequirementFactory(region=bondarskaya.region, number=number, due_on=due_on)
        return factories.ObligationFactory(requirement=requirement, organization=bondarskaya, state=state)

    (
        owed("1.10", 20),
        owed("1.9", 20),
        owed("2.1", 3),
        owed("3.1", -5),
        owed("3.2", -9),
        owed("4.1", 40, State.CANCELLED),
    )
    order = Obligation.objects.by_urgency(today).values_list("requirement__number", flat=True)
    assert list(order) == ["3.2", "3.1", "2.1", "1.9", "1.10", "4.1"]


def test_clean_is_a_first_submission_in_time_with_papers_or_words(
    obligation: Obligation, elena: User, boris: User, now: datetime
) -> None:
    def is_clean(zone: str = "Europe/Moscow") -> bool:
        listed = Obligation.objects.for_inbox(time_zone=zone).get()
        clean: bool = Obligation.objects.clean(time_zone=zone).exists()
        assert listed.is_clean == clean  # type: ignore[attr-defined]
        return clean

    assert not is_clean()
    advance(obligation=obligation, act=Act.SUBMIT, by=elena, at=now, note="Только слова")
    assert is_clean()
    Obligation.objects.update(note="")
    assert not is_clean()
    link = obligation.evidence.create(kind="link", title="Приказ", url="https://school.example/1", added_at=now)
    assert is_clean()
    link.removed_at = now
    link.save()
    assert not is_clean()
    link.removed_at = None
    link.save()
    # The last minute of the last day counts by the region's own clocks.
    last_minute = datetime(2023, 10, 20, 23, 59, tzinfo=now.tzinfo)
    Obligation.objects.update(first_submitted_at=last_minute, submitted_at=last_minute)
    assert is_clean()
    assert not is_clean("Asia/Kamchatka")
    Obligation.objects.update(due_on=date(2023, 10, 19))
    assert not is_clean()
    Obligation.objects.update(due_on=date(2023, 10, 30))
    obligation.refresh_from_db()
    advance(obligation=obligation, act=Act.RETURN, by=boris, at=last_minute, reason="other", comment="Не то")
    advance(obligation=obligation, act=Act.SUBMIT, by=elena, at=last_minute + timedelta(hours=1))
    assert not is_clean()


def test_filters_offer_each_item_and_organization_once(
    bondarskaya: Organization, pakhotnaya: Organization, requirement: Requirement
) -> None:
    again = factories.RequirementFactory(region=requirement.region, number="3.2", title="То же в другом году")
    later = factories.RequirementFactory(region=requirement.region, number="3.10")
    for organization in (bondarskaya, pakhotnaya):
        for each in (requirement, again, later):
            factories.ObligationFactory(requirement=each, organization=organization)
    assert [number for number, _ in Obligation.objects.item_choices()] == ["3.2", "3.10"]
    assert [name for _, name in Obligation.objects.organization_choices()] == ["Школа Бондарская", "Школа Пахотная"]
