"""An import is undone: every row as it was, new schools gone; what was built on it stands in the way."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.db.models import Sum
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Organization, Region, User
from obligations.models import Notice, Obligation, Requirement, RequirementBody, TallyEntry
from obligations.states import Act
from obligations.workflow import advance
from schools.actions import close_school
from schools.imports import ImportOutcome
from schools.imports.jobs import run_undo
from schools.imports.undoing import Undo
from schools.models import Enrolment, RegistryChange, SchoolImport, SchoolProfile, SchoolStatusChange, SchoolYear
from tests import factories
from tests.conftest import NOW
from tests.schools.conftest import Import
from tests.schools.lists import inn, listed, school

SignIn = Callable[[User], Client]
LATER = NOW + timedelta(hours=1)
pytestmark = pytest.mark.usefixtures("bondarsky", "morshansky")

# What only grows: histories, notices, the audit rows themselves. Tallies are compared by their sums.
GROWING = {
    "django_session",
    "obligations_notice",
    "obligations_reviewstep",
    "obligations_tallyentry",
    "schools_importrevision",
    "schools_registrychange",
    "schools_schoolimport",
    "schools_schoolstatuschange",
}


def everything() -> dict[str, list[Any]]:
    """Every row of every other table, ids and all, and what the tallies add up to."""
    drawers = [field.name for field in TallyEntry._meta.concrete_fields if field.name not in {"id", "amount"}]
    sums = TallyEntry.objects.order_by().values_list(*drawers).annotate(Sum("amount")).exclude(amount__sum=0)
    tables: dict[str, list[Any]] = {"tallies": sorted(sums, key=repr)}
    with connection.cursor() as cursor:
        for name in set(connection.introspection.table_names(cursor)) - GROWING:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")
            tables[name] = sorted(cursor.fetchall(), key=repr)
    return tables


@pytest.fixture
def asked(requirement: Requirement, region: Region) -> Requirement:
    """Every school owes one thing, and those outside «Билет в будущее» one more."""
    RequirementBody.objects.create(requirement=requirement, group="schools")
    of_others = factories.RequirementFactory(region=region, academic_year=2023, due_on=date(2023, 12, 20))
    RequirementBody.objects.create(requirement=of_others, group="schools_outside_ticket")
    return requirement


def undo(outcome: ImportOutcome, zoya: User) -> SchoolImport:
    """Ask for it and let the worker do it."""
    assert outcome.record is not None
    SchoolImport.objects.filter(pk=outcome.record.pk).update(
        state="queued", queued_at=timezone.now(), undo_asked_by=zoya
    )
    done = run_undo(import_id=outcome.record.pk, clock=lambda: LATER + timedelta(hours=1))
    assert done is not None
    return done


def test_every_row_is_again_what_it_was(bring_in: Import, asked: Requirement, zoya: User) -> None:
    bring_in(listed(*(school(number) for number in (1, 2, 4, 5)), school(3, ticket="нет")))
    levelled = SchoolYear.objects.filter(organization__inn=inn(1))
    levelled.update(order_number="7", order_date=date(2023, 9, 1))
    closed = Organization.objects.get(inn=inn(4))
    close_school(school=closed, on=date(2023, 10, 1), reason="Ремонт", by=zoya, now=NOW)
    SchoolYear.objects.filter(organization__inn=inn(5)).delete()
    SchoolProfile.objects.filter(organization__inn=inn(2)).delete()
    before = everything()

    outcome = bring_in(
        listed(
            school(1, municipality="Моршанский", name="Лицей № 1", level="80", ticket="нет", contact_name="Ким Ян"),
            school(2),
            school(3, ticket="да"),
            school(4),
            school(5),
            school(6),
        ),
        by=zoya,
        at=LATER,
    )
    assert (outcome.created, outcome.changed, outcome.unchanged) == (1, 5, 0)
    assert everything() != before
    plan = Undo(SchoolImport.objects.get(pk=outcome.record.pk if outcome.record else 0)).look()
    assert plan.reasons == ()
    assert plan.deleted == ("Школа № 6",)
    told = {one.name: one.changes for one in plan.restored}
    assert ("Полное наименование", "Лицей № 1", "Муниципальное бюджетное учреждение «Школа № 1»") in told["Школа № 1"]
    assert ("Кому подотчётна", "Моршанский", "Бондарский") in told["Школа № 1"]

    done = undo(outcome, zoya)
    assert (done.failure, done.undone_deleted, done.undone_at) == ("", 1, LATER + timedelta(hours=1))
    assert everything() == before
    # The histories tell of both: that it was imported, and that it never held.
    told_of = RegistryChange.objects.filter(organization__inn=inn(1), field="name").order_by("pk")
    assert list(told_of.values_list("was", "becomes", "on"))[-1][1:] == (
        "Муниципальное бюджетное учреждение «Школа № 1»",
        None,
    )
    assert [one.is_open for one in SchoolStatusChange.objects.filter(organization=closed).order_by("pk")] == [
        False,
        True,
        False,
    ]
    assert Notice.objects.filter(user=zoya, text="«schools.xlsx» — загрузка отменена").count() == 1
    # Once is enough.
    assert run_undo(import_id=done.pk, clock=timezone.now) is None
    assert Undo(done).look().reasons == ("Загрузка уже отменена.",)


def test_what_was_built_on_it_stands_in_the_way_by_name(
    bring_in: Import, asked: Requirement, zoya: User, boris: User, morshansky: Organization
) -> None:
    bring_in(listed(school(1)))
    outcome = bring_in(listed(school(1, contact_name="Ким Ян"), school(2)), at=LATER)
    assert outcome.record is not None
    record = outcome.record
    new = Organization.objects.get(inn=inn(2))

    def reasons() -> str:
        return " ".join(Undo(SchoolImport.objects.get(pk=record.pk)).look().reasons)

    assert reasons() == ""
    counted = Enrolment.objects.create(organization=new, academic_year=2023, grade=5, pupils=20)
    deputy = factories.person("deputy", "deputy", new)
    assert "контингент по классам — 1" in reasons()
    assert "участие в организациях — 1" in reasons()
    assert SchoolImport.objects.get(pk=undo(outcome, zoya).pk).failure == reasons()
    counted.delete()
    assert Membership.objects.filter(user=deputy).delete()[0] == 1

    owed = Obligation.objects.get(organization=new, requirement=asked)
    Obligation.objects.filter(pk=owed.pk).update(note="Черновик")
    assert reasons() == "По 1\u00a0поручению, которые дала или изменила загрузка, уже работали."
    Obligation.objects.filter(pk=owed.pk).update(note="")
    Organization.objects.filter(pk=new.pk).update(site="https://other.example.test")
    assert reasons() == "После загрузки изменены сведения: Школа № 2."
    bring_in(listed(school(1, contact_name="Юн Ида"), school(2)), at=LATER + timedelta(minutes=5))
    assert "После загрузки изменены сведения: Школа № 1." in reasons()
    assert "Позже загружены другие списки: «schools.xlsx»." in reasons()
    # From the last one back, each can be undone.
    last = SchoolImport.objects.order_by("-at")[0]
    assert undo(ImportOutcome(record=last), zoya).failure == ""
    assert "Школа № 2" in reasons()
    Organization.objects.filter(pk=new.pk).update(site="https://school2.example.test")
    assert undo(outcome, zoya).failure == ""
    assert not Organization.objects.filter(pk=new.pk).exists()


def test_work_on_a_duty_that_the_import_changed_stands_in_the_way(
    bring_in: Import, asked: Requirement, zoya: User, anna: User
) -> None:
    bring_in(listed(school(1)))
    elena = factories.person("elena", "deputy", Organization.objects.get(inn=inn(1)))
    outcome = bring_in(listed(school(1, ticket="нет")), at=LATER)
    given = Obligation.objects.get(created_at=LATER)
    advance(obligation=given, act=Act.DECLARE_NIL, by=elena, at=LATER + timedelta(minutes=1), comment="Не проводилось.")
    assert "уже работали" in undo(outcome, zoya).failure
    assert Obligation.objects.filter(pk=given.pk, state="declared_nil").exists()


def test_zoya_looks_at_what_it_would_do_and_undoes_it(
    bring_in: Import, asked: Requirement, zoya: User, sign_in: SignIn, django_capture_on_commit_callbacks: Any
) -> None:
    with time_machine.travel(NOW, tick=False):
        browser = sign_in(zoya)
        bring_in(listed(school(1)))
        record = bring_in(listed(school(1, contact_name="Ким Ян"), school(2)), at=LATER).record
        assert record is not None
        address = reverse("schools:import_undo", args=[record.pk])
        assert address in browser.get(record.get_absolute_url()).content.decode()
        page = browser.get(address).content.decode()
        assert "Будет удалено: 1" in page
        assert "станет </span>Петрова Анна 1</ins>" in page
        assert "браузер" not in page

        status = reverse("schools:undo_status", args=[record.pk])
        assert f'hx-get="{status}"' in browser.post(address, follow=True).content.decode()
        assert "уже отменена или отменяется" in browser.post(address, follow=True).content.decode()
        run_undo(import_id=record.pk, clock=timezone.now)
        assert browser.get(status)["HX-Refresh"] == "true"
        page = browser.get(record.get_absolute_url()).content.decode()
        assert "Загрузка отменена" in page
        assert address not in page
        assert "отменена" in browser.get(reverse("schools:imports")).content.decode()
        assert "Загрузка уже отменена." in browser.get(address).content.decode()
