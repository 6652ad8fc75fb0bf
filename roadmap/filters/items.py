"""Which items of a roadmap to show."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms

from accounts.russian import folded
from roadmap.aggregates import ItemRow, Origin
from roadmap.filters.base import Filters, month_label, search_field
from roadmap.models import Item, ItemBody

SOON = timedelta(days=30)


class ItemFilters(Filters):
    """Which items of a roadmap to show."""

    q = search_field("Слова или номер")
    section = forms.ChoiceField(label="Раздел", required=False)
    body = forms.ChoiceField(label="Ответственный", required=False)
    state = forms.ChoiceField(label="Состояние", required=False)
    period = forms.ChoiceField(label="Период", required=False)
    origin = forms.ChoiceField(label="Откуда", required=False)

    field_order = ("q", "section", "body", "state", "period", "origin", "sort")

    SORTS: ClassVar[dict[str, str]] = {
        "": "По номеру",
        "due": "По сроку: ближайшие сверху",
        "-due": "По сроку: дальние сверху",
        "accepted": "По исполнению: отстающие сверху",
        "-accepted": "По исполнению: передовые сверху",
        "-overdue": "По просрочке",
    }
    STATES: ClassVar[dict[str, str]] = {
        "": "Любое",
        "overdue": "Есть просрочка",
        "open": "Есть не сданные",
        "review": "Есть на проверке",
        "done": "Исполнено полностью",
        "undated": "Срок не назначен",
    }
    ORIGINS: ClassVar[dict[str, str]] = {
        "": "Все",
        Origin.STRICTER: "Срок раньше вышестоящего",
        Origin.ADDED: "Добавлено",
        Origin.INHERITED: "Без изменений",
    }

    def __init__(self, data: Mapping[str, Any], *, rows: Sequence[ItemRow], today: date, first: date) -> None:
        """``first`` is the day the academic year begins on: its months come before those of the time before it."""
        super().__init__(data)
        self._today = today
        items = [row.item for row in rows]
        self.offer("origin", self.ORIGINS.items() if any(row.origin for row in rows) else [])
        sections = {str(item.section_id): str(item.section) for item in items}
        bodies = {_key(body): body.label for item in items for body in item.bodies.all()}
        self.offer("section", [("", "Все"), *sections.items()])
        self.offer("body", [("", "Все"), *sorted(bodies.items(), key=lambda row: folded(row[1]))])
        self.offer("state", self.STATES.items())
        months = sorted(
            {row.due_on.replace(day=1) for item in items for row in item.occurrences.all()}
            | {row.start_on.replace(day=1) for item in items for row in item.occurrences.all() if row.start_on},
            key=lambda month: (month < first, month),
        )
        self.offer(
            "period",
            [
                ("", "Весь год"),
                ("soon", "Ближайшие 30 дней"),
                ("past", "Срок прошёл"),
                *((f"{month:%Y-%m}", month_label(month)) for month in months),
            ],
        )

    def apply(self, rows: Iterable[ItemRow]) -> list[ItemRow]:
        """Return the rows that were asked for, in the order that was asked for."""
        shown = [row for row in rows if self._matches(row)]
        sort = self.chosen("sort")
        far = date.max if not sort.startswith("-") else date.min
        if sort in ("due", "-due"):
            shown.sort(key=lambda row: row.next_due(self._today) or far, reverse=sort.startswith("-"))
        elif sort in ("accepted", "-accepted"):
            behind = 2.0 if sort == "accepted" else -1.0

            def rate(row: ItemRow) -> float:
                share = row.tally.accepted_rate
                return behind if share is None else share

            shown.sort(key=rate, reverse=sort.startswith("-"))
        elif sort == "-overdue":
            shown.sort(key=lambda row: -row.tally.overdue)
        return shown

    def _matches(self, row: ItemRow) -> bool:
        """Tell whether a row is among what was asked for."""
        item, body, section = row.item, self.chosen("body"), self.chosen("section")
        if section and str(item.section_id) != section:
            return False
        if body and body not in {_key(one) for one in item.bodies.all()}:
            return False
        if self.chosen("origin") not in ("", row.origin):
            return False
        text = folded(" ".join([item.number, item.title, *(one.label for one in item.bodies.all())]))
        return (
            all(word in text for word in folded(self.chosen("q")).split())
            and self._is_in_period(item)
            and self._is_in_state(row)
        )

    def _is_in_state(self, row: ItemRow) -> bool:
        """Tell whether the row stands as was asked for."""
        tally = row.tally
        match self.chosen("state"):
            case "overdue":
                return tally.overdue > 0
            case "open":
                return tally.open > 0
            case "review":
                return tally.under_review > 0
            case "done":
                return tally.obligations > 0 and tally.accepted == tally.obligations
            case "undated":
                return not row.item.is_dated
            case _:
                return True

    def _is_in_period(self, item: Item) -> bool:
        """Tell whether one of the item's dates, or of its spans, falls in the period."""
        period = self.chosen("period")
        if not period:
            return True
        spans = [(row.start_on or row.due_on, row.due_on) for row in item.occurrences.all()]
        if period == "past":
            return any(due < self._today for _, due in spans)
        if period == "soon":
            return any(start <= self._today + SOON and due >= self._today for start, due in spans)
        return any(f"{start:%Y-%m}" <= period <= f"{due:%Y-%m}" for start, due in spans)


def _key(body: ItemBody) -> str:
    """Name a responsible body in an address: «schools», «o12», or the words nobody has mapped."""
    if body.organization_id:
        return f"o{body.organization_id}"
    return body.group or f"t{folded(body.text)[:60]}"
