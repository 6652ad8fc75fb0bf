"""What the columns of an uploaded table mean."""

from collections import Counter
from typing import Any

from django import forms
from django.forms import BoundField

from schools.imports.columns import Layout
from schools.imports.reading import Table, is_remarks
from sheets.headings import column_keys
from sheets.spreadsheets import column_letter

NOT_READ = ""
_PREFIX = "column_"


class ColumnsForm(forms.Form):
    """A choice for each column of one table: which field of the list it holds, or none."""

    def __init__(self, *args: Any, table: Table, layout: Layout, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = table
        self.layout = layout
        choices = [(NOT_READ, "Не читать"), *((column.field, column.title) for column in layout.columns)]
        read = {at: name for name, at in table.heading.columns.items() if name in layout.fields}
        for at, title in enumerate(table.heading.titles):
            if is_remarks(title) or not (title or any(row[at] for row in table.samples)):
                continue
            self.fields[f"{_PREFIX}{at}"] = forms.ChoiceField(
                label=f"Что в столбце {column_letter(at + 1)}" + (f" «{title[:80]}»" if title else ""),
                choices=choices,
                required=False,
                initial=read.get(at, NOT_READ),
            )

    def columns(self) -> list[tuple[str, str, list[str], BoundField]]:
        """For each column its letter, its title, its first values, and the choice."""
        rows = []
        for at, title in enumerate(self.table.heading.titles):
            name = f"{_PREFIX}{at}"
            if name in self.fields:
                samples = [row[at] for row in self.table.samples if row[at]]
                rows.append((column_letter(at + 1), title, samples, self[name]))
        return rows

    def clean(self) -> dict[str, Any]:
        """Refuse two columns of one meaning, and a table in which nothing is read."""
        cleaned = super().clean() or self.cleaned_data
        chosen = Counter(value for value in cleaned.values() if value)
        for name, value in list(cleaned.items()):
            if value and chosen[value] > 1:
                self.add_error(name, f"«{self.layout.titles[value]}» выбрано в нескольких столбцах. Оставьте в одном.")
        if not chosen and not self.errors:
            raise forms.ValidationError("Укажите хотя бы один столбец, который нужно прочитать.")
        return cleaned

    def meanings(self) -> dict[str, str]:
        """What was chosen, by the key that each column is remembered by."""
        keys = column_keys(self.table.heading.titles)
        return {keys[int(name.removeprefix(_PREFIX))]: value for name, value in self.cleaned_data.items()}
