"""Roadmaps of municipalities and schools: they inherit, may be stricter, never looser, and lose nothing."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Organization, User
from accounts.reference import load_region
from obligations.fan_out import reconcile
from obligations.models import Obligation, Requirement, ReviewStep
from obligations.states import Act, State
from obligations.workflow import advance
from roadmap.actions import (
    ItemText,
    RoadmapRefused,
    add_item,
    approve,
    carry_over,
    correct_item,
    date_item,
    delete_item,
    derive,
    name_in_draft,
    preview_approval,
    renew,
)
from roadmap.imports.reader import read_roadmap
from roadmap.models import Item, Occurrence, Roadmap
from tests import factories
from tests.conftest import NOW
from tests.roadmap.stories import MUNICIPALITIES, SCHOOLS, draft_of, item_of, order_of

LATER = NOW + timedelta(days=3)
REGIONAL = (
    ("3.1", "Диагностика готовности школы", "До 30.10.2023 г.", SCHOOLS),
    ("3.2", "Приказ о реализации профминимума", "До 20.11.2023 г.", SCHOOLS),
    ("3.3", "Совещание с координаторами", "По отдельному плану", MUNICIPALITIES),
)


@pytest.fixture
def regional(
    ministry: Organization,
    bondarsky: Organization,
    bondarskaya: Organization,
    pakhotnaya: Organization,
    morshanskaya: Organization,
    anna: User,
) -> Roadmap:
    """The region's roadmap in force: three schools of two municipalities owe it."""
    roadmap = draft_of(ministry.region, order_of(*REGIONAL))
    approve(roadmap=roadmap, by=anna, now=NOW)
    return roadmap


@pytest.fixture
def own(regional: Roadmap, bondarsky: Organization, boris: User) -> Roadmap:
    """The draft of Бондарский's own roadmap."""
    return own_draft(regional, bondarsky, boris)


def own_draft(parent: Roadmap, owner: Organization, by: User, text: str = "") -> Roadmap:
    return derive(
        parent=parent,
        owner=owner,
        order_number="15",
        order_date=date(2023, 9, 4),
        title="План района",
        by=by,
        now=NOW,
        plan=read_roadmap(text) if text else None,
    )


def words(item: Item, **changes: object) -> ItemText:
    same = {
        "number": item.number,
        "title": item.title,
        "deadline_text": item.deadline_text,
        "bodies_text": "\n".join(body.text for body in item.bodies.all()),
        "expected_result": item.expected_result,
    }
    return ItemText(**(same | changes))  # type: ignore[arg-type]


def stricter(roadmap: Roadmap, number: str, deadline: str, by: User) -> None:
    item = item_of(roadmap, number)
    correct_item(item=item, words=words(item, deadline_text=deadline), by=by)


def dues(number: str) -> dict[str, date]:
    rows = Obligation.objects.in_force().filter(requirement__number=number).select_related("organization")
    return {row.organization.short_name: row.due_on for row in rows}


# --- stricter, never looser -------------------------------------------------------------------


def test_everything_is_inherited(own: Roadmap, regional: Roadmap) -> None:
    items = Item.objects.filter(section__roadmap=own)
    assert [(item.number, item.is_inherited) for item in items] == [("3.1", True), ("3.2", True), ("3.3", True)]
    assert item_of(own, "3.1").inherited_from == item_of(regional, "3.1")
    assert [body.group for body in item_of(own, "3.1").bodies.all()] == ["schools"]


