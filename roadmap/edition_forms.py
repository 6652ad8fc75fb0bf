"""Forms for working with whole editions: choosing two to compare, starting one's own."""

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.models import Organization
from roadmap.forms import day_field
from roadmap.imports.documents import LONGEST_DOCUMENT
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


class DeriveForm(forms.Form):
    """The order by which a municipality or a school sets a roadmap of its own, with its own plan if it has one."""

    owner = forms.ModelChoiceField(label="Чья дорожная карта", queryset=Organization.objects.none(), empty_label=None)
    order_number = forms.CharField(label="Номер приказа", max_length=40)
    order_date = day_field("Дата приказа")
    title = forms.CharField(
        label="Наименование", max_length=2_000, initial="Дорожная карта", widget=forms.Textarea(attrs={"rows": 2})
    )
    text = forms.CharField(
        label="Свой план, если он есть",
        required=False,
        max_length=LONGEST_DOCUMENT,
        strip=False,
        help_text=(
            "Скопируйте таблицу плана из документа Word вместе с заголовком и вставьте сюда: её мероприятия добавятся"
            " к унаследованным. Можно оставить пустым и добавить мероприятия потом."
        ),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, owners: Sequence[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners = list(owners)
        if len(self.owners) > 1:
            self.fields["owner"].queryset = Organization.objects.filter(  # type: ignore[attr-defined]
                pk__in=[owner.pk for owner in self.owners]
            )
        else:
            del self.fields["owner"]

    def header(self) -> dict[str, Any]:
        """Return what the form says of the roadmap itself."""
        cleaned = self.cleaned_data
        return {
            "owner": cleaned.get("owner") or self.owners[0],
            "order_number": cleaned["order_number"],
            "order_date": cleaned["order_date"],
            "title": cleaned["title"],
        }
