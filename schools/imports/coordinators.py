"""The list of municipal coordinators: who is named and not there yet is invited; nobody gets a password from a list."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from accounts.actions.invitations import invite_each
from accounts.contacts import Contact
from accounts.models import Invitation, InvitationState, Membership, Organization, OrganizationKind, User
from accounts.querysets import InvitationQuerySet
from accounts.roles import Role
from schools.imports import values
from schools.imports.columns import Column, Layout
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
from schools.imports.places import Places
from schools.imports.reading import ListRow
from schools.models import ListKind, SchoolImport
from sheets.checks import CheckError, parse_email

COORDINATORS_LAYOUT = Layout(
    (
        Column(
            "municipality",
            "Муниципалитет",
            ("Муниципальное образование", "Район", "Округ", "Территория", "МОУО", "Город, район"),
            required=True,
            hint="Например «Бондарский» или «г. Тамбов».",
            width=24,
        ),
        Column(
            "person",
            "ФИО",
            ("Фамилия, имя, отчество", "Координатор", "Муниципальный координатор", "Ответственный", "ФИО координатора"),
            required=True,
            hint="Фамилия, имя, отчество.",
            width=32,
        ),
        Column("post", "Должность", ("Должность координатора",), width=32),
        Column(
            "email",
            "Эл. почта",
            ("E-mail", "Email", "Почта", "Электронная почта", "Адрес электронной почты"),
            required=True,
            hint="На неё уйдёт приглашение.",
            width=28,
        ),
        Column(
            "phone",
            "Телефон",
            ("Контактный телефон", "Номер телефона", "Тел.", "Мобильный телефон"),
            hint="Один номер с кодом города: +7 (475) 000-00-00.",
            width=22,
        ),
    ),
    of_what="координаторов",
    none_of="ни одного координатора",
    one="Координатор",
    new="Пригласим",
    key="email",
    summary=("municipality", "email", "access"),
    note="Кого на портале ещё нет, портал пригласит письмом: пароль человек придумает сам. "
    "Кто уже работает или приглашён, останется как есть.",
    absent="Координаторы, о которых файл молчит. Они работают по-прежнему; кто ушёл, пусть передаст обязанности.",
    told={"access": "Доступ"},
)


class CoordinatorRecord(NamedTuple):
    """A person at the post of a coordinator; `access` says in words whether they are there already."""

    email: str = ""
    municipality: int | None = None
    person: str = ""
    post: str = ""
    phone: str = ""
    access: str = ""
    pk: int | None = None

    def __str__(self) -> str:
        return self.person or self.email


class CoordinatorResource(ListResource):
    """Municipal coordinators of a region."""

    listing = ListKind.COORDINATORS
    layout = COORDINATORS_LAYOUT
    nothing = CoordinatorRecord()
    makes_organizations = False

    email = listed_field("email", parse_email)
    municipality = listed_field("municipality", unprepared)
    person = listed_field("person", values.required("Имя", values.words_of("ФИО", values.CONTACT_LENGTH)))
    post = listed_field("post", values.words_of("Должность", values.CONTACT_LENGTH))
    phone = listed_field("phone", values.parse_contact_phone)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.places = Places(())
        self.closed: set[str] = set()
        self._ministry: int | None = None

    def read(self) -> None:
        """Read places, who coordinates and who has been asked to; six queries."""
        self.places = Places.of(self.region)
        self._ministry = (
            Organization.objects.filter(region=self.region, kind=OrganizationKind.MINISTRY)
            .values_list("pk", flat=True)
            .first()
        )
        self.fields["municipality"].widget = CheckedWidget(self._municipality)
        here = {"organization__region": self.region, "role": Role.COORDINATOR}
        # Who is there outweighs who was asked.
        asked = Invitation.objects.pending().filter(**here)
        for email, organization, *name in asked.values_list(
            "email", "organization", "last_name", "first_name", "patronymic", "post"
        ):
            self._know(email, organization, name, "уже приглашён(а)")
        there = Membership.objects.active().filter(**here)
        for email, organization, *name in there.values_list(
            "user__email", "organization", "user__last_name", "user__first_name", "user__patronymic", "post"
        ):
            self._know(email, organization, name, "уже работает на портале")
        self.closed = set(User.objects.filter(is_active=False).values_list("email", flat=True))

    def _know(self, email: str, organization: int, name: list[str], access: str) -> None:
        *parts, post = name
        self.registry[email, organization] = CoordinatorRecord(
            email, organization, " ".join(filter(None, parts)), post, "", access, organization
        )

    def _municipality(self, text: str) -> int:
        found = self.places.find(text)
        if found == self._ministry:
            raise CheckError("У регионального подчинения нет муниципального координатора.")
        return found

    def key(self, cells: Sequence[Any]) -> Any:
        """A person at a post: one may coordinate two municipalities."""
        return cells[0], cells[1]

    def refused(
        self, row: ListRow, cells: Sequence[Any], findings: Findings, wrong: Mapping[str, str]
    ) -> dict[str, str]:
        """Each person once at a post; a closed account is opened by hand or not at all."""
        if wrong or SILENT in cells[:2]:
            return {}
        if first := self.repeated(self.key(cells), row, findings):
            at = f"лист «{first.sheet}», строка {first.number}"
            return {"email": f"Этот человек уже указан: {at}. Оставьте одну строку."}
        if cells[0] in self.closed:
            return {"email": f"Учётная запись {cells[0]} закрыта. Откройте её или укажите другой адрес."}
        return {}

    def taken_over(self, cells: tuple[Any, ...], known: CoordinatorRecord) -> CoordinatorRecord:
        """Who is there, or was asked, stays as they have called themselves."""
        if known is not self.nothing:
            return known
        email, municipality, person, post, phone = cells
        return CoordinatorRecord(email, municipality, person, post, phone, "пригласим")

    def shown(self, name: str, value: Any) -> str:
        """Places by their names."""
        if name == "municipality" and value is not None:
            return self.places.labels.get(value, "другая организация")
        return super().shown(name, value)

    def beside(self, findings: Findings) -> Beside:
        """Coordinators that the list does not name."""
        return self.unnamed(self.registry.values())

    def made_beside(self, record: SchoolImport) -> tuple[list[str], list[str]]:
        """The invitations; once accepted, somebody works here."""
        made = list(self._invitations(record))
        accepted = [one.person for one in made if one.state == InvitationState.ACTIVE]
        waiting = [one.person for one in made if one.is_pending]
        return waiting, [f"Приглашение уже приняли: {', '.join(accepted)}."] if accepted else []

    def take_back_beside(self, record: SchoolImport, *, at: datetime) -> None:
        """Invitations whose letters have not left go; the links of the others are void."""
        made = self._invitations(record)
        made.filter(state=InvitationState.QUEUED, issue=1).delete()
        made.pending().update(state=InvitationState.WITHDRAWN, withdrawn_at=at)

    def _invitations(self, record: SchoolImport) -> InvitationQuerySet:
        return Invitation.objects.filter(
            organization__region=self.region, role=Role.COORDINATOR, created_at=record.at, created_by=record.by
        )

    def store(self, findings: Findings, asked: Asked) -> Done:
        """Invite those who are new; a worker sends the letters."""
        people = [after for _, after in findings.created]
        if people and asked.by is None:
            raise ValueError("Somebody must invite.")
        if people and asked.by:
            invite_each(
                region=self.region,
                role=Role.COORDINATOR,
                wanted=[
                    (one.municipality, Contact.named(one.person, email=one.email, post=one.post, phone=one.phone))
                    for one in people
                ],
                by=asked.by,
                now=asked.at,
            )
        return Done()
