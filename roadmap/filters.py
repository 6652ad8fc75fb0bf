"""What of a roadmap to show, and in what order: read alike from the address of a page and from the order of a file.

What makes no sense falls back to the default: an address that was shared never fails.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.http import urlencode

from accounts.models import User
from accounts.roles import Role
from accounts.russian import any_case_patterns, folded
from obligations.querysets import ObligationQuerySet
from obligations.states import State
from roadmap.aggregates import Due, ItemRow, Part, PartRow
from roadmap.models import Item, ItemBody, Occurrence, Roadmap, Section

LONGEST_SEARCH = 100
SOON = timedelta(days=30)

Choices = Iterable[tuple[str, str]]


def _search_field(label: str) -> forms.CharField:
    """A field for words to look for."""
    return forms.CharField(
        label=label, required=False, max_length=LONGEST_SEARCH, widget=forms.TextInput(attrs={"type": "search"})
    )


class Filters(forms.Form):
    """A row of choices above a list."""

    SORTS: ClassVar[dict[str, str]] = {}

    sort = forms.ChoiceField(label="Порядок", required=False)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        self.offer("sort", self.SORTS.items())
        self.use_required_attribute = False

    def offer(self, name: str, choices: Choices) -> None:
        """Set what a field may be chosen from; a field without a choice is left out."""
        offered = list(choices)
        if len(offered) < 2:
            del self.fields[name]
        else:
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    def chosen(self, name: str) -> str:
        """What was chosen, '' for nothing or for what cannot be chosen."""
        if not hasattr(self, "cleaned_data"):
            self.is_valid()
        return str(self.cleaned_data.get(name) or "")

    @property
    def choices(self) -> dict[str, str]:
        """Everything that was chosen, as the address and the order of a file carry it."""
        return {name: value for name in self.fields if (value := self.chosen(name))}

    @property
    def is_narrow(self) -> bool:
        """Less than all was chosen."""
        return any(name not in ("sort", "measure", "by") for name in self.choices)

    @property
    def query(self) -> str:
        """What was chosen, as the tail of an address."""
        return f"?{urlencode(self.choices)}" if self.choices else ""

    def words(self) -> str:
        """Say what was chosen in words, for the head of a file: «Состояние: есть просрочка»."""
        said = []
        for name, value in self.choices.items():
            if name not in ("sort", "measure", "by"):
                field = self.fields[name]
                shown = dict(field.choices).get(value, value) if isinstance(field, forms.ChoiceField) else value  # type: ignore[arg-type]
                said.append(f"{field.label}: {shown}")
        return "; ".join(said)


class ItemFilters(Filters):
    """Which items of a roadmap to show."""

    q = _search_field("Слова или номер")
    section = forms.ChoiceField(label="Раздел", required=False)
    body = forms.ChoiceField(label="Ответственный", required=False)
    state = forms.ChoiceField(label="Состояние", required=False)
    period = forms.ChoiceField(label="Период", required=False)

    field_order = ("q", "section", "body", "state", "period", "sort")

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

    def __init__(self, data: Mapping[str, Any], *, items: Sequence[Item], today: date) -> None:
        super().__init__(data)
        self._today = today
        sections = {str(item.section_id): str(item.section) for item in items}
        bodies = {_key(body): body.label for item in items for body in item.bodies.all()}
        self.offer("section", [("", "Все"), *sections.items()])
        self.offer("body", [("", "Все"), *sorted(bodies.items(), key=lambda row: folded(row[1]))])
        self.offer("state", self.STATES.items())
        months = sorted(
            {row.due_on.replace(day=1) for item in items for row in item.occurrences.all()}
            | {row.start_on.replace(day=1) for item in items for row in item.occurrences.all() if row.start_on}
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


class OrganizationFilters(Filters):
    """Which obligations of an item to list."""

    q = _search_field("Организация")
    part = forms.ChoiceField(label="Муниципалитет", required=False)
    state = forms.ChoiceField(label="Состояние", required=False)
    due = forms.ChoiceField(label="Срок", required=False)
    by = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    organization = forms.IntegerField(required=False, min_value=1, max_value=2**53, widget=forms.HiddenInput)

    field_order = ("q", "part", "state", "due", "sort", "by", "organization")

    OVERDUE = "overdue"
    ORGANIZATIONS = "organizations"
    SORTS: ClassVar[dict[str, str]] = {
        "": "По названию",
        "part": "По муниципалитету",
        "due": "По сроку",
        "state": "По состоянию",
        "-handed": "Сданные недавно",
        "handed": "Сданные давно",
        "-decided": "Решённые недавно",
    }
    PART_SORTS: ClassVar[dict[str, str]] = {
        "": "По названию",
        "accepted": "По исполнению: отстающие сверху",
        "-accepted": "По исполнению: передовые сверху",
        "-overdue": "По просрочке",
        "overdue": "По просрочке: благополучные сверху",
        "-total": "По числу поручений",
        "total": "По числу поручений: малые сверху",
    }
    _NAME = ("organization__short_name", "organization", "due_on")
    _ORDERS: ClassVar[dict[str, tuple[Any, ...]]] = {
        "part": (Coalesce("organization__parent__short_name", "organization__short_name"),),
        "due": ("due_on",),
        "state": ("state",),
        "-handed": (F("submitted_at").desc(nulls_last=True),),
        "handed": (F("submitted_at").asc(nulls_last=True),),
        "-decided": (F("decided_at").desc(nulls_last=True),),
    }

    def __init__(self, data: Mapping[str, Any], *, occurrences: Sequence[Occurrence], parts: Sequence[Part]) -> None:
        super().__init__(data)
        self._parts = {part.key: part for part in parts}
        self.offer("part", [("", "Все"), *((part.key, part.name) for part in parts)] if parts else [])
        self.offer("state", [("", "Любое"), (self.OVERDUE, "Просрочено"), *State.choices])
        dues = [("", "Все сроки"), *((f"{row.due_on:%Y-%m-%d}", row.label) for row in occurrences)]
        self.offer("due", dues if len(occurrences) > 1 else [])

        if parts and not self.by_organization:
            self.offer("sort", self.PART_SORTS.items())
            self.full_clean()

    @property
    def due_chosen(self) -> date | None:
        """The date to show, None for all."""
        value = self.chosen("due")
        return date.fromisoformat(value) if value else None

    @property
    def by_organization(self) -> bool:
        """Organizations are asked for, not municipalities."""
        return self.chosen("by") == self.ORGANIZATIONS or any(
            self.chosen(name) for name in ("q", "part", "state", "organization")
        )

    def apply(self, obligations: ObligationQuerySet, *, today: date) -> ObligationQuerySet:
        """Narrow the list and put it in order."""
        if due := self.due_chosen:
            obligations = obligations.filter(due_on=due)
        if organization := self.chosen("organization"):
            obligations = obligations.filter(organization=int(organization))
        if part := self._parts.get(self.chosen("part")):
            obligations = obligations.filter(part.organizations)
        for pattern in any_case_patterns(self.chosen("q")):
            named = Q(organization__short_name__regex=pattern) | Q(organization__name__regex=pattern)
            obligations = obligations.filter(named)
        state = self.chosen("state")
        if state == self.OVERDUE:
            obligations = obligations.overdue(today)
        elif state:
            obligations = obligations.filter(state=state)
        return obligations.order_by(*self._ORDERS.get(self.chosen("sort"), ()), *self._NAME)

    def in_order(self, rows: Sequence[PartRow]) -> list[PartRow]:
        """Return the municipalities in the order asked for, by default by name, as they come."""
        sort = self.chosen("sort")
        keys: dict[str, Callable[[PartRow], float]] = {
            "accepted": lambda row: row.tally.accepted_rate or 0.0,
            "overdue": lambda row: row.tally.overdue,
            "total": lambda row: row.tally.obligations,
        }
        key = keys.get(sort.removeprefix("-"))
        return sorted(rows, key=key, reverse=sort.startswith("-")) if key else list(rows)


class MatrixFilters(Filters):
    """What the matrix shows."""

    section = forms.ChoiceField(label="Раздел", required=False)
    measure = forms.ChoiceField(label="Что показать", required=False)

    field_order = ("measure", "section", "sort")

    MEASURES: ClassVar[dict[str, str]] = {"": "Принято, %", "overdue": "Просрочено, поручений"}
    SORTS: ClassVar[dict[str, str]] = {
        "": "По названию",
        "accepted": "Сначала отстающие по исполнению",
        "overdue": "Сначала с наибольшей просрочкой",
    }

    def __init__(self, data: Mapping[str, Any], *, sections: Iterable[Section]) -> None:
        super().__init__(data)
        self.offer("measure", self.MEASURES.items())
        self.offer("section", [("", "Все"), *((str(section.pk), str(section)) for section in sections)])

    @property
    def section_chosen(self) -> int | None:
        """The section to show, None for all."""
        value = self.chosen("section")
        return int(value) if value else None


class TimelineFilters(Filters):
    """Which items stand on the timeline."""

    section = forms.ChoiceField(label="Раздел", required=False)
    q = _search_field("Слова или номер")

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
        self.offer("month", ((key, month_label(month)) for key, month in self._months.items()))
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


def month_label(month: date) -> str:
    """Name a month: «Октябрь 2023»."""
    return date_format(month, "F Y").capitalize()


def _key(body: ItemBody) -> str:
    """Name a responsible body in an address: «schools», «o12», or the words nobody has mapped."""
    if body.organization_id:
        return f"o{body.organization_id}"
    return body.group or f"t{folded(body.text)[:60]}"