def test_an_earlier_date_moves_what_the_own_schools_owe_and_nobody_elses(own: Roadmap, boris: User) -> None:
    stricter(own, "3.1", "До 20.10.2023 г.", boris)
    preview = preview_approval(roadmap=own)
    assert ([row.requirement.number for row in preview.shifted], preview.tightened, preview.obligations) == (
        ["3.1"],
        2,
        0,
    )
    done = approve(roadmap=own, by=boris, now=LATER)
    assert (done.created, done.moved, done.cancelled) == (0, 2, 0)
    assert dues("3.1") == {
        "Школа Бондарская": date(2023, 10, 20),
        "Школа Пахотная": date(2023, 10, 20),
        "Школа Моршанская": date(2023, 10, 30),
    }
    step = ReviewStep.objects.filter(act=Act.MOVE_DUE).first()
    assert step is not None
    assert (step.due_before, step.due_after, step.by) == (date(2023, 10, 30), date(2023, 10, 20), boris)
    client = Client()
    client.force_login(boris)
    page = client.get(step.obligation.get_absolute_url()).content.decode()
    assert "<dt>Чем установлен срок</dt><dd>Бондарский: приказ №" in page
    assert 'href="/schools/">Школы</a>' in page
    assert "Бондарский: приказ №\u00a015" in step.comment


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"deadline_text": "До 31.10.2023 г."}, r"31\.10\.2023 позже установленного \(30\.10\.2023\)"),
        ({"deadline_text": "По отдельному плану"}, "другие сроки"),
        ({"deadline_text": "когда-нибудь"}, "^Срок не распознан: «когда-нибудь»"),
        ({"deadline_text": "До 20.10.2023 г., до 25.10.2023 г."}, "другие сроки"),
        ({"bodies_text": MUNICIPALITIES}, "исключить нельзя: Общеобразовательные организации"),
        ({"title": "Самодиагностика по желанию"}, "изменить их нельзя"),
        ({"number": "3.9"}, "изменить их нельзя"),
    ],
)
def test_what_is_inherited_is_not_loosened(own: Roadmap, boris: User, changes: dict[str, object], message: str) -> None:
    item = item_of(own, "3.1")
    with pytest.raises(RoadmapRefused, match=message):
        correct_item(item=item, words=words(item, **changes), by=boris)
    assert item_of(own, "3.1").occurrences.get().due_on == date(2023, 10, 30)


def test_all_that_is_wrong_is_said_at_once(own: Roadmap, boris: User) -> None:
    item = item_of(own, "3.1")
    with pytest.raises(RoadmapRefused, match=r"изменить их нельзя.*позже установленного.*исключить нельзя"):
        correct_item(
            item=item,
            words=words(item, title="Иное", deadline_text="До 31.12.2023 г.", bodies_text=MUNICIPALITIES),
            by=boris,
        )


def test_an_inherited_item_is_not_dropped_and_the_database_knows_the_limit(own: Roadmap, boris: User) -> None:
    with pytest.raises(RoadmapRefused, match="исключить его нельзя"):
        delete_item(item=item_of(own, "3.1"), by=boris)
    with pytest.raises(IntegrityError), transaction.atomic():
        Occurrence.objects.filter(item=item_of(own, "3.1")).update(due_on=date(2023, 11, 1))


def test_an_added_item_reaches_the_own_schools_alone(own: Roadmap, bondarsky: Organization, boris: User) -> None:
    section = item_of(own, "3.1").section
    added = ItemText("М1", "Районный конкурс", "До 01.12.2023 г.", f"{SCHOOLS}\n{MUNICIPALITIES}", "Итоги")
    add_item(section=section, words=added, by=boris)
    preview = preview_approval(roadmap=own)
    assert preview.obligations == 3
    assert approve(roadmap=own, by=boris, now=LATER).created == 3
    assert set(dues("М1")) == {"Школа Бондарская", "Школа Пахотная", "Бондарский"}
    requirement = Requirement.objects.get(number="М1")
    assert (requirement.issuer, requirement.basis) == (bondarsky, "Бондарский: приказ №\u00a015 от\u00a004.09.2023")


def test_an_added_body_is_asked_besides_those_of_the_region(own: Roadmap, boris: User) -> None:
    item = item_of(own, "3.1")
    correct_item(item=item, words=words(item, bodies_text=f"{SCHOOLS}\n{MUNICIPALITIES}"), by=boris)
    assert approve(roadmap=own, by=boris, now=LATER).created == 1
    owed = Obligation.objects.in_force().filter(requirement__number="3.1").values_list("organization__short_name")
    assert sorted(name for (name,) in owed) == ["Бондарский", "Школа Бондарская", "Школа Моршанская", "Школа Пахотная"]


