"""A municipality's and a school's own roadmap seen by the pages of the region's: all they owe, and nobody else."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from exports import registry
from exports.registry import OutOfScope, ReportUnavailable
from obligations.models import Obligation
from obligations.states import Act
from obligations.tightening import set_level_dues
from obligations.workflow import advance
from reporting.aggregates import roadmap_progress
from reporting.selection import select
from roadmap.actions import approve
from roadmap.models import Roadmap
from tests import factories
from tests.conftest import NOW
from tests.roadmap.stories import MUNICIPALITIES, SCHOOLS, draft_of, item_of, order_of
from tests.roadmap.test_actions import hand_in
from tests.roadmap.test_exports import built, cells
from tests.roadmap.test_levels import own_draft, stricter

Browser = Callable[[User], Client]
REGIONAL = (
    ("3.1", "Родительское собрание", "До 30.10.2023 г.", SCHOOLS),
    ("3.2", "Приказ о реализации профминимума", "До 20.11.2023 г.", f"{SCHOOLS} {MUNICIPALITIES}"),
    ("3.3", "Совещание с координаторами", "По отдельному плану", MUNICIPALITIES),
)
FESTIVAL = ("1", "Районный слёт", "До 01.12.2023 г.", SCHOOLS)


@pytest.fixture
def own(
    ministry: Organization,
    bondarsky: Organization,
    bondarskaya: Organization,
    pakhotnaya: Organization,
    morshanskaya: Organization,
    lyceum: Organization,
    anna: User,
    boris: User,
    elena: User,
) -> Roadmap:
    """Бондарский's roadmap in force: 3.1 ten days earlier, a festival of its own; Елена has handed 3.1 in."""
    regional = draft_of(ministry.region, order_of(*REGIONAL))
    approve(roadmap=regional, by=anna, now=NOW)
    own = own_draft(regional, bondarsky, boris, order_of(FESTIVAL))
    stricter(own, "3.1", "До 20.10.2023 г.", boris)
    approve(roadmap=own, by=boris, now=NOW)
    hand_in(Obligation.objects.get(requirement__number="3.1", organization__short_name="Школа Бондарская"), elena)
    return own


def page(client: Client, roadmap: Roadmap, view: str = "detail", **query: str) -> str:
    """A page of a roadmap without the marks of its words."""
    response = client.get(reverse(f"roadmap:{view}", args=[roadmap.pk]), query)
    assert response.status_code == 200, response.headers.get("Location")
    return response.content.decode().replace("\u00ad", "")


def figures(client: Client, roadmap: Roadmap, **query: str) -> dict[str, tuple[str | None, int, int]]:
    """Each item that is shown: where it comes from, how many obligations, how many under review."""
    rows = client.get(roadmap.get_absolute_url(), query).context["page"]
    return {row.item.number: (row.origin, row.tally.obligations, row.tally.under_review) for row in rows}


def test_inherited_stricter_and_added_items_are_seen_together(
    own: Roadmap, browser_of: Browser, boris: User, elena: User, anna: User
) -> None:
    everything = {
        "3.1": ("stricter", 2, 1),
        "3.2": ("inherited", 3, 0),
        "3.3": ("inherited", 0, 0),
        "М1": ("added", 2, 0),
    }
    client = browser_of(boris)
    assert figures(client, own) == figures(browser_of(anna), own) == everything
    assert figures(browser_of(elena), own) == everything | {
        "3.1": ("stricter", 1, 1),
        "3.2": ("inherited", 1, 0),
        "М1": ("added", 1, 0),
    }
    assert set(figures(client, own, origin="stricter")) == {"3.1"}
    assert set(figures(client, own, origin="added")) == {"М1"}
    assert set(figures(client, own, period="2023-12")) == {"М1"}
    assert set(figures(client, own, q="ПРИКАЗ")) == {"3.2"}
    assert set(figures(client, own, state="review")) == {"3.1"}
    assert next(iter(figures(client, own, sort="-due"))) == "М1"
    shown = page(client, own)
    assert "выше: <del>30.10.2023</del>, здесь: <ins>20.10.2023</ins>" in shown
    assert '<option value="origin"' not in page(client, Roadmap.objects.get(owner=None))


