"""The norms of a year as the ministry sets them: levels across, directions down."""

from collections.abc import Mapping
from typing import Any

from django import forms

from schools.planning.norms import LevelNorms

MOST_HOURS = 500


class NormsForm(forms.Form):
    """Hours of every level: of the whole year and of each direction; a direction without hours is required or not."""

    needs_are_told = True

    basis = forms.CharField(
        label="Основание",
        max_length=500,
        help_text="Письмо, приказ или методические рекомендации: номер и дата.",
        error_messages={"required": "Назовите документ, которым установлены нормы."},
    )
    version = forms.CharField(widget=forms.HiddenInput, max_length=20, required=False)

    def __init__(self, *args: Any, norms: Mapping[str, LevelNorms], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.norms = norms
        for level in norms.values():
            self._ask(f"total-{level.code}", f"{level.title}: всего часов", level.total, least=1)
            for direction in level.directions:
                name, label = f"{level.code}-{direction.code}", f"{level.title}: {direction.title.lower()}"
                if direction.has_hours:
                    self._ask(name, label, direction.hours, least=0)
                else:
                    self.fields[name] = forms.BooleanField(label=label, required=False, initial=direction.is_required)

    def _ask(self, name: str, label: str, hours: int, *, least: int) -> None:
        self.fields[name] = forms.IntegerField(
            label=label,
            min_value=least,
            max_value=MOST_HOURS,
            initial=hours,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4, "autocomplete": "off"}),
            error_messages={
                "required": "Назовите часы, 0 — если не требуется.",
                "invalid": "Нужно целое число часов.",
                "min_value": f"Не меньше {least}.",
                "max_value": f"Не больше {MOST_HOURS}.",
            },
        )

    @property
    def rows(self) -> list[tuple[str, list[tuple[str, forms.BoundField]]]]:
        """The table: the whole year first, then each direction; for every level its title and its field."""
        levels = list(self.norms.values())
        rows = [("Всего за год, не меньше", [(level.title, self[f"total-{level.code}"]) for level in levels])]
        rows += [
            (direction.title, [(level.title, self[f"{level.code}-{direction.code}"]) for level in levels])
            for direction in levels[0].directions
        ]
        return rows

    def totals(self) -> dict[str, int]:
        """Hours of the whole year by the code of the level."""
        return {code: self.cleaned_data[f"total-{code}"] for code in self.norms}

    def asked(self) -> Mapping[tuple[str, str], int | bool]:
        """What is asked by level and direction: hours, or whether the direction is required."""
        return {
            (level.code, direction.code): self.cleaned_data[f"{level.code}-{direction.code}"]
            for level in self.norms.values()
            for direction in level.directions
        }