def test_a_school_that_joins_later_owes_by_the_earlier_date_and_what_was_added(
    own: Roadmap, bondarsky: Organization, morshansky: Organization, boris: User
) -> None:
    stricter(own, "3.1", "До 20.10.2023 г.", boris)
    added = ItemText("М1", "Районный конкурс", "До 01.12.2023 г.", SCHOOLS, "")
    add_item(section=item_of(own, "3.1").section, words=added, by=boris)
    approve(roadmap=own, by=boris, now=LATER)
    factories.SchoolFactory(parent=bondarsky, short_name="Школа Новая")
    factories.SchoolFactory(parent=morshansky, short_name="Школа Дальняя")
    reconcile(requirements=list(Requirement.objects.all()), by=boris, at=LATER)
    assert dues("3.1")["Школа Новая"] == date(2023, 10, 20)
    assert dues("3.1")["Школа Дальняя"] == date(2023, 10, 30)
    assert set(dues("М1")) == {"Школа Бондарская", "Школа Пахотная", "Школа Новая"}


def test_what_was_handed_in_does_not_become_late(own: Roadmap, elena: User, boris: User) -> None:
    obligation = Obligation.objects.get(requirement__number="3.1", organization__short_name="Школа Бондарская")
    advance(obligation=obligation, act=Act.SUBMIT, by=elena, at=NOW, note="Исполнено")
    stricter(own, "3.1", "До 12.10.2023 г.", boris)
    approve(roadmap=own, by=boris, now=LATER)
    assert dues("3.1") == {
        "Школа Бондарская": date(2023, 10, 30),
        "Школа Пахотная": date(2023, 10, 12),
        "Школа Моршанская": date(2023, 10, 30),
    }


# --- a school below its municipality ----------------------------------------------------------


def test_a_school_goes_on_from_its_municipality(
    own: Roadmap, bondarskaya: Organization, boris: User, elena: User
) -> None:
    stricter(own, "3.1", "До 20.10.2023 г.", boris)
    approve(roadmap=own, by=boris, now=LATER)
    with pytest.raises(RoadmapRefused, match="Начните с редакции «Бондарский: приказ"):
        own_draft(Roadmap.objects.get(owner=None), bondarskaya, elena)
    school = own_draft(own, bondarskaya, elena)
    with pytest.raises(RoadmapRefused, match="позже установленного"):
        stricter(school, "3.1", "До 25.10.2023 г.", elena)
    stricter(school, "3.1", "До 18.10.2023 г.", elena)
    approve(roadmap=school, by=elena, now=LATER)
    assert dues("3.1")["Школа Бондарская"] == date(2023, 10, 18)
    assert dues("3.1")["Школа Пахотная"] == date(2023, 10, 20)


def test_a_school_waits_for_its_municipality_to_follow_the_region(
    own: Roadmap, regional: Roadmap, bondarskaya: Organization, anna: User, boris: User, elena: User
) -> None:
    approve(roadmap=own, by=boris, now=LATER)
    school = own_draft(own, bondarskaya, elena)
    approve(roadmap=draft_of(regional.region, order_of(*REGIONAL[:2])), by=anna, now=LATER)
    with pytest.raises(RoadmapRefused, match="ещё не обновлена"):
        approve(roadmap=school, by=elena, now=LATER)


def test_a_date_given_back_is_the_one_from_above(own: Roadmap, boris: User) -> None:
    stricter(own, "3.1", "До 20.10.2023 г.", boris)
    approve(roadmap=own, by=boris, now=LATER)
    second = renew(roadmap=own, academic_year=2023, order_number="15", order_date=own.order_date, by=boris, now=LATER)
    assert item_of(second, "3.1").occurrences.get().due_on == date(2023, 10, 20), "nothing is lost on the way"
    stricter(second, "3.1", "До 30.10.2023 г.", boris)
    approve(roadmap=second, by=boris, now=LATER)
    assert set(dues("3.1").values()) == {date(2023, 10, 30)}


