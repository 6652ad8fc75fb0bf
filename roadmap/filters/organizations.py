"""Which municipalities or obligations of an item to list."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from accounts.russian import any_case_patterns
from obligations.querysets import ObligationQuerySet
from obligations.states import State
from roadmap.aggregates import Part, PartRow
from roadmap.filters.base import Filters, search_field
from roadmap.models import Occurrence


class OrganizationFilters(Filters):
    """Which obligations of an item to list."""

    q = search_field("Организация")
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
