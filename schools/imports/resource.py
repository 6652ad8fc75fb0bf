"""Schools as lists speak of them: what a row may say, with what it is compared, how it is written."""

from collections.abc import Mapping, Sequence
from typing import Any

from accounts.academic_years import AcademicYear
from accounts.models import Organization, OrganizationKind, OrganizationTrait, Trait
from obligations.reconciling import reconcile_region
from schools.actions import note_status_changes
from schools.imports import values
from schools.imports.applying import write_schools
from schools.imports.beside import look_beside
from schools.imports.columns import SCHOOLS
from schools.imports.engine import (
    SILENT,
    Asked,
    Beside,
    CheckedWidget,
    Done,
    Findings,
    ListResource,
    listed_field,
    unprepared,
)
from schools.imports.history import tell_imported
from schools.imports.places import Places
from schools.imports.reading import ListRow
from schools.imports.records import CONTACT, NOTHING, SchoolRecord
from schools.imports.slices import Slice
from schools.models import Level, ListKind, SchoolProfile, SchoolYear
from sheets.checks import parse_email, parse_inn, parse_level, parse_ogrn, parse_yes_no

# So much of a file's name is told in the histories.
_NAMED = 120
_OGRN = SchoolRecord._fields.index("ogrn")


class SchoolResource(ListResource):
    """Schools of one region in one academic year, as lists speak of them."""

    listing = ListKind.SCHOOLS
    layout = SCHOOLS
    nothing = NOTHING
    slices = (
        Slice(Organization, "pk"),
        Slice(SchoolProfile),
        Slice(SchoolYear, by_year=True),
        Slice(OrganizationTrait, by_year=True),
    )

    inn = listed_field("inn", parse_inn)
    # What these two may hold depends on the region and on the levels in force; `read` reads both.
    municipality = listed_field("municipality", unprepared)
    level = listed_field("level", unprepared)
    name = listed_field("name", values.required("Наименование", values.words_of("Наименование", values.NAME_LENGTH)))
    short_name = listed_field("short_name", values.words_of("Краткое наименование", values.SHORT_NAME_LENGTH))
    ticket = listed_field("ticket", parse_yes_no)
    ogrn = listed_field("ogrn", parse_ogrn)
    contact_name = listed_field("contact_name", values.words_of("Ответственный", values.CONTACT_LENGTH))
    contact_post = listed_field("contact_post", values.words_of("Должность", values.CONTACT_LENGTH))
    contact_email = listed_field("contact_email", parse_email)
    contact_phone = listed_field("contact_phone", values.parse_contact_phone)
    site = listed_field("site", values.parse_site)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.others: dict[str, str] = {}
        self.owners: dict[str, tuple[str, str]] = {}
        self.places = Places(())
        self.levels: dict[int, Level] = {}
        self.unnumbered: list[SchoolRecord] = []
        self._registered: dict[str, ListRow] = {}

    def read(self) -> None:
        """Read the region's places, levels and schools; six queries."""
        self.places = Places.of(self.region)
        self.levels = {level.hours: level for level in Level.objects.all()}
        words = {level.title.lower(): level.hours for level in self.levels.values()}
        self.fields["municipality"].widget = CheckedWidget(self.places.find)
        self.fields["level"].widget = CheckedWidget(lambda text: parse_level(text, levels=words))
        self._read_registry()

    def _read_registry(self) -> None:
        known = Organization.objects.filter(region=self.region)
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
            if kind != OrganizationKind.SCHOOL:
                self.others |= {inn: short_name} if inn else {}
                continue
            if not inn:
                self.unnumbered.append(SchoolRecord(municipality=parent, name=name, short_name=short_name, pk=pk))
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

    def refused(
        self, row: ListRow, cells: Sequence[Any], findings: Findings, wrong: Mapping[str, str]
    ) -> dict[str, str]:
        """A school's numbers are its own: none of them stands twice or belongs to somebody else."""
        inn, ogrn = cells[0], cells[_OGRN]
        found = {}
        if "inn" not in wrong and (refusal := self._refused_inn(inn, row)):
            found["inn"] = refusal
            findings.disputed.add(inn)
        if ogrn is not SILENT and (refusal := self._refused_ogrn(ogrn, inn, row)):
            found["ogrn"] = refusal
        return found

    def taken_over(self, cells: tuple[Any, ...], known: SchoolRecord) -> SchoolRecord:
        """What a school becomes; whoever stands in a list of working schools works."""
        inn, municipality, name, short_name, *others = cells
        said = (inn, municipality, name, short_name or values.shortened(name), *others)
        return SchoolRecord._make((*said, True, known.pk, known.has_profile))

    def alike(self, before: SchoolRecord, after: SchoolRecord) -> SchoolRecord:
        """Other quotation marks and «е» for «ё» are no other name."""
        same = {
            name: getattr(before, name)
            for name in ("name", "short_name", "contact_name", "contact_post")
            if values.same_words(getattr(before, name), getattr(after, name))
        }
        return after._replace(**same)

    def shown(self, name: str, value: Any) -> str:
        """Places and levels by their names."""
        if name == "municipality" and value is not None:
            return self.places.labels.get(value, "другая организация")
        if name == "level" and value in self.levels:
            return str(self.levels[value])
        return super().shown(name, value)

    def touched(self, findings: Findings) -> list[int]:
        """Those that change, those that get their profile now, and those that turn out to be older."""
        start = AcademicYear(self.academic_year).start
        older = SchoolProfile.objects.filter(organization__region=self.region, since__gt=start)
        return [
            *super().touched(findings),
            *(after.pk for _, after in findings.unchanged if not after.has_profile),
            *older.values_list("organization", flat=True),
        ]

    def beside(self, findings: Findings) -> Beside:
        """Schools of the list that look like others, and those of its municipalities that it leaves out."""
        known = [*(one for one in self.registry.values() if one.is_active), *self.unnumbered]
        return look_beside(findings, known, listed=set(self._seen), places=self.places.labels)

    def store(self, findings: Findings, asked: Asked) -> Done:
        """Write schools with all that belongs to them, their history, and what they owe from now on."""
        year, levels = self.academic_year, self.levels
        write_schools(findings, region=self.region, academic_year=year, levels=levels)
        tell_imported(
            findings,
            region=self.region,
            academic_year=year,
            levels=levels,
            filename=asked.filename,
            by=asked.by,
            at=asked.at,
        )
        if not (findings.created or findings.changed):
            return Done()
        reason = f"Загружен список школ «{asked.filename[-_NAMED:]}»."
        done = reconcile_region(region=self.region, academic_year=year, by=asked.by, at=asked.at, note=reason)
        if turned := _opened_and_closed(findings):
            today = self.region.local(asked.at).date()
            note_status_changes(changed=turned, reason=reason, on=today, by=asked.by, now=asked.at)
        return Done(*done)

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


def _opened_and_closed(findings: Findings) -> dict[int, bool]:
    """Schools, by id, that the list closes or opens again; True is open."""
    return {
        after.pk: after.is_active
        for _, before, after in findings.changed
        if after.pk is not None and before.is_active != after.is_active
    }