# --- when the region changes ------------------------------------------------------------------


@pytest.fixture
def changed(own: Roadmap, regional: Roadmap, boris: User, anna: User) -> Roadmap:
    """Бондарский has its roadmap in force; then the region drops 3.2 and moves 3.1 to a date before Boris's."""
    stricter(own, "3.1", "До 20.10.2023 г.", boris)
    item = item_of(own, "3.2")
    correct_item(
        item=item,
        words=words(item, deadline_text="До 10.11.2023 г.", bodies_text=f"{SCHOOLS}\n{MUNICIPALITIES}"),
        by=boris,
    )
    added = ItemText("М1", "Районный конкурс", "До 01.12.2023 г.", SCHOOLS, "")
    add_item(section=item.section, words=added, by=boris)
    approve(roadmap=own, by=boris, now=NOW)
    second = draft_of(regional.region, order_of((*REGIONAL[0][:2], "До 25.10.2023 г.", SCHOOLS), REGIONAL[2]))
    approve(roadmap=second, by=anna, now=LATER)
    return second


def test_the_regions_later_date_leaves_the_municipalitys_earlier_one(changed: Roadmap) -> None:
    assert dues("3.1") == {
        "Школа Бондарская": date(2023, 10, 20),
        "Школа Пахотная": date(2023, 10, 20),
        "Школа Моршанская": date(2023, 10, 25),
    }


def test_a_roadmap_brought_up_keeps_what_the_municipality_added(changed: Roadmap, own: Roadmap, boris: User) -> None:
    own.refresh_from_db()
    draft = renew(roadmap=own, academic_year=2023, order_number="15", order_date=own.order_date, by=boris, now=LATER)
    assert (draft.parent, draft.edition) == (changed, 2)
    assert item_of(draft, "3.1").occurrences.get().due_on == date(2023, 10, 20)
    kept = item_of(draft, "3.2")
    assert not kept.is_inherited
    assert [body.group for body in kept.bodies.all()] == ["municipalities"]
    assert "исключено" in kept.doubts[0]["message"]
    done = approve(roadmap=draft, by=boris, now=LATER)
    assert done.cancelled == 0
    assert set(dues("М1")) == {"Школа Бондарская", "Школа Пахотная"}
    assert dues("3.2") == {"Бондарский": date(2023, 11, 10)}


def test_a_draft_over_a_superseded_edition_is_not_approved(
    own: Roadmap, regional: Roadmap, anna: User, boris: User
) -> None:
    approve(roadmap=draft_of(regional.region, order_of(*REGIONAL[:2])), by=anna, now=LATER)
    assert preview_approval(roadmap=own).refusals
    with pytest.raises(RoadmapRefused, match="больше не действует"):
        approve(roadmap=own, by=boris, now=LATER)


def test_dates_that_the_region_names_later_come_down(own: Roadmap, regional: Roadmap, anna: User, boris: User) -> None:
    approve(roadmap=own, by=boris, now=LATER)
    with pytest.raises(RoadmapRefused, match="кто установил"):
        date_item(item=item_of(own, "3.3"), dates=[(None, date(2023, 12, 1))], by=boris, now=LATER)
    date_item(item=item_of(regional, "3.3"), dates=[(None, date(2023, 12, 1))], by=anna, now=LATER)
    assert item_of(own, "3.3").occurrences.get().latest_on == date(2023, 12, 1)


