"""How values and moments are written for people."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from exports.cells import cell_label
from exports.documents import Cell, ColumnKind
from exports.moments import moment_label


@pytest.mark.parametrize(
    ("value", "kind", "written"),
    [
        (1234567, ColumnKind.NUMBER, "1 234 567"),
        (0, ColumnKind.NUMBER, "0"),
        (1234.5, ColumnKind.NUMBER, "1 234,5"),
        (0.875, ColumnKind.SHARE, "87,5 %"),
        (1, ColumnKind.SHARE, "100,0 %"),
        (0.0625, ColumnKind.SHARE, "6,3 %"),
        (2 / 3, ColumnKind.SHARE, "66,7 %"),
        (0.2875, ColumnKind.SHARE, "28,8 %"),
        (None, ColumnKind.SHARE, "—"),
        (None, ColumnKind.NUMBER, ""),
        (None, ColumnKind.DATE, ""),
        (date(2023, 10, 5), ColumnKind.DATE, "05.10.2023"),
        ("Школа № 1", ColumnKind.TEXT, "Школа № 1"),
    ],
)
def test_cells(value: Cell, kind: ColumnKind, written: str) -> None:
    assert cell_label(value, kind).replace("\u00a0", " ") == written


@pytest.mark.parametrize(
    ("zone", "written"),
    [
        ("Europe/Moscow", "16.10.2023 12:00 (МСК)"),
        ("Europe/Kaliningrad", "16.10.2023 11:00 (МСК−1)"),
        ("Asia/Yekaterinburg", "16.10.2023 14:00 (МСК+2)"),
        ("Asia/Kolkata", "16.10.2023 14:30 (МСК+2:30)"),
    ],
)
def test_a_moment_names_its_zone_by_its_distance_from_moscow(zone: str, written: str, now: datetime) -> None:
    assert moment_label(now.astimezone(ZoneInfo(zone))) == written


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        moment_label(datetime(2023, 10, 16, 12, 0))  # noqa: DTZ001
