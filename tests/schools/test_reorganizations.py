"""Schools renamed, joined, parted and closed: what is previewed, what is done, what stays of it."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.academic_years import AcademicYear
from accounts.models import Membership, Organization, User
from obligations.models import Obligation, Requirement, RequirementBody
from obligations.states import State
from schools.models import RegistryChange, Reorganization, SchoolProfile, SchoolStatusChange
from schools.querysets import schools
from schools.tasks import carry_out_reorganizations
from tests import factories
from tests.conftest import MOSCOW, NOW
from tests.schools.lists import inn

SignIn = Callable[[User], Client]
ORDER = {"order_number": "512", "order_date": "2023-10-02", "reason": ""}


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


pytestmark = pytest.mark.usefixtures("clock")


def text(response: Any) -> str:
    return str(response.content.decode()).replace("\u00a0", " ").replace("&nbsp;", " ")


def page(school: Organization, kind: str) -> str:
    return f"{reverse('schools:reorganize', args=[school.pk])}?kind={kind}"


def new(number: int, name: str, parent: Organization, **more: Any) -> dict[str, Any]:
    told = {"name": f"Учреждение «{name}»", "short_name": name, "inn": "", "parent": parent.pk} | more
    return {f"new{number}_{part}": value for part, value in told.items()}


def state_of_all() -> tuple[Any, ...]:
    """Everything a reorganization may touch."""
    return (
        list(Organization.objects.order_by("pk").values()),
        list(Obligation.objects.order_by("pk").values_list("pk", "state")),
        list(Membership.objects.order_by("pk").values()),
        Reorganization.objects.count(),
        RegistryChange.objects.count(),
        SchoolStatusChange.objects.count(),
    )


@pytest.fixture
def owed(
    requirement: Requirement, bondarskaya: Organization, pakhotnaya: Organization, morshanskaya: Organization
) -> Requirement:
    """All schools owe item 3.2; Бондарская has one accepted as well."""
    RequirementBody.objects.create(requirement=requirement, group="schools")
    for school in (bondarskaya, pakhotnaya, morshanskaya):
        factories.ObligationFactory(requirement=requirement, organization=school)
    done = factories.RequirementFactory(region=bondarskaya.region, due_on=date(2023, 9, 20))
    RequirementBody.objects.create(requirement=done, group="schools")
    factories.ObligationFactory(
        requirement=done, organization=bondarskaya, state="accepted", submitted_at=NOW, decided_at=NOW
    )
    return requirement


def state(school: Organization, requirement: Requirement) -> str:
    return Obligation.objects.get(organization=school, requirement=requirement).state


def test_a_renamed_school_keeps_its_former_name_in_years_gone_by(
    bondarskaya: Organization, zoya: User, sign_in: SignIn
) -> None:
    client = sign_in(zoya)
    SchoolProfile.objects.create(organization=bondarskaya)
    sent = {"on": "2023-10-02", **ORDER, "new1_name": "Гимназия имени Державина", "new1_short_name": "Гимназия"}
    before = state_of_all()
    weighed = text(client.post(page(bondarskaya, "rename"), sent))
    assert "Пока ничего не изменено" in weighed
    assert "Гимназия имени Державина" in weighed
    assert state_of_all() == before

    done = client.post(page(bondarskaya, "rename"), sent | {"confirm": "1"})
    bondarskaya.refresh_from_db()
    assert (bondarskaya.name, bondarskaya.short_name) == ("Гимназия имени Державина", "Гимназия")
    assert "Исполнена" in text(client.get(done["Location"]))
    assert schools().matching("державина").get() == bondarskaya
    last_year = schools().in_year(AcademicYear(2022), today=NOW.date())
    assert last_year.values_list("short_name_then", flat=True).get() == "Школа Бондарская"
    card = text(client.get(reverse("schools:detail", args=[bondarskaya.pk]), {"year": 2022}))
    assert "В 2022/2023 учебном году школа называлась «Школа Бондарская»" in card
    assert "Переименование с 2 октября 2023 г." in card


def test_two_schools_merge_into_a_new_one(
    owed: Requirement,
    bondarskaya: Organization,
    pakhotnaya: Organization,
    elena: User,
    ivan: User,
    anna: User,
    sign_in: SignIn,
) -> None:
    client = sign_in(anna)
    sent = {
        "on": "2023-10-16",
        **ORDER,
        "others": "Школа Пахотная",
        "moves_people": "on",
        **new(1, "Школа Объединённая", bondarskaya.parent, inn=inn(9)),  # type: ignore[arg-type]
    }
    SchoolProfile.objects.create(organization=pakhotnaya)
    before = state_of_all()
    weighed = text(client.post(page(bondarskaya, "merger"), sent))
    for words in ('class="tile-figure">2<', "принятых останется", "Петрова Elena", "Петрова Ivan"):
        assert words in weighed, words
    assert state_of_all() == before

    client.post(page(bondarskaya, "merger"), sent | {"confirm": "1"})
    whole = Organization.objects.get(inn=inn(9))
    assert state(whole, owed) == State.OPEN
    assert state(bondarskaya, owed) == state(pakhotnaya, owed) == State.CANCELLED
    assert Obligation.objects.filter(organization=bondarskaya, state=State.ACCEPTED).count() == 1
    assert not Obligation.objects.filter(organization=whole, requirement__due_on__lt=NOW.date()).exists()
    assert set(Membership.objects.in_force().filter(organization=whole).values_list("user", flat=True)) == {
        elena.pk,
        ivan.pk,
    }
    ended = Membership.objects.get(user=elena, organization=bondarskaya)
    assert ended.ended_on == NOW.date()
    assert "Слияние → «Школа Объединённая», приказ №\u00a0512" in ended.end_reason
    done = Reorganization.objects.get()
    assert (done.obligations_added, done.obligations_cancelled, done.people_moved) == (1, 2, 2)
    for school in (bondarskaya, whole):
        assert "Слияние с 16 октября 2023 г." in text(client.get(reverse("schools:detail", args=[school.pk])))
    assert whole not in schools().as_of(date(2023, 10, 15))
    assert set(schools().as_of(date(2023, 10, 15))) >= {bondarskaya, pakhotnaya}
    assert set(schools().as_of(date(2023, 10, 16))) & {bondarskaya, pakhotnaya} == set()


def test_a_school_joins_another_and_its_deputy_loses_access(
    owed: Requirement, bondarskaya: Organization, pakhotnaya: Organization, elena: User, zoya: User, sign_in: SignIn
) -> None:
    client = sign_in(zoya)
    Organization.objects.filter(pk=pakhotnaya.pk).update(inn=inn(2))
    done = client.post(page(bondarskaya, "accession"), {"on": "2023-10-10", **ORDER, "into": inn(2), "confirm": "1"})
    assert done.status_code == 302
    assert state(pakhotnaya, owed) == State.OPEN
    assert state(bondarskaya, owed) == State.CANCELLED
    assert not Membership.objects.in_force().filter(user=elena).exists()
    assert SchoolStatusChange.objects.get().on == date(2023, 10, 10)


def test_a_school_is_parted_in_two_and_one_is_set_up_beside_another(
    owed: Requirement, bondarskaya: Organization, morshanskaya: Organization, zoya: User, sign_in: SignIn
) -> None:
    client, parent = sign_in(zoya), bondarskaya.parent
    assert parent is not None
    sent = {"on": "2023-10-16", **ORDER, **new(1, "Школа А", parent), **new(2, "Школа Б", parent), "confirm": "1"}
    client.post(page(bondarskaya, "split"), sent)
    bondarskaya.refresh_from_db()
    assert not bondarskaya.is_active
    for name in ("Школа А", "Школа Б"):
        assert state(Organization.objects.get(short_name=name), owed) == State.OPEN

    sent = {"on": "2023-10-16", **ORDER, **new(1, "Школа В", parent), "confirm": "1"}
    client.post(page(morshanskaya, "spin_off"), sent)
    morshanskaya.refresh_from_db()
    assert morshanskaya.is_active
    assert state(morshanskaya, owed) == state(Organization.objects.get(short_name="Школа В"), owed) == State.OPEN


def test_a_day_to_come_is_kept_and_carried_out_on_it(
    owed: Requirement, bondarskaya: Organization, zoya: User, sign_in: SignIn, clock: Any
) -> None:
    client = sign_in(zoya)
    sent = {"on": "2023-10-19", **ORDER, "confirm": "1"}
    answer = client.post(page(bondarskaya, "closure"), sent, follow=True)
    assert "Исполнится 19 октября 2023 г." in text(answer)
    assert "Ждёт своего дня" in text(client.get(reverse("schools:reorganizations")))
    carry_out_reorganizations()
    assert state(bondarskaya, owed) == State.OPEN

    # Half past midnight in the region; on the server's clocks it is still the day before.
    clock.move_to(datetime(2023, 10, 19, 0, 30, tzinfo=MOSCOW))
    carry_out_reorganizations()
    carry_out_reorganizations()
    assert state(bondarskaya, owed) == State.CANCELLED
    assert SchoolStatusChange.objects.filter(organization=bondarskaya).count() == 1
    client.force_login(zoya)
    refused = client.post(reverse("schools:call_off", args=[Reorganization.objects.get().pk]), follow=True)
    assert "Отменить уже нельзя" in text(refused)


def test_what_was_called_off_does_not_happen_and_what_cannot_says_why(
    bondarskaya: Organization, pakhotnaya: Organization, zoya: User, sign_in: SignIn, clock: Any
) -> None:
    client = sign_in(zoya)
    for school in (bondarskaya, pakhotnaya):
        client.post(page(school, "closure"), {"on": "2023-10-19", **ORDER, "confirm": "1"})
    first, second = Reorganization.objects.order_by("pk")
    client.post(reverse("schools:call_off", args=[first.pk]))
    Organization.objects.filter(pk=pakhotnaya.pk).update(is_active=False)
    clock.move_to(NOW + timedelta(days=4))
    carry_out_reorganizations()
    bondarskaya.refresh_from_db()
    assert bondarskaya.is_active
    client.force_login(zoya)
    assert "Школа «Школа Пахотная» уже закрыта." in text(client.get(second.get_absolute_url()))
    assert not SchoolStatusChange.objects.exists()


@pytest.mark.parametrize(
    ("kind", "sent", "words"),
    [
        ("rename", {"new1_name": "", "new1_short_name": "=1+1"}, ["Укажите полное наименование.", "похож на формулу"]),
        ("merger", {"others": "Школа Нигде\nШкола"}, ["«Школа Нигде» не нашлась", "нашлось несколько школ"]),
        ("split", {"new1_name": "Одна"}, ["Новая школа 2: полное наименование: Укажите полное наименование."]),
        ("accession", {"into": "Школа Бондарская"}, ["не нашлась"]),
        ("closure", {"on": "2020-01-01", "order_date": "2023-10-17"}, ["Слишком давний день", "ещё не подписан"]),
        ("closure", {"on": "2099-01-01", "order_number": ""}, ["Слишком далёкий день", "Укажите номер."]),
    ],
)
def test_what_cannot_be_is_refused_all_at_once(
    bondarskaya: Organization,
    pakhotnaya: Organization,
    morshanskaya: Organization,
    zoya: User,
    sign_in: SignIn,
    kind: str,
    sent: dict[str, str],
    words: list[str],
) -> None:
    for school in (pakhotnaya, morshanskaya):
        SchoolProfile.objects.create(organization=school)
    before = state_of_all()
    answer = sign_in(zoya).post(page(bondarskaya, kind), {"on": "2023-10-16", **ORDER, **sent, "confirm": "1"})
    shown = text(answer)
    assert answer.status_code == 422
    for each in words:
        assert each in shown, each
    assert state_of_all() == before


def test_a_closed_school_is_left_alone(bondarskaya: Organization, zoya: User, sign_in: SignIn) -> None:
    Organization.objects.filter(pk=bondarskaya.pk).update(is_active=False)
    answer = sign_in(zoya).post(page(bondarskaya, "closure"), {"on": "2023-10-16", **ORDER, "confirm": "1"})
    assert "Реорганизовать можно только действующую школу" in text(answer)
    assert not Reorganization.objects.exists()