def test_another_year_begins_from_the_regions_edition_of_that_year(
    own: Roadmap, regional: Roadmap, anna: User, boris: User
) -> None:
    stricter(own, "3.1", "До 20.10.2023 г.", boris)
    approve(roadmap=own, by=boris, now=LATER)
    next_year = {"academic_year": 2024, "order_number": "16", "order_date": date(2024, 9, 2)}
    with pytest.raises(RoadmapRefused, match="ещё не утверждена"):
        renew(roadmap=own, by=boris, now=LATER, **next_year)  # type: ignore[arg-type]
    following = carry_over(
        roadmap=regional, academic_year=2024, order_number="1900", order_date=date(2024, 8, 20), by=anna, now=LATER
    )
    approve(roadmap=following, by=anna, now=LATER)
    draft = renew(roadmap=own, by=boris, now=LATER, **next_year)  # type: ignore[arg-type]
    assert (draft.parent, draft.academic_year, draft.edition) == (following, 2024, 1)
    assert item_of(draft, "3.1").occurrences.get().due_on < item_of(following, "3.1").occurrences.get().due_on


# --- one's own plan ---------------------------------------------------------------------------


def test_the_municipal_plan_of_tambov_district_becomes_its_roadmap(db: None) -> None:
    directory = load_region()
    ministry, district = directory.ministry, directory.by_code["tambovskiy"]
    anna, coordinator = factories.person("anna", "ministry", ministry), factories.person("c", "coordinator", district)
    school = factories.SchoolFactory(parent=district)
    factories.SchoolFactory(parent=directory.by_code["rasskazovskiy"])
    regional = draft_of(ministry.region, order_of(REGIONAL[0]), year=2022)
    approve(roadmap=regional, by=anna, now=NOW)
    text = Path("fixtures/municipal_plan_tambov.txt").read_text(encoding="utf-8")
    roadmap = own_draft(regional, district, coordinator, text)
    items = Item.objects.filter(section__roadmap=roadmap)
    added = [item for item in items if not item.is_inherited]
    assert roadmap.sections.count() == 1 + 10
    assert added[0].number == "М1.1"
    assert {item.number for item in items if item.is_inherited} == {"3.1"}
    assert all(body.is_resolved for item in added for body in item.bodies.all())
    approve(roadmap=roadmap, by=coordinator, now=LATER)
    reached = Obligation.objects.filter(requirement__issuer=district).values_list("organization", flat=True)
    assert set(reached) <= {district.pk, school.pk}
    assert school.pk in reached


def test_a_name_is_explained_for_one_draft_and_within_ones_own_scope(
    regional: Roadmap, bondarsky: Organization, morshansky: Organization, boris: User
) -> None:
    text = order_of(("1", "Слёт", "До 01.12.2023 г.", "Совет старшеклассников"))
    roadmap = own_draft(regional, bondarsky, boris, text)
    with pytest.raises(RoadmapRefused, match="подотчётным"):
        name_in_draft(roadmap=roadmap, text="Совет старшеклассников", organization=morshansky, group="", by=boris)
    assert (
        name_in_draft(roadmap=roadmap, text="Совет старшеклассников", organization=bondarsky, group="", by=boris) == 1
    )
    assert not regional.region.body_aliases.exists()
    assert item_of(roadmap, "М1").bodies.get().organization == bondarsky


def test_one_roadmap_of_ones_own_to_an_order(
    own: Roadmap, regional: Roadmap, bondarsky: Organization, boris: User
) -> None:
    with pytest.raises(RoadmapRefused, match="уже есть"):
        own_draft(regional, bondarsky, boris)
    approve(roadmap=own, by=boris, now=LATER)
    with pytest.raises(RoadmapRefused, match="уже есть"):
        own_draft(regional, bondarsky, boris)


def test_the_ladder_of_an_added_item_is_the_usual_one(own: Roadmap, boris: User, elena: User, anna: User) -> None:
    added = ItemText("М1", "Районный конкурс", "До 01.12.2023 г.", SCHOOLS, "")
    add_item(section=item_of(own, "3.1").section, words=added, by=boris)
    approve(roadmap=own, by=boris, now=LATER)
    owed = Obligation.objects.get(requirement__number="М1", organization__short_name="Школа Бондарская")
    advance(obligation=owed, act=Act.SUBMIT, by=elena, at=LATER, note="Проведён")
    advance(obligation=owed, act=Act.ACCEPT, by=boris, at=LATER)
    assert owed.state == State.ACCEPTED
