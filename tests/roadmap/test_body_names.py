"""The names a region's documents call its bodies by: what the registry suggests, what people have mapped."""

import pytest

from accounts.models import BodyAlias, Organization, OrganizationKind, Region, User
from accounts.reference import load_region
from roadmap.actions import remember_alias
from roadmap.actions.bodies import body_directory, read_bodies
from roadmap.models import ItemBody
from tests.roadmap.stories import draft_of, order_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def tambov() -> Region:
    """The region of the fixtures with all its institutions."""
    return load_region().region


def read(region: Region, cell: str) -> list[str]:
    """Who a cell means: codes of organizations and groups, «?» for nobody known."""
    found = read_bodies(cell, body_directory(region))
    return [body.organization.code if body.organization else body.group or "?" for body in found]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Минобр", ["ministry"]),
        ("Минобрнауки Тамбовской области", ["ministry"]),
        ("Министерство", ["ministry"]),
        ("Министерством образования", ["ministry"]),
        ("Министерство образования и науки", ["ministry"]),
        ("Министерство образования и науки Российской Федерации", ["?"]),
        ("Министерство просвещения Российской Федерации", ["?"]),
        ("ИПКРО", ["operator"]),
        ("ГБУ ДПО «Институт повышения квалификации работников образования»", ["operator"]),
        ("Институтом повышения квалификации работников образования", ["operator"]),
        ("ЦОПП", ["advanced_training_centre"]),
        ("МОУО, ОО", ["municipalities", "schools"]),
        ("органам управления образованием муниципальных районов", ["municipalities"]),
        ("Муниципальные органы управления образованием Тамбовской области", ["municipalities"]),
        ("Общеобразовательные организации Тамбовской области", ["schools"]),
        ("Минобр, ИПКРО, МОУО, ОО", ["ministry", "operator", "municipalities", "schools"]),
        ("вузы, ПОО", ["universities", "colleges"]),
        ("ООО «Ромашка»", ["?"]),
    ],
)
def test_abbreviations_and_short_names_are_known(tambov: Region, cell: str, expected: list[str]) -> None:
    assert read(tambov, cell) == expected


def test_every_organization_is_known_by_its_own_name_and_by_no_other(tambov: Region) -> None:
    directory = body_directory(tambov)
    for organization in Organization.objects.filter(region=tambov).exclude(kind=OrganizationKind.SCHOOL):
        assert [body.organization for body in read_bodies(organization.name, directory)] == [organization]


def test_a_short_name_that_two_would_share_is_nobodys(tambov: Region) -> None:
    Organization.objects.create(
        region=tambov,
        parent=Organization.objects.get(region=tambov, code="ministry"),
        kind=OrganizationKind.INSTITUTION,
        name="ТОГБУ «Институт повышения квалификации рабочих отрасли»",
        short_name="Институт отрасли",
    )
    assert read(tambov, "ИПКРО") == ["?"]
    assert read(tambov, "Институт повышения квалификации рабочих отрасли") != ["?"]


def test_one_mapping_resolves_every_form_of_the_name_here_and_in_later_imports(region: Region, anna: User) -> None:
    cells = ["Молодёжный совет области", "Молодежным советом области", "МОЛОДЁЖНОМУ СОВЕТУ ОБЛАСТИ"]
    draft_of(region, order_of(*((f"3.{at}", "Отчёт", "Май", cell) for at, cell in enumerate(cells, 1))))
    council = Organization.objects.get(region=region, kind=OrganizationKind.MINISTRY)
    resolved = remember_alias(region=region, text=cells[0], organization=council, group="", by=anna)
    assert resolved == 3
    assert not ItemBody.objects.filter(organization=None, group="").exists()
    later = draft_of(region, order_of(("3.1", "План", "Июнь", cells[1])), order_number="2400")
    assert [body.organization for body in ItemBody.objects.filter(item__section__roadmap=later)] == [council]


def test_mapping_one_name_leaves_others_that_look_like_it_open(region: Region, anna: User) -> None:
    draft_of(region, order_of(("3.1", "Отчёт", "Май", "Совет отцов"), ("3.2", "Отчёт", "Май", "Совет отцов района")))
    assert remember_alias(region=region, text="Совет отцов", organization=None, group="schools", by=anna) == 1
    assert [body.text for body in ItemBody.objects.filter(group="")] == ["Совет отцов района"]
    assert BodyAlias.objects.filter(region=region, text="Совет отцов").count() == 1
