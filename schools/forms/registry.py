"""Filters of the registry."""

from typing import Any, cast

from django import forms

from schools.models import Level
from schools.querysets import SchoolQuerySet


class SchoolFilters(forms.Form):
    """Which schools to list; what makes no sense falls back to all."""

    q = forms.CharField(
        label="Название, ИНН или ответственный",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    municipality = forms.TypedChoiceField(label="Муниципалитет", coerce=int, required=False, empty_value=None)
    level = forms.TypedChoiceField(label="Уровень", coerce=int, required=False, empty_value=None)

    def __init__(self, data: Any, *, visible: SchoolQuerySet, academic_year: int) -> None:
        super().__init__(data)
        self.academic_year = academic_year
        municipality, level = (cast("forms.ChoiceField", self.fields[name]) for name in ("municipality", "level"))
        parents = visible.parent_choices()
        municipality.choices = [("", "Все"), *parents]
        level.choices = [("", "Любой"), *((one.pk, str(one)) for one in Level.objects.all())]
        if len(parents) < 2:
            del self.fields["municipality"]
        self.is_valid()

    def apply(self, visible: SchoolQuerySet) -> SchoolQuerySet:
        """Narrow the list to what was asked for."""
        if query := self.cleaned_data.get("q"):
            visible = visible.matching(query)
        if municipality := self.cleaned_data.get("municipality"):
            visible = visible.filter(parent=municipality)
        if level := self.cleaned_data.get("level"):
            visible = visible.at_level(level, academic_year=self.academic_year)
        return visible

    @property
    def is_narrowed(self) -> bool:
        """Something is asked for."""
        return any(self.cleaned_data.values())
