"""Lists of organizations other than schools: municipal authorities, and institutions below the ministry."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

from accounts.models import Organization, OrganizationKind
from obligations.reconciling import reconcile_region
from schools.imports import values
from schools.imports.columns import Column, Layout
from schools.imports.engine import SILENT, Asked, Beside, Done, Findings, ListResource, listed_field
from schools.imports.reading import ListRow
from schools.imports.slices import Slice
from schools.models import ListKind
from sheets.checks import CheckError, parse_email, parse_inn
from sheets.lookalikes import to_cyrillic

ADDRESS_LENGTH = 300
HEAD_LENGTH = 200
_CODE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_WORD = re.compile(r"[^\W_]+")
_KIND_OF: tuple[tuple[str, OrganizationKind], ...] = (
    ("оператор", OrganizationKind.OPERATOR),
    ("колледж", OrganizationKind.COLLEGE),
    ("техникум", OrganizationKind.COLLEGE),
    ("училищ", OrganizationKind.COLLEGE),
    ("спо", OrganizationKind.COLLEGE),
    ("поо", OrganizationKind.COLLEGE),
    ("профессиональная образовательная", OrganizationKind.COLLEGE),
    ("университет", OrganizationKind.UNIVERSITY),
    ("вуз", OrganizationKind.UNIVERSITY),
    ("институт", OrganizationKind.UNIVERSITY),
    ("академия", OrganizationKind.UNIVERSITY),
    ("высшего образования", OrganizationKind.UNIVERSITY),
    ("дополнительн", OrganizationKind.ADDITIONAL_EDUCATION),
    ("удо", OrganizationKind.ADDITIONAL_EDUCATION),
    ("предприяти", OrganizationKind.ENTERPRISE),
    ("работодател", OrganizationKind.ENTERPRISE),
    ("партнёр", OrganizationKind.FEDERAL_PARTNER),
    ("партнер", OrganizationKind.FEDERAL_PARTNER),
    ("цопп", OrganizationKind.INSTITUTION),
    ("центр опережающей", OrganizationKind.INSTITUTION),
    ("подведомственн", OrganizationKind.INSTITUTION),
    ("учреждени", OrganizationKind.INSTITUTION),
)
INSTITUTIONS = tuple(dict.fromkeys(kind for _, kind in _KIND_OF))

_INN = Column("inn", "ИНН", ("ИНН организации", "ИНН учреждения", "ИНН юридического лица"), hint="10 цифр.", width=14)
_CODE_COLUMN = Column(
    "code", "Код", ("Код организации",), hint="Латинские буквы и цифры: по коду портал узнаёт организацию."
)
_CONTACTS = (
    Column(
        "head_name",
        "Руководитель",
        ("Руководитель (ФИО)", "ФИО руководителя", "Начальник", "Директор", "Глава", "Ректор"),
        hint="Фамилия, имя, отчество.",
        width=32,
    ),
    Column(
        "email",
        "Эл. почта",
        ("E-mail", "Email", "Почта", "Электронная почта", "Адрес электронной почты"),
        hint="Один адрес.",
        width=28,
    ),
    Column(
        "phone",
        "Телефон",
        ("Контактный телефон", "Номер телефона", "Тел.", "Телефон приёмной"),
        hint="Один номер с кодом города: +7 (475) 000-00-00.",
        width=22,
    ),
    Column(
        "postal_address",
        "Адрес",
        ("Почтовый адрес", "Юридический адрес", "Адрес организации", "Местонахождение"),
        hint="Почтовый, с индексом.",
        width=44,
    ),
)
_NAME = ("Полное наименование", "Наименование", "Наименование организации", "Название", "Организация", "Учреждение")

MUNICIPALITIES_LAYOUT = Layout(
    (
        Column(
            "short_name",
            "Муниципалитет",
            (
                "Краткое наименование",
                "Краткое название",
                "Муниципальное образование",
                "Наименование МО",
                "Наименование муниципалитета",
                "Наименование муниципального образования",
                "Муниципалитет/район",
                "Муниципальный округ",
                "Муниципальный район",
                "МО",
                "Район",
                "Округ",
                "Территория",
            ),
            required=True,
            hint="Как его называют в списках: «Бондарский», «г. Тамбов».",
            width=24,
        ),
        Column(
            "name",
            "Орган управления образованием",
            (*_NAME, "Наименование органа управления образованием", "МОУО", "Наименование МОУО"),
            required=True,
            hint="Полное наименование органа.",
            width=60,
        ),
        _INN,
        _CODE_COLUMN,
        *_CONTACTS,
    ),
    of_what="муниципалитетов",
    none_of="ни одного муниципалитета",
    one="Муниципалитет",
    new="Новые муниципалитеты",
    key="short_name",
    summary=("name", "inn", "head_name", "phone"),
    note="Муниципалитет портал узнаёт по коду, ИНН или названию: новый создаст, у известного изменит то, "
    "что в списке иначе. Пустая ячейка в необязательном столбце ничего не стирает.",
    absent="Действующие муниципалитеты региона. С ними ничего не произойдёт.",
)
INSTITUTIONS_LAYOUT = Layout(
    (
        Column("name", "Полное наименование", _NAME[1:], required=True, hint="По уставу.", width=60),
        Column("short_name", "Краткое наименование", ("Краткое название", "Сокращённое наименование"), width=34),
        Column(
            "kind",
            "Вид",
            ("Вид организации", "Тип", "Тип организации"),
            required=True,
            hint="Оператор, ЦОПП, колледж, вуз, дополнительное образование, предприятие, федеральный партнёр.",
            width=24,
        ),
        _INN,
        _CODE_COLUMN,
        *_CONTACTS,
    ),
    of_what="учреждений",
    none_of="ни одного учреждения",
    one="Учреждение",
    new="Новые учреждения",
    key="name",
    summary=("kind", "inn", "head_name", "phone"),
    note="Учреждение портал узнаёт по коду, ИНН или названию: новое создаст, у известного изменит то, "
    "что в списке иначе. Пустая ячейка в необязательном столбце ничего не стирает.",
    absent="Действующие организации региона, которые не школы и не муниципалитеты. С ними ничего не произойдёт.",
)


class OrganizationRecord(NamedTuple):
    """An organization other than a school, as a row of a list has it; fields bear the names of the columns."""

    inn: str = ""
    code: str = ""
    name: str = ""
    short_name: str = ""
    head_name: str = ""
    email: str = ""
    phone: str = ""
    postal_address: str = ""
    kind: str = ""
    is_active: bool = True
    pk: int | None = None

    def __str__(self) -> str:
        return self.short_name or self.name


_STORED = tuple(name for name in OrganizationRecord._fields if name != "pk")


def parse_code(text: str) -> str:
    """A code by which organizations are found: small Latin letters and digits."""
    code = text.strip().lower()
    if not _CODE.fullmatch(code) or len(code) > 60:
        raise CheckError(f"Код «{text[:60]}» не годится: нужны латинские буквы, цифры и дефис, не больше 60 знаков.")
    return code


def parse_kind(text: str) -> str:
    """What an institution is, by its name or by what the portal calls it."""
    words = to_cyrillic(text).casefold().replace("ё", "е")
    for kind in INSTITUTIONS:
        if kind.label.casefold().replace("ё", "е") == words:
            return kind.value
    for stem, kind in _KIND_OF:
        if re.search(rf"\b{stem.replace('ё', 'е')}", words):
            return kind.value
    known = "; ".join(str(kind.label) for kind in INSTITUTIONS)
    raise CheckError(f"Неизвестный вид организации «{text[:60]}». Возможны: {known}.")


def plain(text: str) -> str:
    """What two wordings of one name have in common: words, no case, no «ё», no marks."""
    return " ".join(_WORD.findall(to_cyrillic(text.upper()).casefold().replace("ё", "е")))


class _OrganizationResource(ListResource):
    """Organizations below the ministry; a row finds its own by code, by taxpayer number or by name."""

    nothing = OrganizationRecord()
    slices = (Slice(Organization, "pk"),)
    kinds: ClassVar[tuple[OrganizationKind, ...]]
    known_by: ClassVar[tuple[str, ...]]
    """By which names a row finds its organization: «Отдел образования» is called so in every other district."""

    inn = listed_field("inn", parse_inn)
    code = listed_field("code", parse_code)
    name = listed_field("name", values.required("Наименование", values.words_of("Наименование", values.NAME_LENGTH)))
    head_name = listed_field("head_name", values.words_of("Руководитель", HEAD_LENGTH))
    email = listed_field("email", parse_email)
    phone = listed_field("phone", values.parse_contact_phone)
    postal_address = listed_field("postal_address", values.words_of("Адрес", ADDRESS_LENGTH))

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.ministry: int | None = None
        self._found: dict[str, dict[str, int]] = {"code": {}, "inn": {}, "name": {}}
        self._taken: dict[str, dict[str, str]] = {"code": {}, "inn": {}}
        self._shared: set[str] = set()

    def read(self) -> None:
        """Read the region's organizations; one query."""
        known = Organization.objects.filter(region=self.region).order_by("-is_active", "pk")
        for pk, *stored in known.values_list("pk", *_STORED):
            one = OrganizationRecord._make((*stored, pk))
            if one.kind == OrganizationKind.MINISTRY:
                self.ministry = pk
            if one.kind not in self.kinds:
                self._taken["code"] |= {one.code: str(one)} if one.code else {}
                self._taken["inn"] |= {one.inn: str(one)} if one.inn else {}
                continue
            self.registry[pk] = one
            for name, value in (("code", one.code), ("inn", one.inn)):
                if value:
                    self._found[name].setdefault(value, pk)
            for name in {plain(getattr(one, name)) for name in self.known_by}:
                if self._found["name"].setdefault(name, pk) != pk:
                    self._shared.add(name)

    def key(self, cells: Sequence[Any]) -> Any:
        """The id of the organization a row speaks of; of a new one its name."""
        said = dict(zip(self.nothing._fields, cells, strict=False))
        if said.get("pk"):
            return said["pk"]
        if (found := self._by_number(said)) is not None:
            return found
        names = self._names(said)
        return next((self._found["name"][one] for one in names if one in self._found["name"]), names[0])

    def _by_number(self, said: Mapping[str, Any]) -> Any:
        for name in ("code", "inn"):
            value = said.get(name)
            if isinstance(value, str) and value in self._found[name]:
                return self._found[name][value]
        return None

    def _names(self, said: Mapping[str, Any]) -> list[str]:
        return [plain(said[name]) for name in self.known_by if isinstance(said.get(name), str)] or [""]

    def refused(
        self, row: ListRow, cells: Sequence[Any], findings: Findings, wrong: Mapping[str, str]
    ) -> dict[str, str]:
        """Numbers and codes are one's own, and an organization stands once in a list."""
        said = dict(zip(self.listed, cells, strict=True))
        if wrong or any(said.get(name) is SILENT for name in self.layout.required):
            return {}
        found: dict[str, str] = {}
        key = self.key(cells)
        if self._shared.intersection(self._names(said)) and self._by_number(said) is None:
            return {self.layout.key: "Организаций с таким названием несколько: укажите ИНН или код."}
        if first := self.repeated(key, row, findings):
            at = f"лист «{first.sheet}», строка {first.number}"
            return {self.layout.key: f"Эта организация уже указана: {at}. Оставьте одну строку."}
        for name, what in (("inn", "ИНН"), ("code", "Код")):
            value = said.get(name, SILENT)
            if value is SILENT:
                continue
            owner = self._taken[name].get(value) or self._other(name, value, key)
            if owner:
                found[name] = f"{what} {value} принадлежит организации «{owner}»."
            self._found[name].setdefault(value, key)
        if self.ministry is None:
            found[self.layout.key] = "В субъекте РФ нет министерства: добавьте его в служебном разделе."
        return found

    def _other(self, name: str, value: str, key: Any) -> str:
        """Who else has this number or code, in the registry or in the rows above."""
        owner: Any = self._found[name].get(value, key)
        if owner == key:
            return ""
        return str(self.registry[owner]) if owner in self.registry else str(owner)

    def taken_over(self, cells: tuple[Any, ...], known: OrganizationRecord) -> OrganizationRecord:
        """Whoever stands in a list works."""
        after = known._replace(**dict(zip(self.listed, cells, strict=True)), is_active=True)
        short_name = after.short_name or values.shortened(after.name)
        return after._replace(short_name=short_name, kind=after.kind or self.kinds[0].value)

    def alike(self, before: OrganizationRecord, after: OrganizationRecord) -> OrganizationRecord:
        """Other quotation marks and «е» for «ё» are no other name."""
        names = ("name", "short_name", "head_name", "postal_address")
        said = {name: (getattr(before, name), getattr(after, name)) for name in names}
        return after._replace(**{name: was for name, (was, becomes) in said.items() if values.same_words(was, becomes)})

    def shown(self, name: str, value: Any) -> str:
        """Kinds by what people call them."""
        if name == "kind" and value:
            return str(OrganizationKind(value).label)
        return super().shown(name, value)

    def beside(self, findings: Findings) -> Beside:
        """Those in force that the list does not name."""
        return self.unnamed(one for one in self.registry.values() if one.is_active)

    def store(self, findings: Findings, asked: Asked) -> Done:
        """Write the organizations, and let obligations follow."""
        new = [after for _, after in findings.created]
        Organization.objects.bulk_create(
            [
                Organization(region=self.region, parent_id=self.ministry, **dict(zip(_STORED, one, strict=False)))
                for one in new
            ],
            batch_size=500,
        )
        changed = [after for _, _, after in findings.changed]
        Organization.objects.bulk_update(
            [Organization(pk=one.pk, **dict(zip(_STORED, one, strict=False))) for one in changed],
            fields=_STORED,
            batch_size=200,
        )
        if not (new or changed):
            return Done()
        reason = f"Загружен список «{asked.filename[-120:]}»."
        return Done(*reconcile_region(region=self.region, by=asked.by, at=asked.at, note=reason))


class MunicipalityResource(_OrganizationResource):
    """Municipal authorities of a region."""

    listing = ListKind.MUNICIPALITIES
    layout = MUNICIPALITIES_LAYOUT
    kinds = (OrganizationKind.MUNICIPALITY,)
    known_by = ("short_name",)

    short_name = listed_field(
        "short_name",
        values.required("Название муниципалитета", values.words_of("Муниципалитет", values.SHORT_NAME_LENGTH)),
    )


class InstitutionResource(_OrganizationResource):
    """The operator and the other organizations right below the ministry that are no schools."""

    listing = ListKind.INSTITUTIONS
    layout = INSTITUTIONS_LAYOUT
    kinds = INSTITUTIONS
    known_by = ("name", "short_name")

    short_name = listed_field("short_name", values.words_of("Краткое наименование", values.SHORT_NAME_LENGTH))
    kind = listed_field("kind", parse_kind)
