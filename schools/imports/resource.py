"""Steps three and four, on django-import-export: each row is checked and matched with the school it speaks of.

The library walks over the rows, collects every field's error, tells new from changed from unchanged, holds the one
transaction and rolls it back. What it would do row by row against the database is done once here: the loader
reads all schools of the region, the widgets remember the cells they have checked, and the writing is bulk
upserts (`schools.imports.applying`).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Resource
from import_export.results import Result, RowResult
from import_export.widgets import Widget

from accounts.models import Organization, OrganizationKind, OrganizationTrait, Region, Trait
from schools.imports import values
from schools.imports.columns import COLUMNS, REQUIRED
from schools.imports.places import Places
from schools.imports.reading import ListRow
from schools.imports.records import CONTACT, SchoolRecord
from schools.models import Level, SchoolYear
from sheets.checks import CheckError, parse_email, parse_inn, parse_level, parse_yes_no

Writer = Callable[["SchoolResource", Sequence[RowResult]], None]
Cell = Callable[[str], Any]


class CheckedWidget(Widget):  # type: ignore[misc]
    """Turns a cell into its value by a check; equal cells are checked once."""

    def __init__(self, check: Cell) -> None:
        super().__init__()
        self._check = check
        self._known: dict[str, Any] = {}
        self._refused: dict[str, str] = {}

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        """Return the value or raise CheckError, which the library takes for an error of the field."""
        if value in self._refused:
            raise CheckError(self._refused[value])
        if value not in self._known:
            try:
                self._known[value] = self._check(value)
            except CheckError as error:
                self._refused[value] = error.message
                raise
        return self._known[value]


class RegistryLoader(BaseInstanceLoader):  # type: ignore[misc]
    """Finds schools by INN among all of the region, read beforehand."""

    def __init__(self, resource: "SchoolResource", dataset: tablib.Dataset | None = None) -> None:
        super().__init__(resource, dataset)
        self.records = resource.registry

    def get_instance(self, row: Mapping[str, str | None]) -> SchoolRecord | None:
        """Return the school of the row; None where it is new or its INN is wrong (the field's own check says so)."""
        try:
            return self.records.get(self.resource.fields["inn"].clean(row))
        except CheckError:
            return None


class _NoDiff:
    """The library draws differences in HTML; the portal names them itself."""

    def __init__(self, resource: Any, instance: Any, new: bool) -> None:
        pass

    def compare_with(self, resource: Any, instance: Any) -> None:
        pass

    def as_html(self) -> list[str]:
        return []


def _field(name: str, check: Cell) -> Field:
    return Field(attribute=name, column_name=name, widget=CheckedWidget(check))


def _unprepared(_text: str) -> Any:
    raise RuntimeError("The resource has not read the region yet.")


class SchoolResource(Resource):  # type: ignore[misc]
    """Schools of one region in one academic year, as lists speak of them."""

    inn = _field("inn", parse_inn)
    # What these two may hold depends on the region and on the levels in force; `before_import` reads both.
    municipality = _field("municipality", _unprepared)
    level = _field("level", _unprepared)
    name = _field("name", values.required("Наименование", values.words_of("Наименование", values.NAME_LENGTH)))
    short_name = _field("short_name", values.words_of("Краткое наименование", values.SHORT_NAME_LENGTH))
    ticket = _field("ticket", parse_yes_no)
    contact_name = _field("contact_name", values.words_of("Ответственный", values.CONTACT_LENGTH))
    contact_post = _field("contact_post", values.words_of("Должность", values.CONTACT_LENGTH))
    contact_email = _field("contact_email", parse_email)
    contact_phone = _field("contact_phone", values.parse_contact_phone)
    site = _field("site", values.parse_site)

    class Meta:
        import_id_fields = ("inn",)
        instance_loader_class = RegistryLoader
        skip_unchanged = True
        report_skipped = True
        skip_html_diff = True
        store_instance = True
        # No savepoint a row: nothing is written before the last row has been looked at.
        use_bulk = True
        batch_size = None
        using_db = DEFAULT_DB_ALIAS

    def __init__(
        self,
        *,
        region: Region,
        academic_year: int,
        rows: Sequence[ListRow],
        write: Writer | None,
    ) -> None:
        """`write` stores the rows when none is wrong; without it nothing is written."""
        super().__init__()
        self.region = region
        self.academic_year = academic_year
        self.rows = rows
        self.write = write
        self.registry: dict[str, SchoolRecord] = {}
        self.others: dict[str, str] = {}
        self.places = Places(())
        self.levels: dict[int, Level] = {}
        self._seen: dict[str, ListRow] = {}

    @classmethod
    def get_diff_class(cls) -> type[_NoDiff]:
        """Spare the library the drawing."""
        return _NoDiff

    def run(self) -> Result:
        """Look at all rows and, with `write`, store them: in one transaction, all or nothing."""
        headers = [column.field for column in COLUMNS]
        dataset = tablib.Dataset(*([row.cells[name] for name in headers] for row in self.rows), headers=headers)
        result = self.import_data(
            dataset, dry_run=self.write is None, use_transactions=True, rollback_on_validation_errors=True
        )
        # An exception that is no error of a cell is a fault of ours: the library has rolled back, and it goes on up.
        for fault in [*result.base_errors, *(error for row in result.error_rows for error in row.errors)]:
            raise fault.error
        return result

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        """Lock the region, so that two imports cannot mix, and read what rows are compared with; six queries."""
        if self.write is not None:
            Region.objects.select_for_update().get(pk=self.region.pk)
        self.places = Places.of(self.region)
        self.levels = {level.hours: level for level in Level.objects.all()}
        words = {level.title.lower(): level.hours for level in self.levels.values()}
        self.fields["municipality"].widget = CheckedWidget(self.places.find)
        self.fields["level"].widget = CheckedWidget(lambda text: parse_level(text, levels=words))
        self._read_registry()

    def _read_registry(self) -> None:
        numbered = Organization.objects.filter(region=self.region).exclude(inn="")
        hours = dict(
            SchoolYear.objects.filter(organization__region=self.region, academic_year=self.academic_year)
            .exclude(level=None)
            .values_list("organization", "level__hours")
        )
        tickets = set(
            OrganizationTrait.objects.filter(
                organization__region=self.region, academic_year=self.academic_year, trait=Trait.TICKET_TO_FUTURE
            ).values_list("organization", flat=True)
        )
        contact = [f"school_profile__{name}" for name in CONTACT]
        columns = ("pk", "kind", "inn", "parent", "name", "short_name", "site", "is_active", "school_profile")
        for row in numbered.order_by("pk").values(*columns, *contact):
            if row["kind"] != OrganizationKind.SCHOOL:
                self.others[row["inn"]] = row["short_name"]
                continue
            self.registry[row["inn"]] = SchoolRecord(
                inn=row["inn"],
                municipality=row["parent"],
                name=row["name"],
                short_name=row["short_name"],
                site=row["site"],
                level=hours.get(row["pk"]),
                ticket=row["pk"] in tickets,
                is_active=row["is_active"],
                pk=row["pk"],
                has_profile=row["school_profile"] is not None,
                **{name: row[f"school_profile__{name}"] or "" for name in CONTACT},
            )

    def init_instance(self, row: Mapping[str, str | None] | None = None) -> SchoolRecord:
        """A school the registry does not know."""
        return SchoolRecord()

    def import_field(
        self, field: Field, instance: SchoolRecord, row: Mapping[str, str | None], is_m2m: bool = False, **kwargs: Any
    ) -> None:
        """Take a cell over. No column, or an empty cell that may be empty: what the registry knows stays."""
        text = row[field.column_name]
        if text or (text is not None and field.column_name in REQUIRED):
            super().import_field(field, instance, row, is_m2m, **kwargs)

    def import_instance(self, instance: SchoolRecord, row: Mapping[str, str | None], **kwargs: Any) -> None:
        """Take all cells over; every error of the row comes at once."""
        errors: dict[str, Any] = {}
        try:
            super().import_instance(instance, row, **kwargs)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if "inn" not in errors and (refusal := self._refused_inn(instance.inn, self.rows[kwargs["row_number"] - 1])):
            errors["inn"] = [ValidationError(refusal)]
        if errors:
            raise ValidationError(errors)
        instance.short_name = instance.short_name or _shortened(instance.name)
        # Whoever stands in a list of working schools works.
        instance.is_active = True

    def _refused_inn(self, inn: str, row: ListRow) -> str:
        """Why a well-formed INN cannot stand in this row; empty where it can."""
        first = self._seen.setdefault(inn, row)
        if first is not row:
            return f"ИНН {inn} уже указан: лист «{first.sheet}», строка {first.number}. Оставьте одну строку."
        if inn in self.others:
            return f"ИНН {inn} принадлежит организации «{self.others[inn]}», а она не школа."
        return ""

    def skip_row(
        self,
        instance: SchoolRecord,
        original: SchoolRecord,
        row: Mapping[str, str | None],
        import_validation_errors: Any = None,
    ) -> bool:
        """A known school of which the row says nothing new."""
        return not import_validation_errors and original.pk is not None and instance == original

    def save_instance(
        self, instance: SchoolRecord, is_create: bool, row: Mapping[str, str | None], **kwargs: Any
    ) -> None:
        """Rows are stored together, in `after_import`."""

    def after_import(self, dataset: tablib.Dataset, result: Result, **kwargs: Any) -> None:
        """Store the rows, unless one is wrong."""
        wrong = result.has_errors() or result.has_validation_errors()
        if self.write is not None and not wrong:
            self.write(self, result.rows)


def _shortened(name: str) -> str:
    limit = values.SHORT_NAME_LENGTH
    return name if len(name) <= limit else name[: limit - 1] + "…"
