"""What every row of filters can do."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.formats import date_format
from django.utils.http import urlencode

LONGEST_SEARCH = 100

Choices = Iterable[tuple[str, str]]


def search_field(label: str) -> forms.CharField:
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


def month_label(month: date) -> str:
    """Name a month: «Октябрь 2023»."""
    return date_format(month, "F Y").capitalize()