def test_each_date_is_the_one_that_binds(own: Roadmap, browser_of: Browser, anna: User, boris: User) -> None:
    above = item_of(Roadmap.objects.get(owner=None), "3.2").occurrences.get()
    assert above.requirement
    earlier = {"school": date(2023, 11, 6), "municipality": date(2023, 11, 13)}
    set_level_dues(requirement=above.requirement, dues=earlier, by=anna, at=NOW)
    client = browser_of(boris)
    shown = page(client, own)
    assert "срок: 13.11.2023" in shown
    assert "школам — до 06.11.2023" in shown
    assert figures(client, own)["3.2"][0] == "inherited", "the ministry made it stricter, not Бондарский"
    assert "3.2, срок 13.11.2023: в работе; принято 0 из 3" in page(client, own, "timeline")


def test_the_matrix_sets_a_municipality_beside_its_schools(
    own: Roadmap, bondarskaya: Organization, browser_of: Browser, boris: User, anna: User
) -> None:
    for person in (boris, anna):
        client = browser_of(person)
        matrix = client.get(reverse("roadmap:matrix", args=[own.pk])).context["matrix"]
        assert [row.name for row in matrix.rows] == ["Бондарский", "Школа Бондарская", "Школа Пахотная"]
        assert [matrix.totals.tallies[item.pk].obligations for item in matrix.items if item.is_dated] == [2, 3, 2]
        link = f"{item_of(own, '3.1').get_absolute_url()}?organization={bondarskaya.pk}#organizations"
        assert f'href="{link}"' in page(client, own, "matrix", sort="overdue")
        rows = client.get(link).context["page"]
        assert [(row.organization, row.due_on) for row in rows] == [(bondarskaya, date(2023, 10, 20))]
    assert "М1 +" in [column.title for column in built("roadmap_matrix", boris, own).tables[0].columns]


def test_a_schools_roadmap_has_no_matrix(
    own: Roadmap, bondarskaya: Organization, browser_of: Browser, elena: User, boris: User
) -> None:
    school = own_draft(own, bondarskaya, elena)
    stricter(school, "3.1", "До 18.10.2023 г.", elena)
    approve(roadmap=school, by=elena, now=NOW)
    client, address = browser_of(elena), reverse("roadmap:matrix", args=[school.pk])
    assert address not in page(client, school)
    assert "организация одна" in client.get(address, follow=True).content.decode()
    with pytest.raises(ReportUnavailable):
        built("roadmap_matrix", elena, school)
    assert [row[1] for row in figures(client, school).values()] == [1, 1, 0, 1]
    assert figures(browser_of(boris), school) == figures(client, school)
    assert "3.1, срок 18.10.2023: на проверке" in page(client, school, "timeline")


def test_an_extension_takes_the_mark_with_it(own: Roadmap, browser_of: Browser, boris: User, elena: User) -> None:
    mine = Obligation.objects.filter(requirement__number="М1")
    mine.update(due_on=date(2023, 12, 15), extended_from=date(2023, 12, 1))
    client = browser_of(boris)
    assert "М1, срок 01.12.2023, продлён до 15.12.2023: в работе" in page(client, own, "timeline")
    december = page(client, own, "calendar", month="2023-12")
    assert december.index('datetime="2023-12-15"') < december.index("Районный слёт") < december.index("2023-12-16")
    item = item_of(own, "М1")
    assert len(client.get(item.get_absolute_url(), {"due": "2023-12-01"}).context["page"]) == 2
    mine.filter(organization__short_name="Школа Пахотная").update(due_on=date(2023, 12, 1), extended_from=None)
    assert "М1, срок 01.12.2023: в работе" in page(client, own, "timeline"), "one school still owes it by then"
    rows = cells(built("roadmap_timeline", elena, own))
    assert [(row[0], row[2], row[3]) for row in rows if row[3] == "М1"] == [
        (date(2023, 12, 1), date(2023, 12, 15), "М1")
    ]


def test_an_undated_item_stands_below_the_line(own: Roadmap, browser_of: Browser, boris: User) -> None:
    shown = page(browser_of(boris), own, "timeline")
    drawing = shown.partition("<svg xmlns")[2].partition("</svg>")[0]
    assert "Совещание" not in drawing
    assert "Районный слёт" in drawing
    assert "Совещание с координаторами" in shown.partition("Без сроков")[2]


