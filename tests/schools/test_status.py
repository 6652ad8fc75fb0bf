"""An administrator closes a school and opens it again; its obligations follow at once."""

from collections.abc import Callable
from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from obligations.models import Obligation, Requirement
from obligations.states import State
from schools.models import SchoolStatusChange
from tests.conftest import NOW

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _october() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def owed(requirement: Requirement, obligation: Obligation) -> Obligation:
    """Школа Бондарская owes item 3.2, as every school does."""
    requirement.bodies.create(group="schools")
    return obligation


def url(school: Organization) -> str:
    return reverse("schools:status", args=[school.pk])


def test_zoya_closes_a_school_and_opens_it_again(
    owed: Obligation, bondarskaya: Organization, zoya: User, sign_in: SignIn
) -> None:
    browser = sign_in(zoya)
    assert "разделить, закрыть" in browser.get(reverse("schools:detail", args=[bondarskaya.pk])).content.decode()
    sent = {"act": "close", "on": "2023-10-10", "reason": "Приказ № 7 о реорганизации"}
    closed = browser.post(url(bondarskaya), sent, follow=True).content.decode()
    assert "Школа закрыта, снято: 1\u00a0поручение." in closed
    assert "Закрыта с 10\u00a0октября\u00a02023\u00a0г." in closed
    owed.refresh_from_db()
    bondarskaya.refresh_from_db()
    assert (bondarskaya.is_active, owed.state) == (False, State.CANCELLED)
    step = owed.steps.get()
    assert step.by == zoya
    assert step.comment == (
        "Организация закрыта. Школа закрыта с 10\u00a0октября\u00a02023\u00a0г.: Приказ № 7 о реорганизации"
    )

    again = {"act": "open", "on": "2023-10-16", "reason": "Приказ отменён"}
    opened = browser.post(url(bondarskaya), again, follow=True).content.decode()
    assert "Школа снова открыта, поручено: 1\u00a0поручение." in opened
    owed.refresh_from_db()
    assert owed.state == State.OPEN
    assert list(SchoolStatusChange.objects.values_list("is_open", "on", "by")) == [
        (True, date(2023, 10, 16), zoya.pk),
        (False, date(2023, 10, 10), zoya.pk),
    ]


def test_pressed_twice_nothing_is_undone(
    owed: Obligation, bondarskaya: Organization, zoya: User, sign_in: SignIn
) -> None:
    browser = sign_in(zoya)
    sent = {"act": "close", "on": "2023-10-16", "reason": "Закрыта"}
    browser.post(url(bondarskaya), sent)
    assert "Школа уже закрыта." in browser.post(url(bondarskaya), sent, follow=True).content.decode()
    assert SchoolStatusChange.objects.count() == 1


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"on": "2023-10-17", "reason": "Потом"}, "ещё не наступил"),
        ({"on": "2020-01-01", "reason": "Давно"}, "Слишком давний"),
        ({"on": "", "reason": ""}, "Напишите причину"),
    ],
)
def test_what_makes_no_sense_is_said_and_changes_nothing(
    owed: Obligation, bondarskaya: Organization, zoya: User, sign_in: SignIn, sent: dict[str, str], said: str
) -> None:
    answer = sign_in(zoya).post(url(bondarskaya), sent | {"act": "close"})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    bondarskaya.refresh_from_db()
    assert bondarskaya.is_active


def test_the_hosts_own_pages_are_followed_too(owed: Obligation, bondarskaya: Organization, client: Client) -> None:
    root = User.objects.create_superuser("root@example.test", "long-enough-secret")
    client.force_login(root)
    page = reverse("admin:accounts_organization_change", args=[bondarskaya.pk])
    form = client.get(page).context["adminform"].form
    sent = {name: form.initial.get(name) or "" for name in form.fields} | {"is_active": ""}
    for formset in client.get(page).context["inline_admin_formsets"]:
        management = formset.formset.management_form
        sent |= {f"{management.prefix}-{name}": value for name, value in management.initial.items()}
    sent.pop("is_active")
    answer = client.post(page, sent)
    assert answer.status_code == 302
    owed.refresh_from_db()
    assert owed.state == State.CANCELLED
    change = bondarskaya.status_changes.get()
    assert (change.is_open, change.by, change.obligations_cancelled) == (False, root, 1)
