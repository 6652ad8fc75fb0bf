"""The registry as an Excel file: what is taken away comes back unchanged."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from accounts.models import Organization, Region, User
from exports.writers.xlsx import write_xlsx
from schools.exports.registry import SCHOOL_REGISTRY
from schools.imports import ImportOutcome, import_school_list
from schools.models import SchoolYear
from sheets.spreadsheets import Limits, read_spreadsheet
from tests import factories
from tests.schools.conftest import Import
from tests.schools.lists import inn, listed, school


def _step(_percent: int, _words: str) -> None:
    """Nobody watches."""


def taken_away(user: User, region: Region, now: datetime, **sent: Any) -> bytes:
    order = SCHOOL_REGISTRY.clean(user=user, sent=sent)
    return write_xlsx(
        SCHOOL_REGISTRY.build(user=user, region=region, parameters=order.parameters, now=now, progress=_step)
    )


def sheets_of(data: bytes) -> Mapping[str, list[tuple[str, ...]]]:
    return {one.name: [row.cells for row in one.rows] for one in read_spreadsheet(data, "r.xlsx", limits=Limits())}


@pytest.fixture
def brought_back(region: Region, now: datetime) -> Any:
    def _back(data: bytes) -> ImportOutcome:
        return import_school_list(
            region=region, data=data, filename="r.xlsx", academic_year=2023, by=None, now=now, dry_run=True
        )

    return _back


@pytest.fixture
def registry(bring_in: Import, bondarsky: Organization, morshansky: Organization) -> None:
    """Five schools of all kinds: with quotes, without contacts, a single letter of everything."""
    bring_in(
        listed(
            school(1, name='МБОУ «Школа "Радуга" № 1»', short_name="СОШ № 1", contact_name="Ёлкина-Ким З. О."),
            school(15, municipality="Моршанский", level="80", ticket="нет", contact_post="", contact_email=""),
            school(3, municipality="Региональное подчинение", level="40", site="https://школа.рф/раздел?x=1"),
            school(4, contact_name="", contact_post="", contact_email="", contact_phone="", site=""),
            school(5, short_name=""),
        )
    )


def test_it_comes_back_unchanged(
    registry: None, region: Region, anna: User, boris: User, now: datetime, brought_back: Any
) -> None:
    for person, count in ((anna, 5), (boris, 3)):
        outcome = brought_back(taken_away(person, region, now))
        assert (outcome.unchanged, outcome.changed, outcome.created, outcome.problems) == (count, 0, 0, ())
    outcome = brought_back(taken_away(anna, region, now, q="радуга", sort="-level", state="all"))
    assert (outcome.unchanged, outcome.changed, outcome.problems) == (1, 0, ())


def test_what_cannot_come_back_stands_apart_with_its_reason(
    registry: None, region: Region, bondarsky: Organization, anna: User, now: datetime, brought_back: Any
) -> None:
    factories.SchoolFactory(parent=bondarsky, short_name="Новая", name="=HYPERLINK(1)")
    Organization.objects.filter(inn=inn(1)).update(is_active=False)
    SchoolYear.objects.filter(organization__inn=inn(15)).delete()
    data = taken_away(anna, region, now, state="all")
    outcome = brought_back(data)
    assert (outcome.unchanged, outcome.changed, outcome.problems) == (3, 0, ())
    apart = {row[0]: row[2] for row in sheets_of(data)["Не загружаются обратно"] if len(row) > 2}
    assert apart["=HYPERLINK(1)"] == "нет ИНН, не указан уровень"
    assert apart['МБОУ «Школа "Радуга" № 1»'] == "школа закрыта"


def test_nobody_takes_away_more_than_they_see(registry: None, region: Region, galina: User, now: datetime) -> None:
    rows = sheets_of(taken_away(galina, region, now, state="all"))["Школы"]
    assert [row[3] for row in rows if inn(15) in row] == [inn(15)]
    assert not [row for row in rows if inn(1) in row]
