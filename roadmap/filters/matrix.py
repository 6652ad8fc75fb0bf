"""What the matrix shows."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms

from roadmap.filters.base import Filters
from roadmap.models import Section


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
