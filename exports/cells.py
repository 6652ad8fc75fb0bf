"""How a value of a document is written in words, the same on a page and in PDF."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from accounts.russian import NBSP, figure
from exports.documents import Cell, ColumnKind, Marked

NOTHING = "—"


def share_label(value: float | None) -> str:
    """Write a share of 0..1 as per cent with one decimal, rounded as Excel does: «87,5 %»; «—» for none at all."""
    if value is None:
        return NOTHING
    # The digits as written, not the float times a hundred: 0.2875 is 28,8 % in Excel too.
    percent = (Decimal(str(value)) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{percent}".replace(".", ",") + f"{NBSP}%"


def number_label(value: int | float) -> str:
    """Write a number with thousands set apart: «12 345»; a fraction with a comma."""
    if isinstance(value, int):
        return figure(value)
    return f"{value:,}".replace(",", NBSP).replace(".", ",")


def cell_label(value: Cell, kind: ColumnKind) -> str:
    """Write a cell for people; an empty number or date stays empty, an empty share is «—»."""
    match value:
        case None:
            return NOTHING if kind is ColumnKind.SHARE else ""
        case str() | Marked():
            return str(value)
        case datetime() | date():
            return f"{value:%d.%m.%Y}"
        case _:
            return share_label(value) if kind is ColumnKind.SHARE else number_label(value)
