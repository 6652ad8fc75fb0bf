"""Which plans to show: the year, the municipality, the state."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q

from accounts.academic_years import AcademicYear
from accounts.models import OrganizationKind
from obligations.querysets import ObligationQuerySet
from obligations.states import AT_REVIEWER, WITH_OWNER, State
from roadmap.aggregates.parts import REGIONAL_BUDGET
from roadmap.filters import Filters
from schools.models import Level
from schools.rules import year_asked, years_to_show

_STATES: Mapping[str, tuple[str, Sequence[str]]] = {
    "accepted": ("Принят", (State.ACCEPTED,)),
    "review": ("На проверке", AT_REVIEWER),
    "owner": ("Не сдан или на доработке", WITH_OWNER),
}


class PlanFilters(Filters):
    """The year of the plans; once a municipality, a level or a state is chosen, schools are listed one by one."""

    year = forms.ChoiceField(label="Учебный год", required=False)
    part = forms.ChoiceField(label="Муниципалитет", required=False)
    level = forms.ChoiceField(label="Уровень", required=False)
    state = forms.ChoiceField(label="Состояние плана", required=False)

    field_order = ("year", "part", "level", "state", "sort")

    def __init__(self, data: Mapping[str, Any], *, parts: Sequence[tuple[str, str]], today: date) -> None:
        self.academic_year: AcademicYear = year_asked(str(data.get("year") or ""), today=today)
        super().__init__({**{name: data.get(name) for name in data}, "year": str(self.academic_year.start_year)})
        years = [(str(year.start_year), str(year)) for year in years_to_show(today)]
        self.offer("year", years)
        self.offer("part", [("", "Все"), *parts])
        self.offer(
            "level", [("", "Любой"), *((str(pk), title) for pk, title in Level.objects.values_list("pk", "title"))]
        )
        self.offer("state", [("", "Любое"), *((key, label) for key, (label, _) in _STATES.items())])

    @property
    def by_school(self) -> bool:
        """Schools are asked for, not municipalities."""
        return any(self.chosen(name) for name in ("part", "level", "state"))

    def apply(self, owed: ObligationQuerySet) -> ObligationQuerySet:
        """Narrow the list."""
        if part := self.chosen("part"):
            municipal = Q(organization__parent__kind=OrganizationKind.MUNICIPALITY)
            owed = owed.filter(~municipal if part == REGIONAL_BUDGET else Q(organization__parent=int(part)))
        if level := self.chosen("level"):
            owed = owed.filter(plan__level=int(level))
        if state := self.chosen("state"):
            owed = owed.filter(state__in=_STATES[state][1])
        return owed
