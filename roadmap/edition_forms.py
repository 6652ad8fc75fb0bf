"""Forms for working with whole editions: choosing two to compare."""

from typing import Any

from django import forms

from roadmap.models import Roadmap
from roadmap.querysets import RoadmapQuerySet


class EditionChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among editions, each told apart by year, order and state."""

    def label_from_instance(self, obj: Any) -> str:
        """Name the edition: «2023/2024, приказ № 2381 от 25.08.2023 — Действует»."""
        roadmap: Roadmap = obj
        return f"{roadmap.year}, {roadmap.order_label}\u00a0— {roadmap.get_state_display()}"


class ComparedForm(forms.Form):
    """Two editions to compare: the earlier and the later one."""

    before = EditionChoiceField(label="Было", queryset=Roadmap.objects.none(), empty_label="Выберите редакцию")
    after = EditionChoiceField(label="Стало", queryset=Roadmap.objects.none(), empty_label="Выберите редакцию")

    def __init__(self, *args: Any, editions: RoadmapQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("before", "after"):
            self.fields[name].queryset = editions  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Only editions of one region have anything to do with each other."""
        cleaned = super().clean() or self.cleaned_data
        before, after = cleaned.get("before"), cleaned.get("after")
        if before and after and before.region_id != after.region_id:
            self.add_error("after", "Сравнивают редакции одного субъекта РФ.")
        return cleaned
