"""The one count behind page, workbook and PDF."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organization, Region, User
from accounts.russian import natural_key
from obligations.models import Obligation
from obligations.states import State
from reporting.aggregates import RoadmapProgress, Tally, roadmap_progress
from reporting.scopes import ScopeKind, scope_for
from roadmap.models import Item, Occurrence, Roadmap
from schools.actions.reorganizations import Draft, NewSchool, plan
from schools.models import ReorganizationKind
from tests import factories
from tests.conftest import MOSCOW
from tests.reporting.conftest import ask, on, owe


def progress_of(road: Roadmap, user: User, now: datetime, municipality: Organization | None = None) -> RoadmapProgress:
    """Count for a person."""
    scope = scope_for(user=user, region=road.region, municipality=municipality)
    return roadmap_progress(roadmap=road, scope=scope, user=user, now=now)


def by_number(progress: RoadmapProgress) -> dict[str, Tally]:
    """Tallies of the items by their numbers."""
    return {item.number: item.tally for item in progress.items}


def test_each_item_says_how_its_obligations_stand(
    road: Roadmap, story: dict[str, Occurrence], anna: User, now: datetime
) -> None:
    progress = progress_of(road, anna, now)
    assert by_number(progress) == {
        "1.1": Tally(obligations=1, accepted=1, due=1),
        "1.2": Tally(obligations=5, accepted=1, under_review=2, open=2, overdue=2, due=5, on_time=3),
        "1.3": Tally(),
        "2.1": Tally(obligations=4, accepted=1, under_review=1, open=2, due=2, on_time=2),
        "2.2": Tally(),
    }
    assert [section.tally for section in progress.sections] == [
        Tally(obligations=6, accepted=2, under_review=2, open=2, overdue=2, due=6, on_time=3),
        Tally(obligations=4, accepted=1, under_review=1, open=2, due=2, on_time=2),
    ]
    assert progress.totals == Tally(obligations=10, accepted=3, under_review=3, open=4, overdue=2, due=8, on_time=5)


def test_rates_are_of_what_is_due_and_none_when_nothing_is(
    road: Roadmap, story: dict[str, Occurrence], anna: User, now: datetime
) -> None:
    progress = progress_of(road, anna, now)
    assert (progress.totals.on_time_rate, progress.totals.accepted_rate) == (5 / 8, 3 / 10)
    rates = {item.number: item.tally.on_time_rate for item in progress.items}
    assert rates == {"1.1": 0.0, "1.2": 3 / 5, "1.3": None, "2.1": 1.0, "2.2": None}


def test_an_empty_row_says_why_it_is_empty(
    road: Roadmap, story: dict[str, Occurrence], anna: User, boris: User, now: datetime
) -> None:
    notes = {item.number: item.note for item in progress_of(road, anna, now).items}
    assert notes == {
        "1.1": "",
        "1.2": "",
        "1.3": "срок не определён",
        "2.1": "часть исполнителей не определена",
        "2.2": "исполнители не определены",
    }
    assert progress_of(road, boris, now).items[0].note == "поручений нет"


def test_a_row_names_the_item_its_dates_and_those_who_answer(
    road: Roadmap, story: dict[str, Occurrence], items: dict[str, Item], anna: User, now: datetime
) -> None:
    ask(items["1.2"], date(2023, 12, 10))
    row = progress_of(road, anna, now).items[1]
    assert (row.number, row.title, row.deadline_text) == ("1.2", "Мероприятие 1.2", "До 10.10.2023 г.")
    assert row.bodies == "Муниципальные органы управления образованием; Образовательные организации"
    assert row.last_due_on == date(2023, 12, 10)


def test_the_day_of_the_deadline_is_not_overdue_and_the_next_day_is(
    road: Roadmap, story: dict[str, Occurrence], anna: User
) -> None:
    assert by_number(progress_of(road, anna, on(20, hour=23, minute=59)))["2.1"].overdue == 0
    next_day = by_number(progress_of(road, anna, on(21, hour=0, minute=1)))["2.1"]
    assert (next_day.overdue, next_day.due) == (2, 4)


def test_days_are_those_of_the_regions_clocks(
    road: Roadmap, story: dict[str, Occurrence], anna: User, region: Region
) -> None:
    """23:30 of the last day in Moscow is already the next day in Kamchatka."""
    Region.objects.update(time_zone="Asia/Kamchatka")
    road.region.refresh_from_db()
    progress = progress_of(road, anna, on(20, hour=23, minute=59))
    tallies = by_number(progress)
    assert tallies["1.2"].on_time == 2
    assert tallies["2.1"].overdue == 2
    assert progress.cut_off == datetime(2023, 10, 21, 8, 59, tzinfo=ZoneInfo("Asia/Kamchatka"))


def test_a_reopened_one_is_open_again_and_was_still_on_time(
    road: Roadmap, story: dict[str, Occurrence], anna: User, now: datetime
) -> None:
    Obligation.objects.filter(requirement__number="1.2", state=State.ACCEPTED).update(state=State.REOPENED)
    assert by_number(progress_of(road, anna, now))["1.2"] == Tally(
        obligations=5, accepted=0, under_review=2, open=3, overdue=3, due=5, on_time=3
    )


def test_a_date_moved_for_one_organization_counts_for_it(
    road: Roadmap, story: dict[str, Occurrence], anna: User, pakhotnaya: Organization, now: datetime
) -> None:
    Obligation.objects.filter(requirement__number="1.2", organization=pakhotnaya).update(due_on=date(2023, 10, 30))
    tally = by_number(progress_of(road, anna, now))["1.2"]
    assert (tally.overdue, tally.due) == (1, 4)


def test_another_roadmap_is_another_count(
    road: Roadmap, story: dict[str, Occurrence], anna: User, region: Region, ministry: Organization, now: datetime
) -> None:
    other = factories.RoadmapFactory(region=region, academic_year=2024, state="approved", approved_at=now)
    owe(ask(factories.ItemFactory(section__roadmap=other), date(2024, 10, 10)), ministry)
    assert progress_of(road, anna, now).totals.obligations == 10
    assert progress_of(other, anna, now).totals.obligations == 1


# --- parts ------------------------------------------------------------------------------------
def test_a_region_divides_into_municipalities_the_regional_budget_and_the_regional_level(
    road: Roadmap, story: dict[str, Occurrence], anna: User, now: datetime
) -> None:
    parts = progress_of(road, anna, now).by_municipality
    assert [(part.scope.label, part.totals.obligations) for part in parts] == [
        ("Бондарский", 5),
        ("Моршанский", 3),
        ("Региональное подчинение", 1),
        ("Региональный уровень", 1),
    ]


def test_the_parts_add_up_to_the_region_item_by_item(
    road: Roadmap, story: dict[str, Occurrence], anna: User, now: datetime
) -> None:
    progress = progress_of(road, anna, now)
    for position, item in enumerate(progress.items):
        parts = [
            [row for section in part.sections for row in section.items][position] for part in progress.by_municipality
        ]
        assert Tally.total(part.tally for part in parts) == item.tally
    assert Tally.total(part.totals for part in progress.by_municipality) == progress.totals


def test_a_municipality_is_the_same_as_a_part_and_alone(
    road: Roadmap, story: dict[str, Occurrence], anna: User, boris: User, bondarsky: Organization, now: datetime
) -> None:
    part = progress_of(road, anna, now).by_municipality[0]
    narrowed = progress_of(road, anna, now, bondarsky)
    own = progress_of(road, boris, now)
    assert narrowed.scope == own.scope == part.scope
    assert narrowed.totals == own.totals == part.totals
    assert [row.tally for row in own.items] == [row.tally for section in part.sections for row in section.items]


def test_a_municipality_divides_into_its_authority_and_its_schools(
    road: Roadmap, story: dict[str, Occurrence], boris: User, now: datetime
) -> None:
    progress = progress_of(road, boris, now)
    assert progress.by_municipality == ()
    assert [(row.name, row.tally.obligations, row.tally.overdue) for row in progress.organizations] == [
        ("Бондарский", 1, 0),
        ("Школа Бондарская", 2, 0),
        ("Школа Пахотная", 2, 1),
    ]
    assert Tally.total(row.tally for row in progress.organizations) == progress.totals


def test_a_single_organization_is_not_divided(
    road: Roadmap, story: dict[str, Occurrence], elena: User, now: datetime
) -> None:
    assert progress_of(road, elena, now).organizations == ()


def test_a_closed_municipality_is_shown_while_anything_is_counted_there(
    road: Roadmap, story: dict[str, Occurrence], anna: User, bondarsky: Organization, now: datetime
) -> None:
    Organization.objects.filter(pk=bondarsky.pk).update(is_active=False)
    assert progress_of(road, anna, now).by_municipality[0].scope.label == "Бондарский"
    Obligation.objects.filter(organization__parent=bondarsky).update(state=State.CANCELLED)
    Obligation.objects.filter(organization=bondarsky).update(state=State.CANCELLED)
    assert progress_of(road, anna, now).by_municipality[0].scope.label == "Моршанский"


# --- scope ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "kind", "label", "obligations"),
    [
        ("anna", ScopeKind.REGION, "Тамбовская область", 10),
        ("oleg", ScopeKind.REGION, "Тамбовская область", 10),
        ("zoya", ScopeKind.REGION, "Тамбовская область", 10),
        ("boris", ScopeKind.MUNICIPALITY, "Бондарский", 5),
        ("galina", ScopeKind.MUNICIPALITY, "Моршанский", 3),
        ("elena", ScopeKind.ORGANIZATIONS, "Школа Бондарская", 2),
        ("pavel", ScopeKind.ORGANIZATIONS, "Лицей областной", 1),
    ],
)
def test_everybody_counts_their_own_part(
    road: Roadmap,
    story: dict[str, Occurrence],
    request: pytest.FixtureRequest,
    now: datetime,
    who: str,
    kind: ScopeKind,
    label: str,
    obligations: int,
) -> None:
    progress = progress_of(road, request.getfixturevalue(who), now)
    assert (progress.scope.kind, progress.scope.label) == (kind, label)
    assert progress.totals.obligations == obligations


def test_a_stranger_counts_nothing(
    road: Roadmap, story: dict[str, Occurrence], viktor: User, bondarsky: Organization, now: datetime
) -> None:
    assert progress_of(road, viktor, now).totals == Tally()
    narrowed = progress_of(road, viktor, now, bondarsky)
    assert (narrowed.totals, narrowed.organizations) == (Tally(), ())


def test_who_serves_two_places_counts_both(
    road: Roadmap, story: dict[str, Occurrence], boris: User, galina: User, morshansky: Organization, now: datetime
) -> None:
    galina.memberships.update(user=boris)
    boris = User.objects.get(pk=boris.pk)
    progress = progress_of(road, boris, now)
    assert (progress.scope.label, progress.totals.obligations) == ("Бондарский, Моршанский", 8)
    assert Tally.total(row.tally for row in progress.organizations) == progress.totals
    assert progress_of(road, boris, now, morshansky).totals.obligations == 3


@pytest.mark.parametrize("count", [1, 3])
def test_the_whole_region_is_six_queries_however_many_schools(
    road: Roadmap,
    anna: User,
    crowd: Callable[[int], None],
    now: datetime,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    crowd(count)
    scope = scope_for(user=anna, region=road.region, municipality=None)
    with django_assert_num_queries(6):  # bodies, dates, items, sections, the count, municipalities
        progress = roadmap_progress(roadmap=road, scope=scope, user=anna, now=now)
    assert progress.totals.obligations == count * (count + 1)


@pytest.mark.parametrize("count", [1, 3])
def test_a_municipality_is_six_queries_too(
    road: Roadmap,
    boris: User,
    bondarsky: Organization,
    items: dict[str, Item],
    now: datetime,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    occurrence = ask(items["1.2"], date(2023, 10, 10))
    for _ in range(count):
        owe(occurrence, factories.SchoolFactory(parent=bondarsky))
    scope = scope_for(user=boris, region=road.region, municipality=None)
    with django_assert_num_queries(6):  # bodies, dates, items, sections, the count, organizations
        progress = roadmap_progress(roadmap=road, scope=scope, user=boris, now=now)
    assert len(progress.organizations) == count + 1


# --- any state of work ------------------------------------------------------------------------
@st.composite
def works(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Any state of the eleven obligations of the story."""
    rows = []
    for _ in range(11):
        state = draw(st.sampled_from(State))
        touched = state not in (State.OPEN, State.CANCELLED) or draw(st.booleans())
        moment = draw(st.datetimes(datetime(2023, 9, 1), datetime(2023, 11, 30))) if touched else None  # noqa: DTZ001
        rows.append(
            {
                "state": state,
                "due_on": draw(st.dates(date(2023, 9, 1), date(2023, 11, 30))),
                "moment": moment.replace(tzinfo=ZoneInfo("UTC")) if moment else None,
            }
        )
    return rows


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=works(), today=st.dates(date(2023, 9, 1), date(2023, 11, 30)))
def test_in_any_state_of_work_the_totals_add_up_and_are_right(
    road: Roadmap, story: dict[str, Occurrence], anna: User, rows: list[dict[str, Any]], today: date
) -> None:
    obligations = list(Obligation.objects.order_by("pk"))
    for obligation, row in zip(obligations, rows, strict=True):
        obligation.state, obligation.due_on = row["state"], row["due_on"]
        obligation.first_submitted_at = obligation.submitted_at = obligation.decided_at = row["moment"]
    Obligation.objects.bulk_update(obligations, ["state", "due_on", "first_submitted_at", "submitted_at", "decided_at"])
    now = datetime.combine(today, datetime.min.time(), tzinfo=ZoneInfo("Europe/Moscow")) + timedelta(hours=12)
    progress = progress_of(road, anna, now)
    expected = Tally()
    for row in rows:
        if row["state"] == State.CANCELLED:
            continue
        is_open = row["state"] in ("open", "returned", "reopened")
        handed_in_on = row["moment"].astimezone(ZoneInfo("Europe/Moscow")).date() if row["moment"] else None
        expected += Tally(
            obligations=1,
            accepted=int(row["state"] == "accepted"),
            under_review=int(row["state"] in ("submitted", "declared_nil")),
            open=int(is_open),
            overdue=int(is_open and row["due_on"] < today),
            due=int(handed_in_on is not None or row["due_on"] < today),
            on_time=int(handed_in_on is not None and handed_in_on <= row["due_on"]),
        )
    assert progress.totals == expected
    assert expected.obligations == expected.accepted + expected.under_review + expected.open
    assert expected.in_progress + expected.overdue == expected.open
    assert Tally.total(section.tally for section in progress.sections) == expected
    assert Tally.total(part.totals for part in progress.by_municipality) == expected


