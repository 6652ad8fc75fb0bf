"""The list of pupils by grade: how many a school teaches in grades 5 to 11, and how many of them with disabilities."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from accounts.models import Organization, OrganizationKind
from schools.imports import values
from schools.imports.columns import Column, Layout
from schools.imports.engine import SILENT, Asked, Beside, Done, Findings, ListResource, listed_field
from schools.imports.organizations import plain
from schools.imports.reading import ListRow
from schools.imports.slices import Slice
from schools.models import GRADES, ChangeSource, Enrolment, ListKind, RegistryChange, RegistryField
from sheets.checks import parse_inn


def _all(grade: int) -> str:
    return f"grade_{grade}"


def _disabled(grade: int) -> str:
    return f"grade_{grade}_disabled"


def _grade_columns() -> Iterator[Column]:
    for grade in GRADES:
        forms = (f"{grade} класс", f"{grade}-й класс", f"{grade} классы", f"{grade}-е классы", f"{grade} кл.")
        yield Column(
            _all(grade),
            f"{grade} класс",
            (
                *forms[1:],
                *(f"{form} {word}" for form in forms for word in ("всего", "все", "обучающихся", "человек", "чел.")),
                f"Обучающихся в {grade} классе",
                f"Всего в {grade} классе",
            ),
            hint="Сколько обучающихся. Если никого нет, 0.",
            width=10,
        )
        yield Column(
            _disabled(grade),
            f"{grade} класс, из них ОВЗ",
            (
                *(
                    f"{form} {word}"
                    for form in forms
                    for word in ("ОВЗ", "с ОВЗ", "из них ОВЗ", "из них с ОВЗ", "в том числе ОВЗ", "в т. ч. ОВЗ")
                ),
                f"ОВЗ {grade} класс",
                f"ОВЗ в {grade} классе",
            ),
            hint="Не больше, чем всех.",
            width=10,
        )


ENROLMENT_LAYOUT = Layout(
    (
        Column(
            "name",
            "Школа",
            (
                "Краткое наименование",
                "Полное наименование",
                "Наименование",
                "Наименование ОО",
                "Наименование школы",
                "Образовательная организация",
                "Организация",
                "ОО",
            ),
            required=True,
            hint="Полное или краткое наименование, как в реестре.",
            width=44,
        ),
        Column(
            "inn",
            "ИНН",
            ("ИНН ОО", "ИНН организации", "ИНН школы"),
            hint="По нему школа узнаётся наверняка: в области много школ «№ 1».",
            width=14,
        ),
        *_grade_columns(),
    ),
    of_what="контингента",
    none_of="ни одной школы",
    one="Школа",
    new="",
    key="name",
    summary=("inn", "total"),
    note="Школа должна быть в реестре: портал узнаёт её по ИНН или названию. Пустая ячейка ничего не стирает; "
    "если обучающихся нет, впишите 0. Обучающихся поимённо портал не спрашивает.",
    absent="Действующие школы, о которых файл молчит. Их сведения останутся как есть.",
    told={"total": "Обучающихся 5–11 классов"},
)


class EnrolmentRecord(NamedTuple):
    """A school's pupils by grade in one academic year; None where nobody has told. `pk` is the school's id."""

    inn: str = ""
    name: str = ""
    grade_5: int | None = None
    grade_5_disabled: int | None = None
    grade_6: int | None = None
    grade_6_disabled: int | None = None
    grade_7: int | None = None
    grade_7_disabled: int | None = None
    grade_8: int | None = None
    grade_8_disabled: int | None = None
    grade_9: int | None = None
    grade_9_disabled: int | None = None
    grade_10: int | None = None
    grade_10_disabled: int | None = None
    grade_11: int | None = None
    grade_11_disabled: int | None = None
    total: int | None = None
    pk: int | None = None

    def __str__(self) -> str:
        return self.name

    @property
    def figures(self) -> tuple[tuple[int, int | None, int | None], ...]:
        """Grade, all, with disabilities."""
        return tuple((grade, getattr(self, _all(grade)), getattr(self, _disabled(grade))) for grade in GRADES)


_FIELDS = EnrolmentRecord._fields[2 : 2 + 2 * len(GRADES)]


class EnrolmentResource(ListResource):
    """Pupils of a region's schools by grade in one academic year."""

    listing = ListKind.ENROLMENT
    layout = ENROLMENT_LAYOUT
    nothing = EnrolmentRecord()
    slices = (Slice(Enrolment, by_year=True),)
    makes_organizations = False

    inn = listed_field("inn", parse_inn)
    name = listed_field("name", values.required("Наименование", values.words_of("Наименование", values.NAME_LENGTH)))

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._by_inn: dict[str, int] = {}
        self._by_name: dict[str, set[int]] = defaultdict(set)
        for name in _FIELDS:
            self.fields[name] = listed_field(name, values.parse_count)

    def read(self) -> None:
        """Read the region's schools and their pupils in the year; two queries."""
        told: dict[int, dict[str, int]] = defaultdict(dict)
        rows = Enrolment.objects.filter(organization__region=self.region, academic_year=self.academic_year)
        for school, grade, pupils, disabled in rows.values_list("organization", "grade", "pupils", "with_disabilities"):
            told[school] |= {_all(grade): pupils, _disabled(grade): disabled}
        schools = Organization.objects.filter(region=self.region, kind=OrganizationKind.SCHOOL).active()
        for pk, inn, name, short_name in schools.values_list("pk", "inn", "name", "short_name"):
            self.registry[pk] = _summed(EnrolmentRecord(inn, short_name, **told[pk], pk=pk))
            if inn:
                self._by_inn[inn] = pk
            for one in (name, short_name):
                self._by_name[plain(one)].add(pk)

    def key(self, cells: Sequence[Any]) -> Any:
        """The id of the school a row speaks of; None where there is no such school or several."""
        if isinstance(cells, EnrolmentRecord):
            return cells.pk
        inn, name = cells[:2]
        if inn is not SILENT:
            return self._by_inn.get(inn)
        found = self._by_name.get(plain(name), set()) if name is not SILENT else set()
        return next(iter(found)) if len(found) == 1 else None

    def refused(
        self, row: ListRow, cells: Sequence[Any], findings: Findings, wrong: Mapping[str, str]
    ) -> dict[str, str]:
        """The school must be known, and stand once; of its pupils no more can have disabilities than there are."""
        if "inn" in wrong or "name" in wrong:
            return {}
        key = self.key(cells)
        if key is None:
            return self._unknown(cells)
        if first := self.repeated(key, row, findings):
            at = f"лист «{first.sheet}», строка {first.number}"
            return {"name": f"Эта школа уже указана: {at}. Оставьте одну строку."}
        return dict(_beyond(self._after(cells, self.registry[key]), wrong))

    def _unknown(self, cells: Sequence[Any]) -> dict[str, str]:
        inn, name = cells[:2]
        if inn is not SILENT:
            return {"inn": f"Школы с ИНН {inn} нет в реестре. Сверьте номер или сначала загрузите список школ."}
        found = self._by_name.get(plain(name), set()) if name is not SILENT else set()
        if found:
            return {"name": f"Школ с названием «{name}» несколько: укажите ИНН."}
        return {"name": f"Школы «{name}» нет в реестре. Укажите ИНН или название, как в реестре."}

    def _after(self, cells: Sequence[Any], known: EnrolmentRecord) -> EnrolmentRecord:
        said = {name: cell for name, cell in zip(self.listed, cells, strict=True) if cell is not SILENT}
        told: dict[str, Any] = {name: said[name] for name in _FIELDS if name in said}
        return known._replace(**told)

    def taken_over(self, cells: tuple[Any, ...], known: EnrolmentRecord) -> EnrolmentRecord:
        """What a school's figures become; nobody with disabilities unless a list tells of them."""
        after = self._after(cells, known)
        nobody: dict[str, Any] = {
            _disabled(grade): 0 for grade, pupils, disabled in after.figures if pupils is not None and disabled is None
        }
        return _summed(after._replace(**nobody))

    def beside(self, findings: Findings) -> Beside:
        """Schools that the list does not name."""
        return self.unnamed(self.registry.values())

    def store(self, findings: Findings, asked: Asked) -> Done:
        """Write the figures of every grade that was told, and the history of what changed."""
        changed = [(before, after) for _, before, after in findings.changed]
        Enrolment.objects.bulk_create(
            (
                Enrolment(
                    organization_id=after.pk,
                    academic_year=self.academic_year,
                    grade=grade,
                    pupils=pupils,
                    with_disabilities=disabled or 0,
                )
                for _, after in changed
                for grade, pupils, disabled in after.figures
                if pupils is not None
            ),
            batch_size=1000,
            update_conflicts=True,
            unique_fields=["organization", "academic_year", "grade"],
            update_fields=["pupils", "with_disabilities"],
        )
        today = self.region.local(asked.at).date()
        RegistryChange.objects.bulk_create(
            (
                RegistryChange(
                    organization_id=after.pk,
                    field=RegistryField.ENROLMENT,
                    academic_year=self.academic_year,
                    was=_words(*was),
                    becomes=_words(*becomes),
                    on=today,
                    source=ChangeSource.LIST,
                    note=f"{becomes[0]} класс",
                    by=asked.by,
                    at=asked.at,
                )
                for before, after in changed
                for was, becomes in zip(before.figures, after.figures, strict=True)
                if was != becomes
            ),
            batch_size=1000,
        )
        return Done()


def _summed(record: EnrolmentRecord) -> EnrolmentRecord:
    told = [pupils for _, pupils, _ in record.figures if pupils is not None]
    return record._replace(total=sum(told) if told else None)


def _beyond(after: EnrolmentRecord, wrong: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Grades in which more have disabilities than there are, or of which only these are told."""
    for grade, pupils, disabled in after.figures:
        if not disabled or _all(grade) in wrong or _disabled(grade) in wrong:
            continue
        if pupils is None:
            yield _disabled(grade), f"Указаны обучающиеся с ОВЗ, а сколько всего в {grade} классе — нет."
        elif disabled > pupils:
            yield _disabled(grade), f"С ОВЗ {disabled}, а всего в {grade} классе {pupils}: так быть не может."


def _words(_grade: int, pupils: int | None, disabled: int | None) -> str:
    """Figures as the history keeps them."""
    return "" if pupils is None else f"{pupils}, с ОВЗ {disabled or 0}"
