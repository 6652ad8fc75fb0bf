"""Rows of the registry as the database has them, taken out and compared whole."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Field, Model, QuerySet

AT_ONCE = 5000
Rows = dict[str, list[list[Any]]]
"""Plain rows of tables, by the table's label; the first value of a row is its key."""


@dataclass(frozen=True)
class Slice:
    """The rows of a table that belong to organizations, and where the table is by year, to the year of the list."""

    model: type[Model]
    organization: str = "organization"
    by_year: bool = False

    @property
    def label(self) -> str:
        """By which name the rows are kept."""
        return str(self.model._meta.label_lower)

    @property
    def fields(self) -> "list[Field[Any, Any]]":
        """The columns, the key first."""
        fields = list(self.model._meta.concrete_fields)
        return sorted(fields, key=lambda one: not one.primary_key)

    def differences(self, now: list[Any] | None, then: list[Any] | None) -> list[tuple[str, str, str]]:
        """What tells two states of one row apart, for people: title, value now, value then; None is no row."""
        told = []
        for at, field in enumerate(self.fields):
            if not field.editable or field.primary_key or field.attname in (f"{self.organization}_id", "academic_year"):
                continue
            is_, was = now[at] if now else None, then[at] if then else None
            if (is_ or "") != (was or ""):
                title = str(field.verbose_name)
                told.append((f"{title[:1].upper()}{title[1:]}", _shown(field, is_), _shown(field, was)))
        return told

    def rows(self, organizations: Sequence[int], academic_year: int) -> "QuerySet[Any]":
        """The rows of some organizations."""
        found = self.model._default_manager.filter(**{f"{self.organization}__in": organizations})
        return found.filter(academic_year=academic_year) if self.by_year else found

    def read(self, organizations: Sequence[int], academic_year: int) -> list[list[Any]]:
        """The same as plain values, as JSON gives them back."""
        names = [field.attname for field in self.fields]
        read: list[Any] = []
        for chunk in chunks(organizations):
            read += self.rows(chunk, academic_year).order_by("pk").values_list(*names)
        plain: list[list[Any]] = json.loads(json.dumps(read, cls=DjangoJSONEncoder))
        return plain


def chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Ids in portions that fit into a statement."""
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def _shown(field: "Field[Any, Any]", value: Any) -> str:
    """A value of a column for people."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "да" if value else "нет"
    if field.remote_field is not None:
        related: Any = field.related_model
        found = related._default_manager.filter(pk=value).first()
        return str(found) if found else "—"
    return str(dict(field.flatchoices).get(value, value))
