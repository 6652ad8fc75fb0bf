"""Steps three and four: each row is checked and matched with the school it speaks of.

The resource of django-import-export says which fields a school has and by which widgets cells become their values.
The library's own walk cleans, sets and compares field after field of row after row, which took four fifths of a
preview; here whole columns are checked, equal cells once, and a row is then a tuple beside the tuple of what the
registry knows. All schools of the region are read beforehand; the writing is in bulk (`schools.imports.applying`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from django.db import transaction
from import_export.fields import Field
from import_export.resources import Resource
from import_export.widgets import Widget

from accounts.models import Organization, OrganizationKind, OrganizationTrait, Region, Trait
from schools.imports import values
from schools.imports.columns import COLUMNS, SCHOOLS
from schools.imports.places import Places
from schools.imports.problems import ImportProblem
from schools.imports.reading import ListRow
from schools.imports.records import CONTACT, NOTHING, SchoolRecord
from schools.models import Level, SchoolYear
from sheets.checks import CheckError, parse_email, parse_inn, parse_level, parse_ogrn, parse_yes_no

Cell = Callable[[str], Any]
_Errors = dict[int, dict[str, str]]
# What a list may say of a school, in the order of a record, which begins with it.
_LISTED = tuple(name for name in SchoolRecord._fields if name in {column.field for column in COLUMNS})
_OGRN = _LISTED.index("ogrn")
# Stands where a cell says nothing: what the registry knows stays.
_SILENT = object()


@dataclass
class Findings:
    """The rows of a list beside the registry: each with what its school becomes, and what is wrong.

    Of a changed school there is first what was known of it.
    """

    created: list[tuple[ListRow, SchoolRecord]] = field(default_factory=list)
    changed: list[tuple[ListRow, SchoolRecord, SchoolRecord]] = field(default_factory=list)
    unchanged: list[tuple[ListRow, SchoolRecord]] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)
    disputed: set[str] = field(default_factory=set)
    """Taxpayer numbers that stand in several rows of the list: which of them is right only a person can say."""

    @property
    def has_good_rows(self) -> bool:
        """There is something that could be taken over."""
        return bool(self.created or self.changed or self.unchanged)

    def undisputed(self) -> Self:
        """The same without the first rows of disputed numbers: what may be taken while the rest waits."""
        if not self.disputed:
            return self
        return replace(
            self,
            created=[one for one in self.created if one[-1].inn not in self.disputed],
            changed=[one for one in self.changed if one[-1].inn not in self.disputed],
            unchanged=[one for one in self.unchanged if one[-1].inn not in self.disputed],
        )


Writer = Callable[["SchoolResource", Findings], None]


class CheckedWidget(Widget):  # type: ignore[misc]
    """Turns cells into their values by a check."""

    def __init__(self, check: Cell) -> None:
        super().__init__()
        self._check = check

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        """Return the value or raise CheckError, which the library takes for an error of the field."""
        return self._check(value)

    def clean_all(self, texts: Iterable[str]) -> tuple[dict[str, Any], dict[str, str]]:
        """The values of the texts that are in order, and the messages about the others."""
        known: dict[str, Any] = {}
        refused: dict[str, str] = {}
        check = self._check
        for text in texts:
            try:
                known[text] = check(text)
            except CheckError as error:
                refused[text] = error.message
        return known, refused


def _field(name: str, check: Cell) -> Field:
    return Field(attribute=name, column_name=name, widget=CheckedWidget(check))


def _unprepared(_text: str) -> Any:
    raise RuntimeError("The resource has not read the region yet.")


class SchoolResource(Resource):  # type: ignore[misc]
    """Schools of one region in one academic year, as lists speak of them."""

    inn = _field("inn", parse_inn)
    # What these two may hold depends on the region and on the levels in force; `_read` reads both.
    municipality = _field("municipality", _unprepared)
    level = _field("level", _unprepared)
    name = _field("name", values.required("Наименование", values.words_of("Наименование", values.NAME_LENGTH)))
    short_name = _field("short_name", values.words_of("Краткое наименование", values.SHORT_NAME_LENGTH))
    ticket = _field("ticket", parse_yes_no)
    ogrn = _field("ogrn", parse_ogrn)
    contact_name = _field("contact_name", values.words_of("Ответственный", values.CONTACT_LENGTH))
    contact_post = _field("contact_post", values.words_of("Должность", values.CONTACT_LENGTH))
    contact_email = _field("contact_email", parse_email)
    contact_phone = _field("contact_phone", values.parse_contact_phone)
    site = _field("site", values.parse_site)

    def __init__(
        self,
        *,
        region: Region,
        academic_year: int,
        rows: Sequence[ListRow],
        write: Writer | None,
        only_good: bool = False,
    ) -> None:
        """`write` stores the rows when none is wrong, or with `only_good` those that are right; without it nothing."""
        super().__init__()
        self.region = region
        self.academic_year = academic_year
        self.rows = rows
        self.write = write
        self.only_good = only_good
        self.registry: dict[str, SchoolRecord] = {}
        self.others: dict[str, str] = {}
        self.owners: dict[str, tuple[str, str]] = {}
        self.places = Places(())
        self.levels: dict[int, Level] = {}
        self._seen: dict[str, ListRow] = {}
        self._registered: dict[str, ListRow] = {}

    def run(self) -> Findings:
        """Look at all rows and, with `write` and nothing wrong, store them: in one transaction, all or nothing."""
        with transaction.atomic():
            self._read()
            findings = self._look()
            if self.only_good:
                findings = findings.undisputed()
            if self.write is not None and (not findings.problems or (self.only_good and findings.has_good_rows)):
                self.write(self, findings)
        return findings

    def _read(self) -> None:
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
        known = Organization.objects.filter(region=self.region).exclude(inn="", ogrn="")
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
        columns = ("pk", "kind", "inn", "parent", "name", "short_name", "site", "is_active", "ogrn", "school_profile")
        contact = [f"school_profile__{name}" for name in CONTACT]
        for pk, kind, inn, parent, name, short_name, site, is_active, ogrn, profile, *words in known.order_by(
            "pk"
        ).values_list(*columns, *contact):
            if ogrn:
                self.owners[ogrn] = (inn, short_name)
            if kind != OrganizationKind.SCHOOL or not inn:
                self.others |= {inn: short_name} if inn else {}
                continue
            person, post, email, phone = words if profile is not None else ("", "", "", "")
            self.registry[inn] = SchoolRecord(
                inn=inn,
                municipality=parent,
                name=name,
                short_name=short_name,
                site=site,
                level=hours.get(pk),
                ticket=pk in tickets,
                ogrn=ogrn,
                contact_name=person,
                contact_post=post,
                contact_email=email,
                contact_phone=phone,
                is_active=is_active,
                pk=pk,
                has_profile=profile is not None,
            )

    def _look(self) -> Findings:
        """Match each row with its school; every error of every row comes at once."""
        errors: _Errors = defaultdict(dict)
        columns = [self._column(name, errors) for name in _LISTED]
        findings = Findings()
        for index, (row, cells) in enumerate(zip(self.rows, zip(*columns, strict=True), strict=True)):
            inn, ogrn = cells[0], cells[_OGRN]
            if "inn" not in errors.get(index, ()) and (refusal := self._refused_inn(inn, row)):
                errors[index]["inn"] = refusal
                findings.disputed.add(inn)
            if ogrn is not _SILENT and (refusal := self._refused_ogrn(ogrn, inn, row)):
                errors[index].setdefault("ogrn", refusal)
            if wrong := errors.get(index):
                findings.problems += [row.problem(one.field, wrong[one.field]) for one in COLUMNS if one.field in wrong]
                continue
            before = self.registry.get(inn)
            after = _taken_over(cells, before or NOTHING)
            if before is None:
                findings.created.append((row, after))
            elif before == after:
                findings.unchanged.append((row, after))
            else:
                findings.changed.append((row, before, after))
        return findings

    def _column(self, name: str, errors: _Errors) -> list[Any]:
        """The values of one field in all rows; what is wrong is put to the errors, by row and field."""
        texts = [row.cells[name] for row in self.rows]
        told = set(texts)
        told.discard(None)
        if name not in SCHOOLS.required:
            told.discard("")
        known, refused = self.fields[name].widget.clean_all(told)
        if refused:
            for index, text in enumerate(texts):
                if text in refused:
                    errors[index][name] = refused[text]
        # No column, or an empty cell that may be empty, is silent; the value of a refused one is never looked at.
        return [known.get(text, _SILENT) for text in texts]

    def _refused_inn(self, inn: str, row: ListRow) -> str:
        """Why a well-formed INN cannot stand in this row; empty where it can."""
        first = self._seen.setdefault(inn, row)
        if first is not row:
            return f"ИНН {inn} уже указан: лист «{first.sheet}», строка {first.number}. Оставьте одну строку."
        if inn in self.others:
            return f"ИНН {inn} принадлежит организации «{self.others[inn]}», а она не школа."
        return ""

    def _refused_ogrn(self, ogrn: str, inn: str, row: ListRow) -> str:
        """Why a well-formed registration number cannot stand in this row; empty where it can."""
        first = self._registered.setdefault(ogrn, row)
        if first is not row:
            return f"ОГРН {ogrn} уже указан: лист «{first.sheet}», строка {first.number}. Оставьте у одной школы."
        owner, name = self.owners.get(ogrn, (inn, ""))
        return "" if owner == inn else f"ОГРН {ogrn} принадлежит организации «{name}» с другим ИНН."


def _taken_over(cells: tuple[Any, ...], known: SchoolRecord) -> SchoolRecord:
    """What a school becomes by a row that is in order; whoever stands in a list of working schools works."""
    if _SILENT in cells:
        cells = tuple(was if cell is _SILENT else cell for cell, was in zip(cells, known, strict=False))
    inn, municipality, name, short_name, *others = cells
    said = (inn, municipality, name, short_name or _shortened(name), *others)
    return SchoolRecord._make((*said, True, known.pk, known.has_profile))


def _shortened(name: str) -> str:
    limit = values.SHORT_NAME_LENGTH
    return name if len(name) <= limit else name[: limit - 1] + "…"
