"""Filters of the lists, kept in the address."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar, cast

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from accounts.academic_years import AcademicYear
from accounts.models import Organization
from obligations.querysets import ObligationQuerySet
from obligations.states import Urgency


class TodoFilters(forms.Form):
    """What of the to-do list to show; what makes no sense falls back to the default."""

    group = forms.ChoiceField(label="Что показать", required=False)
    year = forms.TypedChoiceField(label="Учебный год", coerce=int, required=False, empty_value=None)
    organization = forms.TypedChoiceField(label="Организация", coerce=int, required=False, empty_value=None)

    # The address names a group by a word; «всё» is no word at all.
    GROUPS: ClassVar[dict[str, Urgency]] = {urgency.name.lower(): urgency for urgency in Urgency}

    def __init__(
        self, data: Any, *, years: Iterable[int], organizations: Iterable[Organization], current_year: int
    ) -> None:
        self.current_year = current_year
        super().__init__(data)
        group, year, organization = (
            cast("forms.ChoiceField", self.fields[name]) for name in ("group", "year", "organization")
        )
        group.choices = [("", "Всё"), *((name, urgency.label) for name, urgency in self.GROUPS.items())]
        year.choices = [(value, str(AcademicYear(value))) for value in sorted({current_year, *years}, reverse=True)]
        self.initial["year"] = current_year
        served = [(one.pk, one.short_name) for one in organizations]
        organization.choices = [("", "Все организации"), *served]
        if len(served) < 2:
            del self.fields["organization"]
        self.is_valid()

    @property
    def chosen_year(self) -> int:
        """The academic year asked for, by default the one that runs."""
        year: int | None = self.cleaned_data.get("year")
        return self.current_year if year is None else year

    @property
    def chosen_group(self) -> Urgency | None:
        """The group asked for, or None for everything in force."""
        return self.GROUPS.get(self.cleaned_data.get("group", ""))

    def of_organization(self, owed: ObligationQuerySet) -> ObligationQuerySet:
        """Narrow the list to the organization asked for."""
        organization = self.cleaned_data.get("organization")
        return owed.filter(organization=organization) if organization else owed

    def apply(self, owed: ObligationQuerySet) -> ObligationQuerySet:
        """Narrow the list, with urgencies on it, to what was asked for; what was cancelled only when asked for."""
        owed = self.of_organization(owed).in_year(self.chosen_year)
        group = self.chosen_group
        if group == Urgency.RETURNED:
            # What is overdue besides burns in the group above, and still waits for rework.
            return owed.sent_back()
        return owed.in_force() if group is None else owed.of_urgency(group)


class LongSelect(forms.Select):
    """A choice among a thousand organizations, drawn in one go: a template for each takes longer than all the rest."""

    def render(
        self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        """Draw what ``forms.Select`` draws of ungrouped choices."""
        chosen = "" if value is None else str(value)
        marks = {True: mark_safe(" selected"), False: ""}
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, marks[str(key) == chosen], label) for key, label in self.choices),
        )
        return format_html(
            "<select{}>{}</select>", flatatt(self.build_attrs({**self.attrs, "name": name}, dict(attrs or {}))), options
        )


class InboxFilters(forms.Form):
    """What of a reviewer's list to show: one item, one organization, clean ones alone."""

    item = forms.ChoiceField(label="Мероприятие", required=False)
    organization = forms.TypedChoiceField(
        label="Организация", coerce=int, required=False, empty_value=None, widget=LongSelect
    )
    clean_only = forms.BooleanField(label="Только без вопросов", required=False)

    def __init__(self, data: Any, *, waiting: ObligationQuerySet, time_zone: str = "") -> None:
        """``time_zone`` is by whose clocks a submission is clean; without it that is not asked."""
        self.time_zone = time_zone
        super().__init__(data)
        if not time_zone:
            del self.fields["clean_only"]
        items, organizations = (cast("forms.ChoiceField", self.fields[name]) for name in ("item", "organization"))
        items.choices = [("", "Все мероприятия"), *waiting.item_choices()]
        organizations.choices = [("", "Все организации"), *waiting.organization_choices()]
        self.is_valid()

    def apply(self, waiting: ObligationQuerySet) -> ObligationQuerySet:
        """Narrow the inbox to what was asked for."""
        if item := self.cleaned_data.get("item"):
            waiting = waiting.filter(requirement__number=item)
        if organization := self.cleaned_data.get("organization"):
            waiting = waiting.filter(organization=organization)
        return waiting.clean(time_zone=self.time_zone) if self.cleaned_data.get("clean_only") else waiting

    @property
    def address(self) -> str:
        """The filters as the tail of an address: «?item=3.2», or nothing."""
        chosen = {name: "on" if value is True else value for name, value in self.cleaned_data.items() if value}
        return f"?{urlencode(chosen)}" if chosen else ""


class PeriodForm(forms.Form):
    """From which day to which; what makes no sense falls back to what was given."""

    since = forms.DateField(
        label="С",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "Напишите дату так: 15.10.2023."},
    )
    until = forms.DateField(
        label="По",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "Напишите дату так: 15.10.2023."},
    )

    def __init__(self, data: Any, *, since: date, until: date) -> None:
        self._given = since, until
        super().__init__({"since": data.get("since") or since, "until": data.get("until") or until})
        self.is_valid()

    def clean(self) -> dict[str, Any]:
        """The period runs forward."""
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "Конец периода раньше его начала.")
        # Beyond this the databases' own calendars end.
        if until and until.year > 9000:
            self.add_error("until", "Такого года ещё долго не будет.")
        return cleaned

    @property
    def since_day(self) -> date:
        """The first day."""
        return self._period[0]

    @property
    def until_day(self) -> date:
        """The last day."""
        return self._period[1]

    @property
    def _period(self) -> tuple[date, date]:
        if not self.is_valid():
            return self._given
        return self.cleaned_data["since"] or self._given[0], self.cleaned_data["until"] or self._given[1]
