"""«Люди портала» as a document: who serves where, who has never signed in, which schools nobody answers for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts import aggregates, rules
from accounts.contacts import Contact, contacts_of
from accounts.forms import PeopleFilters
from accounts.models import InvitationState, Membership, Organization, OrganizationKind, Region, User
from exports.documents import Column, ColumnKind, Document, Figure, Row, Table
from exports.registry import OutOfScope, Progress, Report, ReportUnavailable, Request

TITLE = "Люди портала"
FILTERS = ("q", "signed", "role", "municipality")

_PEOPLE_COLUMNS = (
    Column("ФИО", width=34),
    Column("Электронная почта", width=30),
    Column("Телефон", width=18),
    Column("Организация", width=40),
    Column("Муниципалитет", width=22),
    Column("Роль", width=24),
    Column("Должность", width=30),
    Column("С какого дня", ColumnKind.DATE, 13),
    Column("Последний вход", ColumnKind.DATE, 14),
    Column("Приглашение", width=20),
)
_VACANT_COLUMNS = (
    Column("Школа", width=40),
    Column("Муниципалитет", width=22),
    Column("Почта в реестре", width=30),
    Column("Ответственный в реестре", width=34),
)


def clean(*, user: User, sent: Mapping[str, Any]) -> Request:
    """Check an order: the filters of the page as they are, for people whose business people are."""
    if not rules.staffs_anyone(user):
        raise OutOfScope("Списки людей ведут администратор и муниципальный координатор.")
    region = Region.objects.visible_to(user).first()
    if region is None:
        raise ReportUnavailable("Портал не знает, по какому субъекту РФ составить список.")
    return Request(region=region, parameters={name: str(sent.get(name, "")) for name in FILTERS}, title=TITLE)


def build(*, user: User, region: Region, parameters: Mapping[str, Any], now: datetime, progress: Progress) -> Document:
    """List and lay out; reads only whom ``user`` appoints."""
    if not rules.staffs_anyone(user):
        raise ReportUnavailable("Ваша роль больше не позволяет видеть списки людей.")
    covered = aggregates.coverage(user, now=now, region=region)
    progress(20, "Читаем список людей")
    filters = PeopleFilters(parameters, user=user)
    posts = filters.narrow(aggregates.people(user).filter(organization__region=region))
    people = [_person(post, region) for post in posts.iterator(chunk_size=2000)]
    progress(70, "Ищем школы без ответственного")
    vacant = list(aggregates.vacant_schools(user).filter(region=region))
    contacts = contacts_of(vacant)
    schools = [_vacant(school, contacts.get(school.pk)) for school in vacant]
    local = region.local(now)
    return Document(
        title=TITLE,
        subtitle=f"{covered.with_deputy} из {covered.schools} школ с действующим ответственным",
        facts=(("Субъект РФ", region.name), ("Отбор", _asked(filters))),
        figures=(
            Figure("Школ", covered.schools),
            Figure("С действующим ответственным", covered.with_deputy),
            Figure("из них входили на портал", covered.signed_in),
            Figure("Без ответственного", covered.vacant, note=f"приглашены: {covered.invited}"),
        ),
        charts=(),
        tables=[
            Table("Люди", _PEOPLE_COLUMNS, people),
            Table("Школы без ответственного", _VACANT_COLUMNS, schools),
        ],
        cut_off=local,
        filename=f"Люди портала, {local:%d.%m.%Y}",
    )


def _person(post: Membership, region: Region) -> Row:
    """One post and who holds it."""
    user, organization = post.user, post.organization
    state = post.invitation_state  # type: ignore[attr-defined]
    return Row(
        [
            user.get_full_name(),
            user.email,
            user.phone,
            organization.short_name,
            _above(organization),
            post.get_role_display(),
            post.post,
            post.since,
            region.local(user.last_login).date() if user.last_login else None,
            str(InvitationState(state).label) if state else "",
        ]
    )


def _vacant(school: Organization, contact: Contact | None) -> Row:
    """A school nobody answers for, and whom its registry names."""
    name = " ".join(filter(None, (contact.last_name, contact.first_name, contact.patronymic))) if contact else ""
    return Row([school.short_name, _above(school), contact.email if contact else "", name])


def _above(organization: Organization) -> str:
    """The municipality of a school, nothing for the rest."""
    parent = organization.parent
    return parent.short_name if parent and parent.kind == OrganizationKind.MUNICIPALITY else ""


def _asked(filters: PeopleFilters) -> str:
    """The filters in words."""
    parts = []
    for name, field in filters.fields.items():
        value = filters.cleaned_data.get(name)
        if value:
            labels = {str(key): label for key, label in getattr(field, "choices", [])}
            parts.append(f"{field.label}: {labels.get(str(value), value)}")
    return "; ".join(parts) or "все"


PEOPLE = Report(name="people", title=TITLE, clean=clean, build=build)
