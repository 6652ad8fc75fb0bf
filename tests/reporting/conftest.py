"""Order 2381 on 16 October 2023, noon: who has handed in what.

- 1.1, due on 10 July: the ministry handed in two days late; accepted.
- 1.2, due on 10 October: Бондарский accepted; Школа Бондарская at 23:30 of the last day, under review;
  Школа Пахотная not at all; Моршанский handed in on the 12th, returned; Школа Моршанская had nothing to
  report; Лицей областной was let off.
- 1.3 has no date («по отдельному плану»).
- 2.1, due on 20 October: Школа Пахотная accepted, Лицей областной under review, the others not yet;
  one of its bodies nobody could tell.
- 2.2, due on 20 October: nobody could tell who is to do it.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accounts.models import Organization, Region
from obligations.models import Obligation
from roadmap.models import Item, ItemBody, Occurrence, Roadmap
from tests import factories

MOSCOW = ZoneInfo("Europe/Moscow")


def on(day: int, month: int = 10, hour: int = 12, minute: int = 0) -> datetime:
    """A moment of 2023 on Moscow's clocks."""
    return datetime(2023, month, day, hour, minute, tzinfo=MOSCOW)


def ask(item: Item, due_on: date) -> Occurrence:
    """Date the item and give the date its requirement."""
    region = item.section.roadmap.region
    requirement = factories.RequirementFactory(region=region, number=item.number, title=item.title, due_on=due_on)
    return Occurrence.objects.create(item=item, due_on=due_on, requirement=requirement)


def owe(
    occurrence: Occurrence, who: Organization, state: str = "open", handed_in: datetime | None = None
) -> Obligation:
    """Let the organization owe the occurrence, in that state."""
    decided = handed_in if state in ("accepted", "returned") else None
    obligation: Obligation = factories.ObligationFactory(
        requirement=occurrence.requirement,
        organization=who,
        state=state,
        first_submitted_at=handed_in,
        submitted_at=handed_in,
        decided_at=decided,
    )
    return obligation


@pytest.fixture
def road(region: Region) -> Roadmap:
    """The roadmap in force: two sections, five items."""
    roadmap: Roadmap = factories.RoadmapFactory(region=region, state="approved", approved_at=on(25, 8))
    return roadmap


@pytest.fixture
def items(road: Roadmap, ministry: Organization) -> dict[str, Item]:
    """The items by number, with those who answer for them."""
    bodies: dict[str, list[dict[str, Any]]] = {
        "1.1": [{"text": "Министерство образования и науки Тамбовской области", "organization": ministry}],
        "1.2": [
            {"text": "Муниципальные органы управления образованием", "group": "municipalities"},
            {"text": "Образовательные организации", "group": "schools"},
        ],
        "1.3": [{"text": "Образовательные организации", "group": "schools"}],
        "2.1": [{"text": "Образовательные организации", "group": "schools"}, {"text": "Неведомое учреждение"}],
        "2.2": [{"text": "Неведомое учреждение"}],
    }
    deadlines = {"1.1": "До 10.07.2023 г.", "1.2": "До 10.10.2023 г.", "1.3": "По отдельному плану"}
    found: dict[str, Item] = {}
    for position, title in enumerate(("Организация", "Внедрение"), start=1):
        section = factories.SectionFactory(roadmap=road, number="I" * position, position=position, title=title)
        for number in [number for number in bodies if number.startswith(str(position))]:
            item: Item = factories.ItemFactory(
                section=section,
                number=number,
                position=int(number[-1]),
                deadline_text=deadlines.get(number, "До 20.10.2023 г."),
            )
            for order, body in enumerate(bodies[number]):
                ItemBody.objects.create(item=item, position=order, **body)
            found[number] = item
    return found


@pytest.fixture
def story(
    items: dict[str, Item],
    ministry: Organization,
    bondarsky: Organization,
    morshansky: Organization,
    bondarskaya: Organization,
    pakhotnaya: Organization,
    morshanskaya: Organization,
    lyceum: Organization,
) -> dict[str, Occurrence]:
    """The state of work; see the table above."""
    asked = {
        "1.1": ask(items["1.1"], date(2023, 7, 10)),
        "1.2": ask(items["1.2"], date(2023, 10, 10)),
        "2.1": ask(items["2.1"], date(2023, 10, 20)),
        "2.2": ask(items["2.2"], date(2023, 10, 20)),
    }
    owe(asked["1.1"], ministry, "accepted", on(12, 7))
    owe(asked["1.2"], bondarsky, "accepted", on(9))
    owe(asked["1.2"], bondarskaya, "submitted", on(10, hour=23, minute=30))
    owe(asked["1.2"], pakhotnaya)
    owe(asked["1.2"], morshansky, "returned", on(12))
    owe(asked["1.2"], morshanskaya, "declared_nil", on(10))
    owe(asked["1.2"], lyceum, "cancelled")
    owe(asked["2.1"], bondarskaya)
    owe(asked["2.1"], pakhotnaya, "accepted", on(15))
    owe(asked["2.1"], morshanskaya)
    owe(asked["2.1"], lyceum, "submitted", on(16, hour=9))
    return asked


@pytest.fixture
def crowd(ministry: Organization, items: dict[str, Item]) -> Callable[[int], None]:
    """Make so many municipalities with as many schools each, all of whom owe item 1.2."""

    def _crowd(count: int) -> None:
        occurrence = ask(items["1.2"], date(2023, 10, 10))
        for _ in range(count):
            municipality = factories.MunicipalityFactory(parent=ministry)
            owe(occurrence, municipality)
            for _ in range(count):
                owe(occurrence, factories.SchoolFactory(parent=municipality))

    return _crowd