def test_names_sort_as_people_sort_them() -> None:
    names = ["Школа № 10", "Школа № 9", "Ёлкинская", "Жердевская", "Елецкая", "город Тамбов"]
    assert sorted(names, key=natural_key) == [
        "город Тамбов",
        "Елецкая",
        "Ёлкинская",
        "Жердевская",
        "Школа № 9",
        "Школа № 10",
    ]


def test_a_year_gone_by_is_told_as_it_was_whatever_became_of_its_schools(
    road: Roadmap,
    story: dict[str, Occurrence],
    bondarskaya: Organization,
    pakhotnaya: Organization,
    boris: User,
    zoya: User,
) -> None:
    """After the year one school got another name and its neighbour joined it; a new one opened beside them."""
    later = datetime(2024, 10, 16, 12, 0, tzinfo=MOSCOW)
    before = progress_of(road, boris, later)
    assert "Школа Пахотная" in {row.name for row in before.organizations}

    order: dict[str, Any] = {"order_number": "7", "order_date": date(2024, 9, 1), "reason": ""}
    parent = bondarskaya.parent
    assert parent is not None
    new = NewSchool("Гимназия", "Гимназия", "", parent)
    for draft in (
        Draft(ReorganizationKind.RENAME, date(2024, 9, 10), predecessors=[bondarskaya], new=[new], **order),
        Draft(ReorganizationKind.SPIN_OFF, date(2024, 9, 20), predecessors=[bondarskaya], new=[new], **order),
        Draft(
            ReorganizationKind.ACCESSION,
            date(2024, 10, 1),
            predecessors=[pakhotnaya],
            successor=bondarskaya,
            **order,
        ),
    ):
        plan(draft=draft, region=bondarskaya.region, by=zoya, now=later)

    after = progress_of(road, boris, later)
    assert after.organizations == before.organizations
    assert after.totals == before.totals