def test_files_say_what_the_pages_say(own: Roadmap, galina: User, boris: User, elena: User) -> None:
    items = cells(built("roadmap_items", boris, own))
    assert [(row[0], row[3], row[5], row[-2:]) for row in items] == [
        ("3.1", date(2023, 10, 20), 2, ["Строже", date(2023, 10, 30)]),
        ("3.2", date(2023, 11, 20), 3, ["Унаследовано", None]),
        ("3.3", None, 0, ["Унаследовано", None]),
        ("М1", date(2023, 12, 1), 2, ["Добавлено", None]),
    ]
    organizations = cells(built("roadmap_item", boris, own, item=item_of(own, "3.1").pk))
    assert [row[0] for row in organizations] == ["Школа Бондарская", "Школа Пахотная"]
    assert [row[3] for row in cells(built("roadmap_timeline", boris, own))] == ["3.1", "3.2", "М1"]
    assert [row[3] for row in cells(built("roadmap_calendar", elena, own, month="2023-11"))] == ["3.2"]
    for name in ("roadmap_items", "roadmap_matrix", "roadmap_timeline", "roadmap_calendar", "roadmap"):
        with pytest.raises(OutOfScope):
            registry.get(name).clean(user=galina, sent={"roadmap": own.pk})


def test_the_report_counts_all_that_an_own_roadmap_covers(
    own: Roadmap, browser_of: Browser, anna: User, boris: User, elena: User
) -> None:
    for person, obligations, names in (
        (anna, 7, ["Бондарский", "Школа Бондарская", "Школа Пахотная"]),
        (boris, 7, ["Бондарский", "Школа Бондарская", "Школа Пахотная"]),
        (elena, 3, []),
    ):
        chosen = select(user=person, sent={"roadmap": own.pk})
        counted = roadmap_progress(roadmap=own, scope=chosen.scope, user=person, now=NOW)
        assert counted.totals.obligations == obligations
        assert [organization.name for organization in counted.organizations] == names
        shown = browser_of(person).get(reverse("reporting:roadmap_progress"), {"roadmap": own.pk}).content.decode()
        assert "Районный слёт" in shown
    begin = browser_of(boris).get(reverse("reporting:roadmap_progress"))
    assert begin.context["progress"].roadmap.owner is None, "the region's comes first"


def test_the_list_of_roadmaps_counts_each_as_its_page_does(
    own: Roadmap, bondarskaya: Organization, browser_of: Browser, anna: User, boris: User, elena: User
) -> None:
    school = own_draft(own, bondarskaya, elena)
    approve(roadmap=school, by=elena, now=NOW)
    regional = Roadmap.objects.get(owner=None)
    whole = {own: 7, school: 3}
    for person, counts in (
        (anna, whole | {regional: 10}),
        (boris, whole | {regional: 5}),
        (elena, {own: 3, school: 3, regional: 2}),
    ):
        rows = browser_of(person).get(reverse("roadmap:list")).context["rows"]
        assert {roadmap: tally.obligations for roadmap, _, tally in rows} == counts


@pytest.mark.parametrize("count", [1, 3])
def test_own_pages_ask_the_same_number_of_questions(
    ministry: Organization,
    bondarsky: Organization,
    anna: User,
    boris: User,
    count: int,
    browser_of: Browser,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    for _ in range(count):
        factories.SchoolFactory(parent=bondarsky)
    rows = [(f"3.{n}", f"Мероприятие {n}", "Ежемесячно", SCHOOLS) for n in range(count)]
    regional = draft_of(ministry.region, order_of(*rows))
    approve(roadmap=regional, by=anna, now=NOW)
    own = own_draft(regional, bondarsky, boris)
    approve(roadmap=own, by=boris, now=NOW)
    client = browser_of(boris)
    addresses = {view: reverse(f"roadmap:{view}", args=[own.pk]) for view in ("matrix", "timeline", "calendar")}
    addresses["item"] = item_of(own, "3.0").get_absolute_url()
    addresses["list"] = reverse("roadmap:list")
    for view, queries in (("matrix", 16), ("timeline", 13), ("calendar", 13), ("item", 14), ("list", 11)):
        with django_assert_num_queries(queries):  # type: ignore[attr-defined]
            client.get(addresses[view])


def test_a_superseded_edition_is_seen_as_it_was(own: Roadmap, browser_of: Browser, boris: User, elena: User) -> None:
    later = NOW + timedelta(days=1)
    mine = Obligation.objects.get(requirement__number="М1", organization__short_name="Школа Бондарская")
    advance(obligation=mine, act=Act.SUBMIT, by=elena, at=later, note="Готово")
    assert figures(browser_of(boris), own)["М1"] == ("added", 2, 1)
