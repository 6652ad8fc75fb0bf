"""What stands on the timeline and in the calendar."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.http import urlencode

from accounts.models import User
from accounts.roles import Role
from accounts.russian import folded
from roadmap.aggregates import Due
from roadmap.filters.base import Filters, month_label, search_field
from roadmap.models import Item, Roadmap


class TimelineFilters(Filters):
    """Which items stand on the timeline."""

    section = forms.ChoiceField(label="Раздел", required=False)
    q = search_field("Слова или номер")

    field_order = ("q", "section")

    def __init__(self, data: Mapping[str, Any], *, items: Sequence[Item]) -> None:
        super().__init__(data)
        sections = {str(item.section_id): str(item.section) for item in items}
        self.offer("section", [("", "Все"), *sections.items()])

    def apply(self, rows: Iterable[tuple[Item, list[Due]]]) -> list[tuple[Item, list[Due]]]:
        """Return the rows that were asked for."""
        section, words = self.chosen("section"), folded(self.chosen("q")).split()
        return [
            (item, dues)
            for item, dues in rows
            if (not section or str(item.section_id) == section)
            and all(word in folded(f"{item.number} {item.title}") for word in words)
        ]


class MonthFilters(Filters):
    """Which month of the calendar, and whose duties."""

    whose = forms.ChoiceField(label="Что показать", required=False)
    month = forms.ChoiceField(label="Месяц", required=False)

    field_order = ("month", "whose")

    def __init__(self, data: Mapping[str, Any], *, roadmap: Roadmap, user: User, today: date) -> None:
        super().__init__(data)
        # A deputy sees nothing but their own: there is nothing to choose.
        self._owes_only = not user.has_role(*(set(Role) - {Role.DEPUTY}))
        self._today, self._year = today, roadmap.year
        # An order may name days before its academic year begins.
        june = self._year.start_year * 12 + 5
        months = [date(number // 12, number % 12 + 1, 1) for number in range(june, june + 15)]
        self._months = {f"{month:%Y-%m}": month for month in months}
        in_order = sorted(self._months.items(), key=lambda row: (row[1] < self._year.start, row[1]))
        self.offer("month", ((key, month_label(month)) for key, month in in_order))
        whose = [("", "Все мероприятия"), ("own", "Мои поручения")]
        self.offer("whose", whose if user.acting_organization_ids and not self._owes_only else [])
        if not self.chosen("month"):
            # Read already: this is for the eye.
            self.data = {**self.data, "month": f"{self.first:%Y-%m}"}

    @property
    def first(self) -> date:
        """The first day of the month to show: as asked, else today's, else the first of the academic year."""
        this = self._today.replace(day=1)
        default = this if this in self._months.values() else self._year.start
        return self._months.get(self.chosen("month"), default)

    @property
    def only_own(self) -> bool:
        """Nothing but what the person's organizations owe."""
        return self._owes_only or self.chosen("whose") == "own"

    def neighbour(self, month: date) -> tuple[str, str] | None:
        """Return the address and the name of a month beside; None beyond the year."""
        key = f"{month:%Y-%m}"
        if key not in self._months:
            return None
        return f"?{urlencode({**self.choices, 'month': key})}", month_label(month)
